"""One node that states much, and the partner nodes around it: real processes on loopback.

The origin is a real node whose statements the bench orders (`bench.stating_node`); its partners
are nodes as everybody runs them. Every partner may see all fields of its records but the sensors.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from bench.orders import ORDER, Order
from tests.records.made_up_guideline import guideline_text, rule

from bongsu.adapters.keys.files import read_signer, write_guideline
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.adapters.local_link import LocalSender
from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.demo.federation_files import LOOPBACK, free_ports
from bongsu.main.demo.federation_keys import officer_name
from bongsu.main.demo.processes import JournalLine, ProcessGroup, RunningProcess
from bongsu.main.settings import EngineTable, NodeSettings, PartnerTable
from bongsu.records.certificate import Role
from bongsu.records.guideline_signing import sign_guideline
from bongsu.records.kinds import RecordKind, field_names
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId

ORIGIN = NationId("KR")
SITES_OF_A_NATION = 3
READY_WITHIN_S = 60.0
CHECKED_EVERY_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class StarNode:
    """One node's files."""

    node: NodeId
    node_file: Path
    log_file: Path

    def stored(self) -> int:
        """How many entries of the origin's feeds are in this node's log, read beside it."""
        with self.log() as log:
            return self.stored_in(log)

    def log(self) -> closing[SqliteReader]:
        """This node's log, to be read beside it; there is one once it has started."""
        return closing(SqliteReader(self.log_file, node=self.node, realm=Realm.EXERCISE))

    def stored_in(self, log: SqliteReader) -> int:
        """The same of a log that stays open: opening it costs more than looking."""
        return sum(
            position.sequence for position in log.positions() if position.feed.reader == self.node
        )


@dataclass(slots=True)
class Star:
    """The running processes, and every line of their journals so far."""

    folder: Path
    group: ProcessGroup
    origin: StarNode
    readers: tuple[StarNode, ...]
    lines: list[JournalLine] = field(default_factory=list)

    async def start_origin(self) -> RunningProcess:
        """Start the node that states, and wait until it takes orders."""
        started = await self.group.start_python(
            "-m", "bench.stating_node", str(self.origin.node_file),
            name=self.origin.node, on_line=self.lines.append,
        )  # fmt: skip
        await self.until_event("node_started", self.origin.node)
        return started

    async def start_reader(self, reader: StarNode) -> RunningProcess:
        """Start a partner's node."""
        return await self.group.start(
            "node", reader.node_file, name=reader.node, on_line=self.lines.append
        )

    async def order(self, order: Order) -> None:
        """Tell the origin what to state; its journal says when all of it is on disk."""
        sender = LocalSender(f"unix:{self.origin.node_file.parent / 'node.sock'}")
        sender.open()
        sender.send(ORDER.encode(order))
        await sender.drain(READY_WITHIN_S)
        await sender.close()

    async def until_event(
        self, event: str, node: str, *, number: int = 1, within_s: float = READY_WITHIN_S
    ) -> JournalLine:
        """Wait until a node's journal has the `number`th line of that event."""
        async with asyncio.timeout(within_s):
            while len(found := self.of_event(event, node)) < number:
                self.group.raise_failure()
                await asyncio.sleep(CHECKED_EVERY_S)
        return found[number - 1]

    async def until_stored(self, reader: StarNode, count: int, *, within_s: float) -> None:
        """Wait until `count` of the origin's entries are on a reader's disk."""
        async with asyncio.timeout(within_s):
            with reader.log() as log:
                while reader.stored_in(log) < count:
                    self.group.raise_failure()
                    await asyncio.sleep(CHECKED_EVERY_S)

    def of_event(self, event: str, node: str) -> list[JournalLine]:
        """Lines of one event of one node."""
        return [line for line in self.lines if line["event"] == event and line["node"] == node]


@asynccontextmanager
async def made_star(readers: int) -> AsyncIterator[Star]:
    """Keys, guideline and files of an origin and its readers; nothing runs yet."""
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as name:
        folder = Path(name)
        nodes = _reader_names(readers)
        keys = _made_keys(folder / "keys", nodes)
        ports = free_ports(1)
        origin = _written(folder, keys, NodeId(f"{ORIGIN}-1"), nodes, ports[0])
        around = tuple(
            _written(folder, keys, node, (origin.node,), ports[0], listens=False) for node in nodes
        )
        async with ProcessGroup(folder) as group:
            yield Star(folder, group, origin, around)


def _reader_names(count: int) -> tuple[NodeId, ...]:
    """Up to three sites of a nation: a guideline has a bounded number of parties."""
    return tuple(
        NodeId(f"P{1 + number // SITES_OF_A_NATION:02d}-{1 + number % SITES_OF_A_NATION}")
        for number in range(count)
    )


def _made_keys(folder: Path, nodes: tuple[NodeId, ...]) -> dict[NationId, KeyFolders]:
    now = SystemClock().system_utc()
    folders: dict[NationId, KeyFolders] = {}
    for node in (NodeId(f"{ORIGIN}-1"), *nodes):
        nation, _, site = node.partition("-")
        first = NationId(nation) not in folders
        plan = NationPlan(
            nation=NationId(nation),
            realm=Realm.EXERCISE,
            site=int(site),
            sensors=(),
            officers=(officer_name(NationId(nation)),) if first else (),
        )
        folders[NationId(nation)] = make_nation_keys(plan, folder / nation, now=now).folders
    text = _guideline(tuple(folders))
    signatures = [
        sign_guideline(
            text,
            read_signer(one.of(Role.OFFICER, officer_name(nation))),
            realm=Realm.EXERCISE,
            officer=officer_name(nation),
            signed_at=now,
        )
        for nation, one in folders.items()
    ]
    publics = tuple(one.public for one in folders.values())
    for one in folders.values():
        trust_nations(one, publics, realm=Realm.EXERCISE)
        write_guideline(one.trust, text, signatures)
    return folders


def _guideline(nations: tuple[NationId, ...]) -> bytes:
    kinds = (RecordKind.LAUNCH_WARNING, RecordKind.TRACK_UPDATE)
    fields = "\n".join(f"{kind.value} = [{_quoted(sorted(field_names(kind)))}]" for kind in kinds)
    rules = "".join(
        rule(ORIGIN, reader, kind=kind.value, withhold='"sensors"')
        for kind in kinds
        for reader in nations
        if reader != ORIGIN
    )
    return guideline_text(Realm.EXERCISE, parties=_quoted(nations), fields=fields, rules=rules)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _written(
    folder: Path,
    keys: dict[NationId, KeyFolders],
    node: NodeId,
    partners: tuple[NodeId, ...],
    port: int,
    *,
    listens: bool = True,
) -> StarNode:
    home = folder / node.lower()
    home.mkdir(mode=0o700)
    own = keys[NationId(node.partition("-")[0])]
    endpoint = f"tls/{LOOPBACK}:{port}"
    settings = NodeSettings(
        realm=Realm.EXERCISE,
        trust=str(own.trust),
        keys=str(own.of(Role.NODE, node)),
        id=node,
        log="log.sqlite",
        tracker="unix:node.sock",
        engine=EngineTable(listen=(endpoint,) if listens else ()),
        partners=tuple(
            PartnerTable(id=partner, connect=() if listens else (endpoint,)) for partner in partners
        ),
    )
    path = home / "node.json"
    path.write_bytes(msgspec.json.encode(settings))
    return StarNode(node=node, node_file=path, log_file=home / "log.sqlite")
