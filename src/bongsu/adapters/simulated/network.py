"""A network between simulated nodes: it delivers, delays, drops, doubles, changes and cuts.

A *route* decides what becomes of each message: a route is a function from a message to the
moments and forms in which it arrives, and an empty answer loses it.
"""

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId

MAXIMUM_UNDER_WAY = 100_000
PROMPT_DELAY_S = 0.002

Received = Callable[[NodeId, str, bytes], None]


class Message(Struct, frozen=True):
    """What one node gave its engine for another."""

    sender: NodeId
    to: NodeId
    channel: str
    payload: bytes


class Arrival(Struct, frozen=True):
    """A message as it comes out of the network, some time after it went in."""

    after_s: float
    message: Message


Route = Callable[[Message], Iterable[Arrival]]


def prompt(message: Message) -> Iterable[Arrival]:
    """Every message arrives once, soon and whole."""
    yield Arrival(PROMPT_DELAY_S, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """A route that loses, doubles and delays by chance; delays differ, so order is lost too."""

    chance: random.Random
    loss: float = 0.0
    doubling: float = 0.0
    least_delay_s: float = PROMPT_DELAY_S
    most_delay_s: float = PROMPT_DELAY_S

    def __call__(self, message: Message) -> Iterable[Arrival]:
        copies = 1 + (self.chance.random() < self.doubling)
        for _ in range(copies):
            if self.chance.random() >= self.loss:
                yield Arrival(self.chance.uniform(self.least_delay_s, self.most_delay_s), message)


def bit_flipped(message: Message, bit: int) -> Message:
    """The message with one bit of its payload changed (counted from the first byte's lowest)."""
    payload = bytearray(message.payload)
    payload[bit // 8 % len(payload)] ^= 1 << bit % 8
    return replace(message, payload=bytes(payload))


@dataclass(slots=True)
class SimulatedNetwork:
    """Carries between the engines that it made; on a loop in simulated time."""

    route: Route = prompt
    sent: list[Message] = field(default_factory=list)  # everything, where `remembers`
    remembers: bool = True
    arrived: int = 0  # at the end of their ways, lost there or not
    delivered: int = 0  # to engines that were open
    passes: Callable[[Message], bool] | None = None  # asked again when a message arrives
    witness: Callable[[Message], None] | None = None  # sees what is sent, before it is carried
    _engines: dict[NodeId, "SimulatedEngine"] = field(default_factory=dict)
    _cut: set[frozenset[NodeId]] = field(default_factory=set)
    _under_way: int = 0

    def engine(self, node: NodeId) -> "SimulatedEngine":
        """A new engine of a node, in the place of the one it had before."""
        made = SimulatedEngine(self, node)
        self._engines[node] = made
        return made

    def cut(self, one: NodeId, other: NodeId) -> None:
        """Nothing passes between these two any more; what is under way is lost."""
        self._cut.add(frozenset((one, other)))

    def mend(self, one: NodeId, other: NodeId) -> None:
        """Messages pass again."""
        self._cut.discard(frozenset((one, other)))

    def carry(self, message: Message) -> bool:
        """Take a message; False when too many are under way."""
        if self._under_way >= MAXIMUM_UNDER_WAY:
            return False
        if self.remembers:
            self.sent.append(message)
        if self.witness is not None:
            self.witness(message)
        loop = asyncio.get_running_loop()
        for arrival in self.route(message):
            self._under_way += 1
            loop.call_later(arrival.after_s, self._arrive, arrival.message)
        return True

    def _arrive(self, message: Message) -> None:
        self._under_way -= 1
        self.arrived += 1
        if self._cut and frozenset((message.sender, message.to)) in self._cut:
            return
        if self.passes is not None and not self.passes(message):
            return
        self.deliver(message)

    def deliver(self, message: Message) -> None:
        """Hand a message to its reader's engine now, whoever made it."""
        engine = self._engines.get(message.to)
        if engine is not None and engine.received is not None:
            self.delivered += 1
            engine.arrive(message)


@dataclass(slots=True)
class SimulatedEngine:
    """Implements `node.ports.MessageEngine`."""

    network: SimulatedNetwork
    node: NodeId
    reopened: int = 0
    received: Received | None = None
    closed: bool = False
    dropped: int = 0

    def open(self, received: Received) -> None:
        """Start; raises LocalMisuse when it was opened or closed before."""
        if self.received is not None or self.closed:
            raise LocalMisuse("an engine was opened twice", remedy="Make a new one")
        self.received = received

    def send(self, to: NodeId, channel: str, payload: bytes) -> bool:
        """Give a message to the network; False when it takes no more, or this engine is closed.

        Raises LocalMisuse for a payload that no engine carries.
        """
        if len(payload) > MAXIMUM_PAYLOAD_BYTES:
            raise LocalMisuse(
                f"a message of {len(payload)} bytes to {to}",
                remedy=f"Cut it into messages of at most {MAXIMUM_PAYLOAD_BYTES} bytes",
            )
        taken = not self.closed and self.network.carry(Message(self.node, to, channel, payload))
        self.dropped += not taken
        return taken

    def reopen(self, partner: NodeId | None = None) -> None:
        """A fresh session; this network never gets stuck, so it only counts."""
        self.reopened += 1

    def close(self) -> None:
        """Nothing arrives and nothing is sent any more."""
        self.received = None
        self.closed = True

    def arrive(self, message: Message) -> None:
        """The network brings a message; one for a closed engine is lost."""
        if self.received is not None:
            self.received(message.sender, message.channel, message.payload)
