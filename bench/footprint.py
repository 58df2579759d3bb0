"""What it costs to be there: import, help, an idle node's memory."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.lab import running_lab
from bench.process_figures import resident_mb
from bench.row import BenchRow

RUNS = 9
SETTLED_AFTER_S = 5.0


def rows() -> Iterator[BenchRow]:
    """Import and help against an empty Python, and an idle node's resident memory."""
    empty_s = _wall_s("-c", "pass")
    for name, target_s, arguments in (
        ("python -c 'import bongsu'", 0.3, ("-c", "import bongsu")),
        ("bongsu --help", 0.5, ("-m", "bongsu", "--help")),
    ):
        wall_s = _wall_s(*arguments)
        yield BenchRow(
            name=name,
            value=wall_s,
            unit="s",
            floor_or_peer=empty_s,
            ratio=wall_s / empty_s,
            target=f"<= {target_s:g} s",
            met=wall_s <= target_s,
            note=f"median of {RUNS} processes, beside an empty Python",
        )
    resident_mb = asyncio.run(_idle_memory_mb())
    yield BenchRow(
        name="idle memory of a node (largest of three)",
        value=resident_mb,
        unit="MB",
        target="<= 100 MB",
        met=resident_mb <= 100.0,
        note="resident, linked to two partners",
    )


def _wall_s(*arguments: str) -> float:
    times: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


async def _idle_memory_mb() -> float:
    async with running_lab(("KR", "US", "JP")) as lab:
        await asyncio.sleep(SETTLED_AFTER_S)
        return max(resident_mb(child.process.pid) for child in lab.group.children)
