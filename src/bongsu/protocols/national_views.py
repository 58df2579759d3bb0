"""In what several nations' words about one object differ, and which sensors they share. Pure.

Rules: what is withheld or not stated differs from nothing. Classes differ where the kind of
launch or the likeliest class is another one. Areas differ where the stated ellipses have no place
in common; times where they are further apart than what they state allows together. Two nations
that rest on the same sensor are not two confirmations.
"""

import math
from collections.abc import Sequence
from enum import Enum
from itertools import combinations
from typing import Final, NamedTuple

from bongsu.protocols.correlation import (
    GATE_SIGMA,
    LEAST_SIGMA_S,
    MEAN_RADIUS_M,
    TIME_SLACK_S,
)
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
)
from bongsu.vocabulary.launch_kind import launch_kind
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NationId, NodeId, SensorId, seconds_between

DIRECTIONS: Final = 180  # of a half turn in which a line may part two areas

Located = LaunchEstimate | ImpactEstimate


class ViewAspect(Enum):
    """What two nations can say otherwise of one object."""

    CLASS = "class"
    LAUNCH_AREA = "launch area"
    LAUNCH_TIME = "launch time"
    IMPACT_AREA = "impact area"
    IMPACT_TIME = "impact time"


class View(NamedTuple):
    """One node's words about the object."""

    node: NodeId
    nation: NationId
    warning: SeenWarning


class Disagreement(NamedTuple):
    one: NodeId
    other: NodeId
    aspect: ViewAspect


def disagreements(views: Sequence[View]) -> tuple[Disagreement, ...]:
    """Everything in which any two of them differ."""
    return tuple(
        Disagreement(one.node, other.node, aspect)
        for one, other in combinations(views, 2)
        for aspect in differing(one.warning, other.warning)
    )


def differing(one: SeenWarning, other: SeenWarning) -> tuple[ViewAspect, ...]:
    """In what these two differ."""
    found: list[ViewAspect] = []
    classes = (one.classification, other.classification)
    if all(classes) and len({_class(stated or ()) for stated in classes}) > 1:
        found.append(ViewAspect.CLASS)
    for here, there, area, time in (
        (one.launch, other.launch, ViewAspect.LAUNCH_AREA, ViewAspect.LAUNCH_TIME),
        (one.impact, other.impact, ViewAspect.IMPACT_AREA, ViewAspect.IMPACT_TIME),
    ):
        if here is None or there is None:
            continue
        if are_apart(here, there):
            found.append(area)
        if _differ_in_time(here, there):
            found.append(time)
    return tuple(found)


def shared_sensors(views: Sequence[View]) -> tuple[SensorId, ...]:
    """Sensors that stand behind the words of more than one nation."""
    behind: dict[SensorId, set[NationId]] = {}
    for view in views:
        for sensor in view.warning.sensors or ():
            behind.setdefault(sensor, set()).add(view.nation)
    return tuple(sorted(sensor for sensor, nations in behind.items() if len(nations) > 1))


def are_apart(one: Located, other: Located) -> bool:
    """Whether two areas have no place in common: some straight line lies between them.

    On the plane that touches the Earth between the two, which serves for areas near each other;
    those that are not have nothing in common on any map.
    """
    east_m, north_m = _offset_m(one.point, other.point)
    for step in range(DIRECTIONS):
        direction = math.pi * step / DIRECTIONS
        east, north = math.sin(direction), math.cos(direction)
        reach_m = _reach_m(one.ellipse, direction) + _reach_m(other.ellipse, direction)
        if abs(east_m * east + north_m * north) > reach_m:
            return True
    return False


def _reach_m(ellipse: Ellipse, direction_rad: float) -> float:
    """How far an ellipse reaches from its centre towards an azimuth (its support function)."""
    turned = direction_rad - ellipse.azimuth_rad
    return math.hypot(
        ellipse.semi_major_m * math.cos(turned), ellipse.semi_minor_m * math.sin(turned)
    )


def _offset_m(one: GeoPoint, other: GeoPoint) -> tuple[float, float]:
    """East and north, from the one to the other; the short way round."""
    turn = other.longitude_rad - one.longitude_rad
    east_rad = math.remainder(turn, math.tau)
    middle_rad = 0.5 * (one.latitude_rad + other.latitude_rad)
    north_rad = other.latitude_rad - one.latitude_rad
    return MEAN_RADIUS_M * math.cos(middle_rad) * east_rad, MEAN_RADIUS_M * north_rad


def _differ_in_time(one: Located, other: Located) -> bool:
    apart_s = max(0.0, abs(seconds_between(one.at, other.at)) - TIME_SLACK_S)
    sigma_s = max(math.hypot(one.sigma_time_s, other.sigma_time_s), LEAST_SIGMA_S)
    return apart_s > GATE_SIGMA * sigma_s


def _class(classification: Sequence[ClassProbability]) -> tuple[object, object]:
    likeliest = max(classification, key=lambda entry: entry.probability)
    return launch_kind(classification), likeliest.object_class
