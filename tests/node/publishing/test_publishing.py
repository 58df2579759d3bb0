"""What a node states: on disk first, then to each partner exactly what was agreed."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import World, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, TRACK, US_1, WARNING

from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES
from bongsu.node.publishing import bulk_publisher, publisher
from bongsu.node.publishing.publisher import MAXIMUM_WAITING_STATEMENTS
from bongsu.node.publishing.statement import Statement
from bongsu.records.feed import FeedId
from bongsu.records.kinds import RecordKind
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.records.warnings_as_records import seen_warning, warning_to_fields
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs, NodeId, RecordId, TrackId

FRAMES = ("urgent", "bulk")


def feed(sender: NodeId, reader: NodeId) -> FeedId:
    return FeedId(realm=Realm.EXERCISE, sender=sender, reader=reader, epoch=1)


def frames_of(world: World, node: NodeId) -> int:
    return sum(len(world.sent(node, channel)) for channel in FRAMES)


def test_record_entries_and_releases_commit_together_before_anything_is_sent() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1, at_once=False)
        world.machine(US_1, KR_1)
        world.machine(JP_1, KR_1)
        await pass_time(3.0)
        korea.store.complete()
        await korea.sees(korea.observed())
        await pass_time(5.0)
        [commit, updates] = [one for one in korea.store.waiting if one.records]
        assert {row.kind for row in commit.records} == {"launch_warning"}
        assert {row.kind for row in updates.records} == {"track_update"}
        assert {(row.feed.reader, row.sequence) for row in commit.entries} == {(US_1, 1), (JP_1, 1)}
        assert frames_of(world, KR_1) == 0
        assert korea.journal.of("own_warning") == []
        korea.store.complete()
        await pass_time()
        assert len(world.sent(KR_1, "urgent")) == 2
        assert len(korea.journal.of("own_warning")) == 1

    play(story)


def test_a_warning_reaches_both_partners_and_a_withheld_field_arrives_as_withheld() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time()
        for reader, withheld in ((states, ()), (japan, ("sensors",))):
            [shown] = reader.journal.of("partner_warning")
            assert shown["warning"].withheld == withheld
            assert shown["warning"].is_withheld("sensors") == bool(withheld)
            [opened] = reader.warnings_of(KR_1)
            assert seen_warning(opened) == shown["warning"]
        assert states.journal.of("partner_warning")[0]["warning"].sensors == ("KR-RADAR-1",)
        assert japan.journal.of("partner_warning")[0]["warning"].sensors is None

    play(story)


def test_without_a_guideline_a_warning_is_kept_and_nothing_is_released() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(5.0)
        assert len(korea.warnings_of(KR_1)) == 1
        assert korea.disk.entries == {}
        assert frames_of(world, KR_1) == 0
        assert states.warnings_of(KR_1) == []

    play(story)


def test_a_disk_that_refuses_loses_no_statement_and_leaves_no_hole() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed("T1"))
        await pass_time()
        korea.disk.full = True
        await korea.sees(korea.observed("T1"), korea.observed("T2"))
        await pass_time(1.5)
        await korea.sees(korea.observed("T1"), korea.observed("T2"), korea.observed("T3"))
        await pass_time(2.0)
        assert len(korea.journal.of("publishing_waits")) >= 3
        assert len(korea.journal.of("own_warning")) == 1
        korea.disk.full = False
        await pass_time(2.0)
        said = [opened.record_id for opened in korea.warnings_of(KR_1)]
        assert len(said) == len(korea.journal.of("own_warning"))
        issued = [one for one in korea.warnings_of(KR_1) if one.fields["version"] == 1]
        assert len(issued) == 3
        for reader in (states, japan):
            assert [opened.record_id for opened in reader.warnings_of(KR_1)] == said
            rows = reader.disk.entries[feed(KR_1, reader.node_id)]
            assert rows == korea.disk.entries[feed(KR_1, reader.node_id)]
            assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))

    play(story)


def test_a_statement_that_cannot_be_recorded_is_counted_and_harms_no_other() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        stored: list[RecordId] = []

        def keep(record_id: RecordId, at: MonotonicNs) -> None:
            stored.append(record_id)

        bad = replace(WARNING, version=0)
        for warning in (WARNING, bad, WARNING):
            korea.node._publisher.publish(
                Statement(
                    kind=RecordKind.LAUNCH_WARNING,
                    fields=warning_to_fields(warning),
                    created_at=korea.clock.utc(),
                    stored=keep,
                )
            )
        await pass_time()
        assert len(stored) == len(korea.disk.records) == 2
        [line] = korea.journal.of("statement_refused")
        assert "version" in line["reason"]
        assert line["count"] == korea.refused() == 1

    play(story)


def test_statements_beyond_the_bound_are_refused_and_counted() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1)
        korea.disk.full = True
        for _ in range(MAXIMUM_WAITING_STATEMENTS + 3):
            korea.node._publisher.publish(
                Statement(
                    kind=RecordKind.LAUNCH_WARNING,
                    fields={},
                    created_at=korea.clock.utc(),
                    stored=lambda _id, _at: None,
                )
            )
        assert korea.services.health.refused == {"own statements waiting for the disk": 3}
        assert [line["count"] for line in korea.journal.of("statement_dropped")] == [1, 2, 3]

    play(story)


def test_many_statements_share_a_commit_within_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (publisher, bulk_publisher):
        monkeypatch.setattr(module, "MAXIMUM_GROUP", 4)

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        before = korea.disk.commits
        await korea.sees(*(korea.observed(f"T{number}") for number in range(5)))
        await pass_time()
        assert len(korea.disk.records) == 10
        assert korea.disk.commits - before == 4  # warnings and updates share none

    play(story)


def test_what_is_too_large_for_one_frame_goes_in_several() -> None:
    """A thousand entries may be more bytes than a frame holds; that must end nobody."""
    large = replace(TRACK, caveats=("x" * 1_024,) * 32)

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        for number in range(300):
            korea.node._publisher.publish(
                Statement(
                    kind=RecordKind.TRACK_UPDATE,
                    fields=track_to_fields(replace(large, track_id=TrackId(f"T{number}"))),
                    created_at=korea.clock.utc(),
                    stored=lambda _id, _at: None,
                )
            )
        await pass_time(1.0)
        states = world.machine(US_1, KR_1)
        await pass_time(5.0)
        frames = world.sent(KR_1, "bulk")
        assert len(frames) >= 2
        assert all(len(frame.payload) < MAXIMUM_PAYLOAD_BYTES for frame in frames)
        [rows] = states.disk.entries.values()
        assert len(rows) == 300
        assert korea.services.health.refused == {}

    play(story)


def test_a_node_that_is_asked_to_stop_first_stores_what_it_stated() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        await korea.sees(korea.observed())
        await korea.stop()
        assert len(korea.warnings_of(KR_1)) == 1
        assert korea.journal.lines[-1].event == "node_stopped"

    play(story)


def test_a_node_that_is_asked_to_stop_hands_over_what_its_partners_can_take() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await korea.stop()
        for reader in (states, japan):
            assert len(reader.warnings_of(KR_1)) == 1
            assert korea.store.acknowledged(feed(KR_1, reader.node_id)) > 0

    play(story)


def test_a_node_that_is_asked_to_stop_states_nothing_any_more() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        korea.node.stop()
        await korea.sees(korea.observed())
        await korea.stop()
        assert korea.warnings_of(KR_1) == []

    play(story)


def test_a_partner_that_cannot_be_heard_does_not_hold_the_end_up() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        before = korea.clock.monotonic()
        await korea.stop()
        assert korea.clock.monotonic() - before < 1_000_000_000

    play(story)


def test_receipts_that_come_close_together_cost_one_row_in_the_log() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        for number in range(4):
            await korea.sees(korea.observed(f"T{number}"))
            await pass_time(0.05)
        await pass_time(0.5)
        said = [one for one in world.sent(US_1, "receipt")]
        kept = [sequence for of, sequence in korea.disk.receipts if of == feed(KR_1, US_1)]
        assert len(kept) < len(said)
        assert max(kept) == korea.disk.entries[feed(KR_1, US_1)][-1].sequence
        assert korea.store.acknowledged(feed(KR_1, US_1)) == max(kept)
        assert len(states.warnings_of(KR_1)) == max(kept)

    play(story)


def test_a_node_that_is_asked_to_stop_keeps_the_receipt_that_just_came() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await korea.stop()
        assert korea.store.acknowledged(feed(KR_1, US_1)) == 1

    play(story)
