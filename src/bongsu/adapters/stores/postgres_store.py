"""A log in PostgreSQL, for a nation with a data centre: same port, same rules as the embedded one.

One connection writes, in group commits, and holds a lock of the whole database for as long as it
lives: two processes would give the same places in a feed twice. A connection that breaks while
a commit is under way leaves its outcome open; the server is asked for it before anything else is
written, so that nothing is done twice and nothing that was kept is called lost.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

import asyncpg

from bongsu.adapters.stores.group_commit import GroupCommit, misfit, unwritable
from bongsu.adapters.stores.postgres_connection import (
    ANSWERED_WITHIN_S,
    LOST,
    Connection,
    Database,
    Reading,
    unreadable,
)
from bongsu.adapters.stores.postgres_reader import PostgresReader
from bongsu.adapters.stores.postgres_rows import insert_rows
from bongsu.node.ports import Commit
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

ASKED_AGAIN_AFTER_S = 0.5
OUTCOME_WITHIN_S = 600.0  # a server that restarts is waited for; then the rows are given back
# What a row is refused for, whoever tries again.
REFUSALS = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.RaiseError,
    asyncpg.DataError,
    asyncpg.exceptions.UntranslatableCharacterError,
)


class PostgresStore(PostgresReader):
    """Implements `node.ports.Store`."""

    def __init__(self, url: str, *, node: NodeId, realm: Realm) -> None:
        """Open or create the log.

        Raises LocalMisuse when the schema is another node's or realm's, or is open for writing
        in another process; Unavailable when the server can't be reached.
        """
        self._database = Database(url, node=node, realm=realm)
        self._connection: Connection | None = None
        reading = Reading(self._database)
        try:
            self._database.run(self._open_first())
            reading.open()
        except (*LOST, asyncpg.PostgresError) as error:
            self._database.close()
            raise unreadable(self._database, error) from error
        except BaseException:
            self._database.run(self._close())
            self._database.close()
            raise
        super().__init__(reading)
        self._closed = False
        self._group_commit = GroupCommit(self._insert)

    def append(self, commit: Commit) -> Future[None]:
        """Queue rows; the future is done when they are on disk, or carries why they are not."""
        return self._group_commit.append(commit)

    def close(self) -> None:
        """Commit what waits, then close. Safe to call twice."""
        if self._closed:
            return
        self._group_commit.close()
        self._closed = True
        self._reading.close()
        self._database.run(self._close())
        self._database.close()

    def _insert(self, commits: Sequence[Commit]) -> None:
        try:
            self._database.run(
                self._write(commits), within_s=OUTCOME_WITHIN_S + 2 * ANSWERED_WITHIN_S
            )
        except REFUSALS as error:
            raise misfit(error) from error
        except (*LOST, asyncpg.PostgresError) as error:
            raise unwritable(error) from error

    async def _write(self, commits: Sequence[Commit]) -> None:
        connection = await self._open()
        transaction = connection.transaction()
        await transaction.start()
        try:
            await insert_rows(connection, commits)
            identity = await connection.fetchval("SELECT pg_current_xact_id()::text")
        except BaseException:
            if not connection.is_closed():
                await transaction.rollback()
            raise
        try:
            await transaction.commit()
        except LOST:
            await self._learn_outcome(str(identity))

    async def _learn_outcome(self, identity: str) -> None:
        """Return when the server says that it was committed; raise Unavailable when it was not."""
        async with asyncio.timeout(OUTCOME_WITHIN_S):
            while True:
                try:
                    connection = await self._open()
                    status = await connection.fetchval(
                        "SELECT pg_xact_status($1::text::xid8)", identity
                    )
                except (*LOST, asyncpg.OperatorInterventionError, Unavailable):
                    status = "unknown"  # the server is away, or the lock still is the old session's
                if status == "committed":
                    return
                if status in (None, "aborted"):
                    raise Unavailable(
                        "the connection broke and the server kept nothing of the commit",
                        remedy="It is tried again",
                    )
                await asyncio.sleep(ASKED_AGAIN_AFTER_S)

    async def _open_first(self) -> None:
        try:
            await self._open()
        except Unavailable as held:
            raise LocalMisuse(
                held.what, remedy="Run each node once; stop the other process first"
            ) from held

    async def _open(self) -> Connection:
        """The writing connection, with the lock; a new one where the last one broke.

        Raises Unavailable while another session holds the lock: after a cut it may be our last.
        """
        if self._connection is not None and not self._connection.is_closed():
            return self._connection
        connection = await self._database.connect()
        try:
            locked = await connection.fetchval(
                "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", self._database.schema
            )
            if not locked:
                raise Unavailable(
                    f"the log in {self._database.name} is open in another process",
                    remedy="It is tried again: the server ends a session that broke",
                )
            await self._database.create(connection)
            await self._database.require_owner(connection)
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        return connection

    async def _close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
