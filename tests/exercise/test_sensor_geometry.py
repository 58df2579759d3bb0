from math import pi, radians

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skyfield.api import load, wgs84
from skyfield.toposlib import ITRSPosition
from skyfield.units import Distance

from bongsu.exercise.sensor_geometry import behind_earth, in_sight, measured_exactly
from bongsu.physics.arrays import Floats
from bongsu.physics.frames import enu_to_ecef
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NationId, SensorId

latitudes = st.floats(-89.0, 89.0)
longitudes = st.floats(-180.0, 180.0)


def radar(
    *,
    latitude_deg: float = 36.5,
    longitude_deg: float = 127.5,
    height_m: float = 500.0,
    maximum_range_m: float = 2e6,
    minimum_elevation_deg: float = 3.0,
) -> SensorSite:
    return SensorSite(
        sensor_id=SensorId("KR-RADAR-1"),
        nation=NationId("KR"),
        kind=SensorKind.RADAR,
        latitude_rad=radians(latitude_deg),
        longitude_rad=radians(longitude_deg),
        height_m=height_m,
        sigmas=(30.0, 1e-3, 1e-3),
        scan_interval_s=1.0,
        detection_probability=1.0,
        maximum_range_m=maximum_range_m,
        minimum_elevation_rad=radians(minimum_elevation_deg),
    )


def infrared(*, longitude_deg: float = 105.0) -> SensorSite:
    return SensorSite(
        sensor_id=SensorId("US-IR-1"),
        nation=NationId("US"),
        kind=SensorKind.INFRARED,
        latitude_rad=0.0,
        longitude_rad=radians(longitude_deg),
        height_m=35_786e3,
        sigmas=(30e-6, 30e-6),
        scan_interval_s=1.0,
        detection_probability=1.0,
        cloud_height_m=10e3,
    )


def position(latitude_deg: float, longitude_deg: float, height_m: float) -> Floats:
    return geodetic_to_ecef(radians(latitude_deg), radians(longitude_deg), height_m)


def lowest_height_m(viewer: Floats, target: Floats) -> float:
    """Independent of the scaled sphere: walk along the line and look how high it is."""
    part = np.linspace(0.0, 1.0, 20_001)[1:-1, None]
    return float(ecef_to_geodetic(viewer + part * (target - viewer))[2].min())


@settings(max_examples=40, deadline=None)
@given(latitudes, longitudes, latitudes, longitudes, st.floats(100e3, 3e6))
def test_a_line_of_sight_is_blocked_exactly_where_it_runs_below_the_ellipsoid(
    latitude: float, longitude: float, far_latitude: float, far_longitude: float, height_m: float
) -> None:
    viewer = position(latitude, longitude, 1_000.0)
    target = position(far_latitude, far_longitude, height_m)
    lowest = lowest_height_m(viewer, target)
    if abs(lowest) > 10.0:  # the walk's own step
        assert bool(behind_earth(viewer, target[None])[0]) == (lowest < 0.0)


@settings(max_examples=40, deadline=None)
@given(latitudes, longitudes, st.floats(-pi, pi), st.floats(-0.3, 1.5), st.floats(1e3, 3e6))
def test_a_radar_measures_what_an_independent_program_gives(
    latitude: float, longitude: float, azimuth: float, elevation: float, range_m: float
) -> None:
    level = range_m * np.cos(elevation)
    east_north_up = np.array(
        [level * np.sin(azimuth), level * np.cos(azimuth), range_m * np.sin(elevation)]
    )
    target = enu_to_ecef(east_north_up, radians(latitude), radians(longitude), 500.0)
    site = radar(latitude_deg=latitude, longitude_deg=longitude)
    distance, measured_azimuth, measured_elevation = measured_exactly(site, target[None])[0]

    at = load.timescale(builtin=True).utc(2022, 10, 3, 22, 30)
    here = wgs84.latlon(latitude, longitude, elevation_m=500.0)
    up, east, away = (ITRSPosition(Distance(m=target)) - here).at(at).altaz()
    assert distance == pytest.approx(away.m, abs=1e-3)
    assert measured_elevation == pytest.approx(up.radians, abs=1e-8)
    turn = np.remainder(measured_azimuth - east.radians + pi, 2 * pi) - pi
    assert turn * np.cos(measured_elevation) == pytest.approx(0.0, abs=1e-8)


