"""What one more partner costs the node that states: the same track updates to 2, 8 and 32."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.orders import Order
from bench.process_figures import cpu_s
from bench.row import BenchRow
from bench.star import Star, made_star

PARTNERS = (2, 8, 32)
RECORDS = 4_000
WARM_UP = 500
WITHIN_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FannedOut:
    partners: int
    wall_s: float
    origin_cpu_s: float

    @property
    def cpu_us(self) -> float:
        """Processor time of the origin for one record, to all of its partners."""
        return self.origin_cpu_s / RECORDS * 1e6


def rows() -> Iterator[BenchRow]:
    """Cost of a record at its origin, beside that with the fewest partners."""
    least: FannedOut | None = None
    for partners in PARTNERS:
        found = asyncio.run(_measure(partners))
        least = least or found
        ratio = found.cpu_us / least.cpu_us
        allowed = partners / least.partners
        yield BenchRow(
            name=f"fan-out: processor time of the origin per record, {partners} partners",
            value=found.cpu_us,
            unit="us",
            floor_or_peer=least.cpu_us,
            ratio=ratio,
            target=f"<= {allowed:g} x that with {least.partners}" if allowed > 1 else "",
            met=ratio <= allowed if allowed > 1 else None,
            note=f"{found.cpu_us / partners:.1f} us per partner;"
            f" all rows everywhere after {found.wall_s:.1f} s",
        )


async def _measure(partners: int) -> FannedOut:
    async with made_star(partners) as star:
        origin = await star.start_origin()
        for reader in star.readers:
            await star.start_reader(reader)
        for reader in star.readers:
            await star.until_event("link_heard", reader.node)
        await star.until_event("link_heard", star.origin.node, number=partners)
        await _state(star, WARM_UP, total=WARM_UP)
        used, begun = cpu_s(origin.process.pid), time.monotonic()
        await _state(star, RECORDS, total=WARM_UP + RECORDS)
        return FannedOut(
            partners=partners,
            wall_s=time.monotonic() - begun,
            origin_cpu_s=cpu_s(origin.process.pid) - used,
        )


async def _state(star: Star, count: int, *, total: int) -> None:
    await star.order(Order(what="updates", count=count, pace_s=0.0))
    for reader in star.readers:
        await star.until_stored(reader, total, within_s=WITHIN_S)
