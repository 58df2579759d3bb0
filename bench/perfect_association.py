"""The tracker with every plot's owner known: what no association can improve on.

Each object's own plots go to a tracker of their own, without clutter and without any other
object; the rule that confirms a track is the same. What is left is the filter and the wait.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench.raid import Raid
from bench.row import BenchRow
from bench.tracker import run_own

from bongsu.adapters.plots.npz import read_plots_npz
from bongsu.adapters.plots.recording import Numbers
from bongsu.physics.frames import ecef_to_enu
from bongsu.tracking.gospa import gospa
from bongsu.tracking.tracker import Tracker

DETECTION_PROBABILITY = 0.9
CUTOFF_M = 5_000.0
FROM_SCAN = 10
STANDARD = Raid(targets=50, scans=60)
HARD = Raid(targets=50, scans=30, clutter=300.0, spread_m=20e3)
CASES = (("standard case", STANDARD, 1.02), ("hard case", HARD, 1.15))
SEEDS = range(5)
MOST_FALSE = 0.1


def rows() -> Iterator[BenchRow]:
    """GOSPA in both cases, and false tracks a scan, each the mean of all seeds."""
    for name, raid, most in CASES:
        own_m, perfect_m, false = [], [], []
        with tempfile.TemporaryDirectory() as folder:
            arrays = Path(folder) / "arrays.npz"
            for seed in SEEDS:
                replace(raid, seed=seed).write(arrays)
                own = run_own(arrays, runs=1)
                own_m.append(own.gospa_m)
                false.append(own.false)
                perfect_m.append(perfect_gospa_m(arrays))
        ratio = float(np.mean(own_m) / np.mean(perfect_m))
        yield BenchRow(
            name=f"tracker, {name}: GOSPA beside perfect association",
            value=float(np.mean(own_m)),
            unit="m",
            floor_or_peer=float(np.mean(perfect_m)),
            ratio=ratio,
            target=f"<= {most:g} times",
            met=ratio <= most,
            note=f"{len(SEEDS)} seeds",
        )
        yield BenchRow(
            name=f"tracker, {name}: false tracks a scan",
            value=float(np.mean(false)),
            unit="",
            target=f"<= {MOST_FALSE:g}",
            met=float(np.mean(false)) <= MOST_FALSE,
            note=f"{len(SEEDS)} seeds, the worst {max(false):.2f}",
        )


def perfect_gospa_m(arrays: Path) -> float:
    """Mean GOSPA from scan 10 on, with perfect association."""
    recorded = read_plots_npz(arrays, detection_probability=DETECTION_PROBABILITY)
    with np.load(arrays, allow_pickle=False) as archive:
        plots, scan = archive["det"], archive["det_scan"]
        owner, truth = archive["det_truth"], archive["truth_enu"]
    site = recorded.sensors[0]
    pictures: list[list[Numbers]] = [[] for _ in range(len(recorded))]
    for number in range(truth.shape[1]):
        tracker = Tracker([site], name="OWNED")
        own_plots, own_scan = plots[owner == number], scan[owner == number]
        for at in range(len(recorded)):
            batch = recorded.batch_of(at, own_plots[own_scan == at])
            tracker.process(batch, now=batch.observed_at)
            state = tracker.confirmed().state[:, :3]
            pictures[at].append(
                ecef_to_enu(state, site.latitude_rad, site.longitude_rad, site.height_m)
            )
    scores = [
        gospa(there[np.isfinite(there[:, 0])], np.concatenate(picture), cutoff_m=CUTOFF_M)
        for there, picture in list(zip(truth, pictures, strict=False))[FROM_SCAN:]
    ]
    return float(np.mean([score.value_m for score in scores]))
