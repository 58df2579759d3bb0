"""Shapes, charts and maps of the page."""

import re
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from tests.console.made_up_flight import BURNOUT_S, JP, KR, US

from bongsu.console.demo_report import DemoReport, Place
from bongsu.console.html_text import Html
from bongsu.console.map_projection import view_of
from bongsu.console.report.convergence import convergence, distance_km, stated_places
from bongsu.console.report.ellipse_frames import ellipse_frames
from bongsu.console.report.impact_shapes import (
    MAXIMUM_DRAWN,
    bin_of,
    bin_texts,
    fan_outline,
    first_fan,
    impact_shapes,
)
from bongsu.console.report.map_ground import round_length_km, scale_bar
from bongsu.console.report.pictures import (
    MAXIMUM_NATIONS,
    SHAPES,
    coinciding,
    marker,
    nation_looks,
    path_data,
)
from bongsu.console.report.timeline import timeline
from bongsu.vocabulary.estimates import Fan, GeoPoint


def test_nations_differ_in_colour_dash_and_shape(report: DemoReport) -> None:
    looks = nation_looks(report)
    assert list(looks) == [KR, US, JP]
    assert len({look.css_class for look in looks.values()}) == 3
    assert len({look.dash for look in looks.values()}) == 3
    assert len({look.shape for look in looks.values()}) == 3
    assert len(SHAPES) == MAXIMUM_NATIONS


@pytest.mark.parametrize("shape", sorted(set(SHAPES)))
def test_each_shape_lies_about_its_middle(shape: str) -> None:
    numbers = re.findall(
        r'"[-0-9., ]+"', marker(shape, 50.0, 60.0, size=10.0, css_class="a").markup
    )
    assert numbers


def test_a_line_with_a_value_that_is_no_number_is_not_drawn() -> None:
    assert path_data([np.array([[0.0, np.nan], [1.0, 1.0]])]) == Html("")
    assert path_data([np.empty((0, 2))]) == Html("")
    assert path_data([np.array([[0.0, 0.0], [1.0, 2.0]])], closed=True) == Html("M0.0 0.0 1.0 2.0Z")


def test_lines_on_top_of_each_other_take_turns() -> None:
    dashes = [coinciding(number, 3) for number in range(3)]
    assert {dash["stroke_dasharray"] for dash in dashes} == {"9 18"}
    assert len({dash["stroke_dashoffset"] for dash in dashes}) == 3
    assert coinciding(0, 1) == {}


def test_the_timeline_shows_every_first_warning_and_every_end(report: DemoReport) -> None:
    drawn = timeline(report).markup
    assert drawn.count("<polygon") >= 3
    assert f"burnout T+0{int(BURNOUT_S) // 60}:25" in drawn
    assert "published apogee 970 km (an input)" in drawn
    for sensor in report.sensors:
        assert sensor.sensor_id in drawn


def test_a_staged_flight_names_each_stage(report: DemoReport) -> None:
    scenario = msgspec.structs.replace(report.scenario, ends_of_burning_s=(60.0, 145.0))
    drawn = timeline(msgspec.structs.replace(report, scenario=scenario)).markup
    assert "stage 1 burnt out T+01:00" in drawn
    assert "burnout T+02:25" in drawn


def test_the_stated_axes_fall_and_the_end_is_left_out(report: DemoReport) -> None:
    places = stated_places(report, "impact point")[KR]
    assert places[0].semi_major_km > 100.0
    assert places[-1].semi_major_km < 3.0
    assert all(place.error_km is not None for place in places)
    assert len(places) < len(report.warnings[0].versions)


def test_without_a_true_place_no_error_is_drawn(report: DemoReport) -> None:
    alone = msgspec.structs.replace(report, comparison=())
    assert all(p.error_km is None for p in stated_places(alone, "launch point")[US])
    assert 'class="error' not in convergence(alone, "launch point").markup
    assert 'class="error' in convergence(report, "launch point").markup


def test_no_statement_gives_no_chart_and_no_frames(report: DemoReport) -> None:
    silent = msgspec.structs.replace(report, warnings=(), comparison=())
    assert convergence(silent, "impact point") == Html("")
    assert ellipse_frames(silent, "impact point") == Html("")


def test_a_moment_without_a_point_says_so(report: DemoReport) -> None:
    frames = ellipse_frames(report, "impact point").markup
    assert frames.count("no ground yet for a point") == 2
    assert frames.count("<svg") == 3
    assert "<b>JP</b>" in frames


def test_impact_shapes_are_in_order_and_bounded(report: DemoReport) -> None:
    shapes = impact_shapes(report)
    assert 0 < len(shapes) <= MAXIMUM_DRAWN
    assert [s.time_s for s in shapes] == sorted(s.time_s for s in shapes)
    assert [bin_of(0, 9), bin_of(8, 9)] == [0, 4]
    assert len(bin_texts(shapes)) == 5
    assert bin_texts(shapes[:1]) == ["T+02:01"]


def test_the_first_fan_is_the_earliest_of_all_nations(report: DemoReport) -> None:
    warning = first_fan(report)
    assert warning is not None
    assert warning.nation == US
    assert first_fan(msgspec.structs.replace(report, warnings=())) is None


def test_a_fan_reaches_from_its_least_to_its_greatest_range() -> None:
    fan = Fan(
        origin=GeoPoint(latitude_rad=0.0, longitude_rad=0.0),
        azimuth_rad=np.pi / 2,
        half_width_rad=0.1,
        minimum_range_m=1e6,
        maximum_range_m=2e6,
    )
    latitude, longitude = fan_outline(fan)
    reach = [
        distance_km(Place(latitude_deg=0.0, longitude_deg=0.0), a, o)
        for a, o in zip(latitude, longitude, strict=True)
    ]
    assert max(reach) == pytest.approx(2000.0, rel=1e-6)
    assert min(reach) == pytest.approx(1000.0, rel=1e-6)
    broken = Fan(
        origin=fan.origin,
        azimuth_rad=np.nan,
        half_width_rad=0.1,
        minimum_range_m=1.0,
        maximum_range_m=2.0,
    )
    assert len(fan_outline(broken)[0]) == 0


@pytest.mark.parametrize(
    ("longest_km", "length_km"), [(140.0, 100.0), (0.7, 0.5), (2.0, 2.0), (999.0, 500.0)]
)
def test_a_scale_bar_has_a_round_length(longest_km: float, length_km: float) -> None:
    assert round_length_km(longest_km) == pytest.approx(length_km)


def test_a_short_scale_bar_is_in_metres() -> None:
    view = view_of([40.0], [130.0], width_px=2000, height_px=2000, padding=0.1)
    assert "200 m" in scale_bar(view, right_px=100, bottom_px=100, longest_px=140).markup


def test_warnings_of_two_objects_are_two_lines(report: DemoReport) -> None:
    first = report.warnings[0]
    other = tuple(replace(version, warning_id="KR-1/W0002") for version in first.versions)
    both = msgspec.structs.replace(first, versions=(*first.versions, *other))
    drawn = convergence(msgspec.structs.replace(report, warnings=(both,)), "impact point").markup
    line = re.search(r'<path d="([^"]*)" class="stroke semi-major n0"', drawn)
    assert line is not None
    assert line.group(1).count("M") == 2
