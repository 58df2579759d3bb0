"""Do two statements speak of the same object? What both state is compared: launch, and fall.

Two independent estimates agree when their distance, in place and in time, is within what their
stated uncertainties allow together. An estimate too vague to tell two launch sites apart shows
nothing, and where nothing can be compared the answer is no: an object that can't be shown to be
the same never confirms another nation's, and never takes over its warning.
"""

import math
from typing import Protocol

from bongsu.vocabulary.estimates import Ellipse, GeoPoint, ImpactEstimate, LaunchEstimate
from bongsu.vocabulary.units import UtcNs, seconds_between

GATE_SIGMA = 3.5
KEEP_SIGMA = 2.0 * GATE_SIGMA  # what once agreed parts only when it is far apart: no flapping
VAGUE_SIGMA_M = 100_000.0
VAGUE_SIGMA_S = 60.0
TIME_SLACK_S = 2.0  # clocks of sensors of two nations
LEAST_SIGMA_M = 1.0
LEAST_SIGMA_S = 0.1
MEAN_RADIUS_M = 6_371_008.8  # IUGG


class Located(Protocol):
    """What a track or a warning, own or a partner's, offers for comparison."""

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
    misfit = misfit_sigma(one, other)
    return misfit is not None and misfit <= GATE_SIGMA


def misfit_sigma(one: Located, other: Located) -> float | None:
    """How far apart they are, in joint standard deviations of what fits worst.

    None where nothing can be compared.
    """
    launches = _apart_sigma(one.launch, other.launch)
    if launches is not None and launches > KEEP_SIGMA:
        return launches
    falls = _apart_sigma(one.impact, other.impact)
    if launches is None or falls is None:
        return falls if launches is None else launches
    return max(launches, falls)


def one_launch(one: Located, other: Located) -> bool:
    """Whether both can come of one launch, wherever they fall."""
    apart = _apart_sigma(one.launch, other.launch)
    return apart is not None and apart <= GATE_SIGMA


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
    """One standard deviation along the major axis, from the ellipse's stated probability.

    Infinite where the stated probability says nothing (0), zero where it claims certainty (1).
    """
    if ellipse.probability <= 0.0:
        return math.inf
    if ellipse.probability >= 1.0:
        return 0.0
    return ellipse.semi_major_m / math.sqrt(-2.0 * math.log1p(-ellipse.probability))


def _apart_sigma(one: _PlaceAndTime | None, other: _PlaceAndTime | None) -> float | None:
    if one is None or other is None:
        return None
    times = (one.sigma_time_s, other.sigma_time_s)
    places = (sigma_m(one.ellipse), sigma_m(other.ellipse))
    if max(times) > VAGUE_SIGMA_S or max(places) > VAGUE_SIGMA_M:
        return None
    late_s = max(0.0, abs(seconds_between(one.at, other.at)) - TIME_SLACK_S)
    in_time = late_s / max(math.hypot(*times), LEAST_SIGMA_S)
    if in_time > KEEP_SIGMA:
        return in_time  # most pairs end here, before any trigonometry
    apart_m = distance_m(one.point, other.point)
    return max(in_time, apart_m / max(math.hypot(*places), LEAST_SIGMA_M))
