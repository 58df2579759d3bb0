"""Q2: a changed keep-alive is a link fault, never a count of anything."""

import pytest
from tests.node.made_up_world import World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import KR_1, US_1, warning_record

from bongsu.adapters.simulated.network import Arrival, Message, bit_flipped

QUIET_BITS = range(0, 8 * 256, 61)
PARTS = 3  # as many as the quota of heads lets be looked at in one moment


@pytest.mark.parametrize("part", range(PARTS))
def test_q2_any_flipped_bit_of_a_heartbeat_is_refused_counted_and_moves_no_warning(
    part: int,
) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(warning_record())
        await states.sees(states.observed())
        await pass_time()
        before = states.outputs()
        head = Message(KR_1, US_1, "head", korea.head())
        bits = [*QUIET_BITS, *range(8 * len(head.payload) - 9, 8 * len(head.payload))][part::PARTS]
        for number, bit in enumerate(bits, start=1):
            states.brings(KR_1, "head", bit_flipped(head, bit).payload)
            await pass_time(0.001)
            assert states.refused() == number, f"bit {bit}"
        assert states.outputs() == before
        korea.beats()
        await pass_time(0.01)
        assert states.refused() == len(bits)

    play(story)


def test_q2_when_every_heartbeat_is_changed_the_link_is_shown_as_silent_within_3_s() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(2.0)  # both have stated what their displays show
        assert states.journal.of("link_fault") == []
        before = states.outputs()

        def changed(message: Message) -> list[Arrival]:
            if message.channel != "head":
                return []
            bit = world.chance.randrange(8 * len(message.payload))
            return [Arrival(0.002, bit_flipped(message, bit))]

        world.network.route = changed
        began = states.clock.utc()
        await pass_time(3.0)
        [fault] = states.journal.of("link_fault")
        assert (fault["partner"], fault["reason"]) == (KR_1, "nothing heard")
        assert fault["scenario_utc_ns"] - began <= 3_000_000_000
        assert states.refused() >= 5
        assert states.outputs() == before

    play(story)


def test_q2_the_counts_of_refusals_stand_in_the_health_line_and_nowhere_near_warnings() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        head = Message(KR_1, US_1, "head", korea.head())
        states.brings(KR_1, "head", bit_flipped(head, 100).payload)
        await pass_time(6.0)
        health = states.journal.of("health")[-1]
        assert sum(health["refused"].values()) == 1
        assert health["links"][KR_1]["stored"] == 0
        assert states.node._watch.desk.partner_warnings == {}

    play(story)
