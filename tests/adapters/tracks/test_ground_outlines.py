"""Areas on the ground, held against shapely, and lengths against the inverse problem."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.adapters.tracks.ground_outlines import (
    ellipse_outline,
    fan_outline,
    pieces_of_area,
    pieces_of_line,
)
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.vocabulary.estimates import Ellipse, Fan, GeoPoint


def ellipse(size_m: float = 50e3, *, azimuth_rad: float = 0.6) -> Ellipse:
    return Ellipse(semi_major_m=size_m, semi_minor_m=size_m / 5.0, azimuth_rad=azimuth_rad)


def fan(*, half_width_rad: float = 0.4, nearest_m: float = 100e3) -> Fan:
    return Fan(
        origin=GeoPoint(latitude_rad=0.7, longitude_rad=2.2),
        azimuth_rad=1.5,
        half_width_rad=half_width_rad,
        minimum_range_m=nearest_m,
        maximum_range_m=900e3,
    )


def test_an_ellipse_is_as_long_and_lies_as_it_was_stated() -> None:
    point = GeoPoint(latitude_rad=0.6, longitude_rad=2.0)
    longitude, latitude = np.radians(ellipse_outline(point, ellipse())).T
    distance, azimuth, _ = geodesic_inverse(0.6, 2.0, latitude, longitude)
    assert distance.max() == pytest.approx(50e3, rel=1e-6)
    assert distance.min() == pytest.approx(10e3, rel=1e-6)
    assert azimuth[distance.argmax()] % np.pi == pytest.approx(0.6, abs=1e-6)
    # An outline of 72 places inside an ellipse of 50 by 10 km, on a sphere of 6,371 km.
    area = shapely.Polygon(ellipse_outline(point, ellipse())).area
    metres = np.radians(1.0) ** 2 * 6.371e6**2 * np.cos(0.6)
    assert area * metres == pytest.approx(np.pi * 50e3 * 10e3, rel=0.01)


@settings(max_examples=200, deadline=None)
@given(
    latitude=st.floats(-1.3, 1.3),
    longitude=st.floats(-np.pi, np.pi),
    azimuth=st.floats(0.0, np.pi),
    size_m=st.floats(100.0, 500e3),
)
def test_every_area_is_valid_closed_and_cut_where_a_map_ends(
    latitude: float, longitude: float, azimuth: float, size_m: float
) -> None:
    point = GeoPoint(latitude_rad=latitude, longitude_rad=longitude)
    pieces = pieces_of_area(ellipse_outline(point, ellipse(size_m, azimuth_rad=azimuth)))
    assert 1 <= len(pieces) <= 2
    shapes = [shapely.Polygon(piece) for piece in pieces]
    for piece, shape in zip(pieces, shapes, strict=True):
        assert (piece[0] == piece[-1]).all()
        assert np.abs(piece[:, 0]).max() <= 180.0
        assert shape.is_valid
        assert shape.area == 0.0 or shape.exterior.is_ccw
    center = shapely.Point(np.degrees(longitude), np.degrees(latitude))
    assert min(shape.distance(center) for shape in shapes) < 1e-9


def test_an_area_across_the_antimeridian_has_a_piece_on_either_side() -> None:
    point = GeoPoint(latitude_rad=0.6, longitude_rad=np.pi - 1e-4)
    west, east = sorted(
        pieces_of_area(ellipse_outline(point, ellipse())), key=lambda piece: piece[0, 0]
    )
    assert west[:, 0].min() == -180.0
    assert west[:, 0].max() < -179.0
    assert east[:, 0].max() == 180.0
    assert east[:, 0].min() > 179.0


def test_an_area_round_a_pole_holds_the_pole() -> None:
    for pole in (np.pi / 2.0, -np.pi / 2.0):
        point = GeoPoint(latitude_rad=pole * 0.995, longitude_rad=1.0)
        pieces = pieces_of_area(
            ellipse_outline(point, Ellipse(semi_major_m=2e5, semi_minor_m=2e5, azimuth_rad=0.0))
        )
        shape = shapely.union_all([shapely.Polygon(piece) for piece in pieces])
        assert shape.is_valid
        assert shape.covers(
            shapely.LineString([(-180.0, np.degrees(pole)), (180.0, np.degrees(pole))])
        )


@pytest.mark.parametrize("half_width_rad", [0.1, 1.5, 3.0, np.pi, 4.0])
@pytest.mark.parametrize("nearest_m", [0.0, 100e3])
def test_a_fan_is_a_valid_area_that_holds_its_middle(
    half_width_rad: float, nearest_m: float
) -> None:
    one = fan(half_width_rad=half_width_rad, nearest_m=nearest_m)
    outline = fan_outline(one)
    shape = shapely.Polygon(outline)
    assert shape.is_valid
    assert shape.exterior.is_ccw
    distance, _, _ = geodesic_inverse(0.7, 2.2, *np.radians(outline[:, ::-1]).T)
    assert distance.max() == pytest.approx(900e3, rel=1e-6)


def test_a_line_is_cut_where_a_map_ends_and_not_led_round_the_world() -> None:
    line = np.array([[178.0, 10.0, 5e3], [179.0, 11.0, 6e3], [-179.0, 13.0, 8e3]])
    first, second = pieces_of_line(line)
    assert first[-1].tolist() == [180.0, 12.0, 7e3]
    assert second[0].tolist() == [-180.0, 12.0, 7e3]
    assert len(pieces_of_line(line[:2])) == 1
