"""Kinds of record that a person files: notices of launches to come, intelligence reports."""

from typing import Annotated

from msgspec import Meta

from bongsu.records import names
from bongsu.records.encoding import Wire
from bongsu.records.estimates import GeoPointForm
from bongsu.records.kind_forms import KindForm, RecordKind, each, one
from bongsu.vocabulary.filing import Confidence, FilingAction, SourceKind, VehicleKind

MAXIMUM_TEXT = 8_192  # characters


class AreaForm(Wire, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    points: Annotated[tuple[GeoPointForm, ...], Meta(min_length=3, max_length=64)]


_INSTANT = one(names.Instant)
_FILED_ID = one(Annotated[str, Meta(pattern=r"^[A-Z0-9-]{2,83}/[A-Z0-9-]{1,32}\Z")])
_VERSION = one(Annotated[int, Meta(ge=1, le=2**31)])
_ACTION = one(FilingAction)
_LONG_TEXT = one(Annotated[str, Meta(max_length=MAXIMUM_TEXT)])

LAUNCH_NOTICE = KindForm(
    RecordKind.LAUNCH_NOTICE,
    {
        "notice_id": _FILED_ID,
        "version": _VERSION,
        "action": _ACTION,
        "stated_at": _INSTANT,
        "filed_by": one(Annotated[str, Meta(min_length=1, max_length=64)]),
        "filed_at": _INSTANT,
        "vehicle": one(VehicleKind),
        "window_from": _INSTANT,
        "window_to": _INSTANT,
        "launch_area": one(AreaForm),
        "launch_area_cell_100km": one(GeoPointForm),
        "impact_areas": one(Annotated[tuple[AreaForm, ...], Meta(max_length=16)]),
        "remark": one(names.Text),
    },
    authority=True,
    correction_fields=frozenset({"notice_id", "version", "action", "stated_at"}),
    subject="notice_id",
)

INTELLIGENCE_REPORT = KindForm(
    RecordKind.INTELLIGENCE_REPORT,
    {
        "report_id": _FILED_ID,
        "version": _VERSION,
        "action": _ACTION,
        "stated_at": _INSTANT,
        "observed_from": _INSTANT,
        "observed_to": _INSTANT,
        "source_kind": one(SourceKind),
        "confidence": one(Confidence),
        "above_line": _LONG_TEXT,
        "below_line": _LONG_TEXT,
        "area": one(AreaForm | None),
        "derived_from": each(names.RecordName),
    },
    authority=True,
    digests_multiple=8,
    correction_fields=frozenset({"report_id", "version", "action", "stated_at"}),
    subject="report_id",
)

FILED_KINDS = (LAUNCH_NOTICE, INTELLIGENCE_REPORT)
