"""What is worth an amendment, and what only teaches people to look away."""

from dataclasses import replace

import pytest
from tests.protocols.made_up_tracks import (
    FALLS_AT_S,
    OTHER_SEA,
    SITE,
    ellipse,
    fan,
    impact,
    launch,
    warning_of,
)

from bongsu.protocols.amendment import most_probable, worth_amending
from bongsu.vocabulary.estimates import ClassProbability, GeoPoint, ObjectClass
from bongsu.vocabulary.launch_warning import Confirmation, LaunchWarning
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import RecordId

STATED = replace(
    warning_of("KR-1", launched=launch(), falls=impact()),
    classification=(
        ClassProbability(object_class=ObjectClass.MRBM, probability=0.4),
        ClassProbability(object_class=ObjectClass.IRBM, probability=0.6),
    ),
    fan=fan(),
    caveats=("one", "two"),
)
PERHAPS_A_LAUNCHER = (  # and the likeliest class is still the same
    ClassProbability(object_class=ObjectClass.SLV, probability=0.4),
    ClassProbability(object_class=ObjectClass.IRBM, probability=0.6),
)
CLOSE = GeoPoint(latitude_rad=SITE.latitude_rad + 2_000.0 / 6.37e6, longitude_rad=2.20)


def test_the_same_again_is_not_worth_amending() -> None:
    assert not worth_amending(STATED, STATED)


@pytest.mark.parametrize(
    "news",
    [
        replace(STATED, phase=Phase.REENTRY),
        replace(STATED, track_status=TrackStatus.PREDICTED),
        replace(STATED, confirmation=Confirmation.CONFIRMED),
        replace(STATED, sensor_kinds=(SensorKind.RADAR, SensorKind.INFRARED)),
        replace(STATED, caveats=("one",)),
        replace(STATED, classification=()),
        replace(STATED, classification=PERHAPS_A_LAUNCHER),
        replace(STATED, classification=STATED.classification[:1]),
        replace(STATED, launch=None),
        replace(STATED, impact=impact(OTHER_SEA)),
        replace(STATED, impact=impact(at_s=FALLS_AT_S + 3.0)),
        replace(STATED, impact=impact(sigma_m=2_500.0)),
        replace(STATED, impact=impact(sigma_m=10_000.0)),
        replace(STATED, fan=None),
        replace(STATED, fan=fan(azimuth_rad=1.35)),
        replace(STATED, fan=fan(half_width_rad=0.1)),
        replace(STATED, fan=replace(fan(), origin=GeoPoint(latitude_rad=1.2, longitude_rad=2.0))),
    ],
)
def test_a_change_of_class_phase_status_confirmation_or_area_is_worth_amending(
    news: LaunchWarning,
) -> None:
    assert worth_amending(STATED, news)


@pytest.mark.parametrize(
    "same",
    [
        replace(STATED, launch=launch(CLOSE)),  # within one of its sigmas
        replace(STATED, impact=impact(at_s=FALLS_AT_S + 1.5)),
        replace(STATED, impact=impact(sigma_m=5_500.0)),
        replace(STATED, fan=fan(azimuth_rad=1.25)),
        replace(STATED, caveats=("two", "one")),
        replace(STATED, classification=STATED.classification[::-1]),
        replace(STATED, corroborated_by=(RecordId(bytes(32)),)),
        replace(STATED, stated_at=STATED.data_at),
    ],
)
def test_what_stays_within_its_stated_uncertainty_is_not_worth_amending(
    same: LaunchWarning,
) -> None:
    assert not worth_amending(STATED, same)


def test_a_fan_that_turns_a_little_across_north_has_not_turned_round() -> None:
    west, east = fan(azimuth_rad=6.27), fan(azimuth_rad=0.01)
    assert not worth_amending(replace(STATED, fan=west), replace(STATED, fan=east))


def test_an_area_of_no_size_can_grow() -> None:
    point = replace(impact(), ellipse=ellipse(0.0))
    assert worth_amending(replace(STATED, impact=point), STATED)


def test_the_most_probable_class_of_nothing_is_none() -> None:
    assert most_probable(()) is None
    assert most_probable(STATED.classification) is ObjectClass.IRBM
