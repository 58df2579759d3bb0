from collections.abc import Sequence

import numpy as np
import pytest
from tests.tracking.made_up_arcs import SITE, new_tracker
from tests.tracking.made_up_cells import COARSE_SITE, MEETING_S, crossing, scans

from bongsu.physics.propagation import propagate
from bongsu.tracking.gospa import gospa
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.track import TrackPicture, TrackStatus

SEEDS = range(6)
SETTLED = 12  # scans
FAR_M = 8_000.0  # the plot of both is far from either's own
SLOW_MPS = 10.0


def pictures(site: SensorSite, seed: int, count: int = 55) -> Sequence[tuple[TrackPicture, float]]:
    """After each scan once tracks stand: the picture, and its GOSPA."""
    tracker, shown = new_tracker(site), []
    for batch, states in scans(crossing(closing_mps=SLOW_MPS, aside_m=FAR_M), count, seed=seed):
        tracker.process(batch, now=batch.observed_at)
        picture = tracker.picture(now=batch.observed_at)
        places = np.array([track.position_ecef_m for track in picture.tracks]).reshape(-1, 3)
        shown.append((picture, gospa(states[:, :3], places, cutoff_m=5_000.0).value_m))
    return shown[SETTLED:]


def unseen_or_odd(shown: Sequence[tuple[TrackPicture, float]]) -> int:
    """How many tracks, over all pictures, are predicted or said not to fly freely."""
    return sum(
        track.status is not TrackStatus.OBSERVED or bool(track.caveats)
        for picture, _ in shown
        for track in picture.tracks
    )


def test_two_that_pass_each_other_in_one_cell_stay_observed_and_ballistic() -> None:
    for seed in SEEDS:
        shown = pictures(COARSE_SITE, seed)
        assert {len(picture.tracks) for picture, _ in shown} == {2}
        assert unseen_or_odd(shown) <= 2
    assert sum(unseen_or_odd(pictures(SITE, seed)) for seed in SEEDS) > 50


def test_a_stated_resolution_makes_the_tracks_of_both_better() -> None:
    stated = [value for seed in SEEDS for _, value in pictures(COARSE_SITE, seed)]
    unstated = [value for seed in SEEDS for _, value in pictures(SITE, seed)]
    assert np.mean(stated) < 0.9 * np.mean(unstated)


def test_a_track_whose_object_is_gone_does_not_live_on_another_ones_plots() -> None:
    tracker = new_tracker(COARSE_SITE)
    both = crossing(closing_mps=SLOW_MPS, aside_m=500.0)
    until = int(MEETING_S)
    for batch, _ in scans(both, until, seed=1):
        tracker.process(batch, now=batch.observed_at)
    tracks_of_both = len(tracker.confirmed().number)
    left = propagate(both[:1], float(until))
    for batch, _ in scans(left, 90, seed=2, start=until):
        tracker.process(batch, now=batch.observed_at)
    observed = tracker.confirmed().observed
    assert tracks_of_both == 2
    assert np.count_nonzero(observed) == 1


def test_where_nothing_is_in_one_cell_a_stated_resolution_changes_nothing() -> None:
    states = crossing(closing_mps=0.0)
    states[1, :3] *= 1.02  # a hundred kilometres higher
    trackers: list[Tracker] = [new_tracker(SITE), new_tracker(COARSE_SITE)]
    for batch, _ in scans(states, 20, seed=3):
        for tracker in trackers:
            tracker.process(batch, now=batch.observed_at)
    plain, coarse = (tracker.confirmed() for tracker in trackers)
    assert coarse.state == pytest.approx(plain.state, abs=1e-6)
    assert len(plain.number) == 2
