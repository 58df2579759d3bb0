"""Tables of a node's log, and the two ways to open its file.

Rows have a rowid, so that blobs lie at the leaves in the order of writing: with the primary key
as the table's own order the same log was three times as large and a quarter as fast.

Ids are hashes: an index over them is written all over the file, a page for each record. So bulk
records are not found by their ids, unless a release of them is pending.
"""

import os
import sqlite3
from pathlib import Path

from bongsu.adapters.stores.feed_columns import FEED_COLUMNS
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

SCHEMA_VERSION = 5
FEED = "sender = ? AND reader = ? AND lane = ? AND epoch = ?"
ENCODED = "COALESCE(contents.encoded, x'')"  # nothing where the content was let go
WITH_CONTENT = "LEFT JOIN contents ON contents.position = content"
WAL_PAGES_BEFORE_CHECKPOINT = 1_000
WAL_KEPT_BYTES = 64 * 1024 * 1024  # after a burst the file shrinks to this again

_FEED_TYPES = (
    "sender TEXT NOT NULL, reader TEXT NOT NULL, lane TEXT NOT NULL, epoch INTEGER NOT NULL"
)
_PLACE = f"PRIMARY KEY ({FEED_COLUMNS}, sequence)"
_SCHEMA = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE contents (position INTEGER PRIMARY KEY, encoded BLOB NOT NULL,"
    " uses INTEGER NOT NULL)",
    "CREATE TABLE records (position INTEGER PRIMARY KEY, record_id BLOB NOT NULL,"
    " bulk INTEGER NOT NULL, kind TEXT NOT NULL, originator TEXT NOT NULL, own INTEGER NOT NULL,"
    " content INTEGER NOT NULL, stored_at INTEGER NOT NULL, subject TEXT)",
    "CREATE UNIQUE INDEX records_by_id ON records (record_id) WHERE NOT bulk",
    "CREATE INDEX records_by_kind ON records (kind, own)",
    "CREATE INDEX records_by_subject ON records (subject) WHERE subject IS NOT NULL",
    # `record`: the position of its record, where it stands in the list of records.
    f"CREATE TABLE entries ({_FEED_TYPES}, sequence INTEGER NOT NULL, record_id BLOB NOT NULL,"
    " record INTEGER, content INTEGER NOT NULL, entry_hash BLOB NOT NULL, subject TEXT,"
    f" {_PLACE})",
    "CREATE INDEX entries_by_subject ON entries (subject) WHERE subject IS NOT NULL",
    # A chain has no holes: what would leave one is refused, whoever asks for it.
    "CREATE TRIGGER entries_follow BEFORE INSERT ON entries"
    " WHEN NEW.sequence <> 1 AND NOT EXISTS (SELECT 1 FROM entries WHERE sender = NEW.sender"
    " AND reader = NEW.reader AND lane = NEW.lane AND epoch = NEW.epoch"
    " AND sequence = NEW.sequence - 1)"
    " BEGIN SELECT RAISE(ABORT, 'an entry does not follow the last one of its feed'); END",
    f"CREATE TABLE heads ({_FEED_TYPES}, sequence INTEGER NOT NULL, encoded BLOB NOT NULL,"
    f" {_PLACE})",
    f"CREATE TABLE receipts ({_FEED_TYPES}, sequence INTEGER NOT NULL, encoded BLOB NOT NULL,"
    f" {_PLACE})",
    f"CREATE TABLE let_go ({_FEED_TYPES}, sequence INTEGER NOT NULL,"
    f" content_hash BLOB NOT NULL, {_PLACE})",
    "CREATE TABLE evidence (position INTEGER PRIMARY KEY, reason TEXT NOT NULL,"
    " source TEXT NOT NULL, payload BLOB NOT NULL, kept_at INTEGER NOT NULL)",
    "CREATE INDEX evidence_by_source ON evidence (source)",
    "CREATE TABLE pending (record_id BLOB NOT NULL, reader TEXT NOT NULL,"
    " due_at INTEGER NOT NULL, record INTEGER, PRIMARY KEY (record_id, reader))",
    "CREATE TABLE settled (record_id BLOB NOT NULL, reader TEXT NOT NULL,"
    " PRIMARY KEY (record_id, reader))",
)
_OPENING_REMEDY = "Check that the folder exists, is writable, and that the file is a Bongsu log"


def open_for_writing(path: Path, *, node: NodeId, realm: Realm) -> sqlite3.Connection:
    """Open or create the log; every commit is on disk when it returns.

    Raises LocalMisuse when the file is another node's or realm's, another version's, or no log.
    """
    try:
        _create_file(path)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise LocalMisuse(f"cannot open the log {path}: {error}", remedy=_OPENING_REMEDY) from error
    try:
        _set_up(connection, path, node=node, realm=realm)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path, *, node: NodeId, realm: Realm) -> sqlite3.Connection:
    """Open an existing log that a node may be writing to; it cannot be changed through this.

    Raises LocalMisuse as `open_for_writing` does, and where there is no such file.
    """
    if not path.is_file():
        raise LocalMisuse(f"there is no log at {path}", remedy="Name a node's log file")
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise LocalMisuse(f"cannot open the log {path}: {error}", remedy=_OPENING_REMEDY) from error
    try:
        _require_owner(connection, path, node=node, realm=realm)
    except BaseException:
        connection.close()
        raise
    return connection


def _create_file(path: Path) -> None:
    """Private to its owner, and its name on disk before anything is said to be in it."""
    if path.exists():
        return
    path.touch(mode=0o600)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _set_up(connection: sqlite3.Connection, path: Path, *, node: NodeId, realm: Realm) -> None:
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES_BEFORE_CHECKPOINT}")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
        if mode == "wal" and not _has_tables(connection):
            _create(connection, node=node, realm=realm)
    except sqlite3.Error as error:
        raise LocalMisuse(f"cannot open the log {path}: {error}", remedy=_OPENING_REMEDY) from error
    if mode != "wal":
        raise LocalMisuse(
            f"the disk of {path} allows no write-ahead log (journal mode {mode})",
            remedy="Keep the log on a local disk, not on a network share",
        )
    _require_owner(connection, path, node=node, realm=realm)


def _has_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall())


def _create(connection: sqlite3.Connection, *, node: NodeId, realm: Realm) -> None:
    """All of it or nothing: a kill in between leaves an empty file."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA:
        connection.execute(statement)
    meta = _meta(node, realm)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    connection.execute("COMMIT")


def _meta(node: NodeId, realm: Realm) -> dict[str, str]:
    return {"node": node, "realm": realm.value, "schema": str(SCHEMA_VERSION)}


def _require_owner(
    connection: sqlite3.Connection, path: Path, *, node: NodeId, realm: Realm
) -> None:
    try:
        found = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    except sqlite3.Error as error:
        raise LocalMisuse(
            f"{path} is not a Bongsu log: {error}", remedy="Name another file, or restore a backup"
        ) from error
    for name, value in _meta(node, realm).items():
        if found.get(name) != value:
            raise LocalMisuse(
                f"{path} says {name} {found.get(name)!r}, expected {value!r}",
                remedy="A log belongs to one node in one realm: name this node's own file",
            )
