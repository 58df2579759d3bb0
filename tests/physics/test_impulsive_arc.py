"""Oracles: closed forms of the ellipse, and shots integrated over the real ellipsoid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.physics.arrays import Floats
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.flight_time_floor import (
    OBLATENESS_MARGIN,
    flight_time_floor_s,
    least_ballistic_apogee_m,
)
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodesic_inverse, geodetic_to_ecef
from bongsu.physics.gravity import MU_M3PS2
from bongsu.physics.impulsive_arc import class_by_energy, impulsive_arc, kepler_arc
from bongsu.physics.propagation import propagate_to_apogee, propagate_to_impact
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass


@pytest.mark.parametrize("apogee_m", [0.01, 1.0, 1_000.0])
def test_a_low_short_arc_is_the_parabola_of_school(apogee_m: float) -> None:
    gravity = MU_M3PS2 / MEAN_RADIUS_M**2
    arc = kepler_arc(apogee_m, 4.0 * apogee_m / MEAN_RADIUS_M)
    assert arc.time_s == pytest.approx(2.0 * np.sqrt(2.0 * apogee_m / gravity), rel=1e-3)
    assert np.degrees(arc.elevation_rad) == pytest.approx(45.0, abs=0.05)
    assert arc.speed_mps == pytest.approx(np.sqrt(4.0 * apogee_m * gravity), rel=1e-3)


def test_half_way_round_at_no_height_is_half_a_circular_orbit() -> None:
    arc = kepler_arc(1.0, np.pi)
    assert arc.time_s == pytest.approx(np.pi * np.sqrt(MEAN_RADIUS_M**3 / MU_M3PS2), rel=1e-6)
    assert arc.speed_mps == pytest.approx(np.sqrt(MU_M3PS2 / MEAN_RADIUS_M), rel=1e-6)


def test_straight_up_takes_the_time_of_a_radial_fall() -> None:
    highest = MEAN_RADIUS_M + 6_248_500.0
    part = MEAN_RADIUS_M / highest
    fall = np.sqrt(highest**3 / (2.0 * MU_M3PS2)) * (
        np.arccos(np.sqrt(part)) + np.sqrt(part * (1.0 - part))
    )
    assert kepler_arc(6_248_500.0, 0.0).time_s == pytest.approx(2.0 * fall, rel=1e-9)


@given(st.floats(10e3, 8_000e3), st.floats(0.0, 2.5), st.floats(0.001, 0.3))
def test_at_one_apogee_a_wider_arc_takes_longer(apogee: float, angle: float, more: float) -> None:
    assert kepler_arc(apogee, angle + more).time_s > kepler_arc(apogee, angle).time_s


def vacuum_shot_s(
    apogee_m: float, range_m: float, latitude_rad: float, bearing_rad: float
) -> float:
    """Flight time over the ellipsoid with J2, by Newton's method on the launch velocity."""
    start, axes = geodetic_to_ecef(latitude_rad, 0.0, 0.0), enu_axes(latitude_rad, 0.0)

    def misses(velocity: Floats) -> tuple[Floats, Floats]:
        state = np.concatenate([np.tile(start, (len(velocity), 1)), velocity @ axes], axis=1)
        up = propagate_to_apogee(state)
        down = propagate_to_impact(up.state_ecef)
        latitude, longitude, _ = ecef_to_geodetic(down.position_ecef_m)
        distance, azimuth, _ = geodesic_inverse(latitude_rad, 0.0, latitude, longitude)
        along = distance * np.cos(azimuth - bearing_rad) - range_m
        across = distance * np.sin(azimuth - bearing_rad)
        return np.stack([up.height_m - apogee_m, along, across], -1), up.time_s + down.time_s

    arc = kepler_arc(apogee_m, range_m / MEAN_RADIUS_M)
    flat = float(arc.speed_mps * np.cos(arc.elevation_rad))
    velocity = np.array(
        [
            flat * np.sin(bearing_rad),
            flat * np.cos(bearing_rad),
            arc.speed_mps * np.sin(arc.elevation_rad),
        ]
    )
    for _ in range(12):
        miss, time = misses(velocity + np.vstack([np.zeros(3), 0.5 * np.eye(3)]))
        if np.max(np.abs(miss[0])) < 0.1:
            return float(time[0])
        velocity = velocity - np.linalg.solve((miss[1:] - miss[0]).T / 0.5, miss[0])
    raise AssertionError("Newton's method did not converge")


