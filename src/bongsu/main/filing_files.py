"""Files in which people file notices and reports: TOML, degrees and dates, every field stated."""

import datetime
import tomllib
from math import radians
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bongsu.main.settings import read_bounded
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.filing import Confidence, FilingAction, SourceKind, VehicleKind

MAXIMUM_BYTES = 262_144

_Moment = Annotated[datetime.datetime, Meta(tz=True)]
_LatitudeDeg = Annotated[float, Meta(ge=-90.0, le=90.0)]
_LongitudeDeg = Annotated[float, Meta(ge=-180.0, le=180.0)]
_RecordId = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a file: every field known."""


class AreaTable(_Table, frozen=True, kw_only=True):
    name: str
    corners_deg: list[tuple[_LatitudeDeg, _LongitudeDeg]]  # latitude, longitude; WGS 84


class NoticeTable(_Table, frozen=True, kw_only=True, tag_field="kind", tag="launch_notice"):
    notice_id: str
    action: FilingAction
    filed_by: str
    filed_at: _Moment
    vehicle: VehicleKind
    window_from: _Moment
    window_to: _Moment
    launch_area: AreaTable
    impact_areas: list[AreaTable]
    remark: str


class ReportTable(_Table, frozen=True, kw_only=True, tag_field="kind", tag="intelligence_report"):
    report_id: str
    action: FilingAction
    observed_from: _Moment
    observed_to: _Moment
    source_kind: SourceKind
    confidence: Confidence
    above_line: str
    below_line: str
    derived_from: list[_RecordId]
    area: AreaTable | None = None  # TOML has no null


def read_filing(path: Path) -> dict[str, object]:
    """Kind and substance as a node's filing command takes them; LocalMisuse names the field."""
    data = read_bounded(path, MAXIMUM_BYTES)
    try:
        table = msgspec.convert(tomllib.loads(data.decode()), NoticeTable | ReportTable)
    except (ValueError, RecursionError) as error:
        raise LocalMisuse(
            f"{path}: {error}", remedy="Mend that field; docs/guidelines.md shows whole files"
        ) from error
    kind = RecordKind(table.__struct_config__.tag)
    stated = {name: _plain(getattr(table, name)) for name in table.__struct_fields__}
    return {"kind": kind.value, "stated": stated}


def _plain(value: Any) -> object:
    """In the vocabulary's units, as JSON holds it."""
    match value:
        case datetime.datetime():
            epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
            return (value - epoch) // datetime.timedelta(microseconds=1) * 1_000
        case AreaTable():
            return {
                "name": value.name,
                "points": [
                    {"latitude_rad": radians(north), "longitude_rad": radians(east)}
                    for north, east in value.corners_deg
                ],
            }
        case list():
            return [bytes.fromhex(one) if isinstance(one, str) else _plain(one) for one in value]
        case FilingAction() | VehicleKind() | SourceKind() | Confidence():
            return value.value
    return value
