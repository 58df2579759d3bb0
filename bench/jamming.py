"""A radar with a good key that jams or lies: what it costs the tracks of an honest one, and us.

Both see the same six objects. Errors are those of the tracks of all objects but the jammed one,
beside the same world without the lies; where plots are laid round every object, all are jammed.
"""

import time
from collections.abc import Iterator

import numpy as np
from bench.row import BenchRow
from tests.attacks.lying_radar import (
    MANY,
    OBJECTS,
    Jamming,
    a_decoy_that_walks_off,
    a_few_round_each_object,
    a_radar_that_is_off,
    everywhere,
    jammed,
    round_one_object,
    thousands_round_each_object,
)

from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import PlotBatch

SCANS = 10
SEEDS = range(1, 9)
KEPT = 1.02
NEARLY_KEPT = 1.1
CASES: tuple[tuple[str, Jamming, float | None], ...] = (
    (f"{MANY:,} plots a second, everywhere", everywhere, KEPT),
    (f"{MANY:,} plots a second round one object", round_one_object, KEPT),
    ("1,000 plots round each object", thousands_round_each_object, NEARLY_KEPT),
    ("20 plots round each object", a_few_round_each_object, NEARLY_KEPT),
    ("a decoy of each object that walks off", a_decoy_that_walks_off, None),
    ("a radar that is 200 m off", a_radar_that_is_off, None),
)


def rows() -> Iterator[BenchRow]:
    """Error beside the undisturbed run, and what one of the liar's scans costs, for each lie."""
    quiet = [jammed(seed, None, scans=SCANS).others_rms_m for seed in SEEDS]
    for name, jamming, most in CASES:
        spent_ms: list[float] = []

        def process(tracker: Tracker, batch: PlotBatch, spent: list[float] = spent_ms) -> None:
            start = time.process_time()
            tracker.process(batch, now=batch.observed_at)
            spent.append((time.process_time() - start) * 1e3)

        left = [jammed(seed, jamming, scans=SCANS, process=process) for seed in SEEDS]
        ratios = [one.others_rms_m / before for one, before in zip(left, quiet, strict=True)]
        yield BenchRow(
            name=f"tracker, {name}: RMS error",
            value=float(np.mean([one.others_rms_m for one in left])),
            unit="m",
            floor_or_peer=float(np.mean(quiet)),
            ratio=float(np.mean(ratios)),
            target="" if most is None else f"<= {most:g} times",
            met=None if most is None else float(np.mean(ratios)) <= most,
            note=f"{len(SEEDS)} seeds, worst {max(ratios):.2f} times; "
            f"tracks {np.mean([one.tracks for one in left]):.1f} of {OBJECTS}; "
            f"worst scan {max(spent_ms):.0f} ms",
        )
