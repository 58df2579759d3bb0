"""What fields tell, and what follows from what: the table behind `inference`, with reasons.

A *fact* is something to know about one object, whichever field or kind of record tells it. The
same fact under another kind is the same fact: a launch point that a warning withholds and a
launch estimate shows is no secret. Rows speak of one originator's records to one reader.
"""

from dataclasses import dataclass
from enum import Enum

from bongsu.records.kinds import RecordKind


class Fact(Enum):
    PATH = "where it is and how it moves"
    LAUNCH_POINT = "the launch point"
    LAUNCH_CELL = "the launch point's cell"
    LAUNCH_DIRECTION = "the direction of launch"
    IMPACT_POINT = "the impact point"
    IMPACT_CELL = "the impact point's cell"
    IMPACT_TIME = "the time of impact"
    FAN = "where it may fall"
    FLIGHT = "range, apogee and time of flight"
    CLASS = "the class"
    SENSORS = "which sensors stand behind it"
    SENSOR_KINDS = "which kinds of sensor stand behind it"
    CONFIRMATION = "how far it is confirmed"
    PARTNER_RECORDS = "which records it leans on"
    MEASUREMENTS = "what a sensor measured"
    SENSOR_PLACE = "where the sensor stands"
    ANNOUNCED_AREA = "the announced launch area"
    ANNOUNCED_CELL = "the announced launch area's cell"
    REPORT_SOURCE = "what kind of source a report has"
    REPORT_WHOLE = "a report's text with its sources"
    REPORT_SUBSTANCE = "a report's substance"
    REPORT_RECORDS = "which records a report leans on"


@dataclass(frozen=True, slots=True)
class FieldMeaning:
    """What a field tells its reader, and the fact that withholding it is to keep."""

    tells: frozenset[Fact]
    keeps: Fact


@dataclass(frozen=True, slots=True)
class Inference:
    """Who knows all of `known` knows `follows`, for the reason."""

    known: frozenset[Fact]
    follows: Fact
    reason: str


def _tells(keeps: Fact, *also: Fact) -> FieldMeaning:
    return FieldMeaning(frozenset({keeps, *also}), keeps)


_MEANINGS: dict[str, FieldMeaning] = {
    "state": _tells(Fact.PATH),
    "launch": _tells(Fact.LAUNCH_POINT, Fact.LAUNCH_DIRECTION),
    "launch_cell_20km": _tells(Fact.LAUNCH_CELL),
    "impact": _tells(Fact.IMPACT_POINT, Fact.IMPACT_TIME),
    "impact_cell_100km": _tells(Fact.IMPACT_CELL),
    "impact_at": _tells(Fact.IMPACT_TIME),
    "fan": _tells(Fact.FAN, Fact.LAUNCH_POINT, Fact.LAUNCH_DIRECTION),
    "flight": _tells(Fact.FLIGHT),
    "classification": _tells(Fact.CLASS),
    "sensors": _tells(Fact.SENSORS),
    "sensor_kinds": _tells(Fact.SENSOR_KINDS),
    "confirmation": _tells(Fact.CONFIRMATION),
    "corroborated_by": _tells(Fact.PARTNER_RECORDS),
    "derived_from": _tells(Fact.PARTNER_RECORDS),
    "sensor": _tells(Fact.SENSORS),
    "sensor_kind": _tells(Fact.SENSOR_KINDS),
    "sensor_place": _tells(Fact.SENSOR_PLACE),
    "measurements": _tells(Fact.MEASUREMENTS),
    "launch_area": _tells(Fact.ANNOUNCED_AREA),
    "launch_area_cell_100km": _tells(Fact.ANNOUNCED_CELL),
}

_REPORT_MEANINGS: dict[str, FieldMeaning] = {
    "source_kind": _tells(Fact.REPORT_SOURCE),
    "above_line": _tells(Fact.REPORT_WHOLE),
    "below_line": _tells(Fact.REPORT_SUBSTANCE),
    "derived_from": _tells(Fact.REPORT_RECORDS),
}

