"""A coarser place: near enough to be of use, and the same for every place in its cell."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bongsu.records.cells import cell, cell_20km, cell_100km
from bongsu.vocabulary.estimates import GeoPoint

LATITUDES = st.floats(-math.pi / 2, math.pi / 2)
LONGITUDES = st.floats(-math.pi, math.pi)


@example(latitude_rad=1.56652, longitude_rad=math.pi, size_m=20e3)  # 27 km from the pole
@given(latitude_rad=LATITUDES, longitude_rad=LONGITUDES, size_m=st.sampled_from([20e3, 100e3]))
def test_a_place_is_at_most_half_a_cells_diagonal_from_the_centre_of_its_cell(
    latitude_rad: float, longitude_rad: float, size_m: float
) -> None:
    place = GeoPoint(latitude_rad=latitude_rad, longitude_rad=longitude_rad)
    apart_m = _distance_m(place, cell(place, size_m=size_m))
    assert apart_m <= size_m * math.sqrt(0.5) * 1.001


@pytest.mark.parametrize("coarser", [cell_20km, cell_100km])
def test_two_places_in_one_cell_cannot_be_told_apart(coarser: object) -> None:
    assert callable(coarser)
    place = GeoPoint(latitude_rad=0.7001, longitude_rad=2.1951)
    near = GeoPoint(latitude_rad=0.7002, longitude_rad=2.1952)
    assert coarser(place) == coarser(near)
    assert coarser(coarser(place)) == coarser(place)


def test_a_larger_cell_says_less() -> None:
    one = GeoPoint(latitude_rad=0.7001, longitude_rad=2.2001)
    other = GeoPoint(latitude_rad=0.7041, longitude_rad=2.2001)  # 25 km north
    assert cell_20km(one) != cell_20km(other)
    assert cell_100km(one) == cell_100km(other)


def _distance_m(one: GeoPoint, other: GeoPoint) -> float:
    """Haversine on the sphere of mean radius."""
    half_north = (other.latitude_rad - one.latitude_rad) / 2
    half_east = (other.longitude_rad - one.longitude_rad) / 2
    root = math.sin(half_north) ** 2 + (
        math.cos(one.latitude_rad) * math.cos(other.latitude_rad) * math.sin(half_east) ** 2
    )
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(root)))
