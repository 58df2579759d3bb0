"""The embedded log: SQLite in WAL mode, fully synchronous, with group commit.

One thread owns the writing connection and commits everything that waits in one transaction, so
that the cost of a durable commit is shared; reading uses a connection of its own. A row is only
ever inserted. What is committed survives a kill of the process and a loss of power.
"""

import queue
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from bongsu.node.ports import (
    Commit,
    Evidence,
    FeedPosition,
    StoredEntry,
    StoredHead,
    StoredReceipt,
    StoredRecord,
)
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

SCHEMA_VERSION = 1
MAXIMUM_WAITING_COMMITS = 10_000
MAXIMUM_EVIDENCE_ROWS = 10_000
MAXIMUM_GROUP = 512
MAXIMUM_EVIDENCE_BYTES = 64 * 1024

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE records (
  record_id BLOB PRIMARY KEY, kind TEXT NOT NULL, originator TEXT NOT NULL,
  own INTEGER NOT NULL, encoded BLOB NOT NULL, stored_at INTEGER NOT NULL,
  position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX records_by_kind ON records (kind, own, position);
CREATE TABLE entries (
  sender TEXT NOT NULL, reader TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  record_id BLOB NOT NULL, encoded BLOB NOT NULL, entry_hash BLOB NOT NULL,
  PRIMARY KEY (sender, reader, epoch, sequence)
) WITHOUT ROWID;
CREATE TABLE heads (
  sender TEXT NOT NULL, reader TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  encoded BLOB NOT NULL, PRIMARY KEY (sender, reader, epoch, sequence)
) WITHOUT ROWID;
CREATE TABLE receipts (
  sender TEXT NOT NULL, reader TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  encoded BLOB NOT NULL, PRIMARY KEY (sender, reader, epoch, sequence)
) WITHOUT ROWID;
CREATE TABLE evidence (
  position INTEGER PRIMARY KEY, reason TEXT NOT NULL, source TEXT NOT NULL,
  payload BLOB NOT NULL, kept_at INTEGER NOT NULL
);
"""

FEED = "sender = ? AND reader = ? AND epoch = ?"


class SqliteStore:
    """A node's log in one file. Implements `node.ports.Store`."""

    def __init__(self, path: Path, *, node: NodeId, realm: Realm) -> None:
        """Open or create the log.

        Raises LocalMisuse when the file belongs to another node or realm, or is no log.
        """
        self._path = path
        self._realm = realm
        self._reading = _connect(path)
        self._reading_lock = threading.Lock()
        _prepare(self._reading, path, node=node, realm=realm)
        self._queue: queue.Queue[tuple[Commit, Future[None]] | None] = queue.Queue(
            MAXIMUM_WAITING_COMMITS
        )
        self._closed = False
        self._writer = threading.Thread(target=self._write, name="bongsu-store")
        self._writer.start()

    def append(self, commit: Commit) -> Future[None]:
        """Queue rows; the future is done when they are on disk, or carries why they are not."""
        done: Future[None] = Future()
        if self._closed:
            done.set_exception(Unavailable("the log is closed", remedy="Start the node again"))
            return done
        try:
            self._queue.put_nowait((commit, done))
        except queue.Full:
            done.set_exception(
                Unavailable(
                    f"{MAXIMUM_WAITING_COMMITS} commits are waiting for the disk",
                    remedy="Check the disk's speed and free space",
                )
            )
        return done

    def positions(self) -> tuple[FeedPosition, ...]:
        """The last entry of every feed, one row per sender, reader and epoch."""
        rows = self._read(
            "SELECT sender, reader, epoch, MAX(sequence), entry_hash FROM entries"
            " GROUP BY sender, reader, epoch"
        )
        return tuple(
            FeedPosition(
                feed=self._feed_id(s, r, e),
                sequence=q,
                entry_hash=h,
            )
            for s, r, e, q, h in rows
        )

    def entries(self, feed: FeedId, *, after: int, limit: int) -> tuple[StoredEntry, ...]:
        """Entries of one feed in order, from `after` + 1 on."""
        rows = self._read(
            "SELECT sequence, record_id, encoded, entry_hash FROM entries"
            f" WHERE {FEED} AND sequence > ? ORDER BY sequence LIMIT ?",
            (feed.sender, feed.reader, feed.epoch, after, limit),
        )
        return tuple(
            StoredEntry(
                feed=feed, sequence=q, record_id=RecordId(i), encoded=bytes(b), entry_hash=h
            )
            for q, i, b, h in rows
        )

    def entry_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """The hash that the chain had at that sequence, None where there is no such entry."""
        rows = self._read(
            f"SELECT entry_hash FROM entries WHERE {FEED} AND sequence = ?",
            (feed.sender, feed.reader, feed.epoch, sequence),
        )
        return bytes(rows[0][0]) if rows else None

    def acknowledged(self, feed: FeedId) -> int:
        """The last sequence that the reader countersigned, 0 where none."""
        rows = self._read(
            f"SELECT MAX(sequence) FROM receipts WHERE {FEED}",
            (feed.sender, feed.reader, feed.epoch),
        )
        return int(rows[0][0] or 0)

    def records(self, *, kind: str, own: bool) -> Iterator[StoredRecord]:
        """Records of one kind in the order in which they were stored."""
        rows = self._read(
            "SELECT record_id, originator, encoded, stored_at FROM records"
            " WHERE kind = ? AND own = ? ORDER BY position",
            (kind, int(own)),
        )
        for record_id, originator, encoded, stored_at in rows:
            yield StoredRecord(
                record_id=RecordId(record_id),
                kind=kind,
                originator=NodeId(originator),
                own=own,
                encoded=bytes(encoded),
                stored_at=UtcNs(stored_at),
            )

    def heads(self) -> tuple[StoredHead, ...]:
        """Every signed head that is kept, in feed order."""
        return tuple(
            StoredHead(feed=feed, sequence=sequence, encoded=encoded)
            for feed, sequence, encoded in self._signed("heads")
        )

    def receipts(self) -> tuple[StoredReceipt, ...]:
        """Every countersigned head that is kept, in feed order."""
        return tuple(
            StoredReceipt(feed=feed, sequence=sequence, encoded=encoded)
            for feed, sequence, encoded in self._signed("receipts")
        )

    def evidence(self) -> tuple[Evidence, ...]:
        """What was refused, oldest first."""
        rows = self._read("SELECT reason, source, payload, kept_at FROM evidence ORDER BY position")
        return tuple(
            Evidence(reason=r, source=s, payload=bytes(p), kept_at=UtcNs(k)) for r, s, p, k in rows
        )

    def close(self) -> None:
        """Commit what waits, then close. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._writer.join()
        self._reading.close()

    def _signed(self, table: str) -> Iterator[tuple[FeedId, int, bytes]]:
        rows = self._read(
            f"SELECT sender, reader, epoch, sequence, encoded FROM {table}"
            " ORDER BY sender, reader, epoch, sequence"
        )
        for sender, reader, epoch, sequence, encoded in rows:
            feed = self._feed_id(sender, reader, epoch)
            yield feed, sequence, bytes(encoded)

    def _feed_id(self, sender: str, reader: str, epoch: int) -> FeedId:
        return FeedId(realm=self._realm, sender=NodeId(sender), reader=NodeId(reader), epoch=epoch)

    def _read(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._reading_lock:
            return self._reading.execute(statement, values).fetchall()

    def _write(self) -> None:
        connection = _connect(self._path)
        open_for_work = True
        while open_for_work:
            group = [self._queue.get()]
            while len(group) < MAXIMUM_GROUP and not self._queue.empty():
                group.append(self._queue.get_nowait())
            open_for_work = None not in group
            _commit_group(connection, [work for work in group if work is not None])
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error as error:
        raise LocalMisuse(
            f"cannot open the log {path}: {error}",
            remedy="Check that the folder exists, is writable, and that the file is a Bongsu log",
        ) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, node: NodeId, realm: Realm) -> None:
    """Create the tables in a new file; in an old one refuse another node, realm or version."""
    expected = {"node": node, "realm": realm.value, "schema": str(SCHEMA_VERSION)}
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not tables.fetchall():
            connection.executescript(f"BEGIN;{SCHEMA}COMMIT;")
            connection.executemany("INSERT INTO meta VALUES (?, ?)", expected.items())
        found = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    except sqlite3.Error as error:
        raise LocalMisuse(
            f"{path} is not a Bongsu log: {error}", remedy="Name another file, or restore a backup"
        ) from error
    for name, value in expected.items():
        if found.get(name) != value:
            raise LocalMisuse(
                f"{path} says {name} {found.get(name)!r}, expected {value!r}",
                remedy="A log belongs to one node in one realm: name this node's own file",
            )


def _commit_group(connection: sqlite3.Connection, group: list[tuple[Commit, Future[None]]]) -> None:
    """One transaction for all; if that fails, each alone, so that one bad row harms no other."""
    if not group:
        return
    try:
        _insert(connection, [commit for commit, _ in group])
    except sqlite3.Error as error:
        if len(group) == 1:
            group[0][1].set_exception(_disk_error(error))
            return
        for work in group:
            _commit_group(connection, [work])
        return
    for _, done in group:
        done.set_result(None)


def _disk_error(error: sqlite3.Error) -> Exception:
    if isinstance(error, sqlite3.IntegrityError):
        return LocalMisuse(
            f"the log refuses a row: {error}", remedy="A sequence or record id is written once only"
        )
    return Unavailable(
        f"the log could not be written: {error}", remedy="Free disk space, then start again"
    )


def _insert(connection: sqlite3.Connection, commits: Iterable[Commit]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for commit in commits:
            _insert_commit(connection, commit)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _insert_commit(connection: sqlite3.Connection, commit: Commit) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?, ?,"
        " (SELECT COALESCE(MAX(position), 0) + 1 FROM records WHERE kind = ?2 AND own = ?4))",
        [
            (r.record_id, r.kind, r.originator, r.own, r.encoded, r.stored_at)
            for r in commit.records
        ],
    )
    connection.executemany(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (*_feed(e.feed), e.sequence, e.record_id, e.encoded, e.entry_hash)
            for e in commit.entries
        ],
    )
    for table, rows in (("heads", commit.heads), ("receipts", commit.receipts)):
        connection.executemany(
            f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?, ?, ?)",
            [(*_feed(row.feed), row.sequence, row.encoded) for row in rows],
        )
    for evidence in commit.evidence:
        connection.execute(
            "INSERT INTO evidence (reason, source, payload, kept_at)"
            f" SELECT ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM evidence) < {MAXIMUM_EVIDENCE_ROWS}",
            (
                evidence.reason,
                evidence.source,
                evidence.payload[:MAXIMUM_EVIDENCE_BYTES],
                evidence.kept_at,
            ),
        )


def _feed(feed: FeedId) -> tuple[str, str, int]:
    return feed.sender, feed.reader, feed.epoch
