"""How the packaged map is made."""

import json

import msgspec
import pytest
from tools.make_coastlines import (
    Topology,
    decoded_arcs,
    densified,
    differences,
    packed_coastlines,
    unrolled,
)

from bongsu.console.coastlines import pack, parse_coastlines


@pytest.fixture
def topology() -> Topology:
    """Two countries side by side, across the date line: 170E to 180 and 180 to 170W."""
    raw = {
        "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
        "arcs": [
            [[180, 0], [0, 5]],  # their border, northwards
            [[180, 5], [-10, 0], [0, -5], [10, 0]],  # the western one's coast
            [[-180, 0], [10, 0], [0, 5], [-10, 0]],  # the eastern one's coast
        ],
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "arcs": [[[2, -1]]]},
                ],
            },
            "land": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[1, 2]]}],
            },
        },
    }
    return msgspec.json.decode(json.dumps(raw).encode(), type=Topology)


def test_arcs_are_running_sums(topology: Topology) -> None:
    assert decoded_arcs(topology)[1] == [(180, 5), (170, 5), (170, 0), (180, 0)]


def test_a_shared_arc_is_a_border_and_the_others_are_coasts(topology: Topology) -> None:
    made = parse_coastlines(pack(packed_coastlines(topology)))
    assert [line.tolist() for line in made.borders] == [[[180.0, 0.0], [180.0, 5.0]]]
    assert len(made.coasts) == 2


def test_land_lies_on_both_sides_of_the_date_line(topology: Topology) -> None:
    made = parse_coastlines(pack(packed_coastlines(topology)))
    centres = {patch.centre_longitude_deg for patch in made.land}
    assert {175.0, -175.0} <= centres
    for patch in made.land:
        for ring in patch.rings:
            assert abs(ring[:, 0] - patch.centre_longitude_deg).max() <= 5.1


def test_a_line_over_the_date_line_is_unrolled_both_ways() -> None:
    line = [(178.0, 1.0), (-179.0, 1.0), (-177.0, 1.0), (179.0, 2.0)]
    assert unrolled(line) == [(178.0, 1.0), (181.0, 1.0), (183.0, 1.0), (179.0, 2.0)]
    assert unrolled([(-179.0, 0.0), (179.0, 0.0)]) == [(-179.0, 0.0), (-181.0, 0.0)]


def test_long_edges_are_divided_and_equal_points_fall_together() -> None:
    dense = densified([(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)])
    assert (1.0, 0.0) in dense
    assert (2.0, 0.0) in dense
    assert differences([(0.0, 0.0), (0.001, 0.001), (0.01, 0.0)]) == [0, 0, 2, 0]
