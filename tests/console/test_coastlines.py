"""The packaged map."""

from importlib.resources import files

import numpy as np
import pytest

from bongsu.console.clipping import Line
from bongsu.console.coastlines import (
    FORMAT_VERSION,
    MAXIMUM_PACKED_BYTES,
    Coastlines,
    PackedCoastlines,
    PackedPatch,
    pack,
    parse_coastlines,
)
from bongsu.vocabulary.errors import LocalMisuse

SMALL = PackedCoastlines(
    version=FORMAT_VERSION,
    step_deg=0.5,
    cell_deg=10.0,
    land=[PackedPatch(5.0, 5.0, [[0, 0, 4, 0, 0, 4]])],
    coasts=[[0, 0, 4, 0, 0, 4]],
    borders=[],
)


@pytest.fixture(scope="module")
def world() -> Coastlines:
    packed = files("bongsu.console").joinpath("data/coastlines.msgpack.gz").read_bytes()
    return parse_coastlines(packed)


def on_land(world: Coastlines, longitude_deg: float, latitude_deg: float) -> bool:
    half = world.cell_deg / 2
    crossings = 0
    for patch in world.land:
        east, north = patch.centre_longitude_deg, patch.centre_latitude_deg
        if abs(longitude_deg - east) <= half and abs(latitude_deg - north) <= half:
            crossings += sum(_crossings(ring, longitude_deg, latitude_deg) for ring in patch.rings)
    return crossings % 2 == 1


def _crossings(ring: Line, x: float, y: float) -> int:
    following = np.roll(ring, -1, axis=0)
    spans = (ring[:, 1] > y) != (following[:, 1] > y)
    rise = np.where(spans, following[:, 1] - ring[:, 1], 1.0)
    at = ring[:, 0] + (y - ring[:, 1]) / rise * (following[:, 0] - ring[:, 0])
    return int(np.count_nonzero(spans & (at > x)))


@pytest.mark.parametrize(
    ("place", "longitude_deg", "latitude_deg", "land"),
    [
        ("Seoul", 127.0, 37.56, True),
        ("Morioka", 141.15, 39.7, True),
        ("Mupyong-ni", 126.43, 40.61, True),
        ("Denver", -105.0, 39.7, True),
        ("South Pole", 12.0, -89.0, True),
        ("Chukotka beyond the date line", -175.0, 67.0, True),
        ("Chukotka before the date line", 175.0, 68.0, True),
        ("Sea of Japan", 135.0, 39.0, False),
        ("Caspian Sea", 50.5, 41.5, False),
        ("Pacific on the date line", 179.99, 30.0, False),
        ("Antipode of Korea", -53.0, -38.5, False),
    ],
)
def test_known_places_are_on_the_right_side_of_the_coast(
    world: Coastlines, place: str, longitude_deg: float, latitude_deg: float, land: bool
) -> None:
    assert on_land(world, longitude_deg, latitude_deg) == land, place


def test_no_line_jumps_or_runs_along_the_date_line(world: Coastlines) -> None:
    for line in (*world.coasts, *world.borders):
        assert np.abs(np.diff(line[:, 0])).max() < 30.0
        on_line = np.abs(np.abs(line[:, 0]) - 180.0) < 1e-6
        runs = np.abs(np.diff(line[:, 1]))[on_line[1:] & on_line[:-1]]
        assert runs.sum() < 0.2


def test_every_coordinate_is_on_the_earth(world: Coastlines) -> None:
    every = np.concatenate([*world.coasts, *world.borders])
    assert np.abs(every[:, 0]).max() <= 540.0
    assert np.abs(every[:, 1]).max() <= 90.01


def test_packing_is_repeatable_and_reads_back() -> None:
    assert pack(SMALL) == pack(SMALL)
    parsed = parse_coastlines(pack(SMALL))
    assert parsed.coasts[0].tolist() == [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]


def test_a_damaged_map_is_refused_with_a_remedy() -> None:
    packed = pack(SMALL)
    for damaged in (b"", packed[:-20], b"\x00" * 40, b"a" * (MAXIMUM_PACKED_BYTES + 1)):
        with pytest.raises(LocalMisuse, match="tools/make_coastlines.py"):
            parse_coastlines(damaged)


@pytest.mark.parametrize("line", [[1, 2, 3], [1, 2]])
def test_half_a_point_is_refused(line: list[int]) -> None:
    broken = PackedCoastlines(
        version=FORMAT_VERSION, step_deg=1.0, cell_deg=1.0, land=[], coasts=[line], borders=[]
    )
    with pytest.raises(LocalMisuse, match="half a point"):
        parse_coastlines(pack(broken))


def test_another_format_is_refused() -> None:
    other = PackedCoastlines(version=99, step_deg=1.0, cell_deg=1.0, land=[], coasts=[], borders=[])
    with pytest.raises(LocalMisuse, match="format is 99"):
        parse_coastlines(pack(other))
