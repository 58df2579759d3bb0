"""Routes through relays: every message goes wire by wire, and each wire and relay has its mood.

A wire delays, loses order, doubles, changes bits, or is cut one way. A relay carries for others
and is believed in nothing: a lying one does to a message whatever can be done to bytes.
"""

import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from bongsu.adapters.simulated.network import Arrival, Message, bit_flipped
from bongsu.vocabulary.units import NodeId

Wire = tuple[NodeId, NodeId]
PROMPT_WIRE_S = 0.002
REMEMBERED_BY_A_LIAR = 64
CHANNELS = ("urgent", "bulk", "head", "receipt", "ask", "shown", "key", "key-status", "?")


@dataclass(slots=True, kw_only=True)
class Weather:
    """What a wire does to messages: seconds added, chances of each message."""

    delay_s: float = 0.0
    jitter_s: float = 0.0  # up to this much more, so that order is lost
    doubling: float = 0.0
    corruption: float = 0.0


@dataclass(slots=True, kw_only=True)
class Liar:
    """What a lying relay does, each with this chance a message."""

    mischief: float
    remembered: deque[Message] = field(
        default_factory=lambda: deque[Message](maxlen=REMEMBERED_BY_A_LIAR)
    )


@dataclass(slots=True, kw_only=True)
class RelayedRoute:
    """A `network.Route`. `is_up` says whether a node's machine runs: a relay that is down
    carries nothing."""

    paths: Mapping[Wire, tuple[NodeId, ...]]
    chance: random.Random
    is_up: Callable[[NodeId], bool]
    cuts: Counter[Wire] = field(default_factory=Counter)
    weather: dict[Wire, Weather] = field(default_factory=dict)
    liars: dict[NodeId | Wire, Liar] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)  # to messages, in words
    _hops: dict[Wire, tuple[Wire, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._hops = {
            ends: tuple(zip(path, path[1:], strict=False)) for ends, path in self.paths.items()
        }

    def __call__(self, message: Message) -> Iterable[Arrival]:
        hops = self._hops.get((message.sender, message.to))
        if hops is None or not self._passes(hops):
            self.done["lost in a cut"] += 1
            return ()
        if not self.weather and not self.liars:
            return (Arrival(PROMPT_WIRE_S * len(hops), message),)
        arrivals = [Arrival(0.0, message)]
        for hop in hops:
            arrivals = [
                replace(after, after_s=after.after_s + arrival.after_s)
                for arrival in arrivals
                for after in self._over(hop, arrival.message)
            ]
        return arrivals

    @property
    def wires(self) -> tuple[Wire, ...]:
        """Every wire of every path, each direction once."""
        return tuple(sorted({hop for hops in self._hops.values() for hop in hops}))

    def passes(self, message: Message) -> bool:
        """Whether nothing on its way is cut or down at this moment."""
        hops = self._hops.get((message.sender, message.to))
        return hops is None or self._passes(hops)

    def cut(self, wires: Iterable[Wire]) -> None:
        """Nothing passes there any more; cuts add up."""
        self.cuts.update(wires)

    def mend(self, wires: Iterable[Wire]) -> None:
        """Take back one cut of each."""
        self.cuts.subtract(wires)

    def _passes(self, hops: tuple[Wire, ...]) -> bool:
        return not any(self.cuts[hop] > 0 for hop in hops) and all(
            self.is_up(relay) for relay, _ in hops[1:]
        )

    def _over(self, hop: Wire, message: Message) -> list[Arrival]:
        liar = self.liars.get(hop)
        if liar is None and hop[0] != message.sender:
            liar = self.liars.get(hop[0])
        carried = [Arrival(PROMPT_WIRE_S, message)]
        if liar is not None:
            carried = self._lied(liar, message)
        weather = self.weather.get(hop)
        if weather is None:
            return carried
        return [after for arrival in carried for after in self._weathered(weather, arrival)]

    def _weathered(self, weather: Weather, arrival: Arrival) -> list[Arrival]:
        chance, message = self.chance, arrival.message
        if chance.random() < weather.corruption:
            self.done["corrupted"] += 1
            message = self._flipped(message)
        copies = 1
        if chance.random() < weather.doubling:
            self.done["doubled"] += 1
            copies = 2
        out = []
        for _ in range(copies):
            late_s = weather.delay_s + chance.uniform(0.0, weather.jitter_s)
            self.done["delayed"] += late_s > 0.0
            out.append(Arrival(arrival.after_s + late_s, message))
        return out

    def _lied(self, liar: Liar, message: Message) -> list[Arrival]:
        honest = Arrival(PROMPT_WIRE_S, message)
        liar.remembered.append(message)
        if self.chance.random() >= liar.mischief:
            return [honest]
        word, lie = self.chance.choice(_LIES)
        self.done[f"relay: {word}"] += 1
        return lie(self, liar, honest)

    def _flipped(self, message: Message) -> Message:
        bits = 8 * len(message.payload)
        return bit_flipped(message, self.chance.randrange(bits)) if bits else message

    # --- what a lying relay does ----------------------------------------------------------

    def _drops(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        return []

    def _holds_back(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        return [replace(honest, after_s=honest.after_s + self.chance.uniform(0.05, 8.0))]

    def _doubles(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        return [honest, *self._holds_back(liar, honest)]

    def _truncates(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        payload = honest.message.payload
        cut = payload[: self.chance.randrange(max(1, len(payload)))]
        return [replace(honest, message=replace(honest.message, payload=cut))]

    def _flips_a_bit(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        return [replace(honest, message=self._flipped(honest.message))]

    def _replays(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        return [honest, replace(honest, message=self.chance.choice(liar.remembered))]

    def _swaps_the_recipient(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        to = self.chance.choice([reader for _, reader in self.paths])
        return [replace(honest, message=replace(honest.message, to=to))]

    def _swaps_the_sender(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        sender = self.chance.choice([sender for sender, _ in self.paths])
        return [replace(honest, message=replace(honest.message, sender=sender))]

    def _swaps_the_channel(self, liar: Liar, honest: Arrival) -> list[Arrival]:
        channel = self.chance.choice(CHANNELS)
        return [replace(honest, message=replace(honest.message, channel=channel))]


Lie = Callable[[RelayedRoute, Liar, Arrival], list[Arrival]]

_LIES: tuple[tuple[str, Lie], ...] = (
    ("dropped", RelayedRoute._drops),
    ("held back", RelayedRoute._holds_back),
    ("doubled", RelayedRoute._doubles),
    ("truncated", RelayedRoute._truncates),
    ("a bit flipped", RelayedRoute._flips_a_bit),
    ("an old one played again", RelayedRoute._replays),
    ("recipient swapped", RelayedRoute._swaps_the_recipient),
    ("sender swapped", RelayedRoute._swaps_the_sender),
    ("channel swapped", RelayedRoute._swaps_the_channel),
)
