"""One group of work on its way: made, linked, signed, committed, handed to the feeds."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bongsu.node.links.outgoing import Outgoing
from bongsu.node.ports import (
    Commit,
    PendingRelease,
    SettledRelease,
    StoredEntry,
    StoredRecord,
)
from bongsu.node.publishing.statement import Statement, bare_record, signatures_of
from bongsu.node.publishing.version import Version, held_version, version_of
from bongsu.node.recalls.paths import path_of
from bongsu.node.recalls.recall_book import RecallBook
from bongsu.node.releases.due_releases import DueRelease
from bongsu.node.releases.releasing import Fate, Linked, Releasing
from bongsu.node.services import Services
from bongsu.records.keys import SignaturePair
from bongsu.records.kinds import ALARMING_KINDS
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.records.record import RECORD, Record
from bongsu.vocabulary.units import NodeId, RecordId

Work = Statement | DueRelease


@dataclass(slots=True, kw_only=True)
class _Item:
    """A version with whom it may go to, and what became of it for each."""

    version: Version
    work: Work
    readers: tuple[NodeId, ...]
    fates: list[Fate] = field(default_factory=list)

    @property
    def linked(self) -> list[Linked]:
        return [fate.linked for fate in self.fates if fate.linked is not None]

    @property
    def pending(self) -> list[PendingRelease]:
        return [fate.pending for fate in self.fates if fate.pending is not None]


class Publication:
    """Used once. What it holds afterwards says what has to be watched further."""

    def __init__(self, services: Services, releasing: Releasing, recalls: RecallBook) -> None:
        self._services = services
        self._releasing = releasing
        self._recalls = recalls
        self._items: list[_Item] = []
        self.settled: list[DueRelease] = []
        self.pending: list[PendingRelease] = []  # new ones
        self.postponed: list[PendingRelease] = []  # due, and told to wait for longer

    async def carry_out(self, group: Sequence[Work]) -> None:
        """Until it is on disk and with the feeds. Raises Unavailable where the disk refuses."""
        for work in group:
            item = await self._item(work)
            if item is not None:
                self._items.append(item)
                await self._release(item)
        links = _last_of_each([link for item in self._items for link in item.linked])
        urgent = [link.feed for link in links if link.feed.feed.lane is Lane.URGENT]
        # A head covers no signatures: it is signed beside the records, or after them where there
        # are more partners than threads. Its frame is sealed while the disk works, and leaves only
        # after it is done.
        handed_over = asyncio.Event()
        await asyncio.gather(
            self._store(handed_over), *(_framed_ahead(feed, handed_over) for feed in urgent)
        )
        stored_at = self._services.clock.monotonic()
        for link in links:
            link.feed.appended(link.place.sequence)
        self._expect_receipts()
        for item in self._items:
            if isinstance(item.work, Statement):
                item.work.stored(item.version.record_id, stored_at)

    async def _store(self, handed_over: asyncio.Event) -> None:
        """Signed, then on disk; says in between that the entries have their bytes."""
        try:
            on_disk = self._services.append(self._commit(await self._signatures()))
        finally:
            handed_over.set()
        await asyncio.wrap_future(on_disk)

    def _expect_receipts(self) -> None:
        for item in self._items:
            for link in item.linked:
                if link.version.kind in ALARMING_KINDS:
                    link.feed.expect_receipt(link.place.sequence, link.version.record_id)

    def take_back(self) -> None:
        """Nothing of it is on disk: what was noted meanwhile is not so."""
        for item in self._items:
            self._releasing.forget(item.version)

    async def _item(self, work: Work) -> _Item | None:
        match work:
            case Statement():
                return await self._stated(work)
            case DueRelease(record_id, reader):
                version = await self._held(record_id)
                if version is None:  # let go meanwhile: there is nothing left to release
                    self.settled.append(work)
                    return None
                return _Item(version=version, work=work, readers=(reader,))

    async def _stated(self, statement: Statement) -> _Item | None:
        services = self._services
        record = bare_record(statement, services)
        if record is None:
            return None
        version = version_of(
            record,
            kind=statement.kind,
            originator=services.me.node,
            fields=statement.fields,
            stored_at=services.clock.utc(),
        )
        if version.form.by_path:
            path = await services.beside(
                path_of, services.store, services.me.node, statement.kind, statement.fields
            )
            version = replace(version, path=path)
        readers, named = self._releasing.readers, statement.readers
        if named is not None:
            readers = tuple(reader for reader in readers if nation_of(reader) in named)
        return _Item(version=version, work=statement, readers=readers)

    async def _held(self, record_id: RecordId) -> Version | None:
        services = self._services
        version = await services.beside(held_version, services.store, services.me, record_id)
        if version is None:
            return None
        return replace(
            version,
            path=version.path if self._recalls.passes_on(version) else {},
            is_recalled=self._recalls.of(version) is not None,
        )

    async def _release(self, item: _Item) -> None:
        for reader in item.readers:
            fate = self._releasing.release(item.version, reader, was_due=_is_due(item.work))
            item.fates.append(fate)
            if fate.then is not None:
                end = await self._held(fate.then)
                if end is not None:
                    item.fates.append(self._releasing.release(end, reader, was_due=True))
        if isinstance(item.work, DueRelease) and item.pending:
            self.postponed += item.pending
        elif isinstance(item.work, DueRelease):
            self.settled.append(item.work)
        else:
            self.pending += item.pending

    async def _signatures(self) -> dict[RecordId, SignaturePair]:
        bearing = [
            item.version.record
            for item in self._items
            if isinstance(item.work, Statement) and item.version.form.authority
        ]
        return await signatures_of(bearing, self._services)

    def _commit(self, signatures: Mapping[RecordId, SignaturePair]) -> Commit:
        records: list[StoredRecord] = []
        entries: list[StoredEntry] = []
        for item in self._items:
            if isinstance(item.work, Statement):
                version = item.version
                whole = _with_signatures(version.record, version, signatures)
                records.append(
                    StoredRecord(
                        record_id=version.record_id,
                        kind=version.kind.value,
                        originator=version.originator,
                        own=True,
                        encoded=RECORD.encode(whole),
                        stored_at=version.stored_at,
                        subject=version.subject,
                    )
                )
            for link in item.linked:
                released = _with_signatures(link.projection, link.version, signatures)
                entries.append(link.feed.row(link.place, released, link.version.subject))
        return Commit(
            records=tuple(records),
            entries=tuple(entries),
            pending=tuple(self.pending),
            settled=tuple(
                SettledRelease(record_id=due.record_id, reader=due.reader) for due in self.settled
            ),
        )


async def _framed_ahead(feed: Outgoing, handed_over: asyncio.Event) -> None:
    """A signed head, and a sealed frame as soon as the entries are with the store."""
    await feed.sign_ahead()
    await handed_over.wait()
    await feed.seal_ahead()


def _is_due(work: Work) -> bool:
    return isinstance(work, DueRelease)


def _with_signatures(
    shown: Record, version: Version, signatures: Mapping[RecordId, SignaturePair]
) -> Record:
    """What is shown of a record, with our signatures if it is new, else with those it has."""
    return Record(
        statement=shown.statement,
        disclosures=shown.disclosures,
        signatures=signatures.get(version.record_id, version.record.signatures),
    )


def _last_of_each(links: Sequence[Linked]) -> tuple[Linked, ...]:
    """The newest place that was given in each feed."""
    return tuple({link.feed.feed: link for link in links}.values())
