"""The packaged map: land, coasts and borders of the whole world, small enough to ship.

Source: Natural Earth 1:50m (public domain); `tools/make_coastlines.py` makes the file. Land
comes in patches of a few degrees, so that no patch can wrap round a projection's far side.
Lines are differences of whole steps of `step_deg`, longitude first.
"""

import gzip
import zlib
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from bongsu.vocabulary.errors import LocalMisuse

FORMAT_VERSION = 1
MAXIMUM_PACKED_BYTES = 2_000_000
MAXIMUM_BYTES = 8_000_000
_REMEDY = "Make the file again with tools/make_coastlines.py."

Line = NDArray[np.float64]  # (N, 2): longitude_deg, latitude_deg


class PackedPatch(msgspec.Struct, frozen=True, array_like=True):
    """Land inside one cell; rings fill by the even-odd rule."""

    centre_longitude_deg: float
    centre_latitude_deg: float
    rings: list[list[int]]


class PackedCoastlines(msgspec.Struct, frozen=True, array_like=True):
    """The file's contents."""

    version: int
    step_deg: float
    cell_deg: float
    land: list[PackedPatch]
    coasts: list[list[int]]
    borders: list[list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LandPatch:
    centre_longitude_deg: float
    centre_latitude_deg: float
    rings: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coastlines:
    """Land to fill, coasts and borders to draw; all in degrees."""

    cell_deg: float
    land: tuple[LandPatch, ...]
    coasts: tuple[Line, ...]
    borders: tuple[Line, ...]


def parse_coastlines(data: bytes) -> Coastlines:
    """The packaged file's bytes as lines; raises LocalMisuse where they are not that."""
    packed = _decode(data)
    if packed.version != FORMAT_VERSION:
        raise LocalMisuse(f"The map's format is {packed.version}", remedy=_REMEDY)
    return Coastlines(
        cell_deg=packed.cell_deg,
        land=tuple(_patch(patch, packed.step_deg) for patch in packed.land),
        coasts=tuple(_line(line, packed.step_deg) for line in packed.coasts),
        borders=tuple(_line(line, packed.step_deg) for line in packed.borders),
    )


def _decode(data: bytes) -> PackedCoastlines:
    if len(data) > MAXIMUM_PACKED_BYTES:
        raise LocalMisuse(f"The map has {len(data):,} bytes", remedy=_REMEDY)
    try:
        plain = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, MAXIMUM_BYTES)
        return msgspec.msgpack.decode(plain, type=PackedCoastlines)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise LocalMisuse(f"The map cannot be read: {error}", remedy=_REMEDY) from error


def _patch(patch: PackedPatch, step_deg: float) -> LandPatch:
    return LandPatch(
        centre_longitude_deg=patch.centre_longitude_deg,
        centre_latitude_deg=patch.centre_latitude_deg,
        rings=tuple(_line(ring, step_deg) for ring in patch.rings),
    )


def _line(differences: list[int], step_deg: float) -> Line:
    if len(differences) < 4 or len(differences) % 2:
        raise LocalMisuse("The map has half a point, or a line of one", remedy=_REMEDY)
    steps = np.array(differences, dtype=np.float64).reshape(-1, 2)
    line: Line = np.cumsum(steps, axis=0) * step_deg
    return line


def pack(packed: PackedCoastlines) -> bytes:
    """The file's bytes; the same contents give the same bytes."""
    return gzip.compress(msgspec.msgpack.encode(packed), compresslevel=9, mtime=0)
