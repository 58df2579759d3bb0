"""Durable commits a second, and records a second when they share one, beside a bare file's sync."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.row import BenchRow

from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.node.ports import Commit, StoredRecord
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

RECORD_BYTES = 1_024
SINGLES = 2_000
GROUPS = 300
GROUP = 100
PATIENCE_S = 60.0


def rows() -> Iterator[BenchRow]:
    """One row for single commits, one for groups; the floor is a write and fsync of 1 KiB."""
    with tempfile.TemporaryDirectory() as folder:
        floor = _per_second(SINGLES, _synced_write(Path(folder) / "floor"))
        store = SqliteStore(Path(folder) / "log", node=NodeId("KR-1"), realm=Realm.EXERCISE)
        try:
            single = _per_second(SINGLES, lambda number: _commit(store, number, 1))
            groups = _per_second(GROUPS, lambda number: _commit(store, SINGLES + number, GROUP))
        finally:
            store.close()
    yield BenchRow(
        name="store: single durable commits",
        value=single,
        unit="1/s",
        floor_or_peer=floor,
        ratio=single / floor,
    )
    yield BenchRow(
        name=f"store: records in groups of {GROUP}",
        value=groups * GROUP,
        unit="1/s",
        floor_or_peer=floor,
        ratio=groups * GROUP / floor,
    )


def _commit(store: SqliteStore, number: int, size: int) -> None:
    futures = [store.append(Commit(records=(_record(number, n),))) for n in range(size)]
    for future in futures:
        future.result(PATIENCE_S)


def _record(number: int, place: int) -> StoredRecord:
    name = f"{number}/{place}".encode().rjust(32, b"\0")
    return StoredRecord(
        record_id=RecordId(name),
        kind="track_update",
        originator=NodeId("KR-1"),
        own=True,
        encoded=os.urandom(RECORD_BYTES),
        stored_at=UtcNs(number),
    )


def _synced_write(path: Path) -> Callable[[int], None]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)

    def write(_: int) -> None:
        os.write(descriptor, os.urandom(RECORD_BYTES))
        os.fsync(descriptor)

    return write


def _per_second(count: int, work: Callable[[int], None]) -> float:
    begun = time.perf_counter()
    for number in range(count):
        work(number)
    return count / (time.perf_counter() - begun)