# Names, times and words about the record itself: nothing here tells a fact of the table.
TELL_NOTHING = frozenset(
    {
        "warning_id", "version", "action", "node", "nation", "track_id", "stated_at",
        "first_observed_at", "last_observed_at", "data_at", "at", "track_status", "status", "phase",
        "caveats", "end_reason", "sigmas", "track_ids",
        "notice_id", "filed_by", "filed_at", "vehicle", "window_from", "window_to",
        "impact_areas", "remark",
        "report_id", "observed_at", "observed_from", "observed_to", "confidence", "area",
    }
)  # fmt: skip


def meaning_of(kind: RecordKind, field: str) -> FieldMeaning | None:
    """What a field of a kind tells, None for one that tells no fact of this table."""
    meanings = _REPORT_MEANINGS if kind is RecordKind.INTELLIGENCE_REPORT else _MEANINGS
    return meanings.get(field)


def _follows(follows: Fact, *known: Fact, reason: str) -> Inference:
    return Inference(frozenset(known), follows, reason)


INFERENCES: tuple[Inference, ...] = (
    _follows(
        Fact.LAUNCH_CELL, Fact.LAUNCH_POINT, reason="a point lies in one cell"
    ),
    _follows(
        Fact.IMPACT_CELL, Fact.IMPACT_POINT, reason="a point lies in one cell"
    ),
    _follows(
        Fact.ANNOUNCED_CELL, Fact.ANNOUNCED_AREA, reason="the middle of an area lies in one cell"
    ),
    _follows(
        Fact.LAUNCH_POINT, Fact.PATH, reason="a path traced back ends where it was launched"
    ),
    _follows(
        Fact.IMPACT_POINT, Fact.PATH, reason="a path traced forward ends where it falls"
    ),
    _follows(
        Fact.IMPACT_TIME, Fact.PATH, reason="a path traced forward ends when it falls"
    ),
    _follows(
        Fact.LAUNCH_POINT,
        Fact.IMPACT_POINT,
        Fact.FLIGHT,
        reason="range back from the impact, along its ellipse, ends at the launch point",
    ),
    _follows(
        Fact.IMPACT_POINT,
        Fact.LAUNCH_POINT,
        Fact.LAUNCH_DIRECTION,
        Fact.FLIGHT,
        reason="range from the launch point in the direction of launch ends at the impact",
    ),
    _follows(
        Fact.FLIGHT,
        Fact.LAUNCH_POINT,
        Fact.IMPACT_POINT,
        reason="the range is the distance from launch to impact, and both state their times",
    ),
    _follows(
        Fact.CLASS, Fact.FLIGHT, reason="a class is a class of range"
    ),
    _follows(
        Fact.SENSOR_KINDS, Fact.SENSORS, reason="a sensor's name says of what kind it is"
    ),
    _follows(
        Fact.CONFIRMATION,
        Fact.SENSOR_KINDS,
        Fact.PARTNER_RECORDS,
        reason="kinds of sensor and the partners' records beside them are what confirms",
    ),
    _follows(
        Fact.PATH,
        Fact.MEASUREMENTS,
        Fact.SENSOR_PLACE,
        reason="what a sensor at a known place measures is where the object is",
    ),
    _follows(
        Fact.SENSOR_PLACE,
        Fact.MEASUREMENTS,
        Fact.PATH,
        reason="ranges and angles to a known path meet where the sensor stands",
    ),
    _follows(
        Fact.SENSORS, Fact.SENSOR_PLACE, reason="a sensor is known by its place"
    ),
    _follows(
        Fact.SENSOR_KINDS,
        Fact.MEASUREMENTS,
        reason="three components are a radar's, two an infrared sensor's",
    ),
    _follows(
        Fact.REPORT_SOURCE,
        Fact.REPORT_WHOLE,
        reason="what stands above the line names its sources",
    ),
    _follows(
        Fact.REPORT_SUBSTANCE,
        Fact.REPORT_WHOLE,
        reason="what stands above the line is the whole of it",
    ),
    _follows(
        Fact.REPORT_SOURCE,
        Fact.REPORT_RECORDS,
        reason="the records that a report leans on tell, to who has them, whose sensors saw it",
    ),
)  # fmt: skip
