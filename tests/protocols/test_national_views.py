"""What several nations say of one object is held against each other, and nothing is averaged."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocols.made_up_tracks import ELSEWHERE, KR_RADAR, OTHER_SEA, SEA, at, impact, launch

from bongsu.protocols.national_views import (
    View,
    ViewAspect,
    are_apart,
    differing,
    disagreements,
    shared_sensors,
)
from bongsu.vocabulary.estimates import ClassProbability, Ellipse, GeoPoint, ObjectClass
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NationId, NodeId, SensorId, after_seconds

IRBM = (ClassProbability(object_class=ObjectClass.IRBM, probability=0.9),)
ICBM = (ClassProbability(object_class=ObjectClass.ICBM, probability=0.9),)
SAID = SeenWarning(
    classification=IRBM, launch=launch(), impact=impact(), sensors=(SensorId("KR-RADAR-1"),)
)
R_M = 6_371_008.8


def test_what_is_the_same_differs_in_nothing() -> None:
    assert differing(SAID, SAID) == ()


def test_class_area_and_time_are_each_named() -> None:
    assert differing(SAID, replace(SAID, classification=ICBM)) == (ViewAspect.CLASS,)
    moved = replace(SAID, launch=launch(ELSEWHERE))
    assert differing(SAID, moved) == (ViewAspect.LAUNCH_AREA,)
    falls = impact()
    elsewhere = replace(falls, point=OTHER_SEA if falls.point == SEA else SEA)
    assert differing(SAID, replace(SAID, impact=elsewhere)) == (ViewAspect.IMPACT_AREA,)
    later = replace(falls, at=after_seconds(falls.at, 120.0))
    assert differing(SAID, replace(SAID, impact=later)) == (ViewAspect.IMPACT_TIME,)
    early = replace(launch(), at=at(-60.0))
    assert differing(SAID, replace(SAID, launch=early)) == (ViewAspect.LAUNCH_TIME,)


@pytest.mark.parametrize("name", ["classification", "launch", "impact"])
def test_what_is_withheld_differs_from_nothing(name: str) -> None:
    closed = replace(SAID, withheld=(name,), **{name: None})
    other = replace(SAID, classification=ICBM, launch=launch(ELSEWHERE), impact=None)
    aspects = {"classification": "class", "launch": "launch", "impact": "impact"}
    assert not [one for one in differing(closed, other) if one.value.startswith(aspects[name])]


def test_every_pair_is_compared_and_a_sensor_behind_two_nations_is_named() -> None:
    views = [
        View(NodeId("KR-1"), NationId("KR"), SAID),
        View(NodeId("US-1"), NationId("US"), replace(SAID, classification=ICBM)),
        View(NodeId("JP-1"), NationId("JP"), replace(SAID, sensors=None, withheld=("sensors",))),
    ]
    found = {(one.one, one.other, one.aspect) for one in disagreements(views)}
    assert found == {
        ("KR-1", "US-1", ViewAspect.CLASS),
        ("US-1", "JP-1", ViewAspect.CLASS),
    }
    assert shared_sensors(views) == (KR_RADAR,)
    assert shared_sensors([views[0], views[0]]) == ()


@given(
    east_km=st.floats(-200, 200),
    north_km=st.floats(-200, 200),
    axes=st.tuples(*(st.floats(1, 120) for _ in range(4))),
    azimuths=st.tuples(st.floats(0, math.pi), st.floats(0, math.pi)),
)
def test_areas_are_apart_only_where_no_place_is_in_both(
    east_km: float,
    north_km: float,
    axes: tuple[float, float, float, float],
    azimuths: tuple[float, float],
) -> None:
    """Held against points sampled in the one area: none of them may lie well within the other."""
    at_sea = GeoPoint(latitude_rad=0.0, longitude_rad=0.0)
    there = GeoPoint(latitude_rad=north_km * 1e3 / R_M, longitude_rad=east_km * 1e3 / R_M)
    one = replace(impact(), point=at_sea, ellipse=_ellipse(axes[0], axes[1], azimuths[0]))
    other = replace(impact(), point=there, ellipse=_ellipse(axes[2], axes[3], azimuths[1]))
    if not are_apart(one, other):
        return
    for turn in range(72):
        for share in (0.0, 0.5, 0.99):
            east, north = _place(one.ellipse, turn * math.tau / 72, share)
            assert not _lies_within(other.ellipse, east - east_km * 1e3, north - north_km * 1e3)


def _ellipse(one_km: float, other_km: float, azimuth_rad: float) -> Ellipse:
    return Ellipse(
        semi_major_m=max(one_km, other_km) * 1e3,
        semi_minor_m=min(one_km, other_km) * 1e3,
        azimuth_rad=azimuth_rad,
    )


def _place(ellipse: Ellipse, turn: float, share: float) -> tuple[float, float]:
    along = share * ellipse.semi_major_m * math.cos(turn)
    across = share * ellipse.semi_minor_m * math.sin(turn)
    sine, cosine = math.sin(ellipse.azimuth_rad), math.cos(ellipse.azimuth_rad)
    return along * sine + across * cosine, along * cosine - across * sine


def _lies_within(ellipse: Ellipse, east: float, north: float) -> bool:
    sine, cosine = math.sin(ellipse.azimuth_rad), math.cos(ellipse.azimuth_rad)
    along, across = east * sine + north * cosine, east * cosine - north * sine
    return math.hypot(along / ellipse.semi_major_m, across / ellipse.semi_minor_m) < 0.98
