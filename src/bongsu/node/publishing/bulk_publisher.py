"""Own bulk records: made, linked and stored by the group, and never in the way of a warning.

A bulk record has no versions and no signatures of its own. So a reader's decision is made once for
a group, projections that come out the same are one, and all of it happens beside the loop; while
the disk writes one group the next is made. A group is linked only when the one before it is on
disk: a refusal takes back nothing but the group itself.

Making a group keeps the interpreter and a thread busy for milliseconds. So bulk that came with a
warning is made once the warning is on disk, or has been on its way for long.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from bongsu.node.links.outgoing import Outgoing, Unplaced
from bongsu.node.ports import Commit, PendingRelease, StoredRecord
from bongsu.node.publishing.salt_block import SaltBlock
from bongsu.node.publishing.statement import Statement
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.records.projection import project_made
from bongsu.records.record import RECORD, make_record
from bongsu.records.releasability import decide
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs, after_seconds

MAXIMUM_WAITING_STATEMENTS = 4_096
MAXIMUM_GROUP = 256
GROUPS_AHEAD = 2  # made while the disk works on one before them, and then stored together
RETRY_AFTER_S = 1.0
GATHERED_FOR_S = 0.02  # what belongs to a warning waits until that is away, and shares a commit
GIVES_WAY_FOR_S = 0.1  # a group, to warnings

GiveWay = Callable[[float], Awaitable[None]]
PendingStored = Callable[[Iterable[PendingRelease], Lane], None]
Fields = frozenset[str]
Decided = TypeVar("Decided")


class _Decisions(NamedTuple):
    """Of one kind: what each reader gets at once, and for how long others wait, in seconds."""

    fields: dict[NodeId, Fields]
    delays: dict[NodeId, int]


class _Made(NamedTuple):
    """A record that is not in any feed yet, and what each reader gets of it."""

    statement: Statement
    record_id: RecordId
    encoded: bytes
    projections: Mapping[NodeId, Unplaced]  # their bytes are one object for all of the same fields
    delays: Mapping[NodeId, int]


@dataclass(frozen=True, slots=True)
class _Group:
    """Statements on their way; and those that can't be recorded, with the reason."""

    made: list[_Made] = field(default_factory=list)
    refused: list[tuple[RecordKind, str]] = field(default_factory=list)


