"""The embedded log: SQLite in WAL mode, fully synchronous, with group commit.

One thread owns the writing connection; reading uses a connection of its own. A row is only
ever inserted, but for content that is let go: its hash stays. What is committed survives a kill
of the process and a loss of power. One process at a time may have a log open for writing: two
would give the same places in a feed twice.
"""

import fcntl
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from bongsu.adapters.stores.group_commit import GroupCommit, misfit, unwritable
from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.adapters.stores.sqlite_rows import SqliteRows
from bongsu.adapters.stores.sqlite_schema import open_for_writing
from bongsu.node.ports import Commit
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

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
        self._rows = SqliteRows(self._writing)
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
            self._rows.insert(commits)
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
