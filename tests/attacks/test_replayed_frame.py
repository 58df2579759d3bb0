"""Attack: a frame that was recorded is played again: at once, after a restart, after a backup was
restored, to another node, in the other realm.

Passes when nothing of it is accepted: nothing is stored a second time or shown, whether the reader
took the frame when it first came or never saw it. The same for heads, receipts, asks and key
announcements: a recorded one moves nothing.
"""

from copy import deepcopy
from dataclasses import replace

import pytest
from tests.node.made_up_world import EXERCISE, LIVE, Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import JP_1, KR_1, US_1, WARNING, warning_record

from bongsu.node.ports import StoredEntry
from bongsu.records.lane import Lane
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

REALMS = [pytest.param(LIVE, EXERCISE, id="live"), pytest.param(EXERCISE, LIVE, id="exercise")]


def taken(machine: Machine) -> tuple[int, int, int]:
    """Partners' records and entries on disk, warnings shown."""
    feeds = machine.disk.entries.items()
    entries = sum(len(rows) for feed, rows in feeds if feed.reader == machine.node_id)
    records = sum(not row.own for row in machine.disk.records.values())
    return records, entries, len(machine.journal.of("partner_warning"))


def feed_of(machine: Machine, sender: NodeId) -> list[StoredEntry]:
    """What a machine holds of one partner's feed."""
    return [
        row for feed, rows in machine.disk.entries.items() if feed.sender == sender for row in rows
    ]


def test_a_frame_played_again_at_once_is_taken_once() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        frame = PlayedKorea(states).frame(warning_record())
        for _ in range(20):
            states.brings(KR_1, "urgent", frame)
            states.brings(KR_1, "bulk", frame)
        await pass_time(1.0)
        assert taken(states) == (1, 1, 1)

    play(story)


@pytest.mark.parametrize("seen", [True, False], ids=["that was taken", "that was held back"])
def test_a_frame_played_after_a_restart_is_not_even_opened(seen: bool) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        frame = PlayedKorea(states).frame(warning_record())
        if seen:
            states.brings(KR_1, "urgent", frame)
            await pass_time()
        before = taken(states)
        await states.crash()
        states.restart()
        await pass_time()
        states.brings(KR_1, "urgent", frame)
        await pass_time(1.0)
        assert taken(states) == before == ((1, 1, 1) if seen else (0, 0, 0))

    play(story)


def test_a_frame_played_after_a_restored_backup_is_not_accepted_and_nothing_is_lost() -> None:
    """The log forgot that it had the frame; the key that would open it is forgotten too."""

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        backup = deepcopy(states.disk)
        await korea.sees(korea.observed())
        await pass_time()
        recorded = [message for message in world.network.sent if message.to == US_1]
        assert taken(states)[1] >= 1
        await states.crash()
        await korea.crash()  # only the recording speaks for it now
        states.disk = backup
        states.restart()
        await pass_time()
        shown = len(states.journal.of("partner_warning"))
        for message in recorded:
            states.engine.arrive(message)
        await pass_time(1.0)
        assert taken(states) == (0, 0, shown)
        korea.restart()
        await pass_time(10.0)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) >= 1

    play(story)


def test_a_frame_for_one_node_played_to_another_is_refused() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        japan = world.machine(JP_1, KR_1, US_1)
        await pass_time()
        frame = PlayedKorea(states).frame(warning_record())
        japan.brings(KR_1, "urgent", frame)
        japan.brings(US_1, "urgent", frame)
        await pass_time()
        assert taken(japan) == (0, 0, 0)
        reasons = [line["reason"] for line in japan.journal.of("refused")]
        assert len([reason for reason in reasons if "it is for US-1, here is JP-1" in reason]) == 2

    play(story)


@pytest.mark.parametrize(("made", "played"), REALMS)
def test_a_frame_of_one_realm_played_in_the_other_is_refused(made: Realm, played: Realm) -> None:
    async def record(world: World) -> None:
        states = world.machine(US_1, KR_1, realm=made)
        await pass_time()
        frames.append(PlayedKorea(states, made).frame(warning_record(made)))

    async def replay(world: World) -> None:
        states = world.machine(US_1, KR_1, realm=played)
        await pass_time()
        states.brings(KR_1, "urgent", frames[0])
        await pass_time()
        assert taken(states) == (0, 0, 0)
        [line] = states.journal.of("refused")
        assert f"marked {made.banner}, here is {played.banner}" in line["reason"]

    frames: list[bytes] = []
    play(record)
    play(replay)


def test_every_message_of_a_link_played_again_moves_nothing() -> None:
    """A relay repeats the whole conversation, both directions, twice over."""

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        for number in range(4):
            await korea.sees(*(korea.observed(f"T{other}") for other in range(number + 1)))
            await pass_time(0.5)
        before, of_states = taken(states), feed_of(korea, US_1)
        link = korea.node._links[US_1].outgoing[Lane.URGENT]
        acknowledged, key = link.machine.acknowledged, link._reader_key
        recorded = tuple(world.network.sent)
        world.network.route = lambda message: []  # from here on only the relay speaks
        for message in recorded + recorded:
            machine = states if message.to == US_1 else korea
            machine.engine.arrive(message)
            await pass_time(0.01)
        assert (taken(states), feed_of(korea, US_1)) == (before, of_states)
        assert link.machine.acknowledged == acknowledged
        assert link._reader_key == key

    play(story)


def test_recorded_heartbeats_do_not_hide_that_a_partner_is_gone() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        heads = world.sent(KR_1, "head")
        await korea.crash()
        for _ in range(60):
            states.engine.arrive(world.chance.choice(heads))
            await pass_time(0.05)
        [fault] = states.journal.of("link_fault")
        assert fault["reason"] == "nothing heard"

    play(story)


def test_a_record_sent_in_two_frames_of_one_feed_is_shown_once() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(warning_record())
        korea.sends(warning_record())
        korea.sends(warning_record(warning=replace(WARNING, version=3)))
        await pass_time()
        assert len(states.disk.records) == 2
        shown = [line["record_id"] for line in states.journal.of("partner_warning")]
        assert len(shown) == len(set(shown)) == 2

    play(story)
