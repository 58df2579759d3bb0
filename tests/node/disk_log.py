"""A simulated machine's disk as verification reads it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bongsu.adapters.simulated.memory_store import Disk
from bongsu.node.ports import StoredHead, StoredReceipt, StoredRecord
from bongsu.records.feed import FeedId
from bongsu.vocabulary.units import RecordId

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    sequence: int
    record_id: RecordId
    encoded: bytes
    entry_hash: bytes
    content_hash: bytes | None


@dataclass(frozen=True, slots=True)
class DiskLog:
    """Implements `records.log_rows.Log`."""

    disk: Disk

    def records(self) -> Iterable[StoredRecord]:
        return tuple(self.disk.records.values())

    def feeds(self) -> Iterator[FeedId]:
        signed = {feed for feed, _ in (*self.disk.heads, *self.disk.receipts)}
        yield from dict.fromkeys((*self.disk.entries, *signed))

    def entries(self, feed: FeedId) -> Iterator[EntryRow]:
        for row in self.disk.entries.get(feed, []):
            yield EntryRow(
                sequence=row.sequence,
                record_id=row.record_id,
                encoded=row.encoded,
                entry_hash=row.entry_hash,
                content_hash=self.disk.let_go.get((feed, row.sequence)),
            )

    def heads(self, feed: FeedId) -> Iterator[StoredHead]:
        return (head for (of, _), head in sorted_by_place(self.disk.heads) if of == feed)

    def receipts(self, feed: FeedId) -> Iterator[StoredReceipt]:
        return (one for (of, _), one in sorted_by_place(self.disk.receipts) if of == feed)

    def record(self, record_id: RecordId) -> bytes | None:
        row = self.disk.records.get(record_id)
        return None if row is None else row.encoded

    def copies(self, record_id: RecordId) -> Iterator[bytes]:
        for rows in self.disk.entries.values():
            yield from (row.encoded for row in rows if row.record_id == record_id)


def sorted_by_place(rows: dict[tuple[FeedId, int], T]) -> list[tuple[tuple[FeedId, int], T]]:
    return sorted(rows.items(), key=lambda row: row[0][1])
