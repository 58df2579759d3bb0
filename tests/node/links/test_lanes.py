"""Two feeds to each partner: what is urgent never waits behind what is much."""

from collections.abc import Iterable

from tests.node.made_up_world import World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import KR_1, US_1, track_record, warning_record

from bongsu.adapters.simulated.network import Arrival, Message, prompt
from bongsu.node.links.outgoing import RECENT_BYTES, RECENT_ENTRIES
from bongsu.node.node import STORED_WITHIN_S
from bongsu.records.feed import FeedId
from bongsu.records.lane import Lane
from bongsu.records.record import RECORD, Record
from bongsu.vocabulary.realm import Realm


def feed(lane: Lane) -> FeedId:
    return FeedId(realm=Realm.EXERCISE, sender=KR_1, reader=US_1, lane=lane, epoch=1)


def without_bulk(message: Message) -> Iterable[Arrival]:
    """A network that loses every bulk frame."""
    return () if message.channel == "bulk" else prompt(message)


def test_warnings_and_track_updates_go_through_feeds_of_their_own() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        for machine in (korea, states):
            kinds = {
                lane: [
                    machine.disk.records[row.record_id].kind
                    for row in machine.disk.entries[feed(lane)]
                ]
                for lane in Lane
            }
            assert kinds == {Lane.URGENT: ["launch_warning"], Lane.BULK: ["track_update"]}

    play(story)


def test_a_warning_arrives_although_the_bulk_before_it_is_missing() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        world.network.route = without_bulk
        for number in range(5):
            await korea.sees(korea.observed(f"T{number}"))
            await pass_time(1.0)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) >= 3
        assert feed(Lane.BULK) not in states.disk.entries
        assert [line["reason"] for line in states.journal.of("link_fault")] == [
            "records are missing and were asked for"
        ]
        world.network.route = prompt
        await pass_time(10.0)
        missed = korea.disk.entries[feed(Lane.BULK)]
        assert states.disk.entries[feed(Lane.BULK)] == missed
        [restored] = states.journal.of("link_restored")
        assert restored["caught_up"] == len(missed)

    play(story)


def test_a_frame_of_one_lane_is_refused_in_the_other() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        states.brings(KR_1, "bulk", korea.frame(track_record()))
        await pass_time()
        [refused] = states.journal.of("refused")
        assert refused["reason"] == "KR-1 brought a frame of its urgent lane in its bulk lane"
        assert states.disk.entries == {}

    play(story)


def test_silence_is_told_once_and_after_it_both_lanes_are_caught_up_at_once() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        world.network.cut(KR_1, US_1)
        for number in range(30):
            await korea.sees(korea.observed(f"T{number}"))
            await pass_time(1.0)
        assert [line["reason"] for line in states.journal.of("link_fault")] == ["nothing heard"]
        world.network.mend(KR_1, US_1)
        await pass_time(2.0)
        for lane in Lane:
            assert states.disk.entries[feed(lane)] == korea.disk.entries[feed(lane)]
        told = [line["reason"] for line in states.journal.of("link_restored")]
        assert told.count("nothing heard") == 1

    play(story)


def test_a_node_that_stops_delivers_both_lanes_first() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await korea.stop()
        await pass_time(STORED_WITHIN_S)
        for lane in Lane:
            assert len(states.disk.entries[feed(lane)]) == 1

    play(story)


def test_entries_at_hand_are_bounded_in_number_and_in_bytes() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        feeds = korea.node._links[US_1].outgoing
        for out, record in ((feeds[Lane.BULK], track_record()), (feeds[Lane.URGENT], _large())):
            for _ in range(RECENT_ENTRIES + 10):
                out.row(out.link(record), record, None)
            held = sum(len(recent.encoded) for recent in out._recent.values())
            assert len(out._recent) <= RECENT_ENTRIES
            assert held == out._recent_bytes <= RECENT_BYTES
            assert next(reversed(out._recent)) == RECENT_ENTRIES + 10

    play(story)


def test_a_place_that_was_taken_back_counts_once() -> None:
    async def story(world: World) -> None:
        out = world.machine(KR_1, US_1).node._links[US_1].outgoing[Lane.URGENT]
        before = out.tail
        for record in (warning_record(), _large()):
            out.tail = before
            out.row(out.link(record), record, None)
        assert list(out._recent) == [1]
        assert out._recent_bytes == len(RECORD.encode(_large()))

    play(story)


def _large() -> Record:
    return Record(statement=b"s" * 10_000, disclosures=(), signatures=None)
