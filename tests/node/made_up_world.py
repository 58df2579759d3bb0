"""Nodes of made-up nations on a simulated outside: stage directions for the tests of a node."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.protocols.made_up_tracks import impact, launch, track
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import JP_1, KR_1, NOW, SEALER, US_1, VERIFIER, nation, trust

from bongsu.adapters.engines.carry_folder import CarryFolders
from bongsu.adapters.keys.carry_keys import CarryKeyFolder
from bongsu.adapters.keys.cryptography_keys import CryptographyOpener, CryptographySigner
from bongsu.adapters.simulated.clock import SimulatedClock, SimulatedTime
from bongsu.adapters.simulated.event_loop import run_in_simulated_time
from bongsu.adapters.simulated.executor import InlineExecutor
from bongsu.adapters.simulated.journal import RecordingJournal
from bongsu.adapters.simulated.memory_store import Disk, MemoryStore
from bongsu.adapters.simulated.network import Message, SimulatedEngine, SimulatedNetwork
from bongsu.node.carry.carry_ports import CarryPost
from bongsu.node.guidelines.agreements import Agreements
from bongsu.node.keys.keyring import Keyring
from bongsu.node.node import Node
from bongsu.node.services import Identity, Services
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import picture_body
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.key_statements import KeyStatements
from bongsu.records.kinds import RecordKind, field_names
from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.trust import TrustStore
from bongsu.records.versions import Versions
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.track import Track, TrackPicture
from bongsu.vocabulary.units import NodeId, after_seconds

EXERCISE, LIVE = Realm.EXERCISE, Realm.LIVE
ONLY_VERSION = Versions()
SHARED = (RecordKind.LAUNCH_WARNING, RecordKind.TRACK_UPDATE)
A_MOMENT_S = 0.2  # more than a tick and a flush of what is not urgent


def all_fields(kind: RecordKind) -> str:
    return ", ".join(f'"{name}"' for name in sorted(field_names(kind)))


def agreed(
    realm: Realm = EXERCISE,
    *,
    kept_from_japan: str = "sensors",
    japan_waits_s: int = 0,
    onward: bool = False,
    nations: Sequence[str] = ("KR", "US", "JP"),
) -> AgreedGuideline:
    """Everybody sees warnings and tracks of everybody, but Korea keeps something from Japan.

    `japan_waits_s`: Japan sees what Korea states only so much later. `onward`: everybody passes on.
    """

    def kept(kind: RecordKind, one: str, other: str) -> bool:
        return (one, other) == ("KR", "JP") and kept_from_japan in field_names(kind)

    fields = "\n".join(f"{kind.value} = [{all_fields(kind)}]" for kind in SHARED)
    rules = "".join(
        rule(
            one,
            other,
            kind=kind.value,
            withhold=f'"{kept_from_japan}"' if kept(kind, one, other) else "",
            delay_s=japan_waits_s if (one, other) == ("KR", "JP") else 0,
            onward=onward,
        )
        for kind in SHARED
        for one in nations
        for other in nations
        if one != other
    )
    parties = ", ".join(f'"{name}"' for name in nations)
    text = guideline_text(realm, parties=parties, fields=fields, rules=rules)
    return in_force(text, realm)


AGREED = {realm: agreed(realm) for realm in Realm}


@dataclass(slots=True)
class Machine:
    """One node's machine: its disk outlives the node."""

    world: "World"
    node_id: NodeId
    realm: Realm
    partners: tuple[NodeId, ...]
    guideline: AgreedGuideline | None
    disk: Disk = field(default_factory=Disk)
    journal: RecordingJournal = field(default_factory=RecordingJournal)
    clock: SimulatedClock = field(init=False)
    services: Services = field(init=False)
    store: MemoryStore = field(init=False)
    engine: SimulatedEngine = field(init=False)
    node: Node = field(init=False)
    running: asyncio.Task[None] | None = None
    batches: int = 0
    versions: Versions = ONLY_VERSION
    kept_keys: "KeptKeys | None" = None  # where its private keys lie, once they may change
    stands_by: bool = False
    carry_folder: Path | None = None  # where its single-use keys lie, if it carries

    def __post_init__(self) -> None:
        self.clock = SimulatedClock(time=self.world.time, start_utc=NOW, scenario_start=NOW)

    def compose(self, *, at_once: bool = True) -> None:
        """A node as it begins: nothing in memory, everything on the disk."""
        owner = nation(nation_of(self.node_id), self.realm)
        self.store = MemoryStore(self.disk, at_once=at_once)
        self.engine = self.world.network.engine(self.node_id)
        self.services = Services(
            me=Identity(node=self.node_id, nation=owner.nation, realm=self.realm),
            clock=self.clock,
            store=self.store,
            engine=self.engine,
            journal=self.journal,
            entropy=self.world.chance.randbytes,
            verifier=VERIFIER,
            sealer=SEALER,
            new_opener=CryptographyOpener,
            versions=self.versions,
            keyring=Keyring(
                trust=self.world.trust or trust(self.realm),
                signer=self.kept_keys.own if self.kept_keys else owner.node_at(self.node_id),
                keeper=self.kept_keys,
            ),
            agreements=Agreements(
                nation=owner.nation,
                clock=self.clock,
                agreed=() if self.guideline is None else (self.guideline,),
            ),
            crypto=InlineExecutor(),
            carry=self._carry_post(),
        )
        self.node = Node(self.services, self.partners, stands_by=self.stands_by)

    def _carry_post(self) -> CarryPost | None:
        if self.carry_folder is None:
            return None
        return CarryPost(
            keys=CarryKeyFolder(self.carry_folder),
            trips=CarryFolders(realm=self.realm, node=self.node_id),
            files=InlineExecutor(),
        )

    def start(self) -> None:
        self.running = asyncio.ensure_future(self.node.run())

    async def crash(self) -> None:
        """Killed: nothing is asked, nothing more is written."""
        assert self.running is not None
        self.engine.close()
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        self.running = None

    async def stop(self) -> None:
        assert self.running is not None
        self.node.stop()
        await self.running
        self.running = None

    def restart(self, *, at_once: bool = True) -> None:
        self.compose(at_once=at_once)
        self.start()

    async def sees(self, *tracks: Track) -> None:
        """Its own tracker sends a picture."""
        await self.node.take_tracker_batch(self.picture(*tracks))

    def picture(self, *tracks: Track, realm: Realm | None = None) -> bytes:
        realm = realm or self.realm
        self.batches += 1
        name = nation_of(self.node_id)
        body = picture_body(
            TrackPicture(at=self.clock.utc(), tracks=tracks, refused_plots=0, quarantined_plots=0)
        )
        return sign_batch(
            BatchKind.PICTURE,
            body,
            nation(name, realm).tracker,
            realm=realm,
            source=f"{name}-TRACKER-1",
            sequence=self.batches,
        )

    def observed(self, name: str = "T1", **changes: Any) -> Track:
        """A track that is seen at this moment."""
        now = self.clock.utc()
        seen = replace(
            track(name, seen_s=0.0),
            at=now,
            first_observed_at=now,
            last_observed_at=now,
            last_plot_emitted_at=self.clock.monotonic(),
            launch=replace(launch(), at=after_seconds(now, -60.0)),
            impact=replace(impact(), at=after_seconds(now, 900.0)),
        )
        return replace(seen, **changes)

    def brings(self, sender: NodeId, channel: str, payload: bytes) -> None:
        """The wire brings a message, whoever made it."""
        self.engine.arrive(Message(sender, self.node_id, channel, payload))

    def warnings_of(self, node: NodeId) -> list[OpenedRecord]:
        """Launch warnings of one originator on this disk."""
        return [
            open_unverified_record(RECORD.decode(row.encoded), realm=self.realm)
            for row in self.disk.records.values()
            if row.originator == node and row.kind == RecordKind.LAUNCH_WARNING.value
        ]

    def refused(self) -> int:
        """How many refusals this node counted."""
        return sum(self.services.health.refused.values())

    def outputs(self) -> tuple[object, ...]:
        """Everything that a person, a partner or a restart could see of this node's warnings."""
        return (
            self.node._watch.desk,
            tuple(self.disk.records),
            {feed: len(rows) for feed, rows in self.disk.entries.items()},
            [line for line in self.journal.lines if line.event in OUTPUT_EVENTS],
        )