class BulkPublisher:
    """Turns statements of bulk kinds into records in log and feeds. Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        feeds: Mapping[NodeId, Outgoing],
        *,
        no_warning_waits: GiveWay,
        pending_stored: PendingStored,
    ) -> None:
        """`feeds` are the bulk lane's; whoever else links into them holds `linking` meanwhile.

        `no_warning_waits` returns when none does, or after so many seconds. `pending_stored` is
        told of releases that wait for their time, once they are on disk.
        """
        self._services = services
        self._feeds = feeds
        self._no_warning_waits = no_warning_waits
        self._pending_stored = pending_stored
        self._waiting: deque[Statement] = deque()
        self._arrived = asyncio.Event()
        self._made: asyncio.Queue[_Group] = asyncio.Queue(GROUPS_AHEAD)
        self.linking = asyncio.Lock()
        for feed in feeds.values():
            feed.linking = self.linking  # one for all: a group is linked into several at once
        self._not_stored = 0
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def not_stored(self) -> int:
        """How many statements are not on disk yet."""
        return self._not_stored

    def publish(self, statement: Statement) -> bool:
        """Queue a statement; False when too many wait."""
        if len(self._waiting) >= MAXIMUM_WAITING_STATEMENTS:
            return False
        self._waiting.append(statement)
        self._not_stored += 1
        self._settled.clear()
        self._arrived.set()
        return True

    async def drained(self, within_s: float) -> None:
        """Wait, bounded, until everything that was published is on disk."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._settled.wait()

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What has to run, until it is cancelled."""
        return self._make_all(), self._store_all()

    async def _make_all(self) -> None:
        while True:
            while not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
            if len(self._waiting) < MAXIMUM_GROUP:
                await asyncio.sleep(GATHERED_FOR_S)
            await self._no_warning_waits(GIVES_WAY_FOR_S)
            taken = min(MAXIMUM_GROUP, len(self._waiting))
            statements = [self._waiting.popleft() for _ in range(taken)]
            decisions = self._decisions({statement.kind for statement in statements})
            group = await self._services.beside(self._group, statements, decisions)
            self._tell_refused(group)
            await self._made.put(group)

    async def _store_all(self) -> None:
        while True:
            group = await self._made.get()
            while not self._made.empty():  # more than one: the disk is slower than we are
                more = self._made.get_nowait()
                group = _Group([*group.made, *more.made])
            async with self.linking:
                while not await self._is_stored(group):
                    await asyncio.sleep(RETRY_AFTER_S)  # the disk refuses: nothing is given up
            self._settle(len(group.made))

    async def _is_stored(self, group: _Group) -> bool:
        """True when the group is on disk, False when it has to be tried again."""
        marks = {reader: feed.mark() for reader, feed in self._feeds.items()}
        try:
            commit = await self._services.beside(self._commit, group)
            await asyncio.wrap_future(self._services.append(commit))
        except Unavailable as error:
            self._journal("publishing_waits", reason=str(error))
            for reader, feed in self._feeds.items():
                feed.take_back(marks[reader])
            return False
        stored_at = self._services.clock.monotonic()
        for reader, feed in self._feeds.items():
            if feed.mark() != marks[reader]:
                feed.appended(feed.tail.sequence)
        for made in group.made:
            made.statement.stored(made.record_id, stored_at)
        self._pending_stored(commit.pending, Lane.BULK)
        return True

    def _decisions(self, kinds: Iterable[RecordKind]) -> Mapping[RecordKind, _Decisions]:
        """What each reader may see of each kind, by the guideline in force now."""
        in_force, me = self._services.agreements.in_force(), self._services.me.nation
        found = {kind: _Decisions({}, {}) for kind in kinds}
        for kind, readers in found.items():
            for reader in self._feeds:
                decision = decide(
                    in_force,
                    kind=kind,
                    originator=me,
                    sender=me,
                    reader=nation_of(reader),
                    trusted=self._services.trust.nations,
                )
                if decision.fields and decision.delay_s:
                    readers.delays[reader] = decision.delay_s
                elif decision.fields:
                    readers.fields[reader] = decision.fields
        return found

    def _group(
        self, statements: Sequence[Statement], decisions: Mapping[RecordKind, _Decisions]
    ) -> _Group:
        """Records and their projections. Beside the loop: it takes some milliseconds."""
        group, salts = _Group(), SaltBlock(self._services.entropy)
        signed_at = self._services.clock.system_utc()
        for statement in statements:
            decided = decisions[statement.kind]
            try:
                group.made.append(self._made_of(statement, decided, salts, signed_at))
            except LocalMisuse as error:
                group.refused.append((statement.kind, error.what))
        return group

    def _made_of(
        self, statement: Statement, decisions: _Decisions, salts: SaltBlock, signed_at: UtcNs
    ) -> _Made:
        me = self._services.me
        record = make_record(
            statement.kind,
            realm=me.realm,
            originator=me.node,
            created_at=statement.created_at,
            signed_at=signed_at,
            fields=statement.fields,
            salts=salts,
        )
        record_id, encoded = record.record_id, RECORD.encode(record)
        by_fields: dict[Fields, Unplaced] = {}
        projections: dict[NodeId, Unplaced] = {}
        for reader, fields in _for_readers_of(statement, decisions.fields):
            if fields not in by_fields:
                shown = project_made(record, statement.kind, fields)
                same = len(shown.disclosures) == len(record.disclosures)
                bytes_ = encoded if same else RECORD.encode(shown)
                by_fields[fields] = Unplaced(shown, record_id, bytes_)
            projections[reader] = by_fields[fields]
        delays = dict(_for_readers_of(statement, decisions.delays))
        return _Made(statement, record_id, encoded, projections, delays)

    def _commit(self, group: _Group) -> Commit:
        """Every record with its place in every feed that may have it. Beside the loop, too."""
        stored_at = self._services.clock.utc()
        return Commit(
            records=tuple(
                [
                    StoredRecord(
                        record_id=made.record_id,
                        kind=made.statement.kind.value,
                        originator=self._services.me.node,
                        own=True,
                        encoded=made.encoded,
                        stored_at=stored_at,
                    )
                    for made in group.made
                ]
            ),
            entries=tuple(
                [
                    row
                    for reader, feed in self._feeds.items()
                    for row in feed.placed(
                        [m.projections[reader] for m in group.made if reader in m.projections]
                    )
                ]
            ),
            pending=tuple(
                [
                    PendingRelease(
                        record_id=made.record_id,
                        reader=reader,
                        due_at=after_seconds(stored_at, delay_s),
                    )
                    for made in group.made
                    for reader, delay_s in made.delays.items()
                ]
            ),
        )

    def _tell_refused(self, group: _Group) -> None:
        for kind, what in group.refused:
            count = self._services.health.refuse(f"own {kind.value}: {what}")
            self._journal("statement_refused", reason=what, count=count)
        self._settle(len(group.refused))

    def _settle(self, number: int) -> None:
        self._not_stored -= number
        if not self._not_stored:
            self._settled.set()

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)


def _for_readers_of(
    statement: Statement, decided: Mapping[NodeId, Decided]
) -> Iterable[tuple[NodeId, Decided]]:
    """Of what was decided for each reader, that for those who may have this statement."""
    readers = statement.readers
    if readers is None:
        return decided.items()
    return [(reader, one) for reader, one in decided.items() if nation_of(reader) in readers]
