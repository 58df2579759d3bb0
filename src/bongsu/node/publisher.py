"""Own records: stated, signed, linked into every feed that may have them, stored together.

Statements wait in a bounded queue; the publisher takes what waits as one group. Bulk goes a way of
its own (`bulk_publisher`), so that a warning waits for nothing but warnings.
A record, its feed entries and its pending releases commit together before anything is sent.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bongsu.node.bulk_publisher import BulkPublisher
from bongsu.node.outgoing import Outgoing, Tail
from bongsu.node.ports import Commit, StoredEntry, StoredRecord
from bongsu.node.services import Services
from bongsu.node.shown import Shown
from bongsu.node.statement import Statement
from bongsu.node.statement_queue import StatementQueue
from bongsu.records.feed import FeedId
from bongsu.records.keys import SignaturePair
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.records.projection import project
from bongsu.records.record import RECORD, Record, make_record, sign_statement, signed_record
from bongsu.records.releasability import decide
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.units import MonotonicNs, NationId, NodeId, RecordId

MAXIMUM_WAITING_STATEMENTS = 4_096
MAXIMUM_GROUP = 128
RETRY_AFTER_S = 1.0
STATED_WITHIN_S = 10.0
SIGNING_THREADS = 2  # as many as the crypto executor has


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linked:
    """A record with its place in one feed, before it is signed."""

    feed: Outgoing
    place: Tail
    projection: Record


class Publisher:
    """Turns statements into records on disk and in feeds. Lives on the node's loop."""

    def __init__(self, services: Services, feeds: Mapping[NodeId, Mapping[Lane, Outgoing]]) -> None:
        self._services = services
        self._feeds = feeds
        self._shown = Shown(services.store, services.me.node)
        self._queue = StatementQueue[Statement](MAXIMUM_WAITING_STATEMENTS)
        bulk = {reader: lanes[Lane.BULK] for reader, lanes in feeds.items()}
        self._bulk = BulkPublisher(services, bulk, no_warning_waits=self._queue.settled)

    @property
    def not_stored(self) -> int:
        """How many statements are not on disk yet."""
        return self._queue.not_settled + self._bulk.not_stored

    def publish(self, statement: Statement) -> bool:
        """Queue a statement; when too many wait it is refused, counted and shown."""
        if form_of(statement.kind).lane is Lane.BULK:
            queued = self._bulk.publish(statement)
        else:
            queued = self._queue.put(statement, urgent=True)
        if not queued:
            count = self._services.health.refuse("own statements waiting for the disk")
            self._journal("statement_dropped", kind=statement.kind, count=count)
        return queued

    async def stated(
        self,
        kind: RecordKind,
        fields: Mapping[str, object],
        *,
        readers: frozenset[NationId] | None = None,
    ) -> RecordId:
        """State something now, for a person who waits; its id, once it is on our disk.

        Raises LocalMisuse for what can't be recorded, Unavailable where the disk takes too long:
        it stays queued then, unless too much was waiting already.
        """
        form_of(kind).checked(fields)
        on_disk: asyncio.Future[RecordId] = asyncio.get_running_loop().create_future()

        def stored(record_id: RecordId, _: MonotonicNs) -> None:
            if not on_disk.done():
                on_disk.set_result(record_id)

        statement = Statement(
            kind=kind,
            fields=fields,
            created_at=self._services.clock.utc(),
            stored=stored,
            readers=readers,
        )
        if not self.publish(statement):
            raise Unavailable(
                "too many statements wait for the disk", remedy="Check the disk, then try again"
            )
        try:
            async with asyncio.timeout(STATED_WITHIN_S):
                return await on_disk
        except TimeoutError as error:
            raise Unavailable(
                f"the {kind.value} is not on disk after {STATED_WITHIN_S:.0f} s",
                remedy="It is queued: look at the node's log before stating it again",
            ) from error

    async def drained(self, within_s: float) -> None:
        """Wait, bounded, until everything that was published is on disk."""
        await asyncio.gather(self._queue.settled(within_s), self._bulk.drained(within_s))

    def expect_more_of(self, subjects: Iterable[str]) -> None:
        """Read who was shown these things from the log now, and not while one is amended."""
        for subject in subjects:
            self._shown.of(subject)

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What has to run, until it is cancelled."""
        return self._publish_all(), *self._bulk.work()

    async def _publish_all(self) -> None:
        while True:
            group = await self._queue.take(MAXIMUM_GROUP)
            while not await self._published(group):
                await asyncio.sleep(RETRY_AFTER_S)  # the disk refuses: nothing is given up
            self._queue.done()

    async def _published(self, group: Sequence[Statement]) -> bool:
        """True when the group is on disk, False when it has to be tried again."""
        feeds = [lanes[Lane.URGENT] for lanes in self._feeds.values()]
        tails = [feed.tail for feed in feeds]
        try:
            await self._publish_group([(s, r) for s in group if (r := self._bare(s)) is not None])
        except Unavailable as error:
            self._journal("publishing_waits", reason=str(error))
            for feed, tail in zip(feeds, tails, strict=True):
                feed.tail = tail
            for statement in group:
                self._shown.forget(_subject_of(statement) or "")
            return False
        return True

    def _bare(self, statement: Statement) -> Record | None:
        """The record, not signed yet; None for a statement that can't be recorded."""
        me = self._services.me
        try:
            return make_record(
                statement.kind,
                realm=me.realm,
                originator=me.node,
                created_at=statement.created_at,
                signed_at=self._services.clock.system_utc(),
                fields=statement.fields,
                salts=self._services.entropy,
            )
        except LocalMisuse as error:
            count = self._services.health.refuse(f"own {statement.kind.value}: {error.what}")
            self._journal("statement_refused", reason=error.what, count=count)
            return None

    async def _publish_group(self, group: Sequence[tuple[Statement, Record]]) -> None:
        trusted = self._services.trust.nations
        links = [self._linked(record, statement, trusted) for statement, record in group]
        feeds = [link.feed for link in _last_of_each(links)]
        # A head covers no signatures: it is signed beside the records. Its frame is sealed while
        # the disk works, and leaves only after it is done.
        heads = asyncio.gather(*(feed.sign_ahead() for feed in feeds))
        signed = await self._signed(group)
        await heads
        statements = [statement for statement, _ in group]
        on_disk = self._services.append(self._commit(signed, links, statements))
        await asyncio.gather(*(feed.seal_ahead() for feed in feeds))
        await asyncio.wrap_future(on_disk)
        stored_at = self._services.clock.monotonic()
        for link in _last_of_each(links):
            link.feed.appended(link.place.sequence)
        for record, statement in zip(signed, statements, strict=True):
            statement.stored(record.record_id, stored_at)

    def _linked(
        self, record: Record, statement: Statement, trusted: frozenset[NationId]
    ) -> list[_Linked]:
        """The record's projection for each partner that may have one, at its place in the feed."""
        me = self._services.me
        subject = _subject_of(statement)
        shown = {} if subject is None else self._shown.of(subject)
        linked: list[_Linked] = []
        lane = form_of(statement.kind).lane
        for partner, lanes in self._feeds.items():
            if statement.readers is not None and nation_of(partner) not in statement.readers:
                continue
            decision = decide(
                self._services.agreements.in_force(),
                kind=statement.kind,
                originator=me.nation,
                sender=me.nation,
                reader=nation_of(partner),
                already_shown=shown.get(partner, frozenset()),
                trusted=trusted,
            )
            if not decision.fields or decision.delay_s:
                continue  # what has to wait isn't sent too early: it isn't sent at all yet
            projection = project(record, decision.fields, visible=lambda _: True)
            feed = lanes[lane]
            place = feed.link(projection)
            linked.append(_Linked(feed=feed, place=place, projection=projection))
            if subject is not None:
                self._shown.add(subject, partner, projection)
        return linked

    async def _signed(self, group: Sequence[tuple[Statement, Record]]) -> list[Record]:
        """The group's records; those that bear authority signed, on several threads."""
        bearing = deque(record for statement, record in group if form_of(statement.kind).authority)
        threads = min(SIGNING_THREADS, len(bearing))
        done = await asyncio.gather(
            *(self._services.beside(self._signatures, bearing) for _ in range(threads))
        )
        signatures = {record_id: pair for part in done for record_id, pair in part.items()}
        return [
            signed_record(record, signatures[record.record_id])
            if record.record_id in signatures
            else record
            for _, record in group
        ]

    def _signatures(self, unsigned: deque[Record]) -> dict[RecordId, SignaturePair]:
        """Sign what is left in the line; a signature takes 0.3 to 4 ms, so threads share one."""
        signer, realm = self._services.signer, self._services.me.realm
        signatures: dict[RecordId, SignaturePair] = {}
        while True:
            try:
                record = unsigned.popleft()
            except IndexError:
                return signatures
            signatures[record.record_id] = sign_statement(record.statement, signer, realm=realm)

    def _commit(
        self, signed: Sequence[Record], links: Sequence[list[_Linked]], group: Sequence[Statement]
    ) -> Commit:
        records: list[StoredRecord] = []
        entries: list[StoredEntry] = []
        for record, linked, statement in zip(signed, links, group, strict=True):
            subject = _subject_of(statement)
            records.append(
                StoredRecord(
                    record_id=record.record_id,
                    kind=statement.kind.value,
                    originator=self._services.me.node,
                    own=True,
                    encoded=RECORD.encode(record),
                    stored_at=self._services.clock.utc(),
                    subject=subject,
                )
            )
            for link in linked:
                released = Record(
                    statement=record.statement,
                    disclosures=link.projection.disclosures,
                    signatures=record.signatures,
                )
                entries.append(link.feed.row(link.place, released, subject))
        return Commit(records=tuple(records), entries=tuple(entries))

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)


def _subject_of(statement: Statement) -> str | None:
    return form_of(statement.kind).subject_of(statement.fields)


def _last_of_each(links: Sequence[list[_Linked]]) -> tuple[_Linked, ...]:
    """The newest place that was given in each feed."""
    newest: dict[FeedId, _Linked] = {}
    for linked in links:
        for link in linked:
            newest[link.feed.feed] = link
    return tuple(newest.values())
