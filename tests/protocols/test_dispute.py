"""Displays disagree: the desk says no more than unconfirmed, and holds no warning up."""

from dataclasses import replace

import pytest
from tests.protocols.made_up_tracks import (
    Desk,
    a_desk,
    impact,
    infrared_warning,
    launch,
    track,
    whole_track,
)

from bongsu.protocols.dispute import DISPLAYS_DISAGREE
from bongsu.protocols.warning_desk import AMENDED_AT_MOST_EVERY_S, DisplaysDisputed
from bongsu.vocabulary.launch_warning import Confirmation, WarningAction
from bongsu.vocabulary.sensor import SensorKind

BOTH = (SensorKind.RADAR, SensorKind.INFRARED)
OURS, NODE = frozenset({"KR-1/W0001"}), frozenset({"KR-1"})
THEIRS, THEIR_NODE = frozenset({"US-1/W0001"}), frozenset({"US-1"})
NOBODY: frozenset[str] = frozenset()


def desk_with_a_partner() -> Desk:
    desk = a_desk()
    desk.hears(infrared_warning(falls=impact()), at_s=60.0)
    return desk


@pytest.mark.parametrize("about", [OURS, NODE])
def test_a_warning_in_dispute_is_amended_to_unconfirmed_and_back(about: frozenset[str]) -> None:
    desk = a_desk()
    [issued] = desk.sees(whole_track(seen_s=60.0, sensor_kinds=BOTH), at_s=61.0)
    assert issued.confirmation is Confirmation.CONFIRMED
    [lowered] = desk.take(DisplaysDisputed(about), 70.0)
    assert lowered.action is WarningAction.AMENDED
    assert lowered.confirmation is Confirmation.SINGLE_SOURCE
    assert lowered.caveats == (DISPLAYS_DISAGREE,)
    assert desk.sees(whole_track(seen_s=75.0, sensor_kinds=BOTH), at_s=76.0) == []
    [raised] = desk.take(DisplaysDisputed(NOBODY), 80.0)
    assert raised.confirmation is Confirmation.CONFIRMED
    assert raised.caveats == ()


@pytest.mark.parametrize("about", [THEIRS, THEIR_NODE])
def test_a_partners_disputed_warning_confirms_nothing(about: frozenset[str]) -> None:
    desk = desk_with_a_partner()
    desk.take(DisplaysDisputed(about), 60.0)
    [issued] = desk.sees(whole_track(seen_s=61.0), at_s=61.5)
    assert issued.confirmation is Confirmation.SINGLE_SOURCE
    assert issued.corroborated_by == ()
    assert issued.caveats == (DISPLAYS_DISAGREE,)
    [raised] = desk.take(DisplaysDisputed(NOBODY), 70.0)
    assert raised.confirmation is Confirmation.CONFIRMED
    assert len(raised.corroborated_by) == 1


def test_what_is_confirmed_without_the_disputed_warning_stays_confirmed() -> None:
    desk = desk_with_a_partner()
    [issued] = desk.sees(whole_track(seen_s=61.0, sensor_kinds=BOTH), at_s=61.5)
    assert issued.confirmation is Confirmation.CONFIRMED
    assert desk.take(DisplaysDisputed(THEIRS), 70.0) == []


def test_a_warning_is_issued_at_once_while_all_of_ours_are_in_dispute() -> None:
    desk = a_desk()
    desk.take(DisplaysDisputed(NODE), 60.0)
    [issued] = desk.sees(track(seen_s=61.0, sensors=(), kinds=BOTH), at_s=61.5)
    assert issued.action is WarningAction.ISSUED
    assert issued.confirmation is Confirmation.SINGLE_SOURCE
    assert DISPLAYS_DISAGREE in issued.caveats


def test_amendments_for_a_dispute_keep_their_distance_too() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=61.0)
    assert desk.take(DisplaysDisputed(OURS), 61.5) == []
    [lowered] = desk.waits(until_s=61.0 + AMENDED_AT_MOST_EVERY_S)
    assert lowered.caveats == (DISPLAYS_DISAGREE,)


def test_a_dispute_about_others_changes_nothing() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=61.0)
    assert desk.take(DisplaysDisputed(frozenset({"US-1/W0007", "KR-1/W0002"})), 70.0) == []


def test_a_dispute_that_was_over_while_the_node_was_down_leaves_no_caveat() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=61.0)
    [lowered] = desk.take(DisplaysDisputed(OURS), 70.0)
    again = desk.restarts(lowered)
    other_name = replace(whole_track(seen_s=75.0), launch=launch())
    [raised] = again.sees(other_name, at_s=76.0)
    assert raised.warning_id == "KR-1/W0001"
    assert raised.caveats == ()
