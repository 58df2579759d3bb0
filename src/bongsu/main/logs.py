"""Which log a node's settings name: a file beside them, or a database's address."""

from pathlib import Path
from typing import Protocol

from bongsu.adapters.stores.sqlite_log import SqliteLog
from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.main.settings import NodeSettings, beside
from bongsu.node.ports import Store
from bongsu.records.log_rows import Log

POSTGRESQL = "postgresql://"


class OpenedLog(Log, Protocol):
    """A log for verification, and its file's or server's own complaints."""

    def damages(self) -> tuple[str, ...]: ...

    def close(self) -> None: ...


def open_store(path: Path, settings: NodeSettings) -> Store:
    """The log that the node in the settings file `path` writes. Raises as the adapters do."""
    if settings.log.startswith(POSTGRESQL):
        # Only who keeps the log there pays for loading the driver.
        from bongsu.adapters.stores.postgres_store import PostgresStore

        return PostgresStore(settings.log, node=settings.id, realm=settings.realm)
    return SqliteStore(beside(path, settings.log), node=settings.id, realm=settings.realm)


def open_log(path: Path, settings: NodeSettings) -> OpenedLog:
    """The same log for reading only, to be verified."""
    if settings.log.startswith(POSTGRESQL):
        from bongsu.adapters.stores.postgres_log import PostgresLog

        return PostgresLog(settings.log, node=settings.id, realm=settings.realm)
    return SqliteLog(beside(path, settings.log), node=settings.id, realm=settings.realm)
