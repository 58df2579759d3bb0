"""Oracle: skyfield with its built-in time scale (no files)."""

from datetime import UTC, datetime

import numpy as np
import pytest
from skyfield.api import load, wgs84
from skyfield.earthlib import earth_rotation_angle
from skyfield.framelib import true_equator_and_equinox_of_date

from bongsu.physics.frames import (
    EARTH_ROTATION_RADPS,
    earth_rotation_angle_rad,
    ecef_to_eci,
    ecef_to_enu,
    eci_to_ecef,
    enu_axes,
    enu_to_ecef,
)
from bongsu.physics.geodesy import geodesic_direct, geodetic_to_ecef
from bongsu.vocabulary.units import NS_PER_S, UtcNs

INSTANTS = [
    datetime(1984, 4, 9, 3, 0, tzinfo=UTC),
    datetime(2000, 1, 1, 12, 0, tzinfo=UTC),
    datetime(2022, 10, 3, 22, 22, tzinfo=UTC),
    datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC),
]


def utc_ns(instant: datetime) -> UtcNs:
    return UtcNs(int(instant.timestamp()) * NS_PER_S)


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_earth_rotation_angle_is_skyfields_but_for_ut1(instant: datetime) -> None:
    time = load.timescale(builtin=True).from_datetime(instant)
    theirs = earth_rotation_angle(time.ut1) * 2.0 * np.pi
    ut1_rad = float(time.dut1) * EARTH_ROTATION_RADPS
    apart = earth_rotation_angle_rad(utc_ns(instant)) + ut1_rad - theirs
    assert abs(float(time.dut1)) < 0.9
    assert np.sin(apart) == pytest.approx(0.0, abs=1e-8)


def test_the_angle_grows_by_the_rotation_rate() -> None:
    start = utc_ns(INSTANTS[2])
    turned = earth_rotation_angle_rad(UtcNs(start + NS_PER_S)) - earth_rotation_angle_rad(start)
    assert turned == pytest.approx(EARTH_ROTATION_RADPS, rel=1e-6)


def test_a_place_on_the_ground_moves_as_skyfield_says() -> None:
    time = load.timescale(builtin=True).from_datetime(INSTANTS[2])
    place = wgs84.latlon(40.611208, 126.425743, elevation_m=250.0)
    frame = true_equator_and_equinox_of_date
    position, velocity = place.at(time).frame_xyz_and_velocity(frame)
    fixed = geodetic_to_ecef(np.radians(40.611208), np.radians(126.425743), 250.0)
    # Skyfield's axes of date start at the equinox; only this angle tells them from ours.
    sidereal_rad = time.gast / 12.0 * np.pi
    ours = ecef_to_eci(fixed, np.zeros(3), sidereal_rad)
    np.testing.assert_allclose(ours[0], position.m, atol=0.01)
    np.testing.assert_allclose(ours[1], velocity.km_per_s * 1e3, atol=1e-3)


def test_the_way_to_eci_and_back_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    position, velocity = rng.normal(size=(50, 3)) * 7e6, rng.normal(size=(50, 3)) * 7e3
    angle = rng.uniform(0.0, 2.0 * np.pi, 50)
    back = eci_to_ecef(*ecef_to_eci(position, velocity, angle), angle)
    np.testing.assert_allclose(back[0], position, atol=1e-6)
    np.testing.assert_allclose(back[1], velocity, atol=1e-9)


def test_a_geostationary_body_stands_still_in_ecef() -> None:
    radius = (3.986004418e14 / EARTH_ROTATION_RADPS**2) ** (1.0 / 3.0)
    position, velocity = np.array([radius, 0.0, 0.0]), np.array([0.0, 3_074.66, 0.0])
    _, fixed = eci_to_ecef(position, velocity, 0.0)
    np.testing.assert_allclose(fixed, 0.0, atol=0.01)


def test_local_axes_are_orthonormal_and_right_handed() -> None:
    axes = enu_axes(np.linspace(-1.5, 1.5, 7), np.linspace(-3.0, 3.0, 7))
    np.testing.assert_allclose(
        axes @ np.swapaxes(axes, -1, -2), np.tile(np.eye(3), (7, 1, 1)), atol=1e-15
    )
    np.testing.assert_allclose(np.cross(axes[:, 0], axes[:, 1]), axes[:, 2], atol=1e-15)


def test_a_point_down_an_azimuth_is_seen_there() -> None:
    latitude, longitude, azimuth = 0.7, 2.2, np.radians(73.0)
    far = geodesic_direct(latitude, longitude, azimuth, 2_000.0)
    east, north, up = ecef_to_enu(geodetic_to_ecef(far[0], far[1], 0.0), latitude, longitude, 0.0)
    assert np.arctan2(east, north) == pytest.approx(azimuth, abs=1e-6)
    assert np.hypot(east, north) == pytest.approx(2_000.0, abs=0.01)
    assert up == pytest.approx(-(2_000.0**2) / (2 * 6.37e6), abs=0.01)


def test_local_positions_survive_the_way_to_ecef_and_back() -> None:
    offset = np.array([[1e3, -2e3, 3e3], [1e6, 2e6, -3e5]])
    there = enu_to_ecef(offset, 0.6, 2.2, 100.0)
    np.testing.assert_allclose(ecef_to_enu(there, 0.6, 2.2, 100.0), offset, atol=1e-8)
