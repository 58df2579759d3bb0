"""The shape of a scenario file: degrees, kilometres and milliradians, each field bounded.

msgspec checks types and bounds from these declarations (NaN fails every bound) and names
the path of what is wrong. `docs/scenarios.md` explains each field; a test compares the two.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bongsu.vocabulary.sensor_tables import (
    Identifier,
    InfraredTable,
    Latitude,
    Longitude,
    NationCode,
    RadarTable,
)

MAXIMUM_FLIGHTS = 200
MAXIMUM_SENSORS = 64
MAXIMUM_NATIONS = 16
MAXIMUM_LINKS = 120
MAXIMUM_PLACES = 200

Title = Annotated[str, Meta(min_length=1, max_length=200)]
Seconds = Annotated[float, Meta(ge=0.0, le=60.0)]
ClassName = Literal["SRBM", "MRBM", "IRBM", "ICBM"]  # a satellite launcher does not fall


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A TOML table: every field known, none else allowed."""


class NationTable(Table, frozen=True, kw_only=True):
    id: NationCode
    node: Identifier


class LinkTable(Table, frozen=True, kw_only=True):
    between: Annotated[tuple[NationCode, ...], Meta(min_length=2, max_length=2)]


class PlaceTable(Table, frozen=True, kw_only=True):
    name: Title
    nation: NationCode
    latitude_deg: Latitude
    longitude_deg: Longitude
    radius_km: Annotated[float, Meta(ge=1.0, le=500.0)] = 100.0


class LiftTable(Table, frozen=True, kw_only=True):
    """How a flight glides, skips or pulls up after its burnout."""

    lift_to_drag: Annotated[float, Meta(ge=0.1, le=6.0)]
    ballistic_coefficient_kgpm2: Annotated[float, Meta(ge=500.0, le=50_000.0)] = 10_000.0
    bank_deg: Annotated[float, Meta(ge=-80.0, le=80.0)] = 0.0
    skips: bool = False
    ends_at_mps: Annotated[float, Meta(ge=0.0, le=8_000.0)] = 0.0


class FlightTable(Table, frozen=True, kw_only=True):
    """Either `published_id`, or every figure; never both."""

    id: Identifier | None = None
    published_id: Identifier | None = None
    object_class: ClassName | None = msgspec.field(name="class", default=None)
    apogee_km: Annotated[float, Meta(ge=10.0, le=20_000.0)] | None = None
    range_km: Annotated[float, Meta(ge=10.0, le=18_000.0)] | None = None
    latitude_deg: Latitude | None = None
    longitude_deg: Longitude | None = None
    bearing_deg: Annotated[float, Meta(ge=0.0, le=360.0)] | None = None
    launch_delay_s: Annotated[float, Meta(ge=0.0, le=3_600.0)] = 30.0
    lift: LiftTable | None = None


class ScenarioRadar(RadarTable, frozen=True, kw_only=True, tag="radar"):
    """A radar as every configuration states it, and how the exercise works it."""

    scan_offset_s: Seconds = 0.0
    delay_s: Seconds = 0.0
    near_fall_point: bool = False


class ScenarioInfrared(InfraredTable, frozen=True, kw_only=True, tag="infrared"):
    """An overhead infrared sensor, and how the exercise works it."""

    scan_offset_s: Seconds = 0.0
    delay_s: Seconds = 0.0


class ScenarioTable(Table, frozen=True, kw_only=True):
    name: Title
    realm: str
    made_up: bool
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    start: str
    flights: Annotated[tuple[FlightTable, ...], Meta(min_length=1, max_length=MAXIMUM_FLIGHTS)]
    sensors: Annotated[
        tuple[ScenarioRadar | ScenarioInfrared, ...], Meta(min_length=1, max_length=MAXIMUM_SENSORS)
    ]
    nations: Annotated[tuple[NationTable, ...], Meta(min_length=1, max_length=MAXIMUM_NATIONS)]
    links: Annotated[tuple[LinkTable, ...], Meta(max_length=MAXIMUM_LINKS)] = ()
    places: Annotated[tuple[PlaceTable, ...], Meta(max_length=MAXIMUM_PLACES)] = ()
    linger_s: Annotated[float, Meta(ge=0.0, le=3_600.0)] = 60.0