def test_an_infrared_sensor_measures_zero_at_its_nadir_and_east_and_north_from_there() -> None:
    site = infrared(longitude_deg=105.0)
    below, east, north = (
        position(0.0, 105.0, 0.0),
        position(0.0, 115.0, 20e3),
        position(20.0, 105.0, 20e3),
    )
    angles = measured_exactly(site, np.array([below, east, north]))
    assert angles[0] == pytest.approx([0.0, 0.0], abs=1e-12)
    # On the equator the Earth is a circle: the law of sines gives the angle from the nadir.
    radius, orbit = 6_398_137.0, 42_164_137.0
    expected = np.arctan2(radius * np.sin(radians(10)), orbit - radius * np.cos(radians(10)))
    assert angles[1] == pytest.approx([expected, 0.0], abs=1e-9)
    assert angles[2][0] == pytest.approx(0.0, abs=1e-12)
    assert angles[2][1] > 0.0


def test_a_radar_sees_nothing_below_its_lowest_elevation_or_beyond_its_range() -> None:
    site = radar(minimum_elevation_deg=3.0, maximum_range_m=1e6)
    low = [1e5 * np.cos(radians(2.9)), 0.0, 1e5 * np.sin(radians(2.9))]
    high = [1e5 * np.cos(radians(3.1)), 0.0, 1e5 * np.sin(radians(3.1))]
    far = [0.0, 1.001e6 * np.cos(radians(45)), 1.001e6 * np.sin(radians(45))]
    targets = enu_to_ecef(
        np.array([low, high, far]), site.latitude_rad, site.longitude_rad, site.height_m
    )
    assert in_sight(site, targets, np.zeros(3, np.bool_)).tolist() == [False, True, False]


def test_a_high_radar_that_may_look_down_still_does_not_see_through_the_earth() -> None:
    site = radar(height_m=10_000.0, minimum_elevation_deg=-5.0)
    dip = np.arccos(6_378_137.0 / 6_388_137.0)  # of the sea's horizon seen from 10 km
    depressions = np.array([0.9, 1.1]) * dip
    rays = 600e3 * np.stack([np.zeros(2), np.cos(depressions), -np.sin(depressions)], axis=-1)
    targets = enu_to_ecef(rays, site.latitude_rad, site.longitude_rad, site.height_m)
    assert in_sight(site, targets, np.zeros(2, np.bool_)).tolist() == [True, False]


def test_a_site_below_the_ellipsoid_still_sees_the_sky() -> None:
    site = radar(height_m=-80.0, minimum_elevation_deg=1.0)
    overhead = enu_to_ecef(
        np.array([[0.0, 1e5, 1e5]]), site.latitude_rad, site.longitude_rad, site.height_m
    )
    assert in_sight(site, overhead, np.zeros(1, np.bool_)).tolist() == [True]


def test_infrared_sees_burning_above_the_clouds_on_its_side_of_the_earth_and_nothing_else() -> None:
    targets = np.array(
        [
            position(40.6, 126.4, 20e3),
            position(40.6, 126.4, 20e3),
            position(40.6, 126.4, 9e3),
            position(40.6, -60.0, 20e3),
            position(0.0, 105.0, 36_000e3),
        ]
    )
    burning = np.array([True, False, True, True, True])
    seen = in_sight(infrared(), targets, burning)
    assert seen.tolist() == [True, False, False, False, False]


def test_what_is_not_in_the_air_is_not_in_sight() -> None:
    gone = np.full((2, 3), np.nan)
    assert not in_sight(radar(), gone, np.ones(2, np.bool_)).any()
    assert not in_sight(infrared(), gone, np.ones(2, np.bool_)).any()
