"""The words for a warning: what history asks of them."""

from dataclasses import fields, replace
from math import nan

import pytest
from tests.console.made_up_flight import IMPACT_S, KR, LAUNCHED_AT, made_up_warning

from bongsu.console.words import time_left_text, warning_sentence, warning_words
from bongsu.vocabulary.estimates import ClassProbability, GeoPoint, ObjectClass
from bongsu.vocabulary.launch_warning import (
    Confirmation,
    EndReason,
    LaunchWarning,
    WarningAction,
)
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import FIELD_NAMES, SeenWarning, disclosed, whole
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import UtcNs, after_seconds

STATED_S = 204.0
NOW = after_seconds(LAUNCHED_AT, STATED_S)


@pytest.fixture
def warning() -> LaunchWarning:
    return made_up_warning(KR, STATED_S, 3, seed=7)


def sentence(warning: SeenWarning, now: UtcNs = NOW) -> str:
    return warning_sentence(warning, realm=Realm.EXERCISE, now=now)


def without(warning: LaunchWarning, *closed: str) -> SeenWarning:
    seen = whole(warning)
    known = {f.name: getattr(seen, f.name) for f in fields(seen) if f.name in FIELD_NAMES}
    return disclosed({k: v for k, v in known.items() if k not in closed}, withheld=closed)


def test_a_sentence_says_everything_in_one_line(warning: LaunchWarning) -> None:
    text = sentence(whole(warning))
    assert text.startswith("EXERCISE  KR-1/W0001 amended v3: IRBM (93 %), launched 22:2")
    assert "predicted impact 35." in text
    assert "(95 %) at 22:4" in text
    assert text.endswith("single-source, unconfirmed (radar); data 1.2 s old")
    assert "\n" not in text


def test_q7_every_message_carries_age_of_data_and_time_left(warning: LaunchWarning) -> None:
    text = sentence(whole(warning), after_seconds(NOW, 30.0))
    assert "data 31.2 s old" in text
    assert "time left 1" in text


@pytest.mark.parametrize(
    ("before_impact_s", "words"),
    [
        (61.0, "time left 1 min 01 s"),
        (42.0, "UNDER ONE MINUTE LEFT: 42 s"),
        (-95.0, "NO TIME LEFT: predicted time passed 1 min 35 s ago"),
    ],
)
def test_q7_under_a_minute_and_negative_times_left_are_said_plainly(
    warning: LaunchWarning, before_impact_s: float, words: str
) -> None:
    assert warning.impact is not None
    now = after_seconds(warning.impact.at, -before_impact_s)
    shown = warning_words(whole(warning), now=now)
    assert shown.time_left == words
    assert shown.short == (before_impact_s < 60.0)
    assert words in sentence(whole(warning), now)


def test_q18_a_lost_track_says_predicted_not_observed(warning: LaunchWarning) -> None:
    lost = replace(warning, track_status=TrackStatus.PREDICTED)
    assert "; predicted, not observed; " in sentence(whole(lost))
    assert "predicted, not observed" not in sentence(whole(warning))


@pytest.mark.parametrize("status", list(TrackStatus))
@pytest.mark.parametrize("seconds", [STATED_S, IMPACT_S + 600.0])
def test_q18_an_impact_is_never_worded_as_observed_before_a_sensor_saw_it(
    warning: LaunchWarning, status: TrackStatus, seconds: float
) -> None:
    text = sentence(
        whole(replace(warning, track_status=status)), after_seconds(LAUNCHED_AT, seconds)
    )
    assert "predicted impact" in text
    assert "fell" not in text
    assert "observed" not in text.replace("predicted, not observed", "")


@pytest.mark.parametrize("reason", list(EndReason))
def test_q18_only_an_observed_end_says_that_a_sensor_saw_it(
    warning: LaunchWarning, reason: EndReason
) -> None:
    ended = replace(warning, action=WarningAction.ENDED, end_reason=reason)
    text = sentence(whole(ended))
    assert f"ended v3 ({reason.value}: " in text
    assert ("observed: a sensor saw it come down" in text) == (reason is EndReason.OBSERVED)
    assert "last predicted impact" in text
    assert "time left" not in text.lower()


def test_q4_one_source_is_called_unconfirmed(warning: LaunchWarning) -> None:
    assert warning.confirmation is Confirmation.SINGLE_SOURCE
    assert "single-source, unconfirmed" in sentence(whole(warning))


def test_a_withheld_field_is_called_withheld_and_never_unknown(warning: LaunchWarning) -> None:
    closed = ("launch", "impact", "classification", "confirmation", "track_status", "data_at")
    text = sentence(without(warning, *closed))
    for words in (
        "launch withheld",
        "predicted impact withheld",
        "class withheld",
        "confirmation withheld",
        "track status withheld",
        "age of data withheld",
    ):
        assert words in text
    assert "not known" not in text