@pytest.mark.parametrize(
    ("apogee_km", "range_km"), [(6_248.5, 1_090.0), (970.0, 4_500.0), (1_000.0, 9_000.0)]
)
@pytest.mark.parametrize("latitude_deg", [0.0, 40.0, 80.0])
def test_the_floor_lies_just_below_shots_over_the_real_earth(
    apogee_km: float, range_km: float, latitude_deg: float
) -> None:
    latitude = float(np.radians(latitude_deg))
    for bearing in np.radians([0.0, 90.0, 180.0, 270.0]):
        real = vacuum_shot_s(apogee_km * 1e3, range_km * 1e3, latitude, bearing)
        arc = float(impulsive_arc(apogee_km * 1e3, range_km * 1e3, latitude, bearing).time_s)
        assert arc == pytest.approx(real, rel=OBLATENESS_MARGIN)
        floor = flight_time_floor_s(
            apogee_m=apogee_km * 1e3,
            range_m=range_km * 1e3,
            latitude_rad=latitude,
            bearing_rad=bearing,
        )
        assert 0.985 * real < floor < real


def test_the_arc_of_march_2022_takes_what_was_published_of_it() -> None:
    # 67.9 min on an Earth that stands still, 68.5 min on one that turns, to the east.
    assert kepler_arc(6_248.5e3, 1_090e3 / MEAN_RADIUS_M).time_s / 60 == pytest.approx(
        67.9, abs=0.05
    )
    turning = impulsive_arc(6_248.5e3, 1_090e3, np.radians(39.2), np.radians(65.0))
    assert turning.time_s / 60 == pytest.approx(68.5, abs=0.05)


@settings(max_examples=25)
@given(
    st.floats(50e3, 8_000e3),
    st.floats(100e3, 12_000e3),
    st.floats(-1.5, 1.5),
    st.floats(0.0, 2 * np.pi),
)
def test_without_a_bearing_the_floor_is_that_of_the_quickest_bearing(
    apogee: float, distance: float, latitude: float, bearing: float
) -> None:
    figures = {"apogee_m": apogee, "range_m": distance, "latitude_rad": latitude}
    anywhere = flight_time_floor_s(**figures)
    there = flight_time_floor_s(**figures, bearing_rad=bearing)
    assert anywhere <= there * (1.0 + 1e-5)  # the azimuths are tried at whole degrees


@settings(max_examples=25)
@given(st.floats(50e3, 8_000e3), st.floats(100e3, 12_000e3), st.floats(0.0, 40e3))
def test_rounding_never_raises_the_floor(apogee: float, distance: float, rounding: float) -> None:
    figures = {"apogee_m": apogee, "range_m": distance, "latitude_rad": 0.7}
    rounded = flight_time_floor_s(
        **figures, apogee_rounding_m=rounding, range_rounding_m=2 * rounding
    )
    assert rounded <= flight_time_floor_s(**figures) + 1e-9


def test_a_floor_without_height_or_beyond_the_earth_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="no floor"):
        flight_time_floor_s(apogee_m=0.0, range_m=1e6, latitude_rad=0.7)
    with pytest.raises(LocalMisuse, match="no floor"):
        flight_time_floor_s(apogee_m=1e6, range_m=3e7, latitude_rad=0.7)


def test_the_least_ballistic_apogee_grows_with_the_range() -> None:
    # 0.6 of 45 degrees: tan(27 degrees) / 4 of a short range.
    assert least_ballistic_apogee_m(100e3) == pytest.approx(
        100e3 * np.tan(np.radians(27.0)) / 4.0, rel=0.02
    )
    assert least_ballistic_apogee_m(1_000e3) == pytest.approx(122e3, rel=0.03)


@pytest.mark.parametrize(
    ("apogee_km", "range_km", "object_class"),
    [
        (100.0, 350.0, ObjectClass.SRBM),
        (260.0, 1_050.0, ObjectClass.MRBM),
        (970.0, 4_500.0, ObjectClass.IRBM),
        (2_802.0, 933.0, ObjectClass.ICBM),
        (12_000.0, 5_000.0, ObjectClass.ICBM),
    ],
)
def test_the_energy_of_a_flight_tells_its_class(
    apogee_km: float, range_km: float, object_class: ObjectClass
) -> None:
    assert class_by_energy(apogee_km * 1e3, range_km * 1e3) is object_class
