"""Q23: physical consistency of a claim, with the value that conflicts and by how much."""

from dataclasses import replace

import numpy as np
import pytest

from bongsu.physics.flight_claims import CheckedClaim, Verdict, check_flight
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.published_flight import PublishedFlight

CLAIM = PublishedFlight(
    id="C-1",
    date_utc="2022-03-24",
    launched_at=None,
    site="Pyongyang International Airport",
    latitude_rad=float(np.radians(39.2)),
    longitude_rad=float(np.radians(125.67)),
    type="Hwasong-17",
    object_class=ObjectClass.ICBM,
    class_published="ICBM",
    apogee_m=6_248.5e3,
    apogee_rounding_m=50.0,
    range_m=1_090e3,
    range_rounding_m=5e3,
    flight_time_s=67.5 * 60.0,
    flight_time_rounding_s=3.0,
    outcome="success",
    bearing_rad=float(np.radians(65.0)),
    source="KCNA",
)


def checked(**changed: object) -> CheckedClaim:
    return check_flight(replace(CLAIM, **changed))  # type: ignore[arg-type]


def minutes(value: float, rounding: float = 1.0) -> dict[str, object]:
    return {"flight_time_s": value * 60.0, "flight_time_rounding_s": rounding * 60.0}


def test_the_kcna_claim_of_march_2022_is_impossible() -> None:
    claim = check_flight(CLAIM)
    assert claim.verdict is Verdict.IMPOSSIBLE
    assert claim.floor_s == pytest.approx(68.3 * 60.0, abs=6.0)
    assert "flight time 67.50 min (+-0.05 min) is 0.83 min below the floor" in claim.reason
    assert "apogee 6,248.5 km and range 1,090 km" in claim.reason


def test_it_is_impossible_in_whatever_direction_it_flew() -> None:
    assert checked(bearing_rad=None).verdict is Verdict.IMPOSSIBLE


def test_the_ministrys_claim_of_the_same_flight_is_consistent() -> None:
    claim = checked(
        apogee_m=6_200e3,
        apogee_rounding_m=50e3,
        range_m=1_090e3,
        range_rounding_m=10e3,
        **minutes(71.0),
    )
    assert claim.verdict is Verdict.CONSISTENT
    assert claim.model_time_s == pytest.approx(71.0 * 60.0, rel=0.01)
    assert "above the" in claim.reason or "below the" in claim.reason


def test_rounding_is_the_claims_benefit() -> None:
    assert checked(**minutes(67.5, rounding=1.0)).verdict is not Verdict.IMPOSSIBLE
    assert checked(apogee_rounding_m=200e3).verdict is not Verdict.IMPOSSIBLE


def test_a_time_off_the_model_is_doubtful_and_says_by_how_much() -> None:
    claim = checked(apogee_m=6_000e3, range_m=1_000e3, **minutes(80.0))
    assert claim.verdict is Verdict.DOUBTFUL
    assert "10.9 min" in claim.reason.replace("10.87", "10.9")
    assert "above the 69.13 min of the flight model" in claim.reason


def test_just_inside_three_per_cent_and_a_minute_is_consistent() -> None:
    model_s = checked(**minutes(72.0)).model_time_s
    assert model_s is not None
    edge = 1.03 * model_s / 60.0 + 1.0
    assert checked(**minutes(edge - 0.01)).verdict is Verdict.CONSISTENT
    assert checked(**minutes(edge + 0.01)).verdict is Verdict.DOUBTFUL


def test_without_a_bearing_any_time_between_those_of_east_and_west_is_consistent() -> None:
    times = [
        checked(bearing_rad=float(np.radians(side)), **minutes(72.0)).model_time_s
        for side in (90.0, 270.0)
    ]
    assert times[0] is not None
    assert times[1] is not None
    assert times[1] < times[0]
    middle = (times[0] + times[1]) / 120.0
    claim = checked(bearing_rad=None, **minutes(middle, rounding=0.0))
    assert claim.verdict is Verdict.CONSISTENT
    assert claim.model_time_s == pytest.approx(middle * 60.0)


@pytest.mark.parametrize(("apogee_km", "range_km"), [(50.0, 1_000.0), (101.0, 1_000.0)])
def test_a_gliding_path_is_not_ballistic_whatever_its_time(
    apogee_km: float, range_km: float
) -> None:
    claim = checked(
        apogee_m=apogee_km * 1e3,
        apogee_rounding_m=500.0,
        range_m=range_km * 1e3,
        range_rounding_m=50e3,
        flight_time_s=None,
    )
    assert claim.verdict is Verdict.NOT_BALLISTIC
    assert "too low for a ballistic path over 1,000 km" in claim.reason


def test_a_slow_path_is_not_ballistic() -> None:
    claim = checked(apogee_m=100e3, range_m=350e3, **minutes(14.0))
    assert claim.verdict is Verdict.NOT_BALLISTIC
    assert "longer than any ballistic path" in claim.reason


@pytest.mark.parametrize(("object_class", "published"), [(None, "HGV"), (ObjectClass.SLV, "SLV")])
def test_gliders_and_satellite_launchers_are_not_ballistic(
    object_class: ObjectClass | None, published: str
) -> None:
    claim = checked(object_class=object_class, class_published=published)
    assert claim.verdict is Verdict.NOT_BALLISTIC


def test_a_path_that_no_generic_boost_flies_is_not_ballistic() -> None:
    claim = checked(apogee_m=19_999e3, range_m=19_990e3, **minutes(330.0))
    assert claim.verdict is Verdict.NOT_BALLISTIC
    assert claim.floor_s is not None


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"apogee_m": None}, "apogee missing"),
        ({"range_m": None, "flight_time_s": None}, "range, flight time missing"),
        ({"flight_time_s": None}, "flight time missing"),
    ],
)
def test_a_claim_with_a_figure_missing_is_incomplete(
    missing: dict[str, object], words: str
) -> None:
    claim = checked(**missing)
    assert claim.verdict is Verdict.INCOMPLETE
    assert claim.reason == words
