import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import SITE, World, arcs, at, follow, new_tracker

from bongsu.physics.arrays import unit
from bongsu.physics.frames import enu_axes, enu_to_ecef
from bongsu.physics.propagation import propagate
from bongsu.tracking.flight.filtering import predict
from bongsu.tracking.picture import NOT_BALLISTIC
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus


def sigma_m(track: Track) -> float:
    return float(np.sqrt(track.covariance[0] + track.covariance[6] + track.covariance[11]))


def test_q18_a_lost_track_says_predicted_not_observed_and_its_uncertainty_grows() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=5.0)
    follow(tracker, world, 15)
    seen = tracker.picture(now=at(world.seconds)).tracks[0]
    assert seen.status is TrackStatus.OBSERVED
    sigmas = [sigma_m(seen)]
    for _ in range(4):
        follow(tracker, world, 5, hidden=[0])
        (lost,) = tracker.picture(now=at(world.seconds)).tracks
        assert lost.track_id == seen.track_id
        assert lost.status.value == "predicted, not observed"
        assert lost.last_observed_at <= at(14.0)
        sigmas.append(sigma_m(lost))
    assert sigmas == sorted(sigmas)
    assert sigmas[-1] > 2.0 * sigmas[0]


def test_a_track_that_nobody_can_see_is_predicted_from_the_clock_alone() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=0.0)
    follow(tracker, world, 15)
    (track,) = tracker.picture(now=at(60.0)).tracks
    assert track.status is TrackStatus.PREDICTED
    assert track.at == at(60.0)
    world.move(60.0 - world.seconds)
    apart = np.linalg.norm(np.array(track.position_ecef_m) - world.states[0, :3])
    assert apart < 4.0 * sigma_m(track)


def test_a_lost_track_that_is_seen_again_is_the_same_track() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=5.0)
    follow(tracker, world, 15)
    follow(tracker, world, 8, hidden=[0])
    follow(tracker, world, 4)
    (track,) = tracker.picture(now=at(world.seconds)).tracks
    assert track.track_id == "XA-1/T0001"
    assert track.status is TrackStatus.OBSERVED


def test_a_track_unseen_for_too_long_is_dropped_and_told_so_once() -> None:
    tracker = new_tracker(settings=TrackerSettings(maximum_coast_s=20.0))
    world = World(arcs(1), clutter=0.0)
    follow(tracker, world, 15)
    late = at(world.seconds + 30.0)
    assert [track.status for track in tracker.picture(now=late).tracks] == [TrackStatus.DROPPED]
    assert tracker.picture(now=late).tracks == ()


def test_a_track_that_a_radar_should_see_and_does_not_loses_its_credit() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=5.0)
    follow(tracker, world, 4)
    follow(tracker, world, 15, hidden=[0])
    assert [track.status for track in tracker.picture(now=at(world.seconds)).tracks] == [
        TrackStatus.DROPPED
    ]


def test_a_young_track_outside_the_coverage_keeps_its_credit() -> None:
    """The same object, but the radar can no longer be expected to see it."""
    tracker, world = new_tracker(), World(arcs(1), clutter=0.0)
    follow(tracker, world, 4)
    for picture in pictures_without_looks(tracker.picture, world.seconds):
        assert [track.status for track in picture.tracks] == [TrackStatus.PREDICTED]


def pictures_without_looks(picture_of: object, seconds: float) -> list[TrackPicture]:
    assert callable(picture_of)
    return [picture_of(now=at(seconds + wait)) for wait in (5.0, 10.0, 15.0)]


def accelerated(world: World, acceleration_mps2: float) -> None:
    """Thrust along the velocity over one second, in the middle of two half seconds of flight."""
    world.states = propagate(world.states, 0.5)
    world.states[:, 3:] += acceleration_mps2 * unit(world.states[:, 3:])
    world.states = propagate(world.states, 0.5)
    world.seconds += 1.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_q14_a_path_that_stops_being_ballistic_is_followed_and_says_so(seed: int) -> None:
    """Far past its peak, where no launcher's thrust explains it."""
    falling = propagate(arcs(1, seed=seed), 90.0)
    tracker, world = new_tracker(), World(falling, clutter=10.0, seed=seed)
    follow(tracker, world, 15)
    said = []
    for _ in range(20):
        batch = world.look()
        tracker.process(batch, now=batch.observed_at)
        (track,) = tracker.picture(now=batch.observed_at).tracks
        assert track.track_id == "XA-1/T0001"
        said.append(NOT_BALLISTIC in track.caveats)
        accelerated(world, -40.0)
    assert not said[0]
    assert all(said[8:])
    follow(tracker, world, 45)
    (track,) = tracker.picture(now=at(world.seconds)).tracks
    assert NOT_BALLISTIC not in track.caveats
    assert np.linalg.norm(np.array(track.position_ecef_m) - world.states[0, :3]) < 1_000.0


def test_a_track_that_falls_into_the_air_is_in_reentry_and_less_sure_of_its_way() -> None:
    place = enu_to_ecef([250e3, 0.0, 130e3], SITE.latitude_rad, SITE.longitude_rad, SITE.height_m)
    course = np.array([-1_500.0, 0.0, -1_500.0]) @ enu_axes(SITE.latitude_rad, SITE.longitude_rad)
    world = World(np.concatenate([place, course])[None], clutter=0.0)
    tracker = new_tracker()
    follow(tracker, world, 5)
    (high,) = tracker.picture(now=at(5.0)).tracks
    follow(tracker, world, 25)
    (low,) = tracker.picture(now=at(30.0)).tracks
    (ahead,) = tracker.picture(now=at(62.0)).tracks
    assert (high.phase, low.phase) == (Phase.FREE_FLIGHT, Phase.REENTRY)
    _, in_vacuum = predict(state_of(low), covariance_of(low), np.zeros(1), 32.0)
    assert sigma_m(ahead) > 1.3 * np.sqrt(np.trace(in_vacuum[0, :3, :3]))


def state_of(track: Track) -> NDArray[np.float64]:
    return np.array([track.position_ecef_m + track.velocity_ecef_mps])


def covariance_of(track: Track) -> NDArray[np.float64]:
    upper = np.zeros((6, 6))
    upper[np.triu_indices(6)] = track.covariance
    return np.asarray(upper + upper.T - np.diag(np.diag(upper)))[None]
