"""News or an end, and whether anybody need have been told."""

from dataclasses import replace

import pytest
from tests.records.made_up_nations import WARNING

from bongsu.records.kinds import RecordKind
from bongsu.records.version_role import VersionRole, role_of
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.filing import FilingAction
from bongsu.vocabulary.launch_warning import EndReason, WarningAction


@pytest.mark.parametrize(
    ("reason", "role"),
    [
        (EndReason.OBSERVED, VersionRole.END),
        (EndReason.EXPIRED, VersionRole.END),
        (EndReason.WITHDRAWN, VersionRole.VOID),
        (EndReason.FALSE, VersionRole.VOID),
        (None, VersionRole.END),
    ],
)
def test_an_end_is_void_where_nobody_need_have_been_told(
    reason: EndReason | None, role: VersionRole
) -> None:
    end = replace(WARNING, action=WarningAction.ENDED, end_reason=reason)
    assert role_of(RecordKind.LAUNCH_WARNING, warning_to_fields(end)) is role
    assert role.is_end


def test_everything_else_is_news() -> None:
    assert role_of(RecordKind.LAUNCH_WARNING, warning_to_fields(WARNING)) is VersionRole.NEWS
    assert role_of(RecordKind.LAUNCH_WARNING, {}) is VersionRole.NEWS
    assert role_of(RecordKind.TRACK_UPDATE, {"action": WarningAction.ENDED}) is VersionRole.NEWS
    assert not VersionRole.NEWS.is_end


@pytest.mark.parametrize("kind", [RecordKind.LAUNCH_NOTICE, RecordKind.INTELLIGENCE_REPORT])
def test_what_a_person_withdrew_is_void(kind: RecordKind) -> None:
    assert role_of(kind, {"action": FilingAction.WITHDRAWN}) is VersionRole.VOID
    assert role_of(kind, {"action": FilingAction.AMENDED}) is VersionRole.NEWS
    assert role_of(kind, {"action": FilingAction.FILED}) is VersionRole.FIRST


def test_a_first_version_is_known_by_its_action_or_by_its_number() -> None:
    kind = RecordKind.LAUNCH_WARNING
    assert role_of(kind, {"action": WarningAction.ISSUED}) is VersionRole.FIRST
    assert role_of(kind, {"version": 1}) is VersionRole.FIRST
    assert role_of(kind, {"version": 2}) is VersionRole.NEWS
    assert role_of(kind, {"action": WarningAction.ENDED, "version": 1}) is VersionRole.END
    assert role_of(kind, {"action": WarningAction.AMENDED, "version": 1}) is VersionRole.NEWS
    assert role_of(RecordKind.TRACK_UPDATE, {"version": 1}) is VersionRole.NEWS
    assert not VersionRole.FIRST.is_end
