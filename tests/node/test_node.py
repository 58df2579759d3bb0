"""A node as a whole: how it starts, fails, stops, and says how it is."""

import asyncio

import pytest
from tests.node.made_up_world import World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import KR_1, US_1, warning_record

from bongsu.node.health import MAXIMUM_REASONS, Health
from bongsu.node.links.reader_keys import ReaderKeys
from bongsu.node.node import Node
from bongsu.node.ports import Commit
from bongsu.records.frame import SEALED_FRAME
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.units import NS_PER_S, NodeId


@pytest.mark.parametrize("partners", [(KR_1,), (US_1, US_1)])
def test_a_node_that_is_its_own_partner_or_has_one_twice_is_refused(
    partners: tuple[NodeId, ...],
) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1)
        with pytest.raises(LocalMisuse, match="is named as a partner of KR-1"):
            Node(korea.services, partners)

    play(story)


def test_what_fails_in_a_part_of_the_node_ends_it_and_surfaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()

        def broken() -> None:
            raise LocalMisuse("broken on purpose", remedy="None")

        monkeypatch.setattr(korea.node._watch, "time_passed", broken)
        await pass_time()
        assert korea.running is not None
        with pytest.raises(LocalMisuse, match="broken on purpose"):
            await korea.running
        korea.running = None
        assert korea.journal.lines[-1].event == "node_stopped"
        assert korea.engine.received is None
        with pytest.raises(Unavailable, match="closed"):
            korea.store.append(_nothing()).result()

    play(story)


def test_a_failure_inside_a_link_surfaces_as_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()

        def broken() -> bytes:
            raise LocalMisuse("broken on purpose", remedy="None")

        monkeypatch.setattr(korea.node._links[US_1].outgoing[Lane.URGENT], "_signed_head", broken)
        await pass_time(1.0)
        assert korea.running is not None
        with pytest.raises(LocalMisuse, match="broken on purpose"):
            await korea.running
        korea.running = None

    play(story)


def test_a_log_that_cannot_be_read_for_a_while_stops_no_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        outgoing = korea.node._links[US_1].outgoing[Lane.URGENT]
        with monkeypatch.context() as patched:
            patched.setattr(outgoing, "_entries", _unreadable)
            patched.setattr(outgoing, "_at_hand", lambda first, last: [])
            await korea.sees(korea.observed())
            await pass_time(1.0)
        assert korea.services.health.refused["orders to US-1 put off"] >= 1
        assert states.warnings_of(KR_1) == []
        await pass_time(5.0)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) == 1

    play(story)


def test_a_commit_that_was_under_way_when_the_node_stopped_leaves_no_complaint(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, at_once=False)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(warning_record())
        await pass_time()
        assert len(states.store.waiting) == 1
        await states.stop()
        assert states.disk.entries == {}  # not stored, so never acknowledged: it comes again
        assert states.journal.of("store_failed") == []
        assert world.sent(US_1, "receipt") == []

    play(story)
    assert caplog.records == []


def test_a_node_whose_disk_refuses_still_stops_and_says_what_it_could_not_store() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        korea.disk.full = True
        await korea.sees(korea.observed())
        await pass_time()
        korea.node.stop()
        assert korea.running is not None
        await asyncio.wait_for(korea.running, 60.0)
        korea.running = None
        [line] = korea.journal.of("statements_lost")
        assert line["count"] == 2  # the warning and the track's update

    play(story)


def test_the_health_line_says_lag_refusals_and_every_link() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(10.0)
        line = korea.journal.of("health")[-1]
        link = line["links"][US_1]
        assert link["appended"] == link["acknowledged"] == 3  # warning, track, shown picture
        assert link["faults"] == []
        assert line["loop_lag_worst_s"] < 0.001

    play(story)


def test_reasons_beyond_the_bound_share_one_count() -> None:
    health = Health()
    for number in range(MAXIMUM_REASONS + 5):
        health.refuse(f"reason {number}")
    assert len(health.refused) == MAXIMUM_REASONS + 1
    assert health.refused["other reasons"] == 5
    assert health.refuse("reason 0") == 2


def test_reader_keys_are_renewed_before_they_end_and_old_ones_forgotten() -> None:
    async def story(world: World) -> None:
        keys = ReaderKeys(world.machine(US_1).services)
        held: list[int] = []
        announced: list[bool] = []
        for _ in range(24):
            announced.append(keys.renew_if_due())
            held.append(len(keys.openers))
            world.time.advance_s(60.0)
        assert [at for at, new in enumerate(announced) if new] == [0, 9, 18]  # 540 s of 600 s
        assert [at for at, number in enumerate(held) if number == 2] == [9, 18]
        assert max(held) == 2

    play(story)


def test_a_new_reader_key_is_announced_at_once_and_sealed_to() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        first = set(states.node._keys.openers)
        world.time.advance_s(540.0)
        await pass_time(3.0)
        [second] = set(states.node._keys.openers) - first
        await korea.sees(korea.observed())
        await pass_time()
        frame = world.sent(KR_1, "urgent")[-1]
        assert SEALED_FRAME.decode(frame.payload).reader_key_id == second
        assert len(states.warnings_of(KR_1)) == 1

    play(story)


def test_a_partner_whose_clock_disagrees_is_shown_as_skewed() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        korea.clock.skew_ns = 5 * NS_PER_S
        await pass_time(1.0)
        assert [line["reason"] for line in states.journal.of("link_fault")] == [
            "its clock and ours disagree"
        ]
        korea.clock.skew_ns = 0
        await pass_time(10.0)
        restored = [line["reason"] for line in states.journal.of("link_restored")]
        assert "its clock and ours disagree" in restored

    play(story)


def _unreadable(first: int, last: int) -> object:
    raise Unavailable("the log could not be read", remedy="Check the disk")


def _nothing() -> Commit:
    return Commit()
