"""The embedded log: SQLite in WAL mode, fully synchronous, with group commit.

One thread owns the writing connection; reading uses a connection of its own. A row is only
ever inserted, but for content that is let go: its hash stays. What is committed survives a kill
of the process and a loss of power. One process at a time may have a log open for writing: two
would give the same places in a feed twice.
"""

import fcntl
import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from bongsu.adapters.feed_columns import FEED_COLUMNS, feed_columns
from bongsu.adapters.group_commit import GroupCommit, misfit, unwritable
from bongsu.adapters.sqlite_reader import SqliteReader
from bongsu.adapters.sqlite_schema import FEED, open_for_writing
from bongsu.node.ports import Commit, Evidence
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

MAXIMUM_EVIDENCE_ROWS = 10_000
MAXIMUM_EVIDENCE_OF_ONE_SOURCE = 1_000
MAXIMUM_EVIDENCE_BYTES = 64 * 1024

# What a row can be refused for: by the database, or because it has no form in it.
REFUSALS = (sqlite3.Error, OverflowError, ValueError, TypeError)


class SqliteStore(SqliteReader):
    """A node's log in one file. Implements `node.ports.Store`."""

    def __init__(self, path: Path, *, node: NodeId, realm: Realm) -> None:
        """Open or create the log.

        Raises LocalMisuse when the file belongs to another node or realm, is no log, or is
        open for writing in another process.
        """
        with ExitStack() as opened:
            self._locked = opened.enter_context(_locked(path))
            self._writing = open_for_writing(path, node=node, realm=realm)
            opened.callback(self._writing.close)
            super().__init__(path, node=node, realm=realm)
            opened.pop_all()
        self._group_commit = GroupCommit(self._insert)

    def append(self, commit: Commit) -> Future[None]:
        """Queue rows; the future is done when they are on disk, or carries why they are not.

        Unavailable: nothing is wrong with the rows, try again. LocalMisuse: never will they fit.
        """
        return self._group_commit.append(commit)

    def close(self) -> None:
        """Commit what waits, then close. Safe to call twice."""
        self._group_commit.close()
        super().close()
        self._writing.close()  # last, so that it folds the write-ahead log into the file
        self._locked.close()

    def _insert(self, commits: Sequence[Commit]) -> None:
        try:
            _insert(self._writing, commits)
        except sqlite3.OperationalError as error:
            raise unwritable(error) from error
        except REFUSALS as error:
            raise misfit(error) from error


def _locked(path: Path) -> IO[bytes]:
    """Hold the lock beside the log; the system gives it back when the process ends, however."""
    try:
        lock = path.with_name(path.name + "-lock").open("ab")
    except OSError as error:
        raise LocalMisuse(
            f"cannot open the log {path}: {error}",
            remedy="Check that the folder exists and is writable",
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise LocalMisuse(
            f"the log {path} is open in another process",
            remedy="Run each node once; stop the other process first",
        ) from error
    return lock


def _insert(connection: sqlite3.Connection, commits: Iterable[Commit]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for commit in commits:
            _insert_commit(connection, commit)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have rolled it back already
            connection.execute("ROLLBACK")
        raise


def _insert_commit(connection: sqlite3.Connection, commit: Commit) -> None:
    connection.executemany(
        "INSERT INTO records (record_id, kind, originator, own, encoded, stored_at, subject)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record_id) DO NOTHING",
        [
            (r.record_id, r.kind, r.originator, r.own, r.encoded, r.stored_at, r.subject)
            for r in commit.records
        ],
    )
    connection.executemany(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (*feed_columns(e.feed), e.sequence, e.record_id, e.encoded, e.entry_hash, e.subject)
            for e in commit.entries
        ],
    )
    for table, rows in (("heads", commit.heads), ("receipts", commit.receipts)):
        connection.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)"
            f" ON CONFLICT ({FEED_COLUMNS}, sequence) DO NOTHING",
            [(*feed_columns(row.feed), row.sequence, row.encoded) for row in rows],
        )
    _insert_releases(connection, commit)
    _let_go(connection, commit)
    for evidence in commit.evidence:
        _insert_evidence(connection, evidence)


def _insert_releases(connection: sqlite3.Connection, commit: Commit) -> None:
    connection.executemany(
        "INSERT INTO pending VALUES (?, ?, ?) ON CONFLICT (record_id, reader) DO NOTHING",
        [(p.record_id, p.reader, p.due_at) for p in commit.pending],
    )
    connection.executemany(
        "INSERT INTO settled VALUES (?, ?) ON CONFLICT (record_id, reader) DO NOTHING",
        [(s.record_id, s.reader) for s in commit.settled],
    )


def _let_go(connection: sqlite3.Connection, commit: Commit) -> None:
    """The one change of rows: content goes, its hash stays in its place."""
    places = [(*feed_columns(gone.feed), gone.sequence) for gone in commit.let_go]
    connection.executemany(
        "INSERT INTO let_go VALUES (?, ?, ?, ?, ?, ?)",
        [(*place, gone.content_hash) for place, gone in zip(places, commit.let_go, strict=True)],
    )
    connection.executemany(
        f"UPDATE entries SET encoded = x'' WHERE {FEED} AND sequence = ?", places
    )
    connection.executemany(
        "UPDATE records SET encoded = x'' WHERE record_id = ?",
        [(gone.record_id,) for gone in commit.let_go],
    )


def _insert_evidence(connection: sqlite3.Connection, evidence: Evidence) -> None:
    """Kept within a bound for all and one for each source; beyond them it is counted only."""
    connection.execute(
        "INSERT INTO evidence (reason, source, payload, kept_at) SELECT ?, ?, ?, ?"
        " WHERE (SELECT COALESCE(MAX(position), 0) FROM evidence) < ?"
        " AND (SELECT COUNT(*) FROM evidence WHERE source = ?) < ?",
        (
            evidence.reason,
            evidence.source,
            evidence.payload[:MAXIMUM_EVIDENCE_BYTES],
            evidence.kept_at,
            MAXIMUM_EVIDENCE_ROWS,
            evidence.source,
            MAXIMUM_EVIDENCE_OF_ONE_SOURCE,
        ),
    )
