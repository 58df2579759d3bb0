from dataclasses import replace

import pytest
from tests.exercise.made_up import FLIGHT_ID, LAUNCHED_AT, PUBLISHED, SCENARIO, truth
from tests.exercise.made_up_warnings import (
    FIGURES,
    FLIGHT,
    IMPACT,
    JP,
    KR,
    LAUNCH,
    TRUTH,
    US,
    at,
    fan,
    point,
    warning,
)

from bongsu.exercise.after_action import after_action
from bongsu.exercise.lateness import KnownWarning
from bongsu.exercise.scenario import Place
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.warning_matching import by_flight, object_of, unmatched
from bongsu.vocabulary.seen_warning import whole
from bongsu.vocabulary.units import after_seconds

SMALL = replace(
    parse_scenario(SCENARIO, published=PUBLISHED),
    places=(Place(name="Aomori", nation=JP, point=point(40.82, 140.74), radius_m=120e3),),
)
STAGE = TRUTH.objects[1]
OF_STAGE = replace(IMPACT, point=STAGE.falls_at, at=STAGE.ends_at)


def test_the_review_holds_every_nation_against_the_truth() -> None:
    review = after_action(
        SMALL,
        TRUTH,
        {
            KR: [warning(95.0, fan=fan()), warning(200.0, version=2, flight=FLIGHT)],
            US: [warning(48.0, nation=US, fan=fan())],
            JP: [],
        },
        received=[
            KnownWarning(
                known_by=JP, known_at=at(48.2), warning=whole(warning(48.0, nation=US, fan=fan()))
            )
        ],
    )
    assert review.figures == (FIGURES,)
    apogee = next(row for row in review.comparison if row.quantity == "apogee")
    stated = {(one.nation, one.at) for one in apogee.estimates if one.value is not None}
    assert stated == {(KR, "burnout + 60 s"), (KR, "end")}
    [outcome] = review.places
    assert (outcome.verdict, outcome.first_warning_at) == ("in time", at(48.2))
    assert review.flags == ()
    assert review.unmatched_warnings == ()
    assert {sight.sensor.site.sensor_id for sight in review.sights} >= {"KR-RADAR-1", "US-IR-1"}


def test_a_nation_knows_its_own_warnings_without_being_told() -> None:
    review = after_action(SMALL, TRUTH, {JP: [warning(120.0, nation=JP, fan=fan())]})
    assert review.places[0].first_warning_at == at(120.0)


def test_without_any_warning_the_place_is_logged_as_not_warned() -> None:
    review = after_action(SMALL, TRUTH, {JP: []})
    assert review.places[0].verdict == "no warning"
    assert review.places[0].cause is not None


def test_versions_of_a_spent_stage_do_not_speak_of_the_flight() -> None:
    payload = warning(200.0, impact=IMPACT, launch=LAUNCH)
    stage = warning(260.0, number=2, impact=OF_STAGE)
    assert object_of(payload, TRUTH) is TRUTH.objects[0]
    assert object_of(stage, TRUTH) is STAGE
    assert by_flight([stage, payload], TRUTH) == {FLIGHT_ID: (payload,)}
    assert unmatched([stage, payload], TRUTH) == ()


def test_the_last_version_decides_for_all_of_a_warning() -> None:
    early = warning(60.0, impact=OF_STAGE)
    late = warning(300.0, version=2, impact=IMPACT)
    assert by_flight([late, early], TRUTH) == {FLIGHT_ID: (early, late)}


def test_a_warning_without_estimates_is_taken_for_the_payload() -> None:
    assert object_of(warning(200.0), TRUTH) is TRUTH.objects[0]


@pytest.mark.parametrize(
    "wide",
    [
        warning(200.0, launch=replace(LAUNCH, point=point(50.0, 140.0))),
        warning(200.0, first_observed_at=at(-6.0)),
        warning(200.0, first_observed_at=after_seconds(FIGURES.impact_at, 61.0)),
    ],
    ids=["launched elsewhere", "seen before the launch", "seen after the fall"],
)
def test_a_warning_that_fits_no_object_is_named(wide: object) -> None:
    assert unmatched([wide], TRUTH) == ("KR-1/W0001",)  # type: ignore[list-item]
    assert by_flight([wide], TRUTH) == {FLIGHT_ID: ()}  # type: ignore[list-item]


def test_of_two_launches_from_one_place_the_time_decides() -> None:
    two = truth(launches=2)
    second = replace(LAUNCH, at=after_seconds(LAUNCHED_AT, 4.8))
    body = object_of(warning(70.0, launch=second), two)
    assert body is not None
    assert body.flight_id == f"{FLIGHT_ID}-1"
