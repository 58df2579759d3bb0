"""A node's stored log at one instant, for reading only. Implements `records.log_rows.Log`."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bongsu.adapters.stores.feed_columns import FEED_COLUMNS, feed_columns, feed_of
from bongsu.adapters.stores.sqlite_schema import ENCODED, FEED, WITH_CONTENT, open_for_reading
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId

_IDS = (
    "CREATE TEMP TABLE ids AS SELECT record_id, content FROM records",
    "CREATE INDEX temp.ids_by_id ON ids (record_id, content)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    record_id: RecordId
    own: bool
    encoded: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    sequence: int
    record_id: RecordId
    encoded: bytes
    entry_hash: bytes
    content_hash: bytes | None  # where the content was let go


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRow:
    sequence: int
    encoded: bytes


class SqliteLog:
    """Rows as they are stored; a value of another type than it should have comes as its bytes.

    Every method raises LocalMisuse where the file itself can't be read.
    """

    def __init__(self, path: Path, *, node: NodeId, realm: Realm) -> None:
        """Open the log; LocalMisuse where it is missing, another node's or realm's, or no log."""
        self._path = path
        self._realm = realm
        self._has_ids = False
        self._connection = open_for_reading(path, node=node, realm=realm)
        for _ in self._read("BEGIN"):  # one snapshot, also while the node goes on writing
            pass

    def damages(self) -> tuple[str, ...]:
        """What is wrong with the file's structure, below the rows; nothing for a sound file."""
        lines = (str(line) for (line,) in self._read("PRAGMA integrity_check"))
        return tuple(line for line in lines if line != "ok")

    def records(self) -> Iterator[RecordRow]:
        """Every record, in the order in which they were stored."""
        for record_id, own, encoded in self._read(
            f"SELECT record_id, own, {ENCODED} FROM records {WITH_CONTENT}"
            " ORDER BY records.position"
        ):
            yield RecordRow(
                record_id=RecordId(_bytes(record_id)), own=bool(own), encoded=_bytes(encoded)
            )

    def feeds(self) -> Iterator[FeedId]:
        """Every feed of which there is an entry, a head or a receipt."""
        tables = ("entries", "heads", "receipts")
        query = " UNION ".join(f"SELECT {FEED_COLUMNS} FROM {name}" for name in tables)
        for sender, reader, lane, epoch in self._read(query + " ORDER BY 1, 2, 3, 4"):
            try:
                yield feed_of(self._realm, _text(sender), _text(reader), lane, _number(epoch))
            except ValueError as error:
                raise self._damaged(str(error)) from error

    def entries(self, feed: FeedId) -> Iterator[EntryRow]:
        """Entries of one feed in order."""
        for sequence, record_id, encoded, hash_, kept in self._read(
            f"SELECT sequence, record_id, {ENCODED}, entry_hash, content_hash FROM entries"
            f" {WITH_CONTENT} LEFT JOIN let_go USING ({FEED_COLUMNS}, sequence)"
            f" WHERE {FEED} ORDER BY sequence",
            feed_columns(feed),
        ):
            yield EntryRow(
                sequence=_number(sequence),
                record_id=RecordId(_bytes(record_id)),
                encoded=_bytes(encoded),
                entry_hash=_bytes(hash_),
                content_hash=None if kept is None else _bytes(kept),
            )

    def heads(self, feed: FeedId) -> Iterator[HeadRow]:
        """Signed heads of one feed in order."""
        return self._signed("heads", feed)

    def receipts(self, feed: FeedId) -> Iterator[HeadRow]:
        """Signed receipts of one feed in order."""
        return self._signed("receipts", feed)

    def record(self, record_id: RecordId) -> bytes | None:
        """The encoded record of that id."""
        if not self._has_ids:  # the log itself has no index over the ids of bulk records
            self._has_ids = True
            for statement in _IDS:
                for _ in self._read(statement):
                    pass
        query = f"SELECT {ENCODED} FROM ids {WITH_CONTENT} WHERE record_id = ?"
        for (encoded,) in self._read(query, (record_id,)):
            return _bytes(encoded)
        return None

    def copies(self, record_id: RecordId) -> Iterator[bytes]:
        """Encoded projections of that record in feeds; for damaged records only, it scans."""
        query = f"SELECT {ENCODED} FROM entries {WITH_CONTENT} WHERE record_id = ?"
        for (encoded,) in self._read(query, (record_id,)):
            yield _bytes(encoded)

    def close(self) -> None:
        self._connection.close()

    def _signed(self, table: str, feed: FeedId) -> Iterator[HeadRow]:
        for sequence, encoded in self._read(
            f"SELECT sequence, encoded FROM {table} WHERE {FEED} ORDER BY sequence",
            feed_columns(feed),
        ):
            yield HeadRow(sequence=_number(sequence), encoded=_bytes(encoded))

    def _read(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(query, values)
        except (sqlite3.Error, OverflowError) as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, why: str) -> LocalMisuse:
        return LocalMisuse(
            f"{self._path} can't be read as a log: {why}",
            remedy="Name a node's log; if it is one, its file is damaged: restore a backup",
        )


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _text(value: object) -> str:
    return value if isinstance(value, str) else repr(value)


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
