"""Times, places and lengths in words."""

from datetime import UTC, datetime
from math import inf, nan, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.console.measures import (
    clock_text,
    date_text,
    duration_text,
    elapsed_text,
    ellipse_text,
    length_km_text,
    percent_text,
    place_deg_text,
    place_text,
)
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.units import UtcNs

AT = UtcNs(1_664_835_724_900_000_000)


@given(st.integers(min_value=0, max_value=253_402_300_799))
def test_date_and_clock_agree_with_the_calendar(second: int) -> None:
    expected = datetime.fromtimestamp(second, tz=UTC)
    at = UtcNs(second * 1_000_000_000 + 999_999_999)
    assert date_text(at) == expected.strftime("%Y-%m-%d").zfill(10)
    assert clock_text(at) == expected.strftime("%H:%M:%SZ")


def test_a_date_before_1970_is_right_too() -> None:
    assert date_text(UtcNs(-1)) == "1969-12-31"
    assert clock_text(UtcNs(-1)) == "23:59:59Z"


def test_elapsed_time_has_a_sign_on_both_sides_of_the_launch() -> None:
    later, earlier = UtcNs(AT + 145_000_000_000), UtcNs(AT - 10_500_000_000)
    assert elapsed_text(later, AT) == "T+02:25"
    assert elapsed_text(earlier, AT) == "T-00:10"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0 s"), (59.9, "59 s"), (60.0, "1 min 00 s"), (724.0, "12 min 04 s")],
)
def test_a_duration_is_in_minutes_and_seconds(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("length_m", "text"),
    [(1_240.0, "1.2"), (9_940.0, "9.9"), (9_960.0, "10"), (4.5e6, "4,500"), (nan, "not known")],
)
def test_a_length_shows_only_digits_that_count(length_m: float, text: str) -> None:
    assert length_km_text(length_m) == text


@pytest.mark.parametrize(
    ("within_m", "text"),
    [(1e3, "35.61N 178.16W"), (2e4, "35.6N 178.2W"), (3e5, "36N 178W")],
)
def test_a_place_shows_no_more_digits_than_are_known(within_m: float, text: str) -> None:
    point = GeoPoint(latitude_rad=radians(35.611), longitude_rad=radians(-178.157))
    assert place_text(point, within_m=within_m) == text


def test_a_place_that_is_no_number_is_not_known() -> None:
    assert "not known" in place_text(GeoPoint(latitude_rad=nan, longitude_rad=0.0))
    assert "not known" in place_text(GeoPoint(latitude_rad=0.0, longitude_rad=inf))


@pytest.mark.parametrize(
    ("longitude_deg", "text"), [(181.5, "1.00S 178.50W"), (-180.0, "1.00S 180.00W")]
)
def test_longitudes_beyond_the_date_line_are_turned_back(longitude_deg: float, text: str) -> None:
    assert place_deg_text(-1.0, longitude_deg) == text


def test_an_ellipse_states_its_probability() -> None:
    ellipse = Ellipse(semi_major_m=14_000.0, semi_minor_m=6_200.0, azimuth_rad=0.3)
    assert ellipse_text(ellipse) == "within 14 x 6.2 km (95 %)"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.86, "86 %"),
        (0.999, ">99 %"),
        (0.001, "<1 %"),
        (1.0, "100 %"),
        (0.0, "0 %"),
        (nan, "probability not known"),
        (1.7, "probability not known"),
    ],
)
def test_a_probability_is_never_rounded_to_certainty(probability: float, text: str) -> None:
    assert percent_text(probability) == text
