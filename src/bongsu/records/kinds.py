"""The kinds of record: the one list of all of them, and each one's fields and rules."""

from bongsu.records.correction_kinds import RECALL, RECALL_ANSWER
from bongsu.records.display_kinds import SHOWN_PICTURE
from bongsu.records.estimate_kinds import IMPACT_ESTIMATE, LAUNCH_ESTIMATE
from bongsu.records.filed_kinds import INTELLIGENCE_REPORT, LAUNCH_NOTICE
from bongsu.records.guideline_kinds import GUIDELINE_AGREED, GUIDELINE_DRAFT, GUIDELINE_SIGNATURE
from bongsu.records.holding_kinds import HELD_WARNINGS
from bongsu.records.key_kinds import KEY_CERTIFICATE, KEY_CUT, KEY_REVOCATION
from bongsu.records.kind_forms import MAXIMUM_ITEMS, FieldForm, KindForm, RecordKind
from bongsu.records.plot_kinds import PLOTS
from bongsu.records.site_kinds import SITE_STATUS
from bongsu.records.warning_kinds import LAUNCH_WARNING, TRACK_UPDATE
from bongsu.records.watch_log_kinds import WATCH_LOG

__all__ = [
    "ALARMING_KINDS",
    "MAXIMUM_ITEMS",
    "FieldForm",
    "KindForm",
    "RecordKind",
    "field_names",
    "form_of",
    "guided_kinds",
]

_FORMS = {
    form.kind: form
    for form in (
        LAUNCH_WARNING,
        TRACK_UPDATE,
        LAUNCH_ESTIMATE,
        IMPACT_ESTIMATE,
        PLOTS,
        LAUNCH_NOTICE,
        INTELLIGENCE_REPORT,
        GUIDELINE_DRAFT,
        GUIDELINE_SIGNATURE,
        GUIDELINE_AGREED,
        RECALL,
        RECALL_ANSWER,
        KEY_CERTIFICATE,
        KEY_REVOCATION,
        KEY_CUT,
        HELD_WARNINGS,
        SITE_STATUS,
        SHOWN_PICTURE,
        WATCH_LOG,
    )
}

# What somebody has to act on: the sender waits for its receipt, and is told where none comes.
ALARMING_KINDS = frozenset({RecordKind.LAUNCH_WARNING, RecordKind.RECALL})


def form_of(kind: RecordKind) -> KindForm:
    """The fields and rules of `kind`."""
    return _FORMS[kind]


def guided_kinds() -> tuple[RecordKind, ...]:
    """Kinds that cross only under a guideline: all but those that a fixed rule speaks of."""
    return tuple(
        kind
        for kind, form in _FORMS.items()
        if not (form.starting or form.by_path or form.internal)
    )


def field_names(kind: RecordKind) -> frozenset[str]:
    """Names that a guideline may speak of."""
    return frozenset(_FORMS[kind].fields)
