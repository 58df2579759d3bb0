from dataclasses import replace

import pytest
from tests.exercise.made_up import FLIGHT_ID, LAUNCHED_AT, PUBLISHED, SCENARIO
from tests.exercise.made_up_warnings import IMPACT, JP, KR, LAUNCH, at, fan, point, warning

from bongsu.exercise.coverage import Sight
from bongsu.exercise.lateness import KnownWarning, PlaceOutcome, place_outcome
from bongsu.exercise.passages import Passage, PassageKind
from bongsu.exercise.scenario import Place
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.stated_times import time_flags
from bongsu.exercise.warned_area import holds
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.seen_warning import whole
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import after_seconds

RADAR = parse_scenario(SCENARIO, published=PUBLISHED).sensors[0]
AOMORI = Place(name="Aomori", nation=JP, point=point(40.82, 140.74), radius_m=120e3)
PASSAGE = Passage(
    place=AOMORI,
    flight_id=FLIGHT_ID,
    object_name="payload",
    launched_at=LAUNCHED_AT,
    kind=PassageKind.OVERFLIGHT,
    at=at(400.0),
    distance_m=80e3,
    height_m=800e3,
)


def known(version: LaunchWarning, *, after_s: float = 0.0) -> KnownWarning:
    return KnownWarning(
        known_by=JP, known_at=after_seconds(version.stated_at, after_s), warning=whole(version)
    )


def sight(first_s: float, *, delay_s: float = 0.3) -> Sight:
    return Sight(
        sensor=replace(RADAR, delay_s=delay_s),
        flight_id=FLIGHT_ID,
        object_name="payload",
        intervals=((at(first_s), at(first_s + 100.0)),),
        scans=50,
    )


def outcome(*versions: LaunchWarning, sights: tuple[Sight, ...] = (sight(90.0),)) -> PlaceOutcome:
    return place_outcome(PASSAGE, [known(version) for version in versions], sights)


def test_q16_a_warning_for_the_place_before_the_overflight_is_in_time() -> None:
    result = outcome(warning(50.0), warning(120.0, version=2, fan=fan()))
    assert (result.verdict, result.first_warning_at, result.lead_s) == ("in time", at(120.0), 280.0)
    assert result.cause is None


def test_q16_the_first_warning_that_holds_the_place_counts_whosoever_it_is() -> None:
    own = known(warning(150.0, nation=JP, fan=fan()))
    partner = known(warning(100.0, nation=KR, fan=fan()), after_s=0.2)
    elsewhere = replace(partner, known_by=KR, known_at=at(60.0))
    result = place_outcome(PASSAGE, [own, partner, elsewhere], ())
    assert result.first_warning_at == after_seconds(at(100.0), 0.2)


@pytest.mark.parametrize(
    ("versions", "sights", "verdict", "cause"),
    [
        ((), (), "no warning", "no sensor ever had the flight in sight"),
        (
            (warning(460.0, fan=fan()),),
            (sight(450.0),),
            "late",
            "first in sight of KR-RADAR-1 50.0 s after the passage",
        ),
        (
            (warning(410.0, fan=fan()),),
            (sight(399.0, delay_s=5.0),),
            "late",
            "sensor delay: KR-RADAR-1 delivers 5.0 s late",
        ),
        (
            (warning(402.5, fan=fan()),),
            (sight(90.0),),
            "late",
            "first data from KR-RADAR-1 309.7 s before the passage, the first warning 2.5 s after",
        ),
        ((), (sight(90.0),), "no warning", "no warning reached JP"),
        (
            (warning(95.0, fan=fan(azimuth_deg=180.0)),),
            (sight(90.0),),
            "no warning",
            "no warning held the place in time",
        ),
        (
            (warning(95.0), warning(420.0, version=2, launch=LAUNCH, impact=IMPACT)),
            (sight(90.0),),
            "late",
            "no warning held the place in time",
        ),
    ],
)
def test_q16_a_late_or_missing_warning_is_logged_with_its_cause(
    versions: tuple[LaunchWarning, ...], sights: tuple[Sight, ...], verdict: str, cause: str
) -> None:
    result = outcome(*versions, sights=sights)
    assert result.verdict == verdict
    assert (result.lead_s is None) == (not versions or verdict == "no warning")
    assert result.place is AOMORI
    assert result.cause is not None
    assert cause in result.cause


