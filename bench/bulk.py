"""Track updates through one feed, from the statement to the partner's rows.

python -m bench --only bulk [--full]: 100,000 records, or a million.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.orders import Order
from bench.process_figures import cpu_s, peak_mb
from bench.row import BenchRow
from bench.star import Star, StarNode, made_star

from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.main.demo.processes import RunningProcess
from bongsu.node.ports import Commit, StoredEntry, StoredRecord
from bongsu.records.feed import FeedId
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

FEW, MANY, FULL = 10_000, 100_000, 1_000_000
WARM_UP = 5_000
WITHIN_S = 600.0
FRAME = 256
ENTRY_BYTES = 1_200
FLOOR_FRAMES = 200
TARGET_PER_S = 20_000.0
PEAK_MB = 120.0
FLAT = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One order: how many records, how long it took, what the two nodes used."""

    records: int
    wall_s: float
    origin_cpu_s: float
    reader_cpu_s: float

    @property
    def per_s(self) -> float:
        return self.records / self.wall_s

    @property
    def cpu_us(self) -> float:
        """Processor time of both nodes for one record."""
        return (self.origin_cpu_s + self.reader_cpu_s) / self.records * 1e6

    @property
    def note(self) -> str:
        origin, reader = self.origin_cpu_s / self.records, self.reader_cpu_s / self.records
        return f"processor per record: {origin * 1e6:.1f} us origin + {reader * 1e6:.1f} us reader"


def rows(*, full: bool = False) -> Iterator[BenchRow]:
    """Records a second, cost per record, and memory peaks."""
    many = FULL if full else MANY
    floor = _floor_per_s()
    few, most, peaks = asyncio.run(_measure(many))
    for stretch in (few, most):
        yield BenchRow(
            name=f"bulk: {stretch.records:,} track updates, statement to partner's rows",
            value=stretch.per_s,
            unit="1/s",
            floor_or_peer=floor,
            ratio=stretch.per_s / floor,
            target=f">= {TARGET_PER_S:,.0f}",
            met=stretch.per_s >= TARGET_PER_S,
            note=f"{stretch.note}; floor: the partner's rows alone, by {FRAME}",
        )
    change = most.cpu_us / few.cpu_us
    yield BenchRow(
        name=f"bulk: processor time per record, at {most.records:,}",
        value=most.cpu_us,
        unit="us",
        floor_or_peer=few.cpu_us,
        ratio=change,
        target=f"within {FLAT:.0%} of that at {few.records:,}",
        met=abs(change - 1.0) <= FLAT,
        note="both nodes together",
    )
    for name, peak in peaks.items():
        yield BenchRow(
            name=f"bulk: memory peak, {name}",
            value=peak,
            unit="MB",
            target=f"<= {PEAK_MB:g} MB",
            met=peak <= PEAK_MB,
            note=f"after {most.records:,} records",
        )


async def _measure(many: int) -> tuple[Stretch, Stretch, dict[str, float]]:
    async with made_star(1) as star:
        (partner,) = star.readers
        origin, reader = await star.start_origin(), await star.start_reader(partner)
        await star.until_event("link_heard", partner.node)
        await star.until_event("link_heard", star.origin.node)
        await stretch(star, partner, (origin, reader), WARM_UP)
        few = await stretch(star, partner, (origin, reader), FEW)
        most = await stretch(star, partner, (origin, reader), many)
        peaks = {"origin": peak_mb(origin.process.pid), "partner": peak_mb(reader.process.pid)}
    return few, most, peaks


async def stretch(
    star: Star, partner: StarNode, processes: tuple[RunningProcess, RunningProcess], count: int
) -> Stretch:
    """State `count` track updates and wait until the partner has them on disk."""
    before = partner.stored()
    origin, reader = (child.process.pid for child in processes)
    used = cpu_s(origin), cpu_s(reader)
    begun = time.monotonic()
    await star.order(Order(what="updates", count=count, pace_s=0.0))
    await star.until_stored(partner, before + count, within_s=WITHIN_S)
    return Stretch(
        records=count,
        wall_s=time.monotonic() - begun,
        origin_cpu_s=cpu_s(origin) - used[0],
        reader_cpu_s=cpu_s(reader) - used[1],
    )


def _floor_per_s() -> float:
    """The partner's rows alone, durable frame by frame: no network, nothing to open or check."""
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        store = SqliteStore(Path(folder) / "log", node=NodeId("US-1"), realm=Realm.EXERCISE)
        try:
            commits = [rows_of_a_frame(number) for number in range(FLOOR_FRAMES)]
            begun = time.perf_counter()
            for commit in commits:
                store.append(commit).result(WITHIN_S)
            return FLOOR_FRAMES * FRAME / (time.perf_counter() - begun)
        finally:
            store.close()


def rows_of_a_frame(number: int) -> Commit:
    """What a partner stores of frame `number`: random bytes of the right size."""
    feed = FeedId(realm=Realm.EXERCISE, sender=NodeId("KR-1"), reader=NodeId("US-1"), epoch=1)
    records: list[StoredRecord] = []
    entries: list[StoredEntry] = []
    for place in range(FRAME):
        record_id, body = RecordId(os.urandom(32)), os.urandom(ENTRY_BYTES)
        records.append(
            StoredRecord(
                record_id=record_id,
                kind="track_update",
                originator=feed.sender,
                own=False,
                encoded=body,
                stored_at=UtcNs(0),
            )
        )
        entries.append(
            StoredEntry(
                feed=feed,
                sequence=number * FRAME + place + 1,
                record_id=record_id,
                encoded=body,
                entry_hash=os.urandom(32),
            )
        )
    return Commit(records=tuple(records), entries=tuple(entries))
