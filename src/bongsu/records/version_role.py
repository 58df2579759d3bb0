"""What a version is in the life of the thing that it is about: its first, news, or its end."""

from collections.abc import Mapping
from enum import Enum

from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.filing import FilingAction
from bongsu.vocabulary.launch_warning import EndReason, WarningAction


class VersionRole(Enum):
    FIRST = "first"  # it corrects nothing, whatever was shown before it
    NEWS = "news"  # an amendment, or a record that has no versions
    END = "end"  # it is over
    VOID = "void"  # it is over, and nobody need have been told: withdrawn, or it never was

    @property
    def is_end(self) -> bool:
        return self in (VersionRole.END, VersionRole.VOID)


_FIRST_ACTION = {
    RecordKind.LAUNCH_WARNING: WarningAction.ISSUED,
    RecordKind.LAUNCH_NOTICE: FilingAction.FILED,
    RecordKind.INTELLIGENCE_REPORT: FilingAction.FILED,
}


def role_of(kind: RecordKind, fields: Mapping[str, object]) -> VersionRole:
    """The role of a record with these fields, as they are open here."""
    action = fields.get("action")
    is_first = fields.get("version") == 1 if action is None else action is _FIRST_ACTION.get(kind)
    if kind in _FIRST_ACTION and is_first:
        return VersionRole.FIRST
    match kind:
        case RecordKind.LAUNCH_WARNING if fields.get("action") is WarningAction.ENDED:
            void = fields.get("end_reason") in (EndReason.FALSE, EndReason.WITHDRAWN)
            return VersionRole.VOID if void else VersionRole.END
        case RecordKind.LAUNCH_NOTICE | RecordKind.INTELLIGENCE_REPORT:
            withdrawn = fields.get("action") is FilingAction.WITHDRAWN
            return VersionRole.VOID if withdrawn else VersionRole.NEWS
        case _:
            return VersionRole.NEWS
