"""What one scan costs the tracker, from 50 objects to 2,000: processor time, one thread."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from bench.raid import Raid
from bench.row import BenchRow
from bench.tracker import run_own

SCANS = 40
FEW, SOME, MANY = 50, 200, 2_000
LONGEST_MS = {SOME: 50.0, MANY: 1_000.0}
MOST_TIMES = 2.0


def rows() -> Iterator[BenchRow]:
    """The worst scan at 200 and at 2,000 objects, and what each object costs at 50 and 2,000."""
    per_target_us = {}
    with tempfile.TemporaryDirectory() as folder:
        arrays = Path(folder) / "arrays.npz"
        for targets in (FEW, SOME, MANY):
            Raid(targets=targets, scans=SCANS).write(arrays)
            own = run_own(arrays)
            cpu_s = _plots_in(arrays) / own.detections_per_cpu_s
            per_target_us[targets] = cpu_s / SCANS / targets * 1e6
            if targets in LONGEST_MS:
                yield BenchRow(
                    name=f"tracker, {targets:,} targets: worst scan",
                    value=own.worst_scan_ms,
                    unit="ms of processor",
                    target=f"<= {LONGEST_MS[targets]:,.0f} ms",
                    met=own.worst_scan_ms <= LONGEST_MS[targets],
                    note=f"{SCANS} scans, on average {cpu_s / SCANS * 1e3:.2f} ms",
                )
    ratio = per_target_us[MANY] / per_target_us[FEW]
    yield BenchRow(
        name=f"tracker: a target's cost a scan, {MANY:,} targets beside {FEW}",
        value=per_target_us[MANY],
        unit="us of processor",
        floor_or_peer=per_target_us[FEW],
        ratio=ratio,
        target=f"<= {MOST_TIMES:g} times",
        met=ratio <= MOST_TIMES,
        note=f"at {SOME} targets {per_target_us[SOME]:.1f} us",
    )


def _plots_in(arrays: Path) -> int:
    with np.load(arrays, allow_pickle=False) as archive:
        return len(archive["det"])
