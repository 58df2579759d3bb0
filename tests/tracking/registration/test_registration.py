"""Offsets of sensors: found within their sigma, taken out, and never where there are none."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.tracking.fusion.made_up_nations import JAPAN, KOREA, STATES
from tests.tracking.made_up_arcs import Floats, at
from tests.tracking.made_up_boosts import EYE, LONG_SHOT, RADAR, BoostWorld, flown
from tests.tracking.made_up_boosts import at as since_launch
from tests.tracking.registration.made_up_biases import (
    OFFSETS,
    THREE,
    TWO,
    bias_of,
    watched,
    with_offsets,
)

from bongsu.tracking.fall.impact_prediction import forecast, survey
from bongsu.tracking.tracker import ConfirmedTracks, Tracker
from bongsu.vocabulary.sensor import SensorSite

SEEDS = range(6)
FOUND, LEFT_IN, UNBIASED = "found", "left in", "unbiased"


def errors_of(tracks: ConfirmedTracks, truth: Floats) -> Floats:
    """State errors (n, 6) of tracks against the nearest objects (m, 6)."""
    apart = np.linalg.norm(tracks.state[:, None, :3] - truth[None, :, :3], axis=2)
    return np.asarray(tracks.state - truth[apart.argmin(axis=1)])


def falls_m(tracks: ConfirmedTracks, truth: Floats) -> Floats:
    """How far the tracks' predicted places of impact lie from where the objects come down."""
    nearest = np.linalg.norm(tracks.state[:, None, :3] - truth[None, :, :3], axis=2).argmin(axis=1)
    tight = np.tile(np.eye(6), (len(tracks.state), 1, 1))
    places = [
        forecast(state, tight, survey(state)).places_ecef_m()
        for state in (tracks.state, truth[nearest])
    ]
    return np.asarray(np.linalg.norm(places[0] - places[1], axis=1))


@cache
def outcome(how: str, sites: tuple[SensorSite, ...]) -> tuple[float, float]:
    """RMS distance of predicted impacts from the true ones, m, and mean NEES of the states."""
    squared, nees = [], []
    for seed in SEEDS:
        offsets = {} if how == UNBIASED else {KOREA.sensor_id: OFFSETS}
        if how == LEFT_IN:
            tracks, truth = unregistered(seed, sites)
        else:
            tracker, world = watched(offsets, sites=sites, seed=seed)
            tracks, truth = tracker.confirmed(), world.states
        squared += (falls_m(tracks, truth) ** 2).tolist()
        error = errors_of(tracks, truth)
        nees += np.vecdot(
            error, np.linalg.solve(tracks.covariance, error[..., None])[..., 0]
        ).tolist()
    return float(np.sqrt(np.mean(squared))), float(np.mean(nees))


