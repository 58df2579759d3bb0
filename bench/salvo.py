"""A salvo before a radar that merges and splits plots: association with and without knowing it.

Both runs have the same arrays; in one the radar's site states its resolution and how often it
splits, in the other neither, and the tracker takes every plot for one object's.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from bench.perfect_association import CUTOFF_M, DETECTION_PROBABILITY, FROM_SCAN
from bench.raid import Raid
from bench.row import BenchRow

from bongsu.adapters.plots.npz import read_plots_npz
from bongsu.physics.frames import ecef_to_enu
from bongsu.tracking.gospa import gospa
from bongsu.tracking.outlook.generics import work_out_generics
from bongsu.tracking.tracker import Tracker

CELL = (150.0, 0.02, 0.02)
SALVO = Raid(targets=24, scans=60, spread_m=5e3, stagger_s=20.0, unlike=0.2)
CASES = (
    ("salvo of 24, merged plots", replace(SALVO, resolution=CELL)),
    ("salvo of 24, merged and split", replace(SALVO, resolution=CELL, split_probability=0.2)),
    (
        "50 in a crowd, merged and split",
        Raid(
            targets=50,
            scans=60,
            clutter=300.0,
            spread_m=20e3,
            resolution=CELL,
            split_probability=0.2,
        ),
    ),
    (
        "salvo of 60, merged and split",
        replace(SALVO, targets=60, resolution=CELL, split_probability=0.1),
    ),
)
SEEDS = range(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Means over a run's scans from the tenth on, but for the last two."""

    gospa_m: float
    missed: float
    false: float
    tracks: float  # confirmed ever
    scan_ms: float  # of processor


def rows() -> Iterator[BenchRow]:
    """GOSPA where the site states what its radar does, beside where it does not."""
    work_out_generics()
    with tempfile.TemporaryDirectory() as folder:
        arrays = Path(folder) / "arrays.npz"
        for name, raid in CASES:
            known, unknown = [], []
            for seed in SEEDS:
                replace(raid, seed=seed).write(arrays)
                known.append(score(arrays, raid, stated=True))
                unknown.append(score(arrays, raid, stated=False))
            yield _row(name, _mean(known), _mean(unknown))


def score(arrays: Path, raid: Raid, *, stated: bool) -> Score:
    """Run the tracker over the arrays, with a site that states how the radar resolves or not."""
    recorded = read_plots_npz(arrays, detection_probability=DETECTION_PROBABILITY)
    site = recorded.sensors[0]
    if stated:
        site = replace(site, resolution=raid.resolution, split_probability=raid.split_probability)
    truth = recorded.truth_enu_m
    if truth is None:
        raise ValueError("the raid wrote no truth")
    tracker, scores, spent_s = Tracker([site], name="SALVO"), [], 0.0
    for at, there in enumerate(truth):
        batch = recorded.batch(at)
        start = time.process_time()
        tracker.process(batch, now=batch.observed_at)
        tracks = tracker.confirmed()
        spent_s += time.process_time() - start
        places = ecef_to_enu(
            tracks.state[:, :3], site.latitude_rad, site.longitude_rad, site.height_m
        )
        scores.append(gospa(there[np.isfinite(there[:, 0])], places, cutoff_m=CUTOFF_M))
    counted = scores[FROM_SCAN:]
    return Score(
        gospa_m=float(np.mean([one.value_m for one in counted])),
        missed=float(np.mean([one.missed for one in counted])),
        false=float(np.mean([one.false for one in counted])),
        tracks=float(tracker.confirmed().number.max(initial=0)),
        scan_ms=spent_s / len(scores) * 1e3,
    )


def _mean(scores: list[Score]) -> Score:
    names = Score.__dataclass_fields__
    return Score(**{name: float(np.mean([getattr(s, name) for s in scores])) for name in names})


def _row(name: str, known: Score, unknown: Score) -> BenchRow:
    return BenchRow(
        name=f"tracker, {name}: GOSPA, resolution stated beside not",
        value=known.gospa_m,
        unit="m",
        floor_or_peer=unknown.gospa_m,
        ratio=known.gospa_m / unknown.gospa_m,
        target="better",
        met=known.gospa_m < unknown.gospa_m,
        note=f"{len(SEEDS)} seeds; missed {known.missed:.2f} ({unknown.missed:.2f}), "
        f"false {known.false:.2f} ({unknown.false:.2f}), "
        f"tracks ever {known.tracks:.1f} ({unknown.tracks:.1f}), {known.scan_ms:.2f} ms a scan",
    )
