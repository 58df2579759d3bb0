"""What a node answers when it is asked where tracks were and go, and where its sensors stand."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind

# Instant, latitude and longitude in radians, height in metres.
Step = Annotated[
    tuple[int, float, float, float],
    Meta(description="ns of UTC, latitude_rad, longitude_rad, height_m"),
]


class PathSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`past`: where the track was. `predicted`: free flight from its newest state to the ground."""

    node: str
    track_id: str
    past: tuple[Step, ...]
    predicted: tuple[Step, ...]


class PathsSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    at: int
    paths: tuple[PathSeen, ...]


class SiteSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`maximum_range_m`: None where it has no meaning; `moves`: this is where it began."""

    sensor: str
    nation: str
    kind: SensorKind
    latitude_rad: float
    longitude_rad: float
    height_m: float
    maximum_range_m: float | None
    minimum_elevation_rad: float
    moves: bool


class SitesSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    sites: tuple[SiteSeen, ...]
