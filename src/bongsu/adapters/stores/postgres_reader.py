"""Reading a node's log in PostgreSQL; safe to use from any thread."""

from collections.abc import Iterator
from itertools import islice

from bongsu.adapters.stores.feed_columns import (
    BEFORE_EVERY_FEED,
    FEED_COLUMNS,
    feed_columns,
    feed_of,
)
from bongsu.adapters.stores.postgres_connection import Reading, Row
from bongsu.adapters.stores.postgres_schema import FEED
from bongsu.adapters.stores.sought_records import (
    BEYOND_EVERY_PLACE,
    condition,
    found,
    lowest_place,
)
from bongsu.node.ports import (
    Evidence,
    FeedPosition,
    FoundRecords,
    PendingRelease,
    PlacedRecord,
    Sought,
    StoredEntry,
    StoredHead,
    StoredRecord,
    StoreSize,
)
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

PAGE_ROWS = 1_024
BEYOND_EVERY_SEQUENCE = 2**63 - 1
_RECORD = "position, record_id, kind, originator, own, encoded, stored_at, subject"
_ENTRY = f"{FEED_COLUMNS}, sequence, record_id, encoded, entry_hash, subject"


class PostgresReader:
    """Everything that was committed. Every method raises Unavailable where the server fails."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._realm = reading.database.realm

    def positions(self) -> tuple[FeedPosition, ...]:
        """The last entry of every feed."""
        found: list[FeedPosition] = []
        for feed in self.feeds():
            rows = self._reading.fetch(
                f"SELECT sequence, entry_hash FROM entries WHERE {FEED}"
                " ORDER BY sequence DESC LIMIT 1",
                *feed_columns(feed),
            )
            found += (FeedPosition(feed=feed, sequence=row[0], entry_hash=row[1]) for row in rows)
        return tuple(found)

    def feeds(self, table: str = "entries") -> tuple[FeedId, ...]:
        """Every feed that has a row there. Skips from feed to feed: a long log costs no more."""
        found: list[FeedId] = []
        after = BEFORE_EVERY_FEED
        while rows := self._reading.fetch(
            f"SELECT {FEED_COLUMNS} FROM {table}"
            f" WHERE ({FEED_COLUMNS}, sequence) > ($1, $2, $3, $4, $5)"
            f" ORDER BY {FEED_COLUMNS}, sequence LIMIT 1",
            *after,
            BEYOND_EVERY_SEQUENCE,
        ):
            after = (rows[0][0], rows[0][1], rows[0][2], rows[0][3])
            found.append(self._feed_of(*after))
        return tuple(found)

    def entries(self, feed: FeedId, *, after: int, limit: int) -> tuple[StoredEntry, ...]:
        """Entries of one feed in order, from `after` + 1 on."""
        rows = self._reading.fetch(
            f"SELECT {_ENTRY} FROM entries WHERE {FEED} AND sequence > $5"
            " ORDER BY sequence LIMIT $6",
            *feed_columns(feed),
            after,
            limit,
        )
        return tuple(map(self._entry, rows))

    def all_entries(self, feed: FeedId) -> Iterator[StoredEntry]:
        """Every entry of one feed in order, read page by page."""
        after = 0
        while page := self.entries(feed, after=after, limit=PAGE_ROWS):
            yield from page
            after = page[-1].sequence

    def entries_about(
        self, subject: str, *, sender: NodeId | None = None
    ) -> tuple[StoredEntry, ...]:
        """Every projection of every version of one thing, feed by feed in order."""
        if sender is None:
            return self._entries_where("subject = $1", subject)
        return self._entries_where("subject = $1 AND sender = $2", subject, sender)

    def entries_of(self, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Every projection of one record, feed by feed; reads the whole table of entries."""
        return self._entries_where("record_id = $1", record_id)

    def entry_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """The hash that the chain had at that sequence, None where there is no such entry."""
        rows = self._reading.fetch(
            f"SELECT entry_hash FROM entries WHERE {FEED} AND sequence = $5",
            *feed_columns(feed),
            sequence,
        )
        return rows[0][0] if rows else None

    def content_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """What was kept of an entry whose content was let go, None where it was not."""
        rows = self._reading.fetch(
            f"SELECT content_hash FROM let_go WHERE {FEED} AND sequence = $5",
            *feed_columns(feed),
            sequence,
        )
        return rows[0][0] if rows else None

    def size(self) -> StoreSize:
        """The bytes of this node's tables; only the server's machine knows what is left."""
        rows = self._reading.fetch(
            "SELECT COALESCE(SUM(pg_total_relation_size(oid)), 0)::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return StoreSize(bytes_used=rows[0][0], bytes_free=None)

    def acknowledged(self, feed: FeedId) -> int:
        """The last sequence that the reader countersigned, 0 where none."""
        rows = self._reading.fetch(
            f"SELECT MAX(sequence) FROM receipts WHERE {FEED}", *feed_columns(feed)
        )
        return rows[0][0] or 0

    def newest_head(self, feed: FeedId) -> StoredHead | None:
        """The signed head of the highest sequence, None where none is kept."""
        rows = self._reading.fetch(
            f"SELECT sequence, encoded FROM heads WHERE {FEED} ORDER BY sequence DESC LIMIT 1",
            *feed_columns(feed),
        )
        if not rows:
            return None
        return StoredHead(feed=feed, sequence=rows[0][0], encoded=rows[0][1])

    def records(self, *, kind: str, own: bool) -> Iterator[StoredRecord]:
        """Records of one kind in the order in which they were stored, read page by page."""
        return self._records("kind = $2 AND own = $3 AND", kind, own)

    def all_records(self) -> Iterator[StoredRecord]:
        """Every record in the order in which they were stored, read page by page."""
        return self._records("")

    def record(self, record_id: RecordId) -> StoredRecord | None:
        """The record of that id, None where it is not in the list of records."""
        return next(self._records("record_id = $2 AND", record_id), None)

    def records_between(
        self, first: RecordId, last: RecordId, *, limit: int
    ) -> tuple[StoredRecord, ...]:
        """Records whose ids lie between two values, both included; bulk is looked through."""
        found = self._records("record_id BETWEEN $2 AND $3 AND", first, last)
        return tuple(islice(found, limit))

    def records_about(self, subject: str) -> tuple[StoredRecord, ...]:
        """Every version of one thing, in the order in which they were stored."""
        return tuple(self._records("subject = $2 AND", subject))

    def newest_records(self, sought: Sought, *, before: int | None, limit: int) -> FoundRecords:
        """Records before a place, newest first, as far as one question looks."""
        if before is None:
            before = self._reading.fetch("SELECT COALESCE(MAX(position), 0) + 1 FROM records")[0][0]
        lowest = lowest_place(sought, before)
        where, values = condition(sought, mark=lambda number: f"${number}", first=4)
        rows = self._reading.fetch(
            f"SELECT {_RECORD} FROM records WHERE position >= $1 AND position < $2{where}"
            " ORDER BY position DESC LIMIT $3",
            lowest,
            before,
            limit,
            *values,
        )
        placed = tuple(PlacedRecord(position=row[0], row=_record(row)) for row in rows)
        return found(placed, lowest=lowest, limit=limit)

    def placed_records(
        self,
        *,
        kind: str,
        own: bool,
        after: int = 0,
        before: int | None = None,
        newest_first: bool = False,
        limit: int,
    ) -> tuple[PlacedRecord, ...]:
        """Records of one kind between two places, by the index of kinds."""
        rows = self._reading.fetch(
            f"SELECT {_RECORD} FROM records WHERE kind = $1 AND own = $2"
            " AND position > $3 AND position < $4"
            f" ORDER BY position {'DESC' if newest_first else 'ASC'} LIMIT $5",
            kind,
            own,
            after,
            BEYOND_EVERY_PLACE if before is None else before,
            limit,
        )
        return tuple(PlacedRecord(position=row[0], row=_record(row)) for row in rows)

    def pending(self, *, limit: int) -> tuple[PendingRelease, ...]:
        """Releases that are not settled, the one due first first, at most so many."""
        rows = self._reading.fetch(
            "SELECT record_id, reader, due_at FROM pending WHERE NOT EXISTS (SELECT 1 FROM settled"
            " WHERE settled.record_id = pending.record_id AND settled.reader = pending.reader)"
            " ORDER BY due_at, position LIMIT $1",
            limit,
        )
        return tuple(
            PendingRelease(record_id=RecordId(row[0]), reader=NodeId(row[1]), due_at=UtcNs(row[2]))
            for row in rows
        )

    def signed(self, table: str, feed: FeedId) -> Iterator[Row]:
        """Sequence and bytes of the heads or receipts of one feed, in order, page by page."""
        after = -1
        while page := self._reading.fetch(
            f"SELECT sequence, encoded FROM {table} WHERE {FEED} AND sequence > $5"
            f" ORDER BY sequence LIMIT {PAGE_ROWS}",
            *feed_columns(feed),
            after,
        ):
            yield from page
            after = page[-1][0]

    def evidence(self) -> tuple[Evidence, ...]:
        """What was refused and kept, oldest first."""
        rows = self._reading.fetch(
            "SELECT reason, source, payload, kept_at FROM evidence ORDER BY position"
        )
        return tuple(
            Evidence(reason=row[0], source=row[1], payload=row[2], kept_at=UtcNs(row[3]))
            for row in rows
        )

    def _records(self, where: str, *values: object) -> Iterator[StoredRecord]:
        after = 0
        while page := self._reading.fetch(
            f"SELECT {_RECORD} FROM records WHERE {where} position > $1"
            f" ORDER BY position LIMIT {PAGE_ROWS}",
            after,
            *values,
        ):
            after = page[-1][0]
            yield from map(_record, page)

    def _entries_where(self, where: str, *values: object) -> tuple[StoredEntry, ...]:
        rows = self._reading.fetch(
            f"SELECT {_ENTRY} FROM entries WHERE {where} ORDER BY {FEED_COLUMNS}, sequence",
            *values,
        )
        return tuple(map(self._entry, rows))

    def _entry(self, row: Row) -> StoredEntry:
        return StoredEntry(
            feed=self._feed_of(row[0], row[1], row[2], row[3]),
            sequence=row[4],
            record_id=RecordId(row[5]),
            encoded=row[6],
            entry_hash=row[7],
            subject=row[8],
        )

    def _feed_of(self, sender: str, reader: str, lane: str, epoch: int) -> FeedId:
        try:
            return feed_of(self._realm, sender, reader, lane, epoch)
        except ValueError as error:
            raise Unavailable(
                f"the log could not be read: {error}",
                remedy="Check it with: bongsu verify; restore a backup where it is damaged",
            ) from error


def _record(row: Row) -> StoredRecord:
    return StoredRecord(
        record_id=RecordId(row[1]),
        kind=row[2],
        originator=NodeId(row[3]),
        own=row[4],
        encoded=row[5],
        stored_at=UtcNs(row[6]),
        subject=row[7],
    )
