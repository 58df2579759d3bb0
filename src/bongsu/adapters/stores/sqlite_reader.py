"""Reading a node's log, beside its writer or after it."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bongsu.adapters.stores.feed_columns import (
    BEFORE_EVERY_FEED,
    FEED_COLUMNS,
    feed_columns,
    feed_of,
)
from bongsu.adapters.stores.sought_records import (
    BEYOND_EVERY_PLACE,
    condition,
    found,
    lowest_place,
)
from bongsu.adapters.stores.sqlite_schema import ENCODED, FEED, WITH_CONTENT, open_for_reading
from bongsu.node.ports import (
    Evidence,
    FeedPosition,
    FoundRecords,
    PendingRelease,
    PlacedRecord,
    Sought,
    StoredEntry,
    StoredHead,
    StoredReceipt,
    StoredRecord,
    StoreSize,
)
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

PAGE_ROWS = 1_024
BEYOND_EVERY_SEQUENCE = 2**63 - 1
_RECORD = f"records.position, record_id, kind, originator, own, {ENCODED}, stored_at, subject"


class SqliteReader:
    """Everything that was committed; safe to use from any thread.

    Every method raises Unavailable where the file can't be read (damaged, or the disk fails).
    """

    def __init__(self, path: Path, *, node: NodeId, realm: Realm) -> None:
        """Open the log; LocalMisuse where it is missing, another node's or realm's, or no log."""
        self._path = path
        self._realm = realm
        self._reading = open_for_reading(path, node=node, realm=realm)
        self._reading_lock = threading.Lock()

    def positions(self) -> tuple[FeedPosition, ...]:
        """The last entry of every feed, lane and epoch."""
        found: list[FeedPosition] = []
        for feed in self.feeds():
            rows = self._read(
                f"SELECT sequence, entry_hash FROM entries WHERE {FEED}"
                " ORDER BY sequence DESC LIMIT 1",
                feed_columns(feed),
            )
            found += (
                FeedPosition(feed=feed, sequence=sequence, entry_hash=bytes(hash_))
                for sequence, hash_ in rows
            )
        return tuple(found)

    def feeds(self) -> tuple[FeedId, ...]:
        """Every feed that has an entry. Skips from feed to feed: a long log costs no more."""
        found: list[FeedId] = []
        after = BEFORE_EVERY_FEED
        while rows := self._read(
            f"SELECT {FEED_COLUMNS} FROM entries"
            f" WHERE ({FEED_COLUMNS}, sequence) > (?, ?, ?, ?, ?)"
            f" ORDER BY {FEED_COLUMNS}, sequence LIMIT 1",
            (*after, BEYOND_EVERY_SEQUENCE),
        ):
            after = rows[0]
            found.append(self._feed_of(*after))
        return tuple(found)

    def entries(self, feed: FeedId, *, after: int, limit: int) -> tuple[StoredEntry, ...]:
        """Entries of one feed in order, from `after` + 1 on."""
        rows = self._read(
            f"SELECT sequence, record_id, {ENCODED}, entry_hash, subject FROM entries"
            f" {WITH_CONTENT} WHERE {FEED} AND sequence > ? ORDER BY sequence LIMIT ?",
            (*feed_columns(feed), after, limit),
        )
        return tuple(_entry(feed, *row) for row in rows)

    def entries_about(
        self, subject: str, *, sender: NodeId | None = None
    ) -> tuple[StoredEntry, ...]:
        """Every projection of every version of one thing, feed by feed in order."""
        if sender is None:
            return self._entries_where("subject = ?", subject)
        # The plus keeps SQLite from walking through all that this sender ever said, in feed
        # order, instead of asking the index for the one thing.
        return self._entries_where("subject = ? AND +sender = ?", subject, sender)

    def entries_of(self, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Every projection of one record, feed by feed; reads the whole table of entries."""
        return self._entries_where("record_id = ?", record_id)

    def all_entries(self, feed: FeedId) -> Iterator[StoredEntry]:
        """Every entry of one feed in order, read page by page."""
        after = 0
        while page := self.entries(feed, after=after, limit=PAGE_ROWS):
            yield from page
            after = page[-1].sequence

    def entry_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """The hash that the chain had at that sequence, None where there is no such entry."""
        rows = self._read(
            f"SELECT entry_hash FROM entries WHERE {FEED} AND sequence = ?",
            (*feed_columns(feed), sequence),
        )
        return bytes(rows[0][0]) if rows else None

    def acknowledged(self, feed: FeedId) -> int:
        """The last sequence that the reader countersigned, 0 where none."""
        rows = self._read(f"SELECT MAX(sequence) FROM receipts WHERE {FEED}", feed_columns(feed))
        return int(rows[0][0] or 0)

    def newest_head(self, feed: FeedId) -> StoredHead | None:
        """The signed head of the highest sequence, None where none is kept."""
        rows = self._read(
            f"SELECT sequence, encoded FROM heads WHERE {FEED} ORDER BY sequence DESC LIMIT 1",
            feed_columns(feed),
        )
        if not rows:
            return None
        return StoredHead(feed=feed, sequence=rows[0][0], encoded=bytes(rows[0][1]))

    def records(self, *, kind: str, own: bool) -> Iterator[StoredRecord]:
        """Records of one kind in the order in which they were stored, read page by page."""
        return self._records("kind = ? AND own = ? AND ", (kind, int(own)))

    def record(self, record_id: RecordId) -> StoredRecord | None:
        """The record of that id; a bulk one only while a release of it is pending."""
        found = next(self._records("record_id = ? AND NOT bulk AND ", (record_id,)), None)
        if found is not None:
            return found
        pending = "records.position = (SELECT record FROM pending WHERE record_id = ?) AND "
        return next(self._records(pending, (record_id,)), None)

    def records_between(
        self, first: RecordId, last: RecordId, *, limit: int
    ) -> tuple[StoredRecord, ...]:
        """Records whose ids lie between two values, both included; bulk is looked through."""
        bulk = self._records("record_id BETWEEN ? AND ? AND bulk AND ", (first, last))
        others = self._records("record_id BETWEEN ? AND ? AND NOT bulk AND ", (first, last))
        return tuple(islice(chain(others, bulk), limit))

    def records_about(self, subject: str) -> tuple[StoredRecord, ...]:
        """Every version of one thing, in the order in which they were stored."""
        return tuple(self._records("subject = ? AND ", (subject,)))

    def newest_records(self, sought: Sought, *, before: int | None, limit: int) -> FoundRecords:
        """Records before a place, newest first, as far as one question looks."""
        if before is None:
            before = self._read("SELECT COALESCE(MAX(position), 0) + 1 FROM records")[0][0]
        lowest = lowest_place(sought, before)
        # The plus: in the order of places, not kind by kind and then sorted.
        where, values = condition(sought, mark=lambda _: "?", first=1, kind="+kind")
        rows = self._read(
            f"SELECT {_RECORD} FROM records {WITH_CONTENT} WHERE records.position >= ?"
            f" AND records.position < ?{where} ORDER BY records.position DESC LIMIT ?",
            (lowest, before, *values, limit),
        )
        placed = tuple(PlacedRecord(position=row[0], row=_record(*row[1:])) for row in rows)
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
        rows = self._read(
            f"SELECT {_RECORD} FROM records {WITH_CONTENT} WHERE kind = ? AND own = ?"
            " AND records.position > ? AND records.position < ?"
            f" ORDER BY records.position {'DESC' if newest_first else 'ASC'} LIMIT ?",
            (kind, int(own), after, BEYOND_EVERY_PLACE if before is None else before, limit),
        )
        return tuple(PlacedRecord(position=row[0], row=_record(*row[1:])) for row in rows)

    def pending(self, *, limit: int) -> tuple[PendingRelease, ...]:
        """Releases that are not settled, the one due first first, at most so many."""
        rows = self._read(
            "SELECT record_id, reader, due_at FROM pending WHERE NOT EXISTS (SELECT 1 FROM settled"
            " WHERE settled.record_id = pending.record_id AND settled.reader = pending.reader)"
            " ORDER BY due_at, rowid LIMIT ?",
            (limit,),
        )
        return tuple(
            PendingRelease(
                record_id=RecordId(record_id), reader=NodeId(reader), due_at=UtcNs(due_at)
            )
            for record_id, reader, due_at in rows
        )

    def all_records(self) -> Iterator[StoredRecord]:
        """Every record in the order in which they were stored, read page by page."""
        return self._records("", ())

    def heads(self) -> Iterator[StoredHead]:
        """Every signed head that is kept, in feed order."""
        for feed, sequence, encoded in self._signed("heads"):
            yield StoredHead(feed=feed, sequence=sequence, encoded=encoded)

    def receipts(self) -> Iterator[StoredReceipt]:
        """Every countersigned head that is kept, in feed order."""
        for feed, sequence, encoded in self._signed("receipts"):
            yield StoredReceipt(feed=feed, sequence=sequence, encoded=encoded)

    def evidence(self) -> tuple[Evidence, ...]:
        """What was refused and kept, oldest first."""
        rows = self._read("SELECT reason, source, payload, kept_at FROM evidence ORDER BY position")
        return tuple(
            Evidence(reason=reason, source=source, payload=bytes(payload), kept_at=UtcNs(kept_at))
            for reason, source, payload, kept_at in rows
        )

    def content_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """What was kept of an entry whose content was let go, None where it was not."""
        rows = self._read(
            f"SELECT content_hash FROM let_go WHERE {FEED} AND sequence = ?",
            (*feed_columns(feed), sequence),
        )
        return bytes(rows[0][0]) if rows else None

    def row_counts(self) -> dict[str, int]:
        """How many rows each table has; reads them all."""
        tables = ("records", "entries", "heads", "receipts", "evidence")
        return {name: self._read(f"SELECT COUNT(*) FROM {name}")[0][0] for name in tables}

    def size(self) -> StoreSize:
        """Bytes of the file with its write-ahead log, without free pages; what its disk has left.

        Free pages within the file count as free: content that was let go makes room in it.
        """
        page_bytes, free_pages = (
            self._read(f"PRAGMA {name}")[0][0] for name in ("page_size", "freelist_count")
        )
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        on_disk = sum(file.stat().st_size for file in files if file.exists())
        inside = page_bytes * free_pages
        return StoreSize(
            bytes_used=on_disk - inside,
            bytes_free=shutil.disk_usage(self._path.parent).free + inside,
        )

    def damages(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file's structure; nothing for a sound file."""
        lines = (str(row[0]) for row in self._read("PRAGMA integrity_check"))
        return tuple(line for line in lines if line != "ok")

    def close(self) -> None:
        """Safe to call twice."""
        self._reading.close()

    def _records(self, where: str, values: tuple[object, ...]) -> Iterator[StoredRecord]:
        after = 0
        while page := self._read(
            f"SELECT {_RECORD} FROM records {WITH_CONTENT} WHERE {where}records.position > ?"
            f" ORDER BY records.position LIMIT {PAGE_ROWS}",
            (*values, after),
        ):
            after = page[-1][0]
            for row in page:
                yield _record(*row[1:])

    def _entries_where(self, where: str, *values: object) -> tuple[StoredEntry, ...]:
        rows = self._read(
            f"SELECT {FEED_COLUMNS}, sequence, record_id, {ENCODED}, entry_hash, subject"
            f" FROM entries {WITH_CONTENT} WHERE {where} ORDER BY {FEED_COLUMNS}, sequence",
            values,
        )
        return tuple(_entry(self._feed_of(*row[:4]), *row[4:]) for row in rows)

    def _signed(self, table: str) -> Iterator[tuple[FeedId, int, bytes]]:
        after: tuple[str, str, str, int, int] = (*BEFORE_EVERY_FEED, 0)
        while page := self._read(
            f"SELECT {FEED_COLUMNS}, sequence, encoded FROM {table}"
            f" WHERE ({FEED_COLUMNS}, sequence) > (?, ?, ?, ?, ?)"
            f" ORDER BY {FEED_COLUMNS}, sequence LIMIT {PAGE_ROWS}",
            after,
        ):
            after = page[-1][:5]
            for *feed, sequence, encoded in page:
                yield self._feed_of(*feed), sequence, bytes(encoded)

    def _feed_of(self, sender: str, reader: str, lane: str, epoch: int) -> FeedId:
        try:
            return feed_of(self._realm, sender, reader, lane, epoch)
        except ValueError as error:
            raise _unreadable(self._path, error) from error

    def _read(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        with self._reading_lock:
            try:
                return self._reading.execute(statement, values).fetchall()
            except sqlite3.Error as error:
                raise _unreadable(self._path, error) from error


def _unreadable(path: Path, error: Exception) -> Unavailable:
    return Unavailable(
        f"the log {path} could not be read: {error}",
        remedy="Check it with: bongsu verify; restore a backup where it is damaged",
    )


def _record(
    record_id: bytes,
    kind: str,
    originator: str,
    own: int,
    encoded: bytes,
    stored_at: int,
    subject: str | None,
) -> StoredRecord:
    return StoredRecord(
        record_id=RecordId(record_id),
        kind=kind,
        originator=NodeId(originator),
        own=bool(own),
        encoded=bytes(encoded),
        stored_at=UtcNs(stored_at),
        subject=subject,
    )


def _entry(
    feed: FeedId,
    sequence: int,
    record_id: bytes,
    encoded: bytes,
    hash_: bytes,
    subject: str | None,
) -> StoredEntry:
    return StoredEntry(
        feed=feed,
        sequence=sequence,
        record_id=RecordId(record_id),
        encoded=bytes(encoded),
        entry_hash=bytes(hash_),
        subject=subject,
    )
