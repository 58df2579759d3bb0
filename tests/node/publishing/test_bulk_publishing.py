"""Bulk is stated by the group: nothing of it is lost, and no warning waits for it."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import JP, JP_1, KR_1, TRACK, US_1

from bongsu.node.publishing.bulk_publisher import (
    GATHERED_FOR_S,
    GIVES_WAY_FOR_S,
    MAXIMUM_GROUP,
    MAXIMUM_WAITING_STATEMENTS,
)
from bongsu.node.publishing.statement import Statement
from bongsu.records.feed import FeedId, genesis_hash
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.records.record import RECORD
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId, RecordId, TrackId


def feed(reader: NodeId) -> FeedId:
    return FeedId(realm=Realm.EXERCISE, sender=KR_1, reader=reader, lane=Lane.BULK, epoch=1)


def state(
    machine: Machine,
    *names: str,
    readers: frozenset[NationId] | None = None,
    stored: list[RecordId] | None = None,
) -> None:
    """Track updates; a name of the wrong length cannot be recorded."""
    ids: list[RecordId] = [] if stored is None else stored
    for name in names:
        machine.node.publisher.publish(
            Statement(
                kind=RecordKind.TRACK_UPDATE,
                fields=track_to_fields(replace(TRACK, track_id=TrackId(name))),
                created_at=machine.clock.utc(),
                stored=lambda record_id, _: ids.append(record_id),
                readers=readers,
            )
        )


def names(count: int) -> list[str]:
    return [f"T{number}" for number in range(count)]


@pytest.mark.parametrize("kind", [kind for kind in RecordKind if not form_of(kind).authority])
def test_every_bulk_kind_stands_alone(kind: RecordKind) -> None:
    """The way of bulk asks nothing about versions and paths."""
    form = form_of(kind)
    assert form.subject is None
    assert not form.correction_fields
    assert not form.by_path
    assert not form.internal


def test_more_than_a_group_is_stored_and_arrives_whole_and_in_order() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        stored: list[RecordId] = []
        state(korea, *names(2 * MAXIMUM_GROUP + 5), stored=stored)
        assert korea.node.publisher.not_stored == 2 * MAXIMUM_GROUP + 5
        await pass_time(2.0)
        assert korea.node.publisher.not_stored == 0
        assert [row.record_id for row in korea.disk.entries[feed(US_1)]] == stored
        assert states.disk.entries[feed(US_1)] == korea.disk.entries[feed(US_1)]

    play(story)


def test_what_cannot_be_recorded_is_counted_and_harms_no_other() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        state(korea, "T1", "", "T2")
        await pass_time()
        assert len(korea.disk.records) == len(korea.disk.entries[feed(US_1)]) == 2
        [line] = korea.journal.of("statement_refused")
        assert "track_id" in line["reason"]
        assert line["count"] == korea.refused() == 1
        assert korea.node.publisher.not_stored == 0

    play(story)


def test_a_full_disk_holds_bulk_up_and_loses_nothing_of_it() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        korea.disk.full = True
        state(korea, *names(300))
        await pass_time(5.0)
        assert feed(US_1) not in korea.disk.entries
        assert korea.journal.of("publishing_waits")
        korea.disk.full = False
        await pass_time(3.0)
        rows = korea.disk.entries[feed(US_1)]
        assert [row.sequence for row in rows] == list(range(1, 301))
        assert states.disk.entries[feed(US_1)] == rows
        assert korea.node.publisher._bulk._feeds[US_1].tail.hash == rows[-1].entry_hash

    play(story)


def test_a_warning_waits_for_no_bulk_that_the_disk_has_in_hand() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, at_once=False)
        await pass_time()
        state(korea, *names(MAXIMUM_GROUP + 1))
        await pass_time()
        assert len([one for one in korea.store.waiting if one.entries]) == 1
        await korea.sees(korea.observed())
        await pass_time()
        assert lanes_waiting(korea) == [Lane.BULK, Lane.URGENT]

    play(story)


def test_bulk_that_came_with_a_warning_is_made_once_the_warning_is_on_disk() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, at_once=False)
        await pass_time(3.0)
        korea.store.complete()
        await korea.sees(korea.observed())  # a warning, and an update of its track
        await pass_time(0.5 * GIVES_WAY_FOR_S)
        assert lanes_waiting(korea) == [Lane.URGENT]
        korea.store.complete()
        await pass_time(0.25 * GIVES_WAY_FOR_S)
        assert lanes_waiting(korea) == [Lane.BULK]

    play(story)


def test_bulk_that_trickles_in_is_gathered_and_shares_a_commit() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, at_once=False)
        await pass_time(3.0)
        korea.store.complete()
        for number in range(4):
            state(korea, f"T{number}")
            await pass_time(0.2 * GATHERED_FOR_S)
        assert lanes_waiting(korea) == []
        await pass_time(GATHERED_FOR_S)
        assert [len(one.entries) for one in korea.store.waiting if one.entries] == [4]

    play(story)


def test_bulk_gives_way_to_warnings_for_so_long_and_no_longer() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, at_once=False)
        await pass_time(3.0)
        korea.store.complete()
        await korea.sees(korea.observed())
        await pass_time(1.5 * GIVES_WAY_FOR_S)
        assert lanes_waiting(korea) == [Lane.URGENT, Lane.BULK]

    play(story)


def lanes_waiting(machine: Machine) -> list[Lane]:
    """Of what the disk has in hand."""
    return [one.entries[0].feed.lane for one in machine.store.waiting if one.entries]


def test_a_group_is_linked_only_when_the_one_before_it_is_on_disk() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, at_once=False)
        await pass_time()
        state(korea, *names(2 * MAXIMUM_GROUP))
        await pass_time()
        tail = korea.node.publisher._bulk._feeds[US_1].tail
        assert tail.sequence == MAXIMUM_GROUP
        korea.store.complete()
        await pass_time()
        assert korea.node.publisher._bulk._feeds[US_1].tail.sequence == 2 * MAXIMUM_GROUP

    play(story)


def test_readers_that_may_see_the_same_get_the_same_bytes() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1)
        state(korea, "T1")
        await pass_time()
        [record] = korea.disk.records.values()
        [to_us], [to_japan] = (korea.disk.entries[feed(reader)] for reader in (US_1, JP_1))
        assert to_us.encoded is record.encoded  # everything: one object, one copy in the log
        assert len(to_japan.encoded) < len(record.encoded)  # without the sensors
        assert RECORD.decode(to_japan.encoded).record_id == record.record_id

    play(story)


def test_bulk_that_is_meant_for_fewer_goes_to_them_alone() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1)
        state(korea, "T1", readers=frozenset({JP}))
        await pass_time()
        assert set(korea.disk.entries) == {feed(JP_1)}
        assert korea.node.publisher._bulk._feeds[US_1].tail.hash == genesis_hash(feed(US_1))

    play(story)


def test_bulk_beyond_the_bound_is_refused_and_counted() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1)
        state(korea, *names(MAXIMUM_WAITING_STATEMENTS + 3))
        assert korea.services.health.refused == {"own statements waiting for the disk": 3}
        await pass_time(2.0)
        assert len(korea.disk.records) == MAXIMUM_WAITING_STATEMENTS

    play(story)


def test_a_node_that_is_asked_to_stop_first_stores_its_bulk() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        state(korea, *names(MAXIMUM_GROUP + 1))
        await korea.stop()
        assert len(korea.disk.records) == MAXIMUM_GROUP + 1

    play(story)
