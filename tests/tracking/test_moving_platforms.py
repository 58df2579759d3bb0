"""Radars on a ship and on a satellite: the same tracks as from the ground."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import SITE, arcs, at, batch_of, new_tracker, seen_from

from bongsu.physics.frames import enu_axes, enu_to_ecef
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.propagation import propagate
from bongsu.tracking.intake.door import Refusal
from bongsu.tracking.radar.measurement import radar_of, radar_on
from bongsu.tracking.radar.range_rate import expected_range_rates
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import Platform
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import SensorId

Floats = NDArray[np.float64]
SHIP = replace(SITE, greatest_speed_mps=20.0, sigma_range_rate_mps=2.0)
SATELLITE = replace(SHIP, greatest_speed_mps=8_000.0, minimum_elevation_rad=-1.4)
SCANS = 15


def start_of(site: SensorSite) -> Floats:
    """A ship at the site on its way north-east, or a satellite above it on its way east."""
    axes = enu_axes(SITE.latitude_rad, SITE.longitude_rad)
    offset, course = np.zeros(3), np.array([12.0, 12.0, 0.0])
    if site is SATELLITE:
        offset, course = np.array([200e3, 0.0, 500e3]), np.array([7_000.0, 500.0, 0.0])
    place = enu_to_ecef(offset, SITE.latitude_rad, SITE.longitude_rad, SITE.height_m)
    return np.concatenate([place, course @ axes])


def moved(site: SensorSite, state: Floats, seconds: float) -> Floats:
    if site is SATELLITE:
        return np.asarray(propagate(state, seconds))
    return np.concatenate([state[:3] + seconds * state[3:], state[3:]])


def platform(state: Floats) -> Platform:
    x, y, z, u, v, w = state.tolist()
    return Platform(position_ecef_m=(x, y, z), velocity_ecef_mps=(u, v, w))


def seen(site: SensorSite, eye: Floats, states: Floats, rng: np.random.Generator) -> Floats:
    """Plots with range rates from where the platform is, by geometry of their own."""
    latitude, longitude, height = (float(part) for part in ecef_to_geodetic(eye[:3]))
    there = replace(site, latitude_rad=latitude, longitude_rad=longitude, height_m=height)
    exact = seen_from(there, states)
    later, after = states + 0.0, eye + 0.0
    later[:, :3] += 0.01 * states[:, 3:]
    after[:3] += 0.01 * eye[3:]
    before_m = np.linalg.norm(states[:, :3] - eye[:3], axis=1)
    rates = (np.linalg.norm(later[:, :3] - after[:3], axis=1) - before_m) / 0.01
    plots = np.concatenate([exact, rates[:, None]], axis=1)
    return np.asarray(plots + rng.standard_normal(plots.shape) * np.array([*site.sigmas, 2.0]))


def followed(site: SensorSite) -> tuple[Tracker, Floats, Floats]:
    """Three objects, seen each second; the tracker, the truth and the platform at the end."""
    tracker, states, eye = new_tracker(site), arcs(3), start_of(site)
    rng = np.random.default_rng(8)
    for second in range(SCANS):
        if second:
            states, eye = propagate(states, 1.0), moved(site, eye, 1.0)
        plots = seen(site, eye, states, rng)
        batch = batch_of(site, plots, sequence=second + 1, seconds=float(second))
        tracker.process(replace(batch, platform=platform(eye)), now=batch.observed_at)
    return tracker, states, eye


@pytest.mark.parametrize("site", [SHIP, SATELLITE], ids=["ship", "satellite"])
def test_objects_are_tracked_from_a_platform_that_moves(site: SensorSite) -> None:
    tracker, states, _ = followed(site)
    found = tracker.confirmed()
    assert len(found.number) == 3
    assert not tracker.refused
    nearest = np.linalg.norm(found.state[:, None, :3] - states[None, :, :3], axis=2).argmin(axis=1)
    assert sorted(nearest.tolist()) == [0, 1, 2]
    off = found.state - states[nearest]
    nees = np.vecdot(off, np.linalg.solve(found.covariance, off[..., None])[..., 0])
    assert nees.max() < 22.5  # of 6 components, one in a thousand is beyond


def test_what_stands_behind_a_track_says_where_the_platform_was() -> None:
    tracker, _, eye = followed(SATELLITE)
    scan = tracker.picture(now=at(SCANS - 1.0)).scans[-1]
    latitude, longitude, height = (float(part) for part in ecef_to_geodetic(eye[:3]))
    assert scan.latitude_rad == pytest.approx(latitude)
    assert scan.longitude_rad == pytest.approx(longitude)
    assert scan.height_m == pytest.approx(height)


def test_a_range_rate_is_against_the_platform() -> None:
    """A body that flies beside the platform comes no nearer."""
    eye = start_of(SATELLITE)
    beside = eye.copy()
    beside[:3] += np.array([30e3, -10e3, 5e3])
    rates, _ = expected_range_rates(radar_on(platform(eye), radar_of(SATELLITE)), beside[None])
    assert abs(float(rates[0])) < 1e-6


def test_a_place_where_the_platform_cannot_be_costs_its_batch() -> None:
    tracker, states, eye = followed(SHIP)
    before = tracker.confirmed().state
    far = eye.copy()
    far[0] += 300e3
    plots = seen(SHIP, far, states, np.random.default_rng(1))
    batch = batch_of(SHIP, plots, sequence=SCANS + 1, seconds=SCANS - 1.0)
    tracker.process(replace(batch, platform=platform(far)), now=batch.observed_at)
    assert tracker.refused == {Refusal.NOWHERE: 3}
    np.testing.assert_array_equal(tracker.confirmed().state, before)


def test_a_platform_and_a_radar_that_stands_share_their_tracks() -> None:
    """The offsets of the one that stands are sought as ever; none are made up of the other."""
    ground = replace(SITE, sensor_id=SensorId("XA-RADAR-2"), sigma_range_rate_mps=2.0)
    tracker, states, eye = new_tracker(SHIP, ground), arcs(3), start_of(SHIP)
    rng = np.random.default_rng(8)
    for second in range(SCANS):
        if second:
            states, eye = propagate(states, 1.0), moved(SHIP, eye, 1.0)
        still = np.concatenate([start_of(SHIP)[:3], np.zeros(3)])
        for site, where in ((SHIP, eye), (ground, still)):
            plots = seen(site, where, states, rng)
            batch = batch_of(site, plots, sequence=second + 1, seconds=float(second))
            stated = platform(eye) if site is SHIP else None
            tracker.process(replace(batch, platform=stated), now=batch.observed_at)
    assert len(tracker.confirmed().number) == 3
    assert not tracker.refused
    (*_, track) = tracker.picture(now=at(SCANS - 1.0)).tracks
    assert set(track.sensors) == {SHIP.sensor_id, ground.sensor_id}
