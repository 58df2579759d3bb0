"""Make the packaged map from Natural Earth's 1:50m countries as TopoJSON.

    npm pack world-atlas@2 && tar xzf world-atlas-2*.tgz
    python tools/make_coastlines.py package/countries-50m.json \
        src/bongsu/console/data/coastlines.msgpack.gz

TopoJSON: https://github.com/topojson/topojson-specification (arcs are shared, quantised,
each point a difference; an index below zero means the arc ~index turned round).
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from bongsu.console.clipping import Line, ring_in_box
from bongsu.console.coastlines import FORMAT_VERSION, PackedCoastlines, PackedPatch, pack

STEP_DEG = 0.005
CELL_DEG = 10.0
OVERLAP_DEG = 0.04  # neighbours overlap, so that no seam shows
LONGEST_EDGE_DEG = 1.0  # a cell's edge is a curve on the map

Point = tuple[float, float]


class Geometry(msgspec.Struct):
    type: str
    arcs: list[msgspec.Raw] | None = None
    geometries: "list[Geometry] | None" = None


class Transform(msgspec.Struct):
    scale: tuple[float, float]
    translate: tuple[float, float]


class Topology(msgspec.Struct):
    transform: Transform
    arcs: list[list[tuple[int, int]]]
    objects: dict[str, Geometry]


def decoded_arcs(topology: Topology) -> list[list[Point]]:
    """Every arc in degrees, longitude first."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology.transform.scale,
        topology.transform.translate,
    )
    arcs: list[list[Point]] = []
    for differences in topology.arcs:
        x = y = 0
        arc: list[Point] = []
        for step_x, step_y in differences:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(arc)
    return arcs


def rings_of(geometry: Geometry) -> Iterator[list[int]]:
    """Every ring as arc indices."""
    for part in geometry.geometries or ():
        yield from rings_of(part)
    for raw in geometry.arcs or ():
        if geometry.type == "MultiPolygon":
            yield from msgspec.json.decode(raw, type=list[list[int]])
        elif geometry.type == "Polygon":
            yield msgspec.json.decode(raw, type=list[int])


def ring_points(indices: Iterable[int], arcs: list[list[Point]]) -> list[Point]:
    """The ring's points; the arcs' shared ends once."""
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def in_cell(ring: Line, west: float, south: float) -> list[Point]:
    """The ring inside the cell and its overlap; empty where it has no area there."""
    east, north = west + CELL_DEG, south + CELL_DEG
    margin = OVERLAP_DEG
    inside = ring_in_box(ring, (west - margin, east + margin, south - margin, north + margin))
    return densified([(float(x), float(y)) for x, y in inside]) if len(inside) >= 3 else []


def densified(ring: list[Point]) -> list[Point]:
    """The same ring with no edge longer than LONGEST_EDGE_DEG."""
    dense: list[Point] = []
    for (x, y), (next_x, next_y) in pairwise([*ring, ring[0]]):
        count = max(1, round(max(abs(next_x - x), abs(next_y - y)) / LONGEST_EDGE_DEG))
        steps = (n / count for n in range(count))
        dense.extend((x + s * (next_x - x), y + s * (next_y - y)) for s in steps)
    return dense


def differences(points: Iterable[Point]) -> list[int]:
    """Whole steps from point to point; points that fall together are one."""
    flat: list[int] = []
    x = y = 0
    for longitude, latitude in points:
        next_x, next_y = round(longitude / STEP_DEG), round(latitude / STEP_DEG)
        if flat and (next_x, next_y) == (x, y):
            continue
        flat.extend((next_x - x, next_y - y))
        x, y = next_x, next_y
    return flat


def unrolled(points: list[Point]) -> list[Point]:
    """The same line without jumps from 180 to -180 degrees: it may run beyond them."""
    rolled: list[Point] = []
    turn = 0.0
    for longitude, latitude in points:
        if rolled and longitude + turn - rolled[-1][0] > 180.0:
            turn -= 360.0
        elif rolled and longitude + turn - rolled[-1][0] < -180.0:
            turn += 360.0
        rolled.append((longitude + turn, latitude))
    return rolled


def planar_rings(land: Geometry, arcs: list[list[Point]]) -> Iterator[list[Point]]:
    """Every ring as it lies in a plane of degrees, also once more a turn to either side."""
    for indices in rings_of(land):
        ring = unrolled(ring_points(indices, arcs))
        if max(latitude for _, latitude in ring) < -89.9:
            continue  # the pole itself, drawn as a line
        if abs(ring[-1][0] - ring[0][0]) > 180.0:  # goes round the pole: close it over the pole
            ring = [*ring, (ring[-1][0], -90.0), (ring[0][0], -90.0)]
        for turn in (-360.0, 0.0, 360.0):
            yield [(longitude + turn, latitude) for longitude, latitude in ring]


def land_patches(land: Geometry, arcs: list[list[Point]]) -> Iterator[PackedPatch]:
    """Land cell by cell."""
    rings = [np.array(ring) for ring in planar_rings(land, arcs)]
    boxes = [(*ring.min(axis=0), *ring.max(axis=0)) for ring in rings]
    for column in range(int(360 / CELL_DEG)):
        for row in range(int(180 / CELL_DEG)):
            west, south = -180 + column * CELL_DEG, -90 + row * CELL_DEG
            inside = []
            for ring, (low_x, low_y, high_x, high_y) in zip(rings, boxes, strict=True):
                if high_x < west or low_x > west + CELL_DEG:
                    continue
                if high_y < south or low_y > south + CELL_DEG:
                    continue
                line = differences(in_cell(ring, west, south))
                if len(line) >= 6:
                    inside.append(line)
            if inside:
                yield PackedPatch(west + CELL_DEG / 2, south + CELL_DEG / 2, inside)


def lines(arcs: Iterable[list[Point]]) -> Iterator[list[int]]:
    """The arcs as lines to draw."""
    for arc in arcs:
        line = differences(unrolled(arc))
        if len(line) >= 4 and max(latitude for _, latitude in arc) > -89.9:
            yield line


def packed_coastlines(topology: Topology) -> PackedCoastlines:
    arcs = decoded_arcs(topology)
    land, countries = topology.objects["land"], topology.objects["countries"]
    owners: Counter[int] = Counter()  # an arc with two owners is a border
    for country in countries.geometries or ():
        used = {i if i >= 0 else ~i for ring in rings_of(country) for i in ring}
        owners.update(used)
    shared = sorted(index for index, count in owners.items() if count > 1)
    coasts = sorted({i if i >= 0 else ~i for ring in rings_of(land) for i in ring})
    return PackedCoastlines(
        version=FORMAT_VERSION,
        step_deg=STEP_DEG,
        cell_deg=CELL_DEG,
        land=list(land_patches(land, arcs)),
        coasts=list(lines(arcs[index] for index in coasts)),
        borders=list(lines(arcs[index] for index in shared)),
    )


def main(arguments: list[str]) -> None:
    source, target = arguments
    topology = msgspec.json.decode(Path(source).read_bytes(), type=Topology)
    Path(target).write_bytes(pack(packed_coastlines(topology)))


if __name__ == "__main__":
    main(sys.argv[1:])
