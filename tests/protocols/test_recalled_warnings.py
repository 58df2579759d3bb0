"""What the desk makes of recalls: a partner's stands behind nothing, our own ends or goes on."""

from dataclasses import replace

import pytest
from tests.protocols.made_up_tracks import Desk, a_desk, infrared_warning, whole_track

from bongsu.protocols import warning_desk
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.seen_warning import whole
from bongsu.vocabulary.units import RecordId


def recalled(desk: Desk, number: int, *, at_s: float) -> list[Confirmation]:
    """The partner's version that was heard as number so and so; what we state then."""
    records = frozenset({RecordId(number.to_bytes(32, "big"))})
    event = warning_desk.PartnerWarningsRecalled(records, "test data")
    return [warning.confirmation for warning in desk.take(event, at_s)]


def confirmed_by_a_partner() -> Desk:
    desk = a_desk()
    desk.hears(infrared_warning(), at_s=59.0)
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.CONFIRMED
    return desk


def test_a_recalled_warning_of_a_partner_stands_behind_nothing_any_more() -> None:
    desk = confirmed_by_a_partner()
    assert recalled(desk, 1, at_s=63.0) == [Confirmation.SINGLE_SOURCE]
    (kept,) = desk.state.partner_warnings.values()
    assert kept.recalled == "test data"  # nothing is deleted


def test_a_recall_of_an_older_version_takes_nothing_from_the_newest() -> None:
    desk = confirmed_by_a_partner()
    desk.hears(infrared_warning(version=2), at_s=61.0)
    assert recalled(desk, 1, at_s=63.0) == []
    (kept,) = desk.state.partner_warnings.values()
    assert kept.recalled is None


def test_a_newer_version_stands_again_where_only_one_was_recalled() -> None:
    desk = confirmed_by_a_partner()
    recalled(desk, 1, at_s=63.0)
    (again,) = desk.hears(infrared_warning(version=2), at_s=66.0)
    assert again.confirmation is Confirmation.CONFIRMED


def test_a_version_that_comes_recalled_stands_behind_nothing() -> None:
    desk = a_desk()
    record_id = RecordId(bytes(32))
    event = warning_desk.PartnerWarningArrived(record_id, whole(infrared_warning()), "test data")
    desk.take(event, 59.0)
    (warning,) = desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert warning.confirmation is Confirmation.SINGLE_SOURCE


def test_the_same_version_with_more_open_replaces_and_an_equal_one_changes_nothing() -> None:
    desk = a_desk()
    record_id = RecordId(bytes(32))
    more = whole(infrared_warning())
    less = replace(more, sensors=None, withheld=("sensors",))
    desk.take(warning_desk.PartnerWarningArrived(record_id, less), 59.0)
    desk.take(warning_desk.PartnerWarningArrived(record_id, more), 59.5)
    (kept,) = desk.state.partner_warnings.values()
    assert kept.warning == more
    before = desk.state
    desk.take(warning_desk.PartnerWarningArrived(record_id, more), 60.0)
    assert desk.state is before


@pytest.mark.parametrize("reason", [EndReason.WITHDRAWN, EndReason.FALSE])
def test_a_recalled_warning_of_our_own_ends_and_its_track_is_not_warned_of_again(
    reason: EndReason,
) -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    (end,) = desk.take(warning_desk.OwnWarningRecalled("KR-1/W0001", reason), 61.0)
    assert (end.action, end.end_reason) == (WarningAction.ENDED, reason)
    assert end.version == 2
    assert desk.sees(whole_track(seen_s=70.0), at_s=70.1) == []


def test_a_warning_that_has_ended_or_never_was_is_left_alone() -> None:
    desk = a_desk()
    recall = warning_desk.OwnWarningRecalled("KR-1/W0001", EndReason.FALSE)
    assert desk.take(recall, 60.0) == []
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    assert len(desk.take(recall, 61.0)) == 1
    assert desk.take(recall, 62.0) == []


def test_when_the_newest_version_is_recalled_the_warning_is_stated_anew() -> None:
    desk = a_desk()
    desk.sees(whole_track(seen_s=60.0), at_s=60.1)
    event = warning_desk.OwnVersionRecalled("KR-1/W0001", 1)
    (again,) = desk.take(event, 60.5)
    assert (again.version, again.action) == (2, WarningAction.AMENDED)
    assert desk.take(event, 60.6) == []  # version 1 is not the newest any more