def unregistered(seed: int, sites: tuple[SensorSite, ...]) -> tuple[ConfirmedTracks, Floats]:
    """As before offsets were looked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bongsu.tracking.registration.registration.MAXIMUM_WINDOWS", 0)
        tracker, world = watched({KOREA.sensor_id: OFFSETS}, sites=sites, seed=seed)
    return tracker.confirmed(), world.states


@pytest.mark.parametrize("sites", [TWO, THREE])
@pytest.mark.parametrize("seed", SEEDS)
def test_offsets_of_a_radar_are_found_within_three_sigma_and_taken_out(
    seed: int, sites: tuple[SensorSite, ...]
) -> None:
    tracker, world = watched({KOREA.sensor_id: OFFSETS}, sites=sites, seed=seed)
    bias = bias_of(tracker, world, KOREA)
    assert np.all(np.abs(np.array(bias.offsets) - OFFSETS) < 3.0 * np.array(bias.sigmas))
    assert bias.taken_out
    assert bias.suspicion is None
    left = np.abs(np.array(bias.correction) - OFFSETS)
    assert np.all(left < (60.0, 0.6e-3, 1.0e-3))
    for site in sites[1:]:
        other = bias_of(tracker, world, site)
        assert np.all(np.abs(other.offsets) < 3.0 * np.array(other.sigmas))
        assert not other.taken_out


def test_predicted_impacts_are_nearly_as_good_as_without_offsets() -> None:
    """With three radars within half as much again; ten times as far off where they stay in."""
    found_m, nees = outcome(FOUND, THREE)
    left_in_m, _ = outcome(LEFT_IN, THREE)
    unbiased_m, _ = outcome(UNBIASED, THREE)
    assert found_m < 1.5 * unbiased_m
    assert left_in_m > 10.0 * unbiased_m
    assert nees < 9.0  # 6 expected


def test_two_radars_know_less_of_each_other_and_still_help() -> None:
    found_m, nees = outcome(FOUND, TWO)
    left_in_m, _ = outcome(LEFT_IN, TWO)
    assert found_m < 0.5 * left_in_m
    assert nees < 9.0


@pytest.mark.parametrize("sites", [TWO, THREE])
@pytest.mark.parametrize("seed", SEEDS)
def test_where_no_radar_has_offsets_none_are_taken_out_and_nobody_is_suspected(
    seed: int, sites: tuple[SensorSite, ...]
) -> None:
    tracker, _ = watched({}, sites=sites, seed=seed)
    biases = tracker.picture(now=at(120.0)).biases
    assert len(biases) == len(sites)
    assert not any(bias.taken_out or bias.suspicion for bias in biases)


def test_a_radar_that_is_alone_is_taken_at_its_word() -> None:
    tracker, _ = watched({KOREA.sensor_id: OFFSETS}, sites=(KOREA,))
    assert tracker.picture(now=at(120.0)).biases == ()


def test_a_silence_of_hours_with_windows_open_stops_nothing() -> None:
    tracker, world = watched({}, scans=20)
    late = replace(world.look(KOREA), observed_at=at(40_000.0))
    tracker.process(late, now=late.observed_at)
    assert not tracker.refused
    assert tracker.picture(now=at(40_000.0)).biases == ()


def test_radars_that_never_see_the_same_object_say_nothing_of_each_other() -> None:
    blind = replace(STATES, maximum_range_m=1_000.0)
    tracker, _ = watched({KOREA.sensor_id: OFFSETS}, sites=(KOREA, blind))
    assert tracker.picture(now=at(120.0)).biases == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_liar_whose_offset_grows_is_named_and_not_followed(seed: int) -> None:
    def growing(seconds: float) -> Floats:
        return np.array([0.0, max(seconds - 40.0, 0.0) * 5e-5, 0.0])

    tracker, world = watched({KOREA.sensor_id: growing}, seed=seed, scans=140)
    liar = bias_of(tracker, world, KOREA)
    assert liar.suspicion is not None
    assert "not followed" in liar.suspicion
    assert np.abs(liar.correction[1]) < 1e-3  # it lies by 5 mrad at the end
    for honest in (STATES, JAPAN):
        assert bias_of(tracker, world, honest).suspicion is None


def test_of_two_that_part_nobody_can_tell_who_lies_and_both_are_named() -> None:
    def growing(seconds: float) -> Floats:
        return np.array([0.0, max(seconds - 40.0, 0.0) * 5e-5, 0.0])

    tracker, world = watched({KOREA.sensor_id: growing}, sites=TWO, scans=140)
    for site in TWO:
        words = bias_of(tracker, world, site).suspicion
        assert words is not None
        assert words.startswith("one of XK-RADAR-1, XU-RADAR-1")


def test_where_an_infrared_sensor_points_beside_it_is_found_by_a_radar_that_sees_the_burn() -> None:
    near = replace(RADAR, latitude_rad=np.radians(38.5), longitude_rad=np.radians(129.5))
    beside = np.array([100e-6, -80e-6])
    flights = [(flown(LONG_SHOT, seed), 100.0 * seed) for seed in range(3)]
    world = BoostWorld(flights=flights, sites=(EYE, near), seed=1)
    tracker = Tracker((EYE, near), name="XA-1")
    for batch in world.batches(400.0):
        if batch.sensor_id == EYE.sensor_id:
            batch = with_offsets(batch, beside)
        tracker.process(batch, now=batch.observed_at)
    [eye] = [
        bias
        for bias in tracker.picture(now=since_launch(400.0)).biases
        if bias.sensor_id == EYE.sensor_id
    ]
    assert eye.taken_out
    assert np.all(np.abs(np.array(eye.offsets) - beside) < 3.0 * np.array(eye.sigmas))
    assert np.all(np.array(eye.sigmas) < 15e-6)
