from dataclasses import replace
from math import atan, degrees, exp, sin

import pytest
from tests.exercise.made_up import FLIGHT_ID, PUBLISHED, SCENARIO
from tests.exercise.made_up_warnings import (
    FIGURES,
    FLIGHT,
    IMPACT,
    JP,
    KR,
    LAUNCH,
    warning,
)

from bongsu.exercise.comparison import ComparisonRow, Estimate, comparison, moments
from bongsu.exercise.flight_figures import way
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.vocabulary.estimates import Ellipse
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.units import NationId

[FLOWN] = parse_scenario(SCENARIO, published=PUBLISHED).flights
BEARING = way(LAUNCH.point, IMPACT.point)[1]
MOMENTS = ["T+60 s", "T+120 s", "burnout", "burnout + 60 s", "end"]


def rows(*versions: LaunchWarning) -> dict[str, ComparisonRow]:
    table = comparison(FLOWN, FIGURES, {KR: versions, JP: ()})
    return {row.quantity: row for row in table}


def said(row: ComparisonRow, nation: NationId = KR) -> dict[str, Estimate]:
    return {str(one.at): one for one in row.estimates if one.nation == nation}


def test_the_truth_stands_beside_what_was_published_and_says_which_figures_were_inputs() -> None:
    table = rows()
    roles = {name: (row.unit, row.published, row.published_role) for name, row in table.items()}
    assert roles == {
        "apogee": ("km", 970.0, "input"),
        "range": ("km", 4_500.0, "input"),
        "flight time": ("s", 1_320.0, "compared"),
        "launch azimuth": ("deg", None, None),
        "bearing of the impact": ("deg", pytest.approx(80.0), "input"),
        "launch time": ("s", None, None),
        "impact time": ("s", None, None),
        "launch point": ("km", None, None),
        "impact point": ("km", None, None),
    }
    assert table["apogee"].truth == FIGURES.apogee_m / 1e3
    assert table["impact point"].truth_place == FIGURES.impact_point
    assert {row.flight_id for row in table.values()} == {FLIGHT_ID}


def test_every_nation_has_an_estimate_or_a_blank_at_every_moment() -> None:
    row = rows(warning(70.0, flight=FLIGHT))["apogee"]
    assert [(one.nation, one.at) for one in row.estimates] == [
        (nation, moment) for nation in (KR, JP) for moment in MOMENTS
    ]
    assert all(one.value is None for one in said(row, JP).values())


def test_the_moments_follow_the_true_burnout() -> None:
    names, instants = zip(*moments(FIGURES), strict=True)
    assert list(names) == MOMENTS
    after = [None if at is None else (at - FIGURES.launched_at) / 1e9 for at in instants]
    assert after == [60.0, 120.0, 145.0, 205.0, None]


def test_a_number_is_stated_with_its_sigma_and_its_difference_from_the_truth() -> None:
    table = rows(warning(70.0, flight=FLIGHT, launch=LAUNCH, impact=IMPACT))
    stated = {name: said(row)["T+120 s"] for name, row in table.items()}
    assert stated["apogee"].stated_sigma == pytest.approx(3.0)
    errors = {name: one.error for name, one in stated.items() if one.value is not None}
    assert errors == pytest.approx(
        {
            "apogee": 2.0,
            "range": -7.0,
            "flight time": 4.5,
            "launch azimuth": 0.5,  # the short way round
            "bearing of the impact": pytest.approx(degrees(BEARING - FIGURES.bearing_rad)),
            "launch time": -1.5,
            "impact time": 3.0,
        }
    )


def test_a_place_is_stated_with_its_ellipse_and_its_distance_from_the_true_place() -> None:
    table = rows(warning(70.0, launch=LAUNCH, impact=IMPACT))
    stated = said(table["launch point"])["burnout"]
    assert (stated.place, stated.ellipse, stated.value) == (LAUNCH.point, LAUNCH.ellipse, None)
    # A milliradian of latitude at 40.6 degrees: the meridian's radius there is 6,362.5 km.
    assert stated.error == pytest.approx(6.362, abs=0.01)
    assert said(table["impact point"])["burnout"].ellipse == IMPACT.ellipse


def test_nothing_is_stated_before_the_first_warning_and_later_versions_replace_earlier() -> None:
    longer = replace(FLIGHT, apogee_m=1e6)
    row = rows(
        warning(61.0, flight=FLIGHT),
        warning(130.0, version=2, flight=longer),
    )["apogee"]
    values = {moment: one.value for moment, one in said(row).items()}
    first = pytest.approx(FLIGHT.apogee_m / 1e3)
    assert values == {
        "T+60 s": None,
        "T+120 s": first,
        "burnout": 1_000.0,
        "burnout + 60 s": 1_000.0,
        "end": 1_000.0,
    }


def test_a_version_that_takes_an_estimate_back_leaves_none_but_an_end_keeps_the_last() -> None:
    first = warning(61.0, flight=FLIGHT)
    without = warning(130.0, version=2)
    ended = warning(
        900.0, version=2, action=WarningAction.ENDED, end_reason=EndReason.OBSERVED, flight=None
    )
    assert said(rows(first, without)["range"])["end"].value is None
    assert said(rows(first, ended)["range"])["end"].value == pytest.approx(FLIGHT.range_m / 1e3)


def test_the_azimuth_is_given_in_degrees() -> None:
    row = rows(warning(61.0, launch=LAUNCH))["launch azimuth"]
    assert said(row)["end"].value == pytest.approx(degrees(LAUNCH.azimuth_rad))
    assert row.truth == pytest.approx(degrees(FIGURES.launch_azimuth_rad))


def test_a_launch_azimuth_is_never_compared_with_the_bearing_of_an_impact() -> None:
    """A warning that is right in both is right in both rows, however the Earth turned."""
    launch = replace(LAUNCH, point=FIGURES.launch_point, azimuth_rad=FIGURES.launch_azimuth_rad)
    impact = replace(IMPACT, point=FIGURES.impact_point)
    table = rows(warning(61.0, launch=launch, impact=impact))
    for quantity in ("launch azimuth", "bearing of the impact"):
        assert said(table[quantity])["end"].error == pytest.approx(0.0, abs=1e-9)


def test_a_bearing_is_as_sure_as_the_places_at_its_ends() -> None:
    """Ends known to 5 km across a way of 4,500 km: 7.1 km over 6,371 km sin(40.5 degrees)."""
    circle = Ellipse(
        semi_major_m=5e3, semi_minor_m=5e3, azimuth_rad=0.3, probability=1.0 - exp(-0.5)
    )
    launch = replace(LAUNCH, point=FIGURES.launch_point, ellipse=circle)
    impact = replace(IMPACT, point=FIGURES.impact_point, ellipse=circle)
    stated = said(rows(warning(61.0, launch=launch, impact=impact))["bearing of the impact"])["end"]
    reach_km = 6_371.0 * sin(FIGURES.range_m / 6_371e3)
    assert stated.stated_sigma == pytest.approx(degrees(atan(7.071 / reach_km)), rel=1e-3)


def test_without_an_impact_there_is_no_bearing_of_one() -> None:
    assert said(rows(warning(61.0, launch=LAUNCH))["bearing of the impact"])["end"].value is None
