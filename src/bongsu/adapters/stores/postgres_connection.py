"""Connections to PostgreSQL for callers that are no coroutines: one thread runs the driver's loop.

Every wait is bounded. A connection that broke is opened again at the next call; what is wrong
comes as Unavailable, in words, until then.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from bongsu.adapters.stores.postgres_schema import TABLES, meta, schema_name
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

CONNECTED_WITHIN_S = 10.0
ANSWERED_WITHIN_S = 60.0
LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, TimeoutError)

T = TypeVar("T")
Connection = Any  # asyncpg brings no types
Row = Any


class Database:
    """One node's schema in a database, and the thread that its connections live on."""

    def __init__(self, url: str, *, node: NodeId, realm: Realm) -> None:
        self.url = url
        self.node = node
        self.realm = realm
        self.schema = schema_name(node, realm)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="bongsu-postgres", daemon=True
        )
        self._thread.start()

    @property
    def name(self) -> str:
        """The address without any password."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}, schema {self.schema}"

    def run(self, work: Coroutine[Any, Any, T], *, within_s: float = ANSWERED_WITHIN_S) -> T:
        """The result of a coroutine on the driver's loop. Raises TimeoutError beyond the bound."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(within_s)
        except TimeoutError:
            future.cancel()
            raise

    async def connect(self) -> Connection:
        """A connection in this node's schema whose commits are durable when they return.

        Raises LocalMisuse where the server does not keep what it says it has kept.
        """
        connection: Connection = await asyncpg.connect(
            self.url, timeout=CONNECTED_WITHIN_S, server_settings={"search_path": self.schema}
        )
        try:
            await connection.execute("SET synchronous_commit TO on")
            if await connection.fetchval("SHOW fsync") != "on":
                raise LocalMisuse(
                    f"the server of {self.name} runs with fsync off: it may lose what it confirmed",
                    remedy="Set fsync = on in its configuration",
                )
        except BaseException:
            await connection.close()
            raise
        return connection

    async def create(self, connection: Connection) -> None:
        """Make the schema where it is missing: all of it or nothing."""
        known = "SELECT 1 FROM information_schema.schemata WHERE schema_name = $1"
        if await connection.fetchval(known, self.schema) is not None:
            return
        async with connection.transaction():
            await connection.execute(f'CREATE SCHEMA "{self.schema}"')
            for statement in TABLES:
                await connection.execute(statement)
            await connection.executemany(
                "INSERT INTO meta VALUES ($1, $2)", list(meta(self.node, self.realm).items())
            )

    async def require_owner(self, connection: Connection) -> None:
        """Raise LocalMisuse where the schema is no log, another node's, realm's or version's."""
        try:
            found = dict(await connection.fetch("SELECT name, value FROM meta"))
        except asyncpg.UndefinedTableError as error:
            raise LocalMisuse(
                f"there is no log in {self.name}", remedy="Name the database of this node's log"
            ) from error
        for name, value in meta(self.node, self.realm).items():
            if found.get(name) != value:
                raise LocalMisuse(
                    f"{self.name} says {name} {found.get(name)!r}, expected {value!r}",
                    remedy="A log belongs to one node in one realm: name this node's own database",
                )

    def close(self) -> None:
        """Stop the thread; connections must be closed before."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Reading:
    """A connection for reading, opened again when it broke; for callers on any thread."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._connection: Connection | None = None
        self._one_at_a_time = asyncio.Lock()

    def open(self) -> None:
        """Connect and check whose log it is. Raises LocalMisuse or Unavailable."""
        self.read(self.database.require_owner)

    def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """What `work` reads. Raises Unavailable where the server can't be asked."""
        try:
            return self.database.run(self._read(work))
        except (*LOST, asyncpg.PostgresError) as error:
            raise unreadable(self.database, error) from error

    def fetch(self, query: str, *values: object) -> list[Row]:
        """The rows of one query."""
        return self.read(lambda connection: connection.fetch(query, *values))

    def close(self) -> None:
        """Safe to call twice."""
        self.database.run(self._close())

    async def _read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        async with self._one_at_a_time:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self.database.connect()
            return await work(self._connection)

    async def _close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


def unreadable(database: Database, error: BaseException) -> Unavailable:
    """The server can't be asked now."""
    return Unavailable(
        f"the log in {database.name} could not be read: {str(error) or type(error).__name__}",
        remedy="Check that the server runs and is reachable",
    )
