"""What a partner missed while its link was cut, and a warning that must not wait behind it.

python -m bench --only catch_up [--full]: 100,000 records, or a million.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.orders import Order
from bench.process_figures import cpu_s, peak_mb
from bench.row import BenchRow
from bench.star import Star, made_star

from bongsu.main.demo.journal_events import delay_of

MANY, FULL = 100_000, 1_000_000
WARNINGS_A_SECOND = 20
EXPECTED_PER_S = 20_000  # warnings are ordered for about as long as the catch-up takes
WITHIN_S = 600.0
TARGET_PER_S = 30_000.0
URGENT_P99_MS = 250.0
PEAK_MB = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    records: int
    wall_s: float
    origin_cpu_s: float
    reader_cpu_s: float
    delays_ms: list[float]  # of warnings stated meanwhile
    peaks_mb: dict[str, float]

    @property
    def note(self) -> str:
        origin, reader = self.origin_cpu_s / self.records, self.reader_cpu_s / self.records
        return f"processor per record: {origin * 1e6:.1f} us origin + {reader * 1e6:.1f} us reader"


def rows(*, full: bool = False) -> Iterator[BenchRow]:
    """Records a second, the delay of warnings meanwhile, and memory peaks."""
    caught_up = asyncio.run(_measure(FULL if full else MANY))
    per_s = caught_up.records / caught_up.wall_s
    yield BenchRow(
        name=f"catch-up of {caught_up.records:,} records, partner's start to its last row",
        value=per_s,
        unit="1/s",
        target=f">= {TARGET_PER_S:,.0f}",
        met=per_s >= TARGET_PER_S,
        note=caught_up.note,
    )
    delay = delay_of(caught_up.delays_ms)
    for quantile, value in (("p50", delay.p50), ("p99", delay.p99)):
        yield BenchRow(
            name=f"catch-up: a warning stated meanwhile, {quantile}",
            value=value,
            unit="ms",
            target=f"<= {URGENT_P99_MS:g} ms" if quantile == "p99" else "",
            met=value is not None and value <= URGENT_P99_MS if quantile == "p99" else None,
            note=f"{delay.count} warnings at {WARNINGS_A_SECOND} a second",
        )
    for name, peak in caught_up.peaks_mb.items():
        yield BenchRow(
            name=f"catch-up: memory peak, {name}",
            value=peak,
            unit="MB",
            target=f"<= {PEAK_MB:g} MB",
            met=peak <= PEAK_MB,
        )


async def _measure(records: int) -> CaughtUp:
    async with made_star(1) as star:
        (partner,) = star.readers
        origin = await star.start_origin()
        await star.order(Order(what="updates", count=records, pace_s=0.0))
        await star.until_event("order_done", star.origin.node, within_s=WITHIN_S)
        reader = await star.start_reader(partner)
        await star.until_event("link_heard", partner.node)
        used, begun = cpu_s(origin.process.pid), time.monotonic()
        warnings = records * WARNINGS_A_SECOND // EXPECTED_PER_S
        await star.order(Order(what="warnings", count=warnings, pace_s=1.0 / WARNINGS_A_SECOND))
        await star.until_stored(partner, records, within_s=WITHIN_S)
        wall_s = time.monotonic() - begun
        origin_cpu_s = cpu_s(origin.process.pid) - used
        reader_cpu_s = cpu_s(reader.process.pid)
        await star.until_event("order_done", star.origin.node, number=2)
        await star.until_stored(partner, records + warnings, within_s=WITHIN_S)
        return CaughtUp(
            records=records,
            wall_s=wall_s,
            origin_cpu_s=origin_cpu_s,
            reader_cpu_s=reader_cpu_s,
            delays_ms=_delays_ms(star),
            peaks_mb={
                "origin": peak_mb(origin.process.pid),
                "partner": peak_mb(reader.process.pid),
            },
        )


def _delays_ms(star: Star) -> list[float]:
    stored = {
        str(line["record_id"]): int(str(line["stored_monotonic_ns"]))
        for line in star.of_event("own_warning", star.origin.node)
    }
    return [
        (int(str(line["stored_monotonic_ns"])) - stored[str(line["record_id"])]) / 1e6
        for line in star.of_event("partner_warning", star.readers[0].node)
    ]
