"""Frames are read while the disk works on those before; nothing is acknowledged too early."""

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import KR_1, US_1, track_record, warning_record

from bongsu.node.links.incoming import MAXIMUM_STORING
from bongsu.node.ports import StoredEntry
from bongsu.records.feed import SIGNED_RECEIPT, open_receipt
from bongsu.records.lane import Lane
from bongsu.records.record import Record


def acknowledged(world: World, reader: Machine) -> list[int]:
    """What the reader countersigned of the bulk lane, in order."""
    services = reader.services
    receipts = (
        open_receipt(
            SIGNED_RECEIPT.decode(message.payload),
            trust=services.trust,
            verifier=services.verifier,
        )
        for message in world.sent(US_1, "receipt")
    )
    return [receipt.sequence for receipt in receipts if receipt.feed.lane is Lane.BULK]


def rows_waiting(reader: Machine) -> list[int]:
    return [len(commit.entries) for commit in reader.store.waiting if commit.entries]


def of_korea(machine: Machine, lane: Lane) -> list[StoredEntry]:
    """Korea's feed of that lane, as a machine has it."""
    feeds = machine.disk.entries.items()
    [rows] = [rows for feed, rows in feeds if (feed.sender, feed.lane) == (KR_1, lane)]
    return rows


def test_bulk_frames_are_read_while_the_disk_works_within_a_bound() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, at_once=False)
        await pass_time()
        korea = PlayedKorea(states, lane=Lane.BULK)
        for _ in range(6):
            korea.sends(track_record(), track_record())
        await pass_time()
        handed_over = MAXIMUM_STORING + 2  # one is awaited, one waits for a place
        assert rows_waiting(states) == [2] * handed_over
        assert acknowledged(world, states) == []
        states.store.complete(1)
        await pass_time()
        assert acknowledged(world, states) == [2]
        while states.store.waiting:
            states.store.complete()
            await pass_time()
        assert acknowledged(world, states)[-1] == 12

    play(story)


def test_a_warning_that_comes_twice_while_the_disk_works_is_shown_once() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, at_once=False)
        await pass_time()
        korea = PlayedKorea(states)
        for _ in range(2):
            korea.sends(warning_record())
        await pass_time()
        assert rows_waiting(states) == [1, 1]
        states.store.complete()
        await pass_time()
        assert len(states.journal.of("partner_warning")) == 1

    play(story)


def test_a_disk_that_refuses_one_frame_in_the_middle_leaves_no_hole_and_nothing_is_lost() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1, at_once=False)
        await pass_time(3.0)
        states.store.complete()
        for number in range(4):
            await korea.sees(*(korea.observed(f"T{number}/{one}") for one in range(70)))
            await pass_time(1.0)
        assert len(rows_waiting(states)) > 2
        states.disk.full = True
        states.store.complete(2)
        states.disk.full = False
        states.store.at_once = True
        states.store.complete()
        await pass_time(30.0)
        for lane in Lane:
            sent, stored = (of_korea(machine, lane) for machine in (korea, states))
            assert stored == sent

    play(story)


def test_bulk_that_nobody_here_takes_is_stored_and_told_to_nobody() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        records: list[Record] = [track_record(), track_record()]
        PlayedKorea(states, lane=Lane.BULK).sends(*records)
        await pass_time()
        assert {row.kind for row in states.disk.records.values()} == {"track_update"}
        assert states.refused() == 0

    play(story)
