"""What an index over the ids of bulk records would cost a log, as it grows.

python -m bench.index_cost [RECORDS]

Ids are hashes, so an index over them is written all over the file. The same frames of 256 go into a
log as it is and into one with such an index; the figures are of each tenth by itself.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.bulk import FRAME, rows_of_a_frame
from rich.console import Console

from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

RECORDS = 1_000_000
PARTS = 10
PATIENCE_S = 60.0


def main(records: int) -> None:
    console = Console(highlight=False, width=120)
    for indexed in (False, True):
        console.print(f"{'with' if indexed else 'without'} an index over the ids")
        for line in _lines(records, indexed=indexed):
            console.print(line)


def _lines(records: int, *, indexed: bool) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        path = Path(folder) / "log"
        store = SqliteStore(path, node=NodeId("US-1"), realm=Realm.EXERCISE)
        if indexed:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("CREATE UNIQUE INDEX every_id ON records (record_id)")
        frames = records // FRAME // PARTS
        for part in range(PARTS):
            commits = [rows_of_a_frame(part * frames + number) for number in range(frames)]
            begun, used, written = time.perf_counter(), time.process_time(), _written_bytes()
            for commit in commits:
                store.append(commit).result(PATIENCE_S)
            count = frames * FRAME
            yield (
                f"{(part + 1) * count:10,} records:"
                f" {count / (time.perf_counter() - begun):8,.0f} a second,"
                f" {(time.process_time() - used) / count * 1e6:5.1f} us of processor,"
                f" {(_written_bytes() - written) / count / 1e3:5.1f} kB written for each"
            )
        store.close()


def _written_bytes() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)
