"""What it costs to be there: import, help, first update, size, an idle node's memory."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import files, packages_distributions
from pathlib import Path

from bench.lab import running_lab
from bench.process_figures import resident_mb
from bench.row import BenchRow

RUNS = 9
FIRST_UPDATE = Path(__file__).with_name("first_update.py")
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
    yield _first_update()
    yield _numeric_packages()
    resident_mb = asyncio.run(_idle_memory_mb())
    yield BenchRow(
        name="idle memory of a node (largest of three)",
        value=resident_mb,
        unit="MB",
        target="<= 100 MB",
        met=resident_mb <= 100.0,
        note="resident, linked to two partners",
    )


def _first_update() -> BenchRow:
    """The library from its import to two scans used, in its own process, which says how long."""
    spent = [
        tuple(map(float, _told(FIRST_UPDATE.read_text(encoding="utf-8")).split()))
        for _ in range(RUNS)
    ]
    wall_s, cpu_s = (statistics.median(column) for column in zip(*spent, strict=True))
    return BenchRow(
        name="bongsu.tracking, import to first update",
        value=cpu_s,
        unit="s",
        target="<= 0.3 s",
        met=cpu_s <= 0.3,
        note=f"of processor; {wall_s:.2f} s on the wall of this run; median of {RUNS} processes",
    )


def _told(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return finished.stdout


def _numeric_packages() -> BenchRow:
    """What the packages weigh that the library loads and an empty Python does not."""
    listed = "import sys; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = set(_told("import bongsu.tracking; " + listed).split()) - set(_told(listed).split())
    sizes = {name: _installed_mb(name) for name in packages_distributions() if name in loaded}
    sizes.pop("bongsu", None)
    total_mb = sum(sizes.values())
    return BenchRow(
        name="numeric packages of the base install",
        value=total_mb,
        unit="MB",
        target="<= 120 MB",
        met=total_mb <= 120.0,
        note=", ".join(f"{name} {size:.0f}" for name, size in sorted(sizes.items())),
    )


def _installed_mb(package: str) -> float:
    """All files of the package's distributions, on disk."""
    names = packages_distributions()[package]
    paths = [path.locate() for name in names for path in files(name) or ()]
    return sum(Path(str(path)).stat().st_size for path in paths if Path(str(path)).is_file()) / 1e6


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
