from dataclasses import replace

import numpy as np
from tests.tracking.made_up_arcs import arcs, new_tracker
from tests.tracking.made_up_cells import COARSE_SITE, scans

from bongsu.physics.arrays import unit
from bongsu.vocabulary.sensor import SensorSite

SPLITTING_SITE = replace(COARSE_SITE, split_probability=0.3)
SEEDS = range(6)


def confirmed_ever(site: SensorSite, seed: int) -> int:
    """How many tracks one object gave, whose radar splits three plots in ten."""
    tracker = new_tracker(site)
    numbers: set[int] = set()
    for batch, _ in scans(arcs(1), 60, seed=seed, split_probability=0.3):
        tracker.process(batch, now=batch.observed_at)
        numbers |= set(tracker.confirmed().number.tolist())
    return len(numbers)


def test_second_plots_of_one_object_start_no_second_track() -> None:
    assert [confirmed_ever(SPLITTING_SITE, seed) for seed in SEEDS] == [1] * len(SEEDS)
    assert sum(confirmed_ever(COARSE_SITE, seed) for seed in SEEDS) > len(SEEDS)


def test_an_object_that_parts_from_a_tracked_one_has_its_own_track_once_it_is_out_of_reach() -> (
    None
):
    first = arcs(1)[0]
    second = first.copy()
    second[3:] -= 60.0 * unit(first[3:])
    tracker = new_tracker(SPLITTING_SITE)
    tracks = []
    for batch, _ in scans(np.stack([first, second]), 30, seed=2, split_probability=0.3):
        tracker.process(batch, now=batch.observed_at)
        tracks.append(len(tracker.confirmed().number))
    assert tracks[3] <= 1
    assert tracks[-1] == 2
