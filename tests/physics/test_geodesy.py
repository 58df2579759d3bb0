"""Oracles: NGS and GA test lines, GeographicLib's documentation, Vallado, skyfield."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyfield.api import wgs84

from bongsu.physics.geodesy import (
    EQUATORIAL_RADIUS_M,
    POLAR_RADIUS_M,
    climb_mps,
    ecef_to_geodetic,
    geodesic_direct,
    geodesic_inverse,
    geodetic_to_ecef,
    height_above_ellipsoid_m,
)
from bongsu.vocabulary.errors import LocalMisuse

LATITUDES = st.floats(-np.pi / 2, np.pi / 2)
LONGITUDES = st.floats(-np.pi, np.pi)


def degrees(d: float, m: float, s: float) -> float:
    return float(np.radians(np.sign(d) * (abs(d) + m / 60 + s / 3600)))


def test_places_agree_with_skyfield_to_a_micrometre() -> None:
    places = [(0.0, 0.0, 0.0), (40.6, 126.4, 35.0), (-77.8, -166.7, 3e5), (89.99, 12.0, -400.0)]
    ours = geodetic_to_ecef(*np.array([(np.radians(a), np.radians(b), h) for a, b, h in places]).T)
    theirs = [wgs84.latlon(a, b, elevation_m=h).itrs_xyz.m for a, b, h in places]
    np.testing.assert_allclose(ours, theirs, rtol=0.0, atol=1e-6)


def test_vallados_satellite_has_its_latitude_longitude_and_height() -> None:
    # Fundamentals of Astrodynamics, example 3-3 (its radius is 0.7 m larger than WGS 84).
    position = np.array([6_524_834.0, 6_862_875.0, 6_448_296.0])
    latitude, longitude, height = ecef_to_geodetic(position)
    assert np.degrees(latitude) == pytest.approx(34.352496, abs=1e-5)
    assert np.degrees(longitude) == pytest.approx(46.4464, abs=1e-4)
    assert height == pytest.approx(5_085_220.0, abs=10.0)


@given(LATITUDES, LONGITUDES, st.floats(-10e3, 1e8))
def test_a_place_survives_the_way_to_ecef_and_back(
    latitude: float, longitude: float, height: float
) -> None:
    position = geodetic_to_ecef(latitude, longitude, height)
    back = geodetic_to_ecef(*ecef_to_geodetic(position))
    np.testing.assert_allclose(back, position, rtol=0.0, atol=1e-6 + 1e-14 * abs(height))


@given(LATITUDES, LONGITUDES, st.floats(0.0, 2e7))
def test_the_quick_height_is_within_six_millionths_of_the_geodetic_one(
    latitude: float, longitude: float, height: float
) -> None:
    quick = height_above_ellipsoid_m(geodetic_to_ecef(latitude, longitude, height))
    assert quick == pytest.approx(height, abs=1e-6 + 6e-6 * height)


def test_climb_is_the_change_of_height() -> None:
    position = geodetic_to_ecef(np.radians([0.0, 40.0, -80.0]), [0.3, 2.0, -3.0], 3e5)
    velocity = np.array([[5e3, 1e3, 2e3], [-4e3, 6e3, 100.0], [10.0, 20.0, -7e3]])
    later, earlier = position + 0.5 * velocity, position - 0.5 * velocity
    change = height_above_ellipsoid_m(later) - height_above_ellipsoid_m(earlier)
    np.testing.assert_allclose(climb_mps(position, velocity), change, rtol=1e-6, atol=1e-3)


def test_the_australian_test_line_comes_out_to_a_tenth_of_a_millimetre() -> None:
    # Flinders Peak to Buninyong, Geoscience Australia, GDA technical manual (GRS 80).
    flinders = degrees(-37, 57, 3.72030), degrees(144, 25, 29.52440)
    buninyong = degrees(-37, 39, 10.15610), degrees(143, 55, 35.38390)
    distance, start, end = geodesic_inverse(*flinders, *buninyong)
    assert distance == pytest.approx(54_972.271, abs=1e-3)
    assert start % (2 * np.pi) == pytest.approx(degrees(306, 52, 5.37), abs=5e-8)
    # The manual gives the azimuth back to the start.
    assert (end + np.pi) % (2 * np.pi) == pytest.approx(degrees(127, 10, 25.07), abs=5e-8)


@pytest.mark.parametrize(
    ("line_deg", "distance_m", "azimuths_deg"),
    [
        # C. F. F. Karney, GeographicLib documentation.
        ((-41.32, 174.81, 40.96, -5.50), 19_959_679.26735382, (161.06766998615873, 18.825195123)),
        ((40.6, -73.8, 51.6, -0.5), 5_551_759.400, (51.19888284, 107.82177673)),
        # T. Vincenty's anti-podal line, on which his own iteration fails.
        ((0.0, 0.0, 0.5, 179.5), 19_936_288.579, (25.67187286, 154.32712714)),
        # From pole to pole: half a meridian.
        ((90.0, 0.0, -90.0, 0.0), 20_003_931.4586, (180.0, 180.0)),
    ],
)
def test_published_lines_have_their_lengths(
    line_deg: tuple[float, ...], distance_m: float, azimuths_deg: tuple[float, float]
) -> None:
    distance, start, end = geodesic_inverse(*np.radians(line_deg))
    assert distance == pytest.approx(distance_m, abs=1e-3)
    turns = np.degrees([start, end]) - azimuths_deg
    np.testing.assert_allclose(np.sin(np.radians(turns)), 0.0, atol=3e-6)


@given(LATITUDES, LONGITUDES, st.floats(-np.pi, np.pi), st.floats(1.0, 19_900e3))
def test_going_along_a_line_and_measuring_it_agree_to_a_millimetre(
    latitude: float, longitude: float, azimuth: float, distance: float
) -> None:
    end_latitude, end_longitude, _ = geodesic_direct(latitude, longitude, azimuth, distance)
    measured, _, _ = geodesic_inverse(latitude, longitude, end_latitude, end_longitude)
    assert measured <= distance + 1e-3
    if distance < 19_800e3:  # beyond, another line may be shorter
        assert measured == pytest.approx(distance, abs=1e-3)


@given(LATITUDES, LONGITUDES, st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_lines_to_nearly_the_other_side_of_the_earth_end_where_they_should(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    goal = float(np.clip(-latitude + north, -np.pi / 2, np.pi / 2)), longitude + np.pi + east
    distance, azimuth, _ = geodesic_inverse(latitude, longitude, *goal)
    end = geodesic_direct(latitude, longitude, azimuth, distance)
    apart = geodetic_to_ecef(end[0], end[1], 0.0) - geodetic_to_ecef(*goal, 0.0)
    assert np.linalg.norm(apart) < 0.01
    assert distance <= np.pi * EQUATORIAL_RADIUS_M


def test_a_mirrored_line_keeps_its_length_and_mirrors_its_azimuth() -> None:
    near = np.radians([10.0, 20.0, -9.8, -160.3])
    distance, azimuth, _ = geodesic_inverse(*near)
    mirrored, other, _ = geodesic_inverse(-near[0], -near[1], -near[2], -near[3])
    assert mirrored == pytest.approx(distance, abs=1e-6)
    assert np.cos(other) == pytest.approx(-np.cos(azimuth), abs=1e-9)


def test_equal_places_are_no_distance_apart() -> None:
    distance, azimuth, _ = geodesic_inverse(0.7, 2.0, 0.7, 2.0)
    assert (float(distance), float(azimuth)) == (0.0, 0.0)


def test_along_the_equator_a_degree_is_a_degree_of_the_circle() -> None:
    distance, azimuth, _ = geodesic_inverse(0.0, 0.0, 0.0, np.radians(1.0))
    assert distance == pytest.approx(np.radians(1.0) * EQUATORIAL_RADIUS_M, abs=1e-6)
    assert azimuth == pytest.approx(np.pi / 2)
    assert pytest.approx(6_356_752.3142, abs=1e-4) == POLAR_RADIUS_M


def test_a_nan_place_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="NaN"):
        geodesic_inverse(np.nan, 0.0, 0.0, 1.0)
