"""ASTERIX blocks and records, and what is read of CAT 034, 048 and 062.

Decoding is libasterix's (bongsu[asterix]), in the newest edition of each category that it knows;
what is read here has the same bytes in every edition from 1.27 and 1.16 on. Only the outer frame
of a block, category and length, is looked at here: its own splitter recurses once a block.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bongsu.adapters.plots.columns import refused
from bongsu.vocabulary.errors import LocalMisuse

MAXIMUM_BYTES: Final = 200_000_000
HEADER_BYTES: Final = 3
PLOTS: Final = 48
SYSTEM_TRACKS: Final = 62
CATEGORIES: Final = (34, PLOTS, SYSTEM_TRACKS)  # 034, service messages, is stepped over

M_PER_NM: Final = 1_852.0
M_PER_FT: Final = 0.3048
FT_PER_FLIGHT_LEVEL: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReport:
    """What one record says of a place: polar as the radar measured it, or geodetic.

    `second_of_day` counts from UTC midnight. `height_m` is a 3D radar's own, or a flight level's:
    pressure height. `left_out` says why a record is no plot.
    """

    source: str  # "SAC-25-SIC-10"
    second_of_day: float
    range_m: float | None = None
    azimuth_deg: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    height_m: float | None = None
    left_out: str | None = None


def target_reports(path: Path) -> Iterator[TargetReport]:
    """All records of CAT 048 and 062, in the file's order; raises LocalMisuse on broken ones."""
    base, editions = _library(path)
    data = _bytes(path)
    at = 0
    while at < len(data):
        category, length = data[at], int.from_bytes(data[at + 1 : at + HEADER_BYTES])
        if category not in CATEGORIES:
            raise refused(
                path, f"byte {at:,}: category {category}", "Give blocks of CAT 034, 048 and 062"
            )
        if length < HEADER_BYTES or at + length > len(data):
            raise refused(path, f"byte {at:,}: a block of {length} bytes does not fit in the file")
        if category in editions:
            block = base.Bits.from_bytes(data[at + HEADER_BYTES : at + length])
            records = editions[category].cv_uap.parse(block)
            if isinstance(records, ValueError):
                raise refused(path, f"byte {at:,}: CAT {category:03}: {records}")
            read = _plot if category == PLOTS else _system_track
            yield from (read(record) for record in records)
        at += length


def _library(path: Path) -> tuple[Any, dict[int, Any]]:
    try:
        from asterix import base, generated
    except ImportError:
        raise LocalMisuse(
            f"{path} is ASTERIX, and libasterix is not installed",
            remedy="Install it: pip install 'bongsu[asterix]'",
        ) from None
    categories: Any = generated.manifest["CATS"]
    return base, {category: categories[category][-1] for category in (PLOTS, SYSTEM_TRACKS)}


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror}", "Name a file of plots") from None
    if len(data) > MAXIMUM_BYTES:
        raise refused(path, f"is larger than {MAXIMUM_BYTES:,} bytes", "Cut it into several files")
    return data


def _plot(record: Any) -> TargetReport:
    source, second = _source(record), _quantity(record, "140", "s")
    if second is None:
        return TargetReport(source=source, second_of_day=0.0, left_out="without a time of day")
    polar = record.get_item("040")
    descriptor = record.get_item("020")
    left_out = "without a measured position" if polar is None else None
    if descriptor is not None:
        if descriptor.variation.get_item("SIM").as_uint():
            left_out = "of simulated targets"
        elif not descriptor.variation.get_item("TYP").as_uint():
            left_out = "of no detection"
    height_m = _height_m(record, ("110", "3DH"), "090")
    if left_out is None and height_m is None:
        left_out = "without a height"
    if polar is None or left_out is not None:
        return TargetReport(source=source, second_of_day=second, left_out=left_out)
    return TargetReport(
        source=source,
        second_of_day=second,
        range_m=M_PER_NM * polar.variation.get_item("RHO").variation.content.as_quantity("NM"),
        azimuth_deg=polar.variation.get_item("THETA").variation.content.as_quantity("°"),
        height_m=height_m,
    )


def _system_track(record: Any) -> TargetReport:
    source, second = _source(record), _quantity(record, "070", "s")
    if second is None:
        return TargetReport(source=source, second_of_day=0.0, left_out="without a time of day")
    place = record.get_item("105")
    height_m = _height_m(record, ("130", None), "136")
    if place is None or height_m is None:
        lacks = "position" if place is None else "height"
        return TargetReport(source=source, second_of_day=second, left_out=f"without a {lacks}")
    return TargetReport(
        source=source,
        second_of_day=second,
        latitude_deg=place.variation.get_item("LAT").variation.content.as_quantity("°"),
        longitude_deg=place.variation.get_item("LON").variation.content.as_quantity("°"),
        height_m=height_m,
    )


def _source(record: Any) -> str:
    item = record.get_item("010")
    if item is None:
        return "without a source"
    parts = (item.variation.get_item(name).as_uint() for name in ("SAC", "SIC"))
    return "SAC-{}-SIC-{}".format(*parts)


def _quantity(record: Any, name: str, unit: str) -> float | None:
    item = record.get_item(name)
    return None if item is None else float(item.variation.content.as_quantity(unit))


def _height_m(record: Any, measured: tuple[str, str | None], flight_level: str) -> float | None:
    """The geometric height where it was measured, else the flight level's."""
    name, part = measured
    item = record.get_item(name)
    if item is not None:
        variation = item.variation if part is None else item.variation.get_item(part).variation
        return M_PER_FT * float(variation.content.as_quantity("ft"))
    level = record.get_item(flight_level)
    if level is None:
        return None
    variation = level.variation
    content = (
        variation.get_item("FL").variation.content if flight_level == "090" else (variation.content)
    )
    return M_PER_FT * FT_PER_FLIGHT_LEVEL * float(content.as_quantity("FL"))