def test_what_nobody_stated_yet_is_called_not_known_and_never_withheld(
    warning: LaunchWarning,
) -> None:
    empty = replace(warning, launch=None, impact=None, fan=None, classification=())
    text = sentence(whole(empty))
    assert "class not known yet, launch point not known yet, predicted impact not known yet" in text
    assert "withheld" not in text


@pytest.mark.parametrize(
    ("launcher", "words"),
    [
        (0.02, "IRBM (98 %)"),
        (0.30, "undetermined: missile (70 %) or satellite launcher (30 %)"),
        (0.90, "undetermined: missile (10 %) or satellite launcher (90 %)"),
        (1.00, "satellite launcher (100 %)"),
    ],
)
def test_what_may_be_a_missile_or_a_launcher_is_called_undetermined(
    warning: LaunchWarning, launcher: float, words: str
) -> None:
    classes = (
        ClassProbability(object_class=ObjectClass.IRBM, probability=1.0 - launcher),
        ClassProbability(object_class=ObjectClass.SLV, probability=launcher),
    )
    assert f": {words}, launched" in sentence(whole(replace(warning, classification=classes)))


def test_a_coarser_launch_place_is_named_as_a_cell(warning: LaunchWarning) -> None:
    seen = replace(
        without(warning, "launch"),
        launch_cell_20km=GeoPoint(latitude_rad=0.7, longitude_rad=2.2),
    )
    assert "launched in the 20 km cell around 40.1N 126.1E" in sentence(seen)


def test_a_fan_stands_where_there_is_no_ground_for_a_point() -> None:
    early = made_up_warning(KR, 90.0, 1, seed=7)
    text = sentence(whole(early), early.stated_at)
    assert "no ground yet for an impact point, predicted 900 to 5,400 km from" in text
    assert "on bearing 080 +-9 deg" in text
    assert "time left" not in text


@pytest.mark.parametrize("phase", [Phase.GLIDE, Phase.MANOEUVRE])
def test_q14_the_footprint_of_a_glider_is_no_fan_that_waits_for_a_point(phase: Phase) -> None:
    early = replace(made_up_warning(KR, 90.0, 1, seed=7), phase=phase)
    text = sentence(whole(early), early.stated_at)
    assert "ballistic estimate not valid, footprint predicted 900 to 5,400 km from" in text
    assert "no ground yet" not in text


def test_a_fan_that_is_no_number_is_not_known() -> None:
    early = made_up_warning(KR, 90.0, 1, seed=7)
    assert early.fan is not None
    broken = replace(early, fan=replace(early.fan, azimuth_rad=nan))
    assert "bearing not known" in sentence(whole(broken), early.stated_at)


def test_times_that_are_less_sure_than_a_second_say_so(warning: LaunchWarning) -> None:
    assert warning.launch is not None
    unsure = replace(warning, launch=replace(warning.launch, sigma_time_s=4.0))
    sure = replace(warning, launch=replace(warning.launch, sigma_time_s=0.1))
    assert "Z +-4 s near" in sentence(whole(unsure))
    assert "Z near" in sentence(whole(sure))


def test_data_from_the_future_is_said_to_be_that(warning: LaunchWarning) -> None:
    text = sentence(whole(warning), after_seconds(warning.data_at, -0.4))
    assert "data stamped 0.4 s ahead of this clock" in text


def test_old_data_is_given_in_minutes(warning: LaunchWarning) -> None:
    assert "data 5 min 00 s old" in sentence(whole(warning), after_seconds(warning.data_at, 300.0))


def test_caveats_are_shown_and_a_flood_of_them_is_counted(warning: LaunchWarning) -> None:
    flooded = replace(warning, caveats=tuple(f"reason {n}" for n in range(9)))
    text = sentence(whole(flooded))
    assert "caveat: reason 0; " in text
    assert text.endswith("caveat: reason 3; 5 more caveats")


def test_an_end_without_a_reason_says_whether_it_was_withheld(warning: LaunchWarning) -> None:
    ended = replace(warning, action=WarningAction.ENDED)
    assert "(reason not stated)" in sentence(whole(ended))
    assert "(reason withheld)" in sentence(without(ended, "end_reason"))


def test_a_warning_without_any_disclosed_field_still_makes_a_sentence() -> None:
    nothing = disclosed({}, withheld=tuple(sorted(FIELD_NAMES)))
    text = sentence(nothing)
    assert text.startswith("EXERCISE  warning action withheld: class withheld")


def test_a_hostile_identifier_stays_on_its_line(warning: LaunchWarning) -> None:
    hostile = replace(warning, warning_id="KR\x1b[2J\nLIVE  KR-1/W0002")
    assert "\x1b" not in sentence(whole(hostile))
    assert "\n" not in sentence(whole(hostile))


def test_a_live_warning_is_never_marked_exercise(warning: LaunchWarning) -> None:
    assert warning_sentence(whole(warning), realm=Realm.LIVE, now=NOW).startswith("LIVE  ")


def test_no_time_left_never_hides_how_long_ago() -> None:
    assert time_left_text(-0.2) == "NO TIME LEFT: predicted time passed 0 s ago"
