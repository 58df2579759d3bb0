"""Attack: a relay drops, reorders, duplicates, delays, truncates, or hands to the wrong recipient.

Passes when nothing is shown twice, nothing is lost once the link heals, and people are shown a gap
within 3 s.

The two ends of a feed by themselves, over thousands of steps and restarts:
`tests/protocols/log_exchange/test_hostile_channel.py`.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.test_restart import require_same_history
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.adapters.simulated.network import Arrival, Message, bit_flipped, prompt
from bongsu.vocabulary.units import NS_PER_S

PROMPT_S = 0.002
FRAMES = ("urgent", "bulk")
OTHERS = {US_1: JP_1, JP_1: US_1, KR_1: JP_1}


@dataclass(slots=True)
class HostileRelay:
    """A route that does one kind of harm to every message, or each by chance to some."""

    chance: random.Random
    harms: tuple[str, ...]
    share: float
    done: Counter[str] = field(default_factory=Counter)

    def __call__(self, message: Message) -> Iterable[Arrival]:
        if self.chance.random() >= self.share:
            return prompt(message)
        harm = self.chance.choice(self.harms)
        self.done[harm] += 1
        return tuple(self._harmed(harm, message))

    def _harmed(self, harm: str, message: Message) -> Iterable[Arrival]:
        match harm:
            case "drop":
                return
            case "duplicate":
                yield from (Arrival(PROMPT_S * at, message) for at in (1, 2, 50))
            case "delay":
                yield Arrival(self.chance.uniform(1.0, 4.0), message)
            case "reorder":
                yield Arrival(self.chance.uniform(0.0, 0.3), message)
            case "truncate":
                cut = self.chance.randrange(len(message.payload))
                yield Arrival(PROMPT_S, replace(message, payload=message.payload[:cut]))
            case "change":
                bit = self.chance.randrange(8 * len(message.payload))
                yield Arrival(PROMPT_S, bit_flipped(message, bit))
            case "swap the recipient":
                yield Arrival(PROMPT_S, replace(message, to=OTHERS[message.to]))
            case "swap the channel":
                channels = ("urgent", "bulk", "head", "receipt", "ask", "key")
                yield Arrival(PROMPT_S, replace(message, channel=self.chance.choice(channels)))


HARMS = (
    "drop",
    "duplicate",
    "delay",
    "reorder",
    "truncate",
    "change",
    "swap the recipient",
    "swap the channel",
)


async def warn_for(korea: Machine, seconds: float) -> None:
    """Something new to say every third of a second."""
    for number in range(round(seconds * 3)):
        await korea.sees(*(korea.observed(f"T{other}") for other in range(number + 1)))
        await pass_time(1 / 3)


@pytest.mark.parametrize("harm", [*HARMS, "everything"])
def test_nothing_is_shown_twice_and_nothing_is_lost_once_the_link_heals(harm: str) -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        every = harm == "everything"
        relay = HostileRelay(world.chance, HARMS if every else (harm,), 1.0 if every else 0.5)
        world.network.route = relay
        await warn_for(korea, 3.0)
        assert sum(relay.done.values()) > 30
        world.network.route = prompt
        await pass_time(15.0)
        assert len(korea.warnings_of(KR_1)) >= 9
        require_same_history(korea, states, japan)
        for machine in (korea, states, japan):
            for faults in machine.services.health.link_faults.values():
                assert faults == set()

    play(story, seed=HARMS.index(harm) if harm in HARMS else 99)


@pytest.mark.parametrize("channels", [FRAMES, ("head", *FRAMES), ("head",)])
def test_a_gap_is_shown_within_three_seconds(channels: tuple[str, ...]) -> None:
    """Frames go missing, or the heads that would tell of it, or both."""

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        assert states.journal.of("link_fault") == []

        def drops(message: Message) -> Iterable[Arrival]:
            return () if message.channel in channels else prompt(message)

        world.network.route = drops
        began = states.clock.utc()
        await korea.sees(korea.observed())
        await pass_time(3.0)
        fault = states.journal.of("link_fault")[0]
        assert fault["partner"] == KR_1
        assert fault["reason"] in ("nothing heard", "records are missing and were asked for")
        assert fault["scenario_utc_ns"] - began <= 3 * NS_PER_S

    play(story)


def test_a_relay_that_swaps_every_recipient_gives_nobody_anothers_records() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        world.network.route = HostileRelay(world.chance, ("swap the recipient",), 1.0)
        await warn_for(korea, 3.0)
        for machine in (states, japan):
            assert machine.warnings_of(KR_1) == []
            assert machine.journal.of("partner_warning") == []
            reasons = {line["reason"] for line in machine.journal.of("refused")}
            assert any("it is for" in reason for reason in reasons)

    play(story)
