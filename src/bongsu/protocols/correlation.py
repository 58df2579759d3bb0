"""Do two statements speak of the same object? Launch against launch, else fall against fall.

Two independent estimates agree when their distance is within what their stated ellipses allow
together. Where neither launch nor fall can be compared the answer is no: an object that can't be
shown to be the same never confirms another nation's.
"""

import math
from typing import Protocol

from bongsu.vocabulary.estimates import Ellipse, GeoPoint, ImpactEstimate, LaunchEstimate
from bongsu.vocabulary.units import UtcNs, seconds_between

GATE_SIGMA = 3.5
MEAN_RADIUS_M = 6_371_008.8  # IUGG
TIME_SLACK_S = 2.0  # clocks of sensors of two nations


class Located(Protocol):
    """What a warning, own or partner's, offers for comparison."""

    @property
    def launch(self) -> LaunchEstimate | None: ...

    @property
    def impact(self) -> ImpactEstimate | None: ...


class _PlaceAndTime(Protocol):
    @property
    def point(self) -> GeoPoint: ...

    @property
    def ellipse(self) -> Ellipse: ...

    @property
    def at(self) -> UtcNs: ...

    @property
    def sigma_time_s(self) -> float: ...


def same_object(one: Located, other: Located) -> bool:
    """Whether both statements can be of one object."""
    if one.launch is not None and other.launch is not None:
        return _agree(one.launch, other.launch)
    if one.impact is not None and other.impact is not None:
        return _agree(one.impact, other.impact)
    return False


def distance_m(one: GeoPoint, other: GeoPoint) -> float:
    """Great-circle distance, metres.

    On a sphere of the mean radius: within 0.6 % of the geodesic, far inside every gate that it
    serves, and cheap enough to compare every warning with every partner's.
    """
    half_north = 0.5 * (other.latitude_rad - one.latitude_rad)
    half_east = 0.5 * (other.longitude_rad - one.longitude_rad)
    haversine = math.sin(half_north) ** 2 + (
        math.cos(one.latitude_rad) * math.cos(other.latitude_rad) * math.sin(half_east) ** 2
    )
    return 2.0 * MEAN_RADIUS_M * math.asin(min(1.0, math.sqrt(haversine)))


def sigma_m(ellipse: Ellipse) -> float:
    """One standard deviation along the major axis, from the ellipse's stated probability."""
    return ellipse.semi_major_m / math.sqrt(-2.0 * math.log1p(-ellipse.probability))


def _agree(one: _PlaceAndTime, other: _PlaceAndTime) -> bool:
    allowed_m = GATE_SIGMA * math.hypot(sigma_m(one.ellipse), sigma_m(other.ellipse))
    allowed_s = GATE_SIGMA * math.hypot(one.sigma_time_s, other.sigma_time_s) + TIME_SLACK_S
    apart_s = abs(seconds_between(one.at, other.at))
    return apart_s <= allowed_s and distance_m(one.point, other.point) <= allowed_m
