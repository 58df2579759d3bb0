"""A payload and its spent stage, which share their plots for a minute and more."""

from functools import cache

import numpy as np
from tests.tracking.made_up_boosts import (
    EYE,
    LONG_SHOT,
    RADAR,
    BoostWorld,
    at,
    burnout_s,
    flown,
    ground_point,
    since_launch_s,
)

from bongsu.physics.boost_fit import profile_for
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.physics.trajectory import Trajectory, fly_spent_stage
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.track import Track, TrackPicture

RUNS = 6
MOMENTS_S = (30.0, 60.0, 150.0)
# A single object with the same plots, and each of them known to be its own, allows 3.2 km a
# minute after burnout; two halve the noise, and their parting is known to a tenth.
IMPACT_RMS_M = 4_000.0


def payload() -> Trajectory:
    return flown(LONG_SHOT)


@cache
def stage() -> Trajectory:
    profile = profile_for(LONG_SHOT.object_class, LONG_SHOT.apogee_m, LONG_SHOT.range_m)
    return fly_spent_stage(profile, payload())


@cache
def pictures(seed: int) -> tuple[TrackPicture, ...]:
    """A tracker's pictures so long after the burnout."""
    world = BoostWorld(flights=((payload(), 0.0), (stage(), 0.0)), sites=(EYE, RADAR), seed=seed)
    tracker = Tracker(world.sites, name="XA-1")
    waiting = [burnout_s(payload()) + moment for moment in MOMENTS_S]
    found = []
    for batch in world.batches(waiting[-1] + 2.0):
        while waiting and since_launch_s(batch.observed_at) > waiting[0]:
            found.append(tracker.picture(now=at(waiting.pop(0))))
        tracker.process(batch, now=batch.observed_at)
    return tuple(found)


def tracks(seed: int, moment: int) -> list[Track]:
    """The warned object's track first, then the one that came later."""
    return sorted(pictures(seed)[moment].tracks, key=lambda track: track.track_id)


def off_m(track: Track, flight: Trajectory) -> float:
    """From the stated impact to where the payload's flight or the stage's ends."""
    assert track.impact is not None
    end, stated = ground_point(flight.state_ecef[-1, :3]), track.impact.point
    distance, _, _ = geodesic_inverse(
        stated.latitude_rad, stated.longitude_rad, end.latitude_rad, end.longitude_rad
    )
    return float(distance)


def test_the_spent_stage_does_not_spoil_the_impact_of_what_it_carried() -> None:
    off = [off_m(tracks(seed, 1)[0], payload()) for seed in range(RUNS)]
    assert float(np.sqrt(np.mean(np.square(off)))) < IMPACT_RMS_M


def test_both_are_shown_as_long_as_no_plot_tells_them_apart() -> None:
    for seed in range(RUNS):
        for moment in range(len(MOMENTS_S)):
            assert len(tracks(seed, moment)) == 2


def test_once_told_apart_the_older_track_is_the_object_ahead() -> None:
    since_launch = burnout_s(payload()) + MOMENTS_S[2]
    for seed in range(RUNS):
        for track, flight in zip(tracks(seed, 2), (payload(), stage()), strict=True):
            truth = flight.state_at(since_launch)[:3]
            assert float(np.linalg.norm(track.position_ecef_m - truth)) < 200.0


def test_an_unresolved_pair_is_honest_about_its_impact() -> None:
    """Of twelve impacts four or more lie outside honest 95 % ellipses once in 500 times."""
    outside = 0
    for seed in range(RUNS):
        for moment in (0, 1):
            impact = tracks(seed, moment)[0].impact
            assert impact is not None
            outside += off_m(tracks(seed, moment)[0], payload()) > impact.ellipse.semi_major_m
    assert outside < 4
