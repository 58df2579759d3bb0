"""What may be stated of a track's origin and end, in the shared words.

A point of impact is stated only where there is ground for one: the engine is out, the path is
ballistic, and the area is no larger than is of use. Otherwise a fan is stated, or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.geodesy import geodesic_inverse
from bongsu.tracking.arrays import Floats
from bongsu.tracking.fall.impact_prediction import Forecasts
from bongsu.tracking.outlook.area import SIGMAS, ellipses_of, points_under
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    Fan,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
)
from bongsu.vocabulary.units import UtcNs, after_seconds, seconds_between

LARGEST_USEFUL_SEMI_MAJOR_M: Final = 500e3
FAN_SIGMAS: Final = 2.4  # along and across: 98.4 % each
LEAST_HALF_WIDTH_RAD: Final = float(np.radians(1.0))
FARTHEST_M: Final = 20_000e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Everything that a track lets one say beyond its state."""

    launch: LaunchEstimate | None = None
    impact: ImpactEstimate | None = None
    fan: Fan | None = None
    flight: Flight | None = None
    classification: tuple[ClassProbability, ...] = ()
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apogee:
    """The highest point of a flight, above the ellipsoid."""

    height_m: float
    sigma_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A predicted fall seen from where it began; directions are unit (east, north) vectors."""

    impact: ImpactEstimate
    origin: GeoPoint
    distance_m: float
    azimuth_rad: float  # at the origin
    sigma_along_m: float  # of the impact, along and across the way
    sigma_across_m: float
    leaving: tuple[float, float]
    apogee: Apogee

    @property
    def is_useful(self) -> bool:
        """Whether the area is small enough to state a point."""
        return self.impact.ellipse.semi_major_m <= LARGEST_USEFUL_SEMI_MAJOR_M


def falls(forecasts: Forecasts, origins: Sequence[GeoPoint], at: UtcNs) -> Sequence[Fall | None]:
    """The fall of each row (n) from its origin; None where not all of it comes down."""
    points = points_under(forecasts.places_ecef_m())
    ellipses = ellipses_of(forecasts.covariance[:, :2, :2])
    distance, first, last = geodesic_inverse(
        np.array([origin.latitude_rad for origin in origins]),
        np.array([origin.longitude_rad for origin in origins]),
        np.array([point.latitude_rad for point in points]),
        np.array([point.longitude_rad for point in points]),
    )
    along, across = _sigmas_m(forecasts.covariance[:, :2, :2], last)
    sigma = np.sqrt(np.diagonal(forecasts.covariance, axis1=1, axis2=2))
    return tuple(
        Fall(
            impact=ImpactEstimate(
                point=points[row],
                ellipse=ellipses[row],
                at=after_seconds(at, float(forecasts.mean[row, 2])),
                sigma_time_s=float(sigma[row, 2]),
            ),
            origin=origins[row],
            distance_m=float(distance[row]),
            azimuth_rad=float(first[row]) % (2.0 * np.pi),
            sigma_along_m=float(along[row]),
            sigma_across_m=float(across[row]),
            leaving=(float(np.sin(first[row])), float(np.cos(first[row]))),
            apogee=Apogee(height_m=float(forecasts.mean[row, 3]), sigma_m=float(sigma[row, 3])),
        )
        if forecasts.falls[row]
        else None
        for row in range(len(points))
    )


def flight_of(fall: Fall, launch: LaunchEstimate, apogee: Apogee) -> Flight:
    """The flight from an estimated launch, which is the fall's origin, to its predicted impact."""
    sigma_launch = _sigma_along_m(launch.ellipse, fall.leaving)
    return Flight(
        apogee_m=apogee.height_m,
        sigma_apogee_m=apogee.sigma_m,
        range_m=fall.distance_m,
        sigma_range_m=float(np.hypot(fall.sigma_along_m, sigma_launch)),
        flight_time_s=seconds_between(fall.impact.at, launch.at),
        sigma_flight_time_s=float(np.hypot(fall.impact.sigma_time_s, launch.sigma_time_s)),
    )


def fan_around(fall: Fall, in_boost: Fan | None) -> Fan:
    """A fan around an impact that is too uncertain for a point.

    It is no narrower than the one in boost was, if there was one: what is that uncertain is
    not normally spread, and only the reach is better known since the engine stopped.
    """
    reach = FAN_SIGMAS * fall.sigma_along_m
    half = float(np.arctan2(FAN_SIGMAS * fall.sigma_across_m, fall.distance_m))
    half += LEAST_HALF_WIDTH_RAD
    azimuth = fall.azimuth_rad
    if in_boost is not None and in_boost.half_width_rad > half:
        azimuth, half = in_boost.azimuth_rad, in_boost.half_width_rad
    return Fan(
        origin=fall.origin,
        azimuth_rad=azimuth,
        half_width_rad=half,
        minimum_range_m=max(fall.distance_m - reach, 0.0),
        maximum_range_m=min(fall.distance_m + reach, FARTHEST_M),
    )


def _sigmas_m(covariance: Floats, azimuth: Floats) -> tuple[Floats, Floats]:
    """Standard deviations along and across directions (n,) of places (n, 2, 2)."""
    along = np.stack([np.sin(azimuth), np.cos(azimuth)], axis=-1)
    across = np.stack([along[:, 1], -along[:, 0]], axis=-1)
    first = np.einsum("ni,nij,nj->n", along, covariance, along)
    second = np.einsum("ni,nij,nj->n", across, covariance, across)
    return np.sqrt(np.maximum(first, 0.0)), np.sqrt(np.maximum(second, 0.0))


def _sigma_along_m(ellipse: Ellipse, direction: tuple[float, float]) -> float:
    """One standard deviation of an ellipse's place along a direction (east, north)."""
    turn = np.arctan2(*direction) - ellipse.azimuth_rad
    major, minor = ellipse.semi_major_m / SIGMAS, ellipse.semi_minor_m / SIGMAS
    return float(np.hypot(major * np.cos(turn), minor * np.sin(turn)))
