"""Sensors described in a file of their own: the tables of a tracker's configuration."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.sensor_tables import InfraredTable, RadarTable, site_of

MAXIMUM_BYTES: Final = 1_000_000
SensorTables = Annotated[tuple[RadarTable | InfraredTable, ...], Meta(min_length=1, max_length=63)]


class _Sensors(msgspec.Struct, frozen=True):
    """What is read of the file; a tracker's configuration says more."""

    sensors: SensorTables


def read_sensor_tables(path: Path) -> tuple[SensorSite, ...]:
    """The `[[sensors]]` of a TOML or JSON file; raises LocalMisuse that names what is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise LocalMisuse(
            f"Cannot read {path}: {error.strerror}", remedy="Name a file that exists"
        ) from error
    if len(data) > MAXIMUM_BYTES:
        raise LocalMisuse(f"{path} is larger than {MAXIMUM_BYTES:,} bytes", remedy="Shorten it")
    try:
        tree = msgspec.json.decode(data) if path.suffix == ".json" else tomllib.loads(data.decode())
        return sites_of(msgspec.convert(tree, _Sensors).sensors)
    except (ValueError, RecursionError) as error:
        raise LocalMisuse(
            f"{path}: {error}", remedy="Mend that field; docs/plots.md shows tables of sensors"
        ) from error


def sites_of(tables: tuple[RadarTable | InfraredTable, ...]) -> tuple[SensorSite, ...]:
    """Sensors in SI and radians; raises ValueError where two have one name."""
    names = [table.id for table in tables]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"two sensors are named {twice}")
    return tuple(site_of(table) for table in tables)