@dataclass(slots=True)
class KeptKeys:
    """Implements `node.ports.KeyKeeper`: a machine's private folders, by name."""

    own: CryptographySigner
    folders: dict[str, CryptographySigner] = field(default_factory=dict)
    public: list[KeyStatements] = field(default_factory=list)

    def keep_public(self, statements: KeyStatements) -> None:
        self.public.append(statements)

    def read_private(self, folder: str | None) -> CryptographySigner:
        return self.own if folder is None else self.folders[folder]

    def install_private(self, folder: str) -> None:
        self.own = self.folders[folder]


OUTPUT_EVENTS = frozenset(
    {"own_warning", "partner_warning", "track_status", "first_plot", "sensor_silent"}
)


@dataclass(slots=True)
class World:
    """Machines on one network, in one time."""

    seed: int = 1
    time: SimulatedTime = field(default_factory=SimulatedTime)
    network: SimulatedNetwork = field(default_factory=SimulatedNetwork)
    machines: list[Machine] = field(default_factory=list)
    trust: TrustStore | None = None  # of everybody, where there are more nations than three
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def machine(
        self,
        node: NodeId,
        *partners: NodeId,
        realm: Realm = EXERCISE,
        guideline: AgreedGuideline | bool = True,
        at_once: bool = True,
        versions: Versions = ONLY_VERSION,
        carry_folder: Path | None = None,
    ) -> Machine:
        """A node that runs, with a new disk; with a guideline, all know and keep the same."""
        agreed = AGREED[realm] if guideline is True else guideline or None
        made = Machine(self, node, realm, partners, agreed)
        made.versions = versions
        made.carry_folder = carry_folder
        made.restart(at_once=at_once)
        self.machines.append(made)
        return made

    def three(self, guideline: AgreedGuideline | bool = True) -> tuple[Machine, Machine, Machine]:
        """Korea, the United States and Japan, each a partner of the others."""
        return (
            self.machine(KR_1, US_1, JP_1, guideline=guideline),
            self.machine(US_1, KR_1, JP_1, guideline=guideline),
            self.machine(JP_1, KR_1, US_1, guideline=guideline),
        )

    def sent(self, sender: NodeId, channel: str) -> list[Message]:
        """What a node gave to its engine on one channel."""
        return [m for m in self.network.sent if (m.sender, m.channel) == (sender, channel)]


async def pass_time(seconds: float = A_MOMENT_S) -> None:
    """Simulated time; nobody waits for it."""
    await asyncio.sleep(seconds)


def play(story: Callable[[World], Coroutine[Any, Any, None]], *, seed: int = 1) -> None:
    """Run a story from its beginning to its end; a node that failed on the way fails it."""
    world = World(seed)

    async def whole() -> None:
        await story(world)
        for machine in world.machines:
            if machine.running is not None and machine.running.done():
                machine.running.result()
            if machine.running is not None:
                await machine.crash()

    try:
        run_in_simulated_time(whole(), world.time)
    except BaseException as failed:
        failed.add_note(f"seed {seed}")
        raise
