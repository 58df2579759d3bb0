"""The desk issues, amends and ends; nothing is suppressed, nothing is said too often."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocols.made_up_tracks import (
    ELSEWHERE,
    FALLS_AT_S,
    KR_RADAR,
    KR_RADAR_2,
    OTHER_SEA,
    US_INFRARED,
    a_desk,
    at,
    impact,
    infrared_warning,
    launch,
    track,
    warning_of,
    whole_track,
)

from bongsu.protocols import warning_desk
from bongsu.protocols.warning_desk import (
    MAXIMUM_ENDED_TRACKS,
    MAXIMUM_OPEN_WARNINGS,
    SECOND_OBJECT,
    RefuseTrack,
    StateWarning,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.seen_warning import whole
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackPicture, TrackStatus
from bongsu.vocabulary.units import NodeId, SensorId, TrackId


def test_a_tentative_track_is_not_warned_of() -> None:
    assert a_desk().sees(track(seen_s=60.0, status=TrackStatus.TENTATIVE), at_s=60.1) == []


def test_a_confirmed_track_is_warned_of_at_once_and_once() -> None:
    desk = a_desk()
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert (warning.warning_id, warning.version) == ("KR-1/W0001", 1)
    assert warning.action is WarningAction.ISSUED
    assert warning.stated_at == at(60.1)
    assert desk.sees(whole_track(seen_s=61.0), at_s=61.1) == []


def test_a_first_statement_does_not_wait_for_an_estimate_of_the_fall() -> None:
    (warning,) = a_desk().sees(track(seen_s=60.0), at_s=60.1)
    assert warning.impact is None


@pytest.mark.parametrize("left_s", [-40.0, -1.0, 0.0, 30.0, 59.0])
def test_q7_late_detection_goes_out_at_once_with_the_age_of_its_data(left_s: float) -> None:
    seen_s = FALLS_AT_S - left_s
    (warning,) = a_desk().sees(whole_track(seen_s=seen_s), at_s=seen_s + 0.5)
    assert warning.action is WarningAction.ISSUED
    assert warning.data_at == at(seen_s)
    assert warning.impact is not None
    assert warning.impact.at == at(FALLS_AT_S)


def test_q7_a_track_that_is_only_predicted_when_first_told_of_is_warned_of_in_those_words() -> None:
    lost = whole_track(seen_s=60.0, status=TrackStatus.PREDICTED)
    (warning,) = a_desk().sees(lost, at_s=70.0)
    assert warning.track_status is TrackStatus.PREDICTED


def test_q7_what_is_still_seen_after_its_predicted_impact_does_not_expire() -> None:
    desk = a_desk()
    for late_s in range(0, 120, 10):
        seen_s = FALLS_AT_S + late_s
        said = desk.sees(whole_track(seen_s=seen_s), at_s=seen_s + 0.1)
        assert not any(warning.end_reason for warning in said)


@given(
    sensors=st.lists(st.sampled_from([f"KR-RADAR-{n}" for n in range(9)]), min_size=1, unique=True),
    partners=st.integers(0, 20),
    kind=st.sampled_from(SensorKind),
)
def test_q4_one_kind_of_sensor_never_confirms_however_many_sensors_or_nations(
    sensors: list[str], partners: int, kind: SensorKind
) -> None:
    desk = a_desk()
    seen = whole_track(seen_s=60.0, sensors=tuple(sensors), sensor_kinds=(kind,))
    said = desk.sees(seen, at_s=60.1)
    for number in range(partners):
        node = f"N{number}-1"
        theirs = warning_of(
            node, kinds=(kind,), sensors=(SensorId(f"{node}-S"),), launched=launch()
        )
        said += desk.hears(theirs, at_s=70.0 + number)
        said += desk.sees(replace(seen, last_observed_at=at(70.5 + number)), at_s=70.5 + number)
    confirmations = {warning.confirmation for warning in said}
    assert Confirmation.CONFIRMED not in confirmations
    assert (Confirmation.CORROBORATED in confirmations) == (partners > 0)


def test_q4_the_caveat_of_the_sun_travels_with_the_warning() -> None:
    caveat = "the sun stands behind the site as the satellite sees it"
    (warning,) = a_desk().sees(track(seen_s=60.0, caveats=(caveat,)), at_s=60.1)
    assert warning.caveats == (caveat,)


def test_two_own_kinds_of_sensor_confirm() -> None:
    both = whole_track(
        seen_s=60.0,
        sensors=(KR_RADAR, US_INFRARED),
        sensor_kinds=(SensorKind.RADAR, SensorKind.INFRARED),
    )
    (warning,) = a_desk().sees(both, at_s=60.1)
    assert warning.confirmation is Confirmation.CONFIRMED


def test_a_partners_other_kind_of_sensor_confirms_and_is_leaned_on_by_its_record() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    (warning,) = desk.hears(infrared_warning(), at_s=63.0)
    assert warning.action is WarningAction.AMENDED
    assert warning.confirmation is Confirmation.CONFIRMED
    assert warning.corroborated_by == tuple(
        partner.record_id for partner in desk.state.partner_warnings.values()
    )


def test_a_partners_warning_that_came_first_confirms_the_first_statement() -> None:
    desk = a_desk()
    assert desk.hears(infrared_warning(), at_s=50.0) == []
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.CONFIRMED


def test_a_partner_that_takes_its_warning_back_as_false_confirms_no_more() -> None:
    desk = a_desk()
    desk.hears(infrared_warning(), at_s=50.0)
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    (warning,) = desk.hears(infrared_warning(version=2, end_reason=EndReason.FALSE), at_s=70.0)
    assert warning.confirmation is Confirmation.SINGLE_SOURCE
    assert warning.corroborated_by == ()


def test_a_partners_radar_that_is_also_ours_does_not_count_twice() -> None:
    desk = a_desk()
    desk.hears(warning_of("JP-1", sensors=(KR_RADAR,), launched=launch()), at_s=50.0)
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.SINGLE_SOURCE


def test_a_partner_whose_sensors_are_withheld_does_not_corroborate() -> None:
    desk = a_desk()
    theirs = warning_of("JP-1", launched=launch())
    desk.hears(theirs, at_s=50.0)
    corroborated = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert corroborated[0].confirmation is Confirmation.CORROBORATED

    desk = a_desk()
    closed = replace(whole(theirs), sensors=None, withheld=("sensors",))
    desk.hears(closed, at_s=50.0)
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.SINGLE_SOURCE


def test_another_site_of_our_own_nation_corroborates_nothing() -> None:
    desk = a_desk()
    desk.hears(warning_of("KR-2", sensors=(KR_RADAR_2,), launched=launch()), at_s=50.0)
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.SINGLE_SOURCE


def test_a_partners_warning_of_another_launch_stands_behind_nothing() -> None:
    desk = a_desk()
    desk.hears(infrared_warning(launched=launch(ELSEWHERE)), at_s=50.0)
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.SINGLE_SOURCE


def test_a_partner_too_vague_to_tell_launch_sites_apart_confirms_nothing() -> None:
    desk = a_desk()
    desk.hears(infrared_warning(launched=launch(ELSEWHERE, sigma_m=5e6)), at_s=50.0)
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.SINGLE_SOURCE


def test_a_late_older_version_of_a_partner_is_ignored() -> None:
    desk = a_desk()
    desk.hears(infrared_warning(version=3), at_s=50.0)
    desk.hears(infrared_warning(version=2, launched=launch(ELSEWHERE)), at_s=50.5)
    (kept,) = desk.state.partner_warnings.values()
    assert kept.warning.version == 3


def test_q2_nothing_but_tracks_and_partners_warnings_makes_the_desk_speak() -> None:
    """A heartbeat is no event of the desk: the passing of time is all that it can bring."""
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    before = desk.state
    assert desk.waits(until_s=62.5) == []
    assert desk.state == before
    with pytest.raises(LocalMisuse):
        warning_desk.step(desk.state, "head", now=at(63.0))  # type: ignore[arg-type]


def test_a_warning_is_amended_at_most_every_two_seconds() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.0)
    amended_at = []
    for tenths in range(1, 100):
        now_s = 60.0 + tenths / 10.0
        falls = impact(at_s=FALLS_AT_S + 20.0 * tenths)
        if desk.sees(whole_track(seen_s=now_s, impact=falls), at_s=now_s):
            amended_at.append(now_s)
    assert amended_at == [62.0, 64.0, 66.0, 68.0]


def test_news_that_came_too_soon_is_stated_when_two_seconds_have_passed() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.0)
    assert desk.sees(whole_track(seen_s=61.0, impact=impact(OTHER_SEA)), at_s=61.0) == []
    (warning,) = desk.waits(until_s=62.0)
    assert warning.impact == impact(OTHER_SEA)
    assert (warning.version, warning.data_at) == (2, at(61.0))


def test_a_clock_that_was_set_back_does_not_hold_amendments_back() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=3_660.0)
    (warning,) = desk.sees(whole_track(seen_s=61.0, impact=impact(OTHER_SEA)), at_s=61.0)
    assert warning.action is WarningAction.AMENDED


def test_a_clock_that_jumps_ahead_does_not_end_what_is_still_seen() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.0)
    said = desk.sees(whole_track(seen_s=61.0), at_s=61.0 + 7_200.0)
    assert [warning.end_reason for warning in said] == []


def test_a_second_object_of_one_launch_is_warned_of_with_a_caveat() -> None:
    desk = a_desk()
    missile = whole_track("T1", seen_s=100.0)
    stage = whole_track("T2", seen_s=160.0, impact=impact(OTHER_SEA, at_s=500.0))
    desk.sees(missile, at_s=100.0)
    said = desk.sees(replace(missile, last_observed_at=at(160.0)), stage, at_s=160.0)
    assert [warning.warning_id for warning in said] == ["KR-1/W0002"]
    assert said[0].caveats == (f"{SECOND_OBJECT} KR-1/W0001",)
    assert len(desk.state.open_warnings) == 2


def test_an_object_of_unknown_launch_that_falls_where_another_does_has_the_same_caveat() -> None:
    desk = a_desk()
    desk.sees(whole_track("T1", seen_s=100.0), at_s=100.0)
    beside = whole_track("T2", seen_s=160.0, launch=None)
    said = desk.sees(whole_track("T1", seen_s=160.0), beside, at_s=160.0)
    assert said[0].caveats == (f"{SECOND_OBJECT} KR-1/W0001",)


def test_the_caveat_of_a_second_object_stays_when_the_first_has_ended() -> None:
    desk = a_desk()
    missile = whole_track("T1", seen_s=100.0, impact=impact(at_s=200.0))
    second = whole_track("T2", seen_s=100.0)
    desk.sees(missile, second, at_s=100.0)
    (ended,) = desk.sees(replace(second, last_observed_at=at(300.0)), at_s=300.0)
    assert ended.end_reason is EndReason.EXPIRED
    moved = replace(second, last_observed_at=at(310.0), impact=impact(OTHER_SEA))
    (warning,) = desk.sees(moved, at_s=310.0)
    assert warning.caveats == (f"{SECOND_OBJECT} KR-1/W0001",)


def test_a_salvo_from_one_site_is_one_warning_for_each_missile() -> None:
    desk = a_desk()
    salvo = [whole_track(f"T{n}", seen_s=60.0, launch=launch(at_s=0.3 * n)) for n in range(1, 7)]
    said = desk.sees(*salvo, at_s=60.1)
    assert len({warning.warning_id for warning in said}) == 6
    assert desk.sees(*salvo, at_s=63.0) == []
    assert len(desk.state.open_warnings) == 6


def test_one_warning_of_a_partner_stands_behind_one_missile_of_a_salvo_only() -> None:
    desk = a_desk()
    desk.hears(infrared_warning(launched=launch(at_s=0.1)), at_s=50.0)
    salvo = [whole_track(f"T{n}", seen_s=60.0, launch=launch(at_s=0.3 * n)) for n in (1, 2)]
    confirmations = [warning.confirmation for warning in desk.sees(*salvo, at_s=60.1)]
    assert sorted(c.name for c in confirmations) == ["CONFIRMED", "SINGLE_SOURCE"]
    (second,) = desk.hears(infrared_warning(number=2, launched=launch(at_s=0.5)), at_s=63.0)
    assert second.confirmation is Confirmation.CONFIRMED


def test_a_tracker_that_restarted_continues_the_same_warnings() -> None:
    desk = a_desk()
    one = whole_track("T1", seen_s=60.0, impact=impact())
    two = whole_track("T2", seen_s=60.0, impact=impact(OTHER_SEA))
    desk.sees(one, two, at_s=60.1)
    assert desk.sees(at_s=70.0) == []
    later = at(75.0)
    said = desk.sees(
        replace(two, track_id=TrackId("KR-1/R1"), last_observed_at=later),
        replace(one, track_id=TrackId("KR-1/R2"), last_observed_at=later),
        at_s=75.0,
    )
    assert said == []
    carried = {str(t): known.stated.warning_id for t, known in desk.state.open_warnings.items()}
    assert carried == {"KR-1/R1": "KR-1/W0002", "KR-1/R2": "KR-1/W0001"}


def test_a_stage_of_a_launch_whose_missile_is_lost_does_not_take_over_its_warning() -> None:
    desk = a_desk()
    desk.sees(whole_track("T1", seen_s=100.0), at_s=100.0)
    stage = whole_track("T2", seen_s=110.0, impact=impact(OTHER_SEA, at_s=500.0))
    (warning,) = desk.sees(stage, at_s=110.0)
    assert warning.action is WarningAction.ISSUED
    assert desk.state.open_warnings[TrackId("KR-1/T1")].stated.impact == impact()


def test_a_track_that_nothing_can_be_compared_with_is_never_adopted() -> None:
    desk = a_desk()
    desk.sees(track("T1", seen_s=60.0), at_s=60.1)
    (warning,) = desk.sees(track("T2", seen_s=62.0), at_s=62.1)
    assert warning.warning_id == "KR-1/W0002"


def test_a_desk_that_restarts_goes_on_with_its_open_warnings_and_numbers() -> None:
    before = a_desk()
    first = before.sees(whole_track(seen_s=60.0), at_s=60.1)
    after = before.restarts(*first)
    (amended,) = after.sees(whole_track(seen_s=70.0, impact=impact(OTHER_SEA)), at_s=70.0)
    assert (amended.warning_id, amended.version) == ("KR-1/W0001", 2)
    (new,) = after.sees(whole_track("T9", seen_s=71.0, launch=launch(ELSEWHERE)), at_s=71.0)
    assert new.warning_id == "KR-1/W0002"


def test_a_desk_that_restarts_does_not_open_again_what_had_ended() -> None:
    before = a_desk()
    said = before.sees(whole_track(seen_s=60.0), at_s=60.1)
    said += before.waits(until_s=FALLS_AT_S + 31.0)
    assert said[-1].action is WarningAction.ENDED
    after = before.restarts(*said)
    assert after.state.open_warnings == {}
    lost = whole_track(seen_s=60.0, status=TrackStatus.PREDICTED)
    assert after.sees(lost, at_s=FALLS_AT_S + 32.0) == []


def test_a_warning_of_another_node_is_not_restored_as_ours() -> None:
    foreign = replace(infrared_warning(), node=NodeId("KR-1"))
    with pytest.raises(LocalMisuse, match="own node"):
        a_desk().take(warning_desk.OwnWarningRestored(foreign), 0.0)


def test_q18_a_lost_track_is_restated_as_predicted_not_observed() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    wider = impact(sigma_m=20_000.0)
    lost = whole_track(seen_s=60.0, status=TrackStatus.PREDICTED, impact=wider)
    (warning,) = desk.sees(lost, at_s=70.0)
    assert warning.track_status.value == "predicted, not observed"
    assert warning.impact == wider


def test_q18_a_tracker_that_falls_silent_leaves_no_warning_that_says_observed() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert desk.waits(until_s=90.0) == []
    (warning,) = desk.waits(until_s=91.0)
    assert warning.track_status is TrackStatus.PREDICTED
    assert desk.waits(until_s=200.0) == []


def test_q18_what_was_lost_on_its_way_ends_expired_and_never_observed() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    desk.waits(until_s=100.0)
    assert desk.waits(until_s=FALLS_AT_S + 30.0) == []
    (warning,) = desk.waits(until_s=FALLS_AT_S + 31.0)
    assert warning.end_reason is EndReason.EXPIRED
    assert warning.track_status is TrackStatus.PREDICTED
    assert warning.data_at == at(60.0)


def test_q18_it_ends_observed_only_when_it_was_seen_near_the_ground() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    low = track(seen_s=FALLS_AT_S - 5.0, height_m=20_000.0, launched=launch(), falls=impact())
    assert desk.sees(low, at_s=FALLS_AT_S - 5.0) == []
    (warning,) = desk.waits(until_s=FALLS_AT_S)
    assert warning.end_reason is EndReason.OBSERVED


@pytest.mark.parametrize(
    ("seen_s", "height_m", "status"),
    [
        (FALLS_AT_S - 5.0, 45_000.0, TrackStatus.OBSERVED),  # high
        (FALLS_AT_S - 90.0, 20_000.0, TrackStatus.OBSERVED),  # low on its way up
        (FALLS_AT_S - 5.0, 20_000.0, TrackStatus.PREDICTED),  # low by prediction only
    ],
)
def test_q18_high_early_or_predicted_is_not_observed_to_fall(
    seen_s: float, height_m: float, status: TrackStatus
) -> None:
    desk = a_desk()
    seen = track(seen_s=seen_s, height_m=height_m, status=status, launched=launch(), falls=impact())
    desk.sees(seen, at_s=seen_s)
    said = desk.waits(until_s=FALLS_AT_S + 1.0) + desk.waits(until_s=FALLS_AT_S + 61.0)
    assert [warning.end_reason for warning in said if warning.end_reason] == [EndReason.EXPIRED]


def test_q18_a_partner_that_saw_it_fall_lets_us_say_observed_by_its_record() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    theirs = warning_of("JP-1", launched=launch(), falls=impact())
    desk.hears(theirs, at_s=70.0)
    fallen = replace(theirs, version=2, action=WarningAction.ENDED, end_reason=EndReason.OBSERVED)
    said = desk.hears(fallen, at_s=FALLS_AT_S + 1.0)
    assert said[-1].end_reason is EndReason.OBSERVED
    assert said[-1].corroborated_by == (desk.state.partner_warnings["JP-1/W0001"].record_id,)


def test_a_warning_without_a_predicted_fall_expires_a_quarter_of_an_hour_after_its_last_plot() -> (
    None
):
    desk = a_desk()
    desk.sees(track(seen_s=60.0), at_s=60.0)
    desk.sees(track(seen_s=600.0), at_s=600.0)
    desk.waits(until_s=700.0)
    assert desk.waits(until_s=1_500.0) == []
    (warning,) = desk.waits(until_s=1_501.0)
    assert warning.end_reason is EndReason.EXPIRED


def test_plots_of_an_object_that_came_down_make_no_second_warning() -> None:
    desk = a_desk()
    for seen_s in (FALLS_AT_S - 5.0, FALLS_AT_S, FALLS_AT_S + 3.0):
        low = track(seen_s=seen_s, height_m=9_000.0, launched=launch(), falls=impact())
        said = desk.sees(low, at_s=seen_s + 0.1)
    assert said == []
    assert desk.state.open_warnings == {}
    assert desk.state.issued == 1


def test_what_is_left_of_an_ended_warnings_track_takes_over_no_other_warning() -> None:
    desk = a_desk()
    low = track("T1", seen_s=FALLS_AT_S - 5.0, height_m=9_000.0, launched=launch(), falls=impact())
    lost = whole_track("T2", seen_s=FALLS_AT_S - 5.0)
    desk.sees(low, lost, at_s=FALLS_AT_S - 5.0)
    desk.sees(low, at_s=FALLS_AT_S)
    assert desk.sees(low, at_s=FALLS_AT_S + 1.0) == []
    assert list(desk.state.open_warnings) == ["KR-1/T2"]


def test_an_object_that_is_seen_again_after_its_warning_expired_is_warned_of_anew() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    desk.waits(until_s=FALLS_AT_S + 100.0)
    again = whole_track(seen_s=FALLS_AT_S + 110.0)
    (warning,) = desk.sees(again, at_s=FALLS_AT_S + 110.1)
    assert (warning.warning_id, warning.action) == ("KR-1/W0002", WarningAction.ISSUED)


@pytest.mark.parametrize("reason", [EndReason.FALSE, EndReason.WITHDRAWN])
def test_what_a_person_ended_is_not_warned_of_again_by_its_own_track(reason: EndReason) -> None:
    before = a_desk()
    (first,) = before.sees(whole_track(seen_s=60.0), at_s=60.1)
    ended = replace(first, version=2, action=WarningAction.ENDED, end_reason=reason)
    after = before.restarts(first, ended)
    assert after.sees(whole_track(seen_s=600.0), at_s=600.1) == []


def test_ended_tracks_are_remembered_within_a_bound() -> None:
    before = a_desk()
    (first,) = before.sees(whole_track(seen_s=60.0), at_s=60.1)
    ended = [
        replace(
            first,
            warning_id=f"KR-1/W{n:04d}",
            track_id=TrackId(f"KR-1/T{n}"),
            action=WarningAction.ENDED,
            end_reason=EndReason.EXPIRED,
        )
        for n in range(1, MAXIMUM_ENDED_TRACKS + 2)
    ]
    desk = before.restarts(*ended).state
    assert len(desk.ended_tracks) == MAXIMUM_ENDED_TRACKS
    assert desk.issued == MAXIMUM_ENDED_TRACKS + 1


def test_tracks_beyond_the_bound_are_refused_by_name_and_the_open_ones_kept() -> None:
    desk = a_desk()
    crowd = tuple(track(f"T{n}", seen_s=60.0) for n in range(MAXIMUM_OPEN_WARNINGS + 2))
    picture = TrackPicture(at=at(60.0), tracks=crowd, refused_plots=0, quarantined_plots=0)
    effects = desk.effects(warning_desk.PictureArrived(picture), 60.0)
    assert sum(isinstance(effect, StateWarning) for effect in effects) == MAXIMUM_OPEN_WARNINGS
    assert [effect.track_id for effect in effects if isinstance(effect, RefuseTrack)] == [
        crowd[-2].track_id,
        crowd[-1].track_id,
    ]
    assert len(desk.state.open_warnings) == MAXIMUM_OPEN_WARNINGS
