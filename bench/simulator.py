"""The fault simulator: events a second on one core, each seed in a process of its own."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.row import BenchRow

SEEDS = (2, 5, 8, 11, 14)
EVENTS_A_SECOND = 20_000.0


def rows() -> Iterator[BenchRow]:
    """Ten simulated minutes of each seed; processor time, so that other work changes little."""
    with tempfile.TemporaryDirectory() as folder:
        reports = [_report(seed, Path(folder) / f"{seed}.json") for seed in SEEDS]
    events = sum(report["events"] for report in reports)
    cpu_s = sum(report["cpu_s"] for report in reports)
    rate = events / cpu_s
    held = not any(report["failed"] for report in reports)
    yield BenchRow(
        name="simulator: events a second on one core",
        value=rate,
        unit="events/s",
        target=f">= {EVENTS_A_SECOND:,.0f}",
        met=held and rate >= EVENTS_A_SECOND,
        note=f"processor time; {len(SEEDS)} seeds of ten simulated minutes, "
        f"{'all held' if held else 'NOT ALL HELD'}",
    )
    yield BenchRow(
        name="simulator: one seed of ten minutes",
        value=statistics.median(report["cpu_s"] for report in reports),
        unit="s",
        note="processor time, median",
    )


def _report(seed: int, path: Path) -> dict[str, float]:
    """What `bongsu simulate` says of one seed."""
    command = (sys.executable, "-m", "bongsu", "simulate", "--seed", str(seed), "--json", str(path))
    subprocess.run(command, check=False, capture_output=True)  # 1 where a seed failed: told in rows
    report: dict[str, float] = json.loads(path.read_text())
    return report
