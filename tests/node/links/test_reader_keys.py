"""Short-lived keys and clocks that are set: frames go on, whoever's clock was wrong."""

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import KR_1, US_1

from bongsu.node.links.reader_keys import CLOCK_SET_NS
from bongsu.records.reader_key import ANNOUNCEMENT, SIGNED_ANNOUNCEMENT
from bongsu.vocabulary.units import NS_PER_S


def announced(world: World, machine: Machine) -> list[bytes]:
    """Its keys, each once, in the order in which they were announced."""
    said = [
        ANNOUNCEMENT.decode(SIGNED_ANNOUNCEMENT.decode(message.payload).announcement)
        for message in world.sent(machine.node_id, "key")
    ]
    return list(dict.fromkeys(one.key_id for one in said))


def test_a_key_that_was_announced_by_a_wrong_clock_is_replaced_once_the_clock_is_right() -> None:
    """A partner that begins anew then would refuse it: it begins in three hours."""

    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await states.crash()
        states.clock.skew_ns = 3 * 3_600 * NS_PER_S
        states.restart()
        await pass_time(15.0)
        await korea.sees(korea.observed())
        await pass_time(2.0)
        assert states.warnings_of(KR_1) == []
        states.clock.skew_ns = 0
        await pass_time(3.0)
        assert len(states.warnings_of(KR_1)) == 1
        assert len(announced(world, states)) == 2

    play(story)


def test_a_key_of_a_clock_that_was_a_little_ahead_makes_way_for_an_earlier_one() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        states.clock.skew_ns = 50 * NS_PER_S
        await states.crash()
        states.restart()
        await pass_time(1.0)
        await states.crash()
        states.clock.skew_ns = 0
        states.restart()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert len(states.warnings_of(KR_1)) == 1

    play(story)


def test_a_key_that_came_while_our_own_clock_was_ahead_is_good_for_its_whole_time() -> None:
    """By that clock it had little time left; once the clock is right, the same key says more."""

    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await states.crash()
        korea.clock.skew_ns = 560 * NS_PER_S
        states.restart()
        await pass_time(0.4)  # its new key is here, and no head yet that would tell its time
        korea.clock.skew_ns = 0
        await pass_time(60.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert len(states.warnings_of(KR_1)) == 1

    play(story)


def test_a_clock_that_is_set_all_the_time_makes_few_keys() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        world.machine(US_1, KR_1)
        for step in range(60):
            korea.clock.skew_ns = (step % 2) * 3_600 * NS_PER_S
            await pass_time(1.0)
        seconds = CLOCK_SET_NS // NS_PER_S
        assert 2 <= len(announced(world, korea)) <= 60 // seconds + 1

    play(story)
