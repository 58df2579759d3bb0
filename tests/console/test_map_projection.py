"""Places on the page."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.console.map_projection import (
    MEAN_RADIUS_KM,
    Projection,
    centred_on,
    destination_deg,
    ellipse_deg,
    view_of,
)

LATITUDES = st.floats(min_value=-80.0, max_value=80.0)
LONGITUDES = st.floats(min_value=-180.0, max_value=180.0)


@given(LATITUDES, LONGITUDES, st.floats(0.0, 359.0), st.floats(1.0, 15_000.0))
def test_distances_and_bearings_from_the_centre_are_true(
    latitude_deg: float, longitude_deg: float, azimuth_deg: float, distance_km: float
) -> None:
    there = destination_deg(latitude_deg, longitude_deg, azimuth_deg, distance_km)
    projection = Projection(centre_latitude_deg=latitude_deg, centre_longitude_deg=longitude_deg)
    (x, y), *_ = projection.project(*there)
    assert np.hypot(x, y) == pytest.approx(distance_km, rel=1e-6, abs=1e-3)
    expected = distance_km * np.array(
        [np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg))]
    )
    assert np.allclose([x, y], expected, atol=2e-3 * distance_km)


def test_the_centre_itself_is_the_origin() -> None:
    projection = Projection(centre_latitude_deg=40.0, centre_longitude_deg=150.0)
    assert np.allclose(projection.project(40.0, 150.0), [[0.0, 0.0]])


def test_a_track_across_the_date_line_stays_in_one_piece() -> None:
    longitudes = np.array([165.0, 172.0, 179.0, -174.0, -167.0])
    latitudes = np.full(5, 36.0)
    view = view_of(latitudes, longitudes, width_px=800, height_px=400, padding=0.1)
    x = view.place(latitudes, longitudes)[:, 0]
    assert np.all(np.diff(x) > 0)
    assert abs(view.projection.centre_longitude_deg) == pytest.approx(179.0, abs=0.1)


def test_a_view_holds_every_place_with_its_padding() -> None:
    latitudes, longitudes = np.array([40.6, 35.5, 42.0]), np.array([126.4, 178.2, 139.5])
    view = view_of(latitudes, longitudes, width_px=1000, height_px=500, padding=0.1)
    for position in view.place(latitudes, longitudes):
        assert view.holds(position, margin_px=49.0)
    assert not view.holds(np.array([-1.0, 5.0]))


def test_north_is_up_and_east_is_right() -> None:
    view = view_of([30.0, 40.0], [130.0, 140.0], width_px=300, height_px=300, padding=0.1)
    south_west, north_east = view.place([30.0, 40.0], [130.0, 140.0])
    assert north_east[0] > south_west[0]
    assert north_east[1] < south_west[1]


def test_a_single_place_has_a_view_of_a_few_km() -> None:
    view = view_of([40.0], [130.0], width_px=200, height_px=200, padding=0.1)
    low_x, high_x, _, _ = view.box_km
    assert 4.0 <= high_x - low_x <= 6.0


def test_the_middle_of_places_round_the_pole_is_near_the_pole() -> None:
    projection = centred_on([80.0, 80.0, 80.0], [0.0, 120.0, -120.0])
    assert projection.centre_latitude_deg == pytest.approx(90.0, abs=0.1)


def test_an_ellipse_has_its_axes_and_its_direction() -> None:
    latitude, longitude = ellipse_deg(
        0.0, 0.0, semi_major_km=100.0, semi_minor_km=40.0, azimuth_deg=90.0, points=360
    )
    outline = Projection(centre_latitude_deg=0.0, centre_longitude_deg=0.0).project(
        latitude, longitude
    )
    assert outline[:, 0].max() == pytest.approx(100.0, rel=1e-3)
    assert outline[:, 1].max() == pytest.approx(40.0, rel=1e-3)
    assert np.hypot(*outline.T).min() == pytest.approx(40.0, rel=1e-3)


def test_one_degree_of_latitude_is_as_long_as_the_sphere_says() -> None:
    latitude, _ = destination_deg(10.0, 20.0, 0.0, np.radians(1.0) * MEAN_RADIUS_KM)
    assert float(latitude) == pytest.approx(11.0)
