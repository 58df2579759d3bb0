"""Reads lists of published flights: the one that Bongsu ships, and any table of its shape."""

import re
from datetime import datetime
from importlib.resources import files
from math import radians
from pathlib import Path
from typing import Final

from bongsu.adapters.plots.csv_table import TableRow, read_bounded, table_rows
from bongsu.adapters.plots.written_figure import EMPTY, WrittenFigure, read_figure
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.published_flight import PublishedFlight
from bongsu.vocabulary.units import NS_PER_S, UtcNs

COLUMNS: Final = (
    "id",
    "date_utc",
    "site",
    "lat",
    "lon",
    "type",
    "class",
    "apogee_km",
    "range_km",
    "flight_time_min",
    "outcome",
    "source",
)
LONGEST_ID: Final = 100
HIGHEST_APOGEE_KM: Final = 20_000.0
LONGEST_RANGE_KM: Final = 20_004.0  # half the Earth's circumference
LONGEST_FLIGHT_MIN: Final = 1_440.0
CLOCK_MINUTE: Final = 1.0  # launch and impact are each told to the minute

_BEARING: Final = re.compile(r"\bbearing=([^;,\s]*)")
_BEARING_DEGREES: Final = re.compile(r"\d{1,3}(?:\.\d{1,6})?", re.ASCII)
_COORDINATE: Final = re.compile(r"-?\d{1,3}(?:\.\d{1,12})?", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z", re.ASCII)
_PACKAGED: Final = "exercise/data/flights.csv"


def published_flights() -> tuple[PublishedFlight, ...]:
    """The published list that Bongsu ships, in order of date."""
    content = files("bongsu").joinpath(_PACKAGED).read_bytes()
    return parse_published_flights(content, name="flights.csv")


def read_published_flights(path: Path) -> tuple[PublishedFlight, ...]:
    """Flights of a CSV file with the columns of the shipped list; further ones are ignored.

    Raises LocalMisuse, naming line and column, for a file that is missing, larger than 4 MiB
    or not UTF-8, for missing columns, and for a value that is malformed or out of range.
    """
    return parse_published_flights(read_bounded(path), name=str(path))


def parse_published_flights(content: bytes, *, name: str) -> tuple[PublishedFlight, ...]:
    """Flights of a table as bytes; `name` stands in errors. Raises like the reader of files."""
    flights: dict[str, PublishedFlight] = {}
    for row in table_rows(content, name=name, columns=COLUMNS):
        flight = _flight(row)
        if flight.id in flights:
            raise row.refused(
                "id", f"{flight.id} stands there twice", "Give every flight an id of its own"
            )
        flights[flight.id] = flight
    return tuple(flights.values())


def _flight(row: TableRow) -> PublishedFlight:
    cells = row.cells
    if not 0 < len(cells["id"]) <= LONGEST_ID:
        raise row.refused("id", "empty or too long", f"Give an id of 1 to {LONGEST_ID} characters")
    apogee_km = _figure(row, "apogee_km", HIGHEST_APOGEE_KM)
    range_km = _figure(row, "range_km", LONGEST_RANGE_KM)
    time_min = _figure(row, "flight_time_min", LONGEST_FLIGHT_MIN, whole_rounding=CLOCK_MINUTE)
    return PublishedFlight(
        id=cells["id"],
        date_utc=cells["date_utc"],
        launched_at=_launched_at(row),
        site=cells["site"],
        latitude_rad=_coordinate(row, "lat", 90.0),
        longitude_rad=_coordinate(row, "lon", 180.0),
        type=cells["type"],
        object_class=_object_class(cells["class"]),
        apogee_m=apogee_km.value_in(1e3),
        range_m=range_km.value_in(1e3),
        flight_time_s=time_min.value_in(60.0),
        outcome=cells["outcome"],
        bearing_rad=_bearing(row),
        source=cells["source"],
        class_published=cells["class"],
        apogee_rounding_m=apogee_km.rounding * 1e3,
        range_rounding_m=range_km.rounding * 1e3,
        flight_time_rounding_s=time_min.rounding * 60.0,
    )


def _figure(
    row: TableRow, column: str, largest: float, *, whole_rounding: float | None = None
) -> WrittenFigure:
    text = row.cells[column]
    if not text:
        return EMPTY
    figure = read_figure(text, whole_rounding=whole_rounding)
    if figure is None or figure.value is None:
        raise row.refused(
            column,
            f"{text[:40]!r} is not a number",
            "Write a plain number with a decimal point, an interval such as 1080-1100, or nothing",
        )
    if not 0.0 < figure.value <= largest:
        raise row.refused(
            column, f"{text} is out of range", f"Give a value above 0 and up to {largest:.0f}"
        )
    return figure


def _coordinate(row: TableRow, column: str, largest: float) -> float:
    text = row.cells[column]
    if not _COORDINATE.fullmatch(text) or abs(float(text)) > largest:
        raise row.refused(
            column,
            f"{text[:40]!r} is no coordinate",
            f"Give decimal degrees from -{largest:.0f} to {largest:.0f}",
        )
    return radians(float(text))


def _bearing(row: TableRow) -> float | None:
    match = _BEARING.search(row.cells["outcome"])
    if match is None:
        return None
    text = match.group(1)
    if not _BEARING_DEGREES.fullmatch(text) or float(text) > 360.0:
        raise row.refused(
            "outcome", f"bearing {text[:40]!r} is no bearing", "Give degrees from 0 to 360"
        )
    return radians(float(text))


def _launched_at(row: TableRow) -> UtcNs | None:
    """The instant, where the date tells it; whatever it tells has to be in the calendar."""
    text = row.cells["date_utc"]
    if not text:
        return None
    date = _DATE.fullmatch(text)
    whole = text if date is None else "".join(part or "-01" for part in date.groups())
    try:
        instant = datetime.fromisoformat(whole)
    except ValueError:
        instant = None
    if instant is None or (date is None and not _INSTANT.fullmatch(text)):
        raise row.refused(
            "date_utc",
            f"{text[:40]!r} is no date",
            "Write 2022-10-03T22:22Z, 2022-10-03, 2022-10 or 2022",
        )
    return None if date else UtcNs(int(instant.timestamp()) * NS_PER_S)


def _object_class(text: str) -> ObjectClass | None:
    return ObjectClass(text) if text in ObjectClass.__members__ else None
