"""One node's machine in a simulated federation: the real node on a simulated outside.

The machine owns what outlives its node: the disk, the clock, the tracker's count of batches. Each
life of the node gets a store, an engine and an executor of its own, so that what a killed node
still had in hand can reach nothing any more.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from bongsu.adapters.simulated.clock import SimulatedClock
from bongsu.adapters.simulated.executor import TimedExecutor
from bongsu.adapters.simulated.memory_store import Disk
from bongsu.adapters.simulated.network import SimulatedEngine, SimulatedNetwork
from bongsu.adapters.simulated.timed_store import PowerCut, TimedStore
from bongsu.exercise.federation_plan import nation_of_node
from bongsu.exercise.telltales import SALT, SALT_REST_BYTES
from bongsu.main.simulation.federation_keys import REALM, FederationKeys
from bongsu.node.guidelines.agreements import Agreements
from bongsu.node.keys.keyring import Keyring
from bongsu.node.node import Node
from bongsu.node.ports import Commit
from bongsu.node.services import Identity, Services
from bongsu.records.keys import Opener
from bongsu.records.kind_forms import SALT_BYTES
from bongsu.vocabulary.units import NodeId


class Onlooker(Protocol):
    """Sees what every machine does, and does nothing itself."""

    def committed(self, machine: "Machine", commit: Commit) -> None: ...

    def opened(self, machine: "Machine", plaintext: bytes) -> None: ...

    def wrote(self, machine: "Machine", event: str, fields: dict[str, object]) -> None: ...

    def started(self, machine: "Machine") -> None: ...

    def ended(self, machine: "Machine", error: BaseException | None) -> None: ...

    def restored(self, machine: "Machine") -> None: ...


@dataclass(slots=True, kw_only=True)
class Machine:
    """`slow` is how many seconds a write may take at most, where the disk is slow."""

    node_id: NodeId
    partners: tuple[NodeId, ...]
    keys: FederationKeys
    clock: SimulatedClock
    network: SimulatedNetwork
    onlooker: Onlooker
    chance: random.Random
    crypto_delay_s: Callable[[], float]
    disk: Disk = field(default_factory=Disk)
    slowest_write_s: float | None = None
    groups: int = 0  # written in earlier lives
    lives: int = 0
    is_killed: bool = False
    restorations: int = 0
    services: Services = field(init=False)
    store: TimedStore = field(init=False)
    engine: SimulatedEngine = field(init=False)
    executor: TimedExecutor = field(init=False)
    node: Node = field(init=False)
    running: "asyncio.Task[None] | None" = None

    @property
    def is_up(self) -> bool:
        """Whether its node runs."""
        return self.running is not None

    @property
    def disk_groups(self) -> int:
        """Groups that its disk has completed."""
        return self.groups + (self.store.groups if self.lives else 0)

    def start(self) -> None:
        """A node as it begins: nothing in memory, everything on the disk."""
        self.groups = self.disk_groups
        self.lives += 1
        self.is_killed = False
        nation = nation_of_node(self.node_id)
        self.store = TimedStore(
            self.disk, chance=self.chance, completed=self._completed, power_lost=self._power_lost
        )
        self.set_slow(self.slowest_write_s)
        self.engine = self.network.engine(self.node_id)
        self.executor = TimedExecutor(self.crypto_delay_s)
        self.services = Services(
            me=Identity(node=self.node_id, nation=nation, realm=REALM),
            clock=self.clock,
            store=self.store,
            engine=self.engine,
            journal=WatchedJournal(self, self.lives),
            entropy=self._salts,
            verifier=self.keys.verifier,
            sealer=self.keys.sealer,
            new_opener=lambda: WatchedOpener(self, self.keys.new_opener()),
            keyring=Keyring(trust=self.keys.trust, signer=self.keys.nations[nation].node),
            agreements=Agreements(nation=nation, clock=self.clock, agreed=(self.keys.guideline,)),
            crypto=self.executor,
        )
        self.node = Node(self.services, self.partners)
        self.onlooker.started(self)
        self.running = asyncio.ensure_future(self.node.run())
        self.running.add_done_callback(self._over)

    def crash(self) -> None:
        """Killed: nothing is asked, nothing more is written."""
        if self.running is None:
            return
        running, self.running = self.running, None
        self.is_killed = True
        self.engine.close()
        self.store.die()
        self.executor.die()
        running.cancel()

    def restore(self, backup: Disk) -> None:
        """While it is down: its disk is as it was when the backup was made."""
        backup.full = self.disk.full
        self.disk = backup
        self.restorations += 1
        self.onlooker.restored(self)

    def crash_at_next_write(self, cut: PowerCut) -> None:
        """Lose the power before, within or after the next write."""
        self.store.power_cut = cut

    def set_slow(self, slowest_write_s: float | None) -> None:
        """A disk that takes up to so long, or a good one again."""
        self.slowest_write_s = slowest_write_s
        if slowest_write_s is not None:
            self.store.slowest_s = slowest_write_s
        else:
            self.store.slowest_s = self.store.quickest_s * 4.0

    async def links(self) -> list[dict[str, Any]]:
        """Its links, asked for as people do."""
        seen: Any = await self.node.control.call("links", {})
        links: list[dict[str, Any]] = seen["links"]
        return links

    def _completed(self, commit: Commit) -> None:
        self.onlooker.committed(self, commit)

    def _power_lost(self, _: PowerCut) -> None:
        self.crash()

    def _over(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if self.running is task:  # it ended by itself, which no node does
            self.running = None
            self.onlooker.ended(self, error)

    def _salts(self, size: int) -> bytes:
        """Random bytes, each block of which says that it is a salt."""
        blocks, rest = divmod(size, SALT_BYTES)
        randomness = self.chance.randbytes(blocks * SALT_REST_BYTES + rest)
        salts = bytearray((SALT + bytes(SALT_REST_BYTES)) * blocks)
        whole = blocks * SALT_REST_BYTES
        for at in range(SALT_REST_BYTES):  # the same byte of every block at once
            salts[len(SALT) + at :: SALT_BYTES] = randomness[at:whole:SALT_REST_BYTES]
        return bytes(salts) + randomness[whole:]


@dataclass(frozen=True, slots=True)
class WatchedJournal:
    """Implements `node.ports.Journal`: keeps nothing, lets the onlooker read."""

    machine: Machine
    life: int

    def write(self, event: str, /, **fields: object) -> None:
        """One line; what a killed node still says, nobody reads."""
        if self.life == self.machine.lives and not self.machine.is_killed:
            self.machine.onlooker.wrote(self.machine, event, fields)


@dataclass(frozen=True, slots=True)
class WatchedOpener:
    """Implements `records.keys.Opener`: the onlooker reads what was opened."""

    machine: Machine
    opener: Opener

    @property
    def public_key(self) -> bytes:
        return self.opener.public_key

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        plaintext = self.opener.open(sealed, info=info)
        self.machine.onlooker.opened(self.machine, plaintext)
        return plaintext
