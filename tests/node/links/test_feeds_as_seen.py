"""The feeds of a link as people see them: how far, how late, and what is missing since when."""

from collections.abc import Iterable
from typing import Any

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1

from bongsu.adapters.simulated.network import Arrival, Message, prompt


def two(world: World) -> tuple[Machine, Machine]:
    return world.machine(KR_1, JP_1), world.machine(JP_1, KR_1)


def without_urgent_frames(message: Message) -> Iterable[Arrival]:
    return () if message.channel == "urgent" else prompt(message)


async def feeds_of(machine: Machine) -> dict[tuple[str, str], dict[str, Any]]:
    answer: Any = await machine.node.control.call("links", {})
    [link] = answer["links"]
    return {(feed["direction"], feed["lane"]): feed for feed in link["feeds"]}


def test_a_feed_says_its_last_sequence_and_the_delay_of_its_newest_record() -> None:
    async def story(world: World) -> None:
        korea, japan = two(world)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(3.0)
        ours, theirs = await feeds_of(korea), await feeds_of(japan)
        assert set(ours) == {(way, lane) for way in ("to", "from") for lane in ("urgent", "bulk")}
        for lane in ("urgent", "bulk"):
            sent, came = ours["to", lane], theirs["from", lane]
            assert sent["last"] == came["last"] > 0
            assert (sent["missing"], came["missing"], came["missing_s"]) == (0, 0, None)
        assert 0.0 <= theirs["from", "urgent"]["delay_ms"] < 1_000.0
        assert ours["from", "urgent"]["delay_ms"] is None

    play(story)


def test_what_a_partner_signed_and_we_lack_is_missing_since_when_it_was_seen() -> None:
    async def story(world: World) -> None:
        korea, japan = two(world)
        await pass_time(3.0)
        world.network.route = without_urgent_frames
        await korea.sees(korea.observed())
        await pass_time(3.0)
        assert (await feeds_of(korea))["to", "urgent"]["missing"] == 1
        lacking = (await feeds_of(japan))["from", "urgent"]
        assert (lacking["last"], lacking["missing"]) == (0, 1)
        assert 1.0 < lacking["missing_s"] < 3.1

    play(story)