def test_q16_what_was_known_before_this_launch_does_not_warn_of_it() -> None:
    assert outcome(warning(-20.0, fan=fan())).verdict == "no warning"


def test_q16_a_place_that_is_not_reached_can_be_neither_late_nor_in_time() -> None:
    missed = replace(PASSAGE, kind=PassageKind.NOT_REACHED)
    result = place_outcome(missed, [known(warning(500.0, fan=fan()))], ())
    assert (result.verdict, result.cause) == ("not reached", None)


def test_a_fan_holds_what_lies_between_its_sides_and_within_its_range() -> None:
    assert holds(whole(warning(50.0, fan=fan())), AOMORI)
    assert not holds(whole(warning(50.0, fan=fan(azimuth_deg=120.0))), AOMORI)
    assert not holds(whole(warning(50.0, fan=fan(maximum_range_km=1_000.0))), AOMORI)
    beside = replace(AOMORI, radius_m=400e3)
    assert holds(whole(warning(50.0, fan=fan(azimuth_deg=102.0))), beside)
    assert not holds(whole(warning(50.0, fan=fan(azimuth_deg=102.0))), AOMORI)
    home = replace(AOMORI, point=LAUNCH.point)
    assert holds(whole(warning(50.0, fan=fan(azimuth_deg=260.0))), home)


def test_a_predicted_impact_holds_the_track_to_it_and_nothing_beyond() -> None:
    predicted = whole(warning(200.0, launch=LAUNCH, impact=IMPACT))
    assert holds(predicted, AOMORI)
    assert holds(predicted, replace(AOMORI, point=IMPACT.point))
    assert not holds(predicted, replace(AOMORI, point=point(35.69, 139.69)))
    assert not holds(predicted, replace(AOMORI, point=point(40.6, 118.0)))
    unlaunched = whole(warning(200.0, impact=IMPACT))
    assert holds(unlaunched, replace(AOMORI, point=IMPACT.point))
    assert not holds(unlaunched, AOMORI)


def test_a_warning_without_any_area_holds_no_place() -> None:
    assert not holds(whole(warning(200.0, launch=LAUNCH)), AOMORI)


def test_q18_a_passage_time_earlier_than_the_warning_is_flagged() -> None:
    late = outcome(warning(402.5, nation=JP, fan=fan()))
    [flag] = time_flags([], [late])
    assert flag.what == "overflight at Aomori is earlier than its first warning"
    assert (flag.nation, flag.stated_at, flag.event_at) == (JP, at(402.5), at(400.0))
    assert time_flags([], [outcome(warning(120.0, fan=fan()))]) == ()


def test_q18_a_predicted_impact_earlier_than_its_statement_is_flagged() -> None:
    after = warning(2_000.0, version=3, impact=IMPACT)
    [flag] = time_flags([warning(200.0, impact=IMPACT), after], [])
    assert (flag.warning_id, flag.version, flag.event_at) == ("KR-1/W0001", 3, IMPACT.at)
    assert "before the statement" in flag.what


def test_q18_fell_is_said_after_an_observation_only() -> None:
    ended = warning(
        2_000.0,
        version=4,
        action=WarningAction.ENDED,
        end_reason=EndReason.OBSERVED,
        track_status=TrackStatus.PREDICTED,
        impact=IMPACT,
    )
    [flag] = time_flags([ended], [])
    assert flag.what == "said to be observed while the track was only predicted"
    seen = replace(ended, track_status=TrackStatus.OBSERVED)
    assert time_flags([seen, replace(ended, end_reason=EndReason.EXPIRED)], []) == ()


def test_flags_come_in_the_order_in_which_they_were_stated() -> None:
    flags = time_flags(
        [warning(2_000.0, impact=IMPACT), warning(1_990.0, version=2, impact=IMPACT)],
        [outcome(warning(402.5, fan=fan()))],
    )
    assert [flag.stated_at for flag in flags] == [at(402.5), at(1_990.0), at(2_000.0)]
