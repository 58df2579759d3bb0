"""The quantities that are compared: how each is read from a warning, the truth and the list."""

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, log, pi, sin, sqrt
from typing import Final, Literal, NamedTuple

from bongsu.exercise.flight_figures import FlightFigures, way
from bongsu.exercise.scenario import ScenarioFlight
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.units import seconds_between

PublishedRole = Literal["input", "compared"]

KM: Final = 1e-3
DEGREES: Final = degrees(1.0)


class StatedNumber(NamedTuple):
    """In SI, with one standard deviation."""

    value: float
    sigma: float


class StatedPlace(NamedTuple):
    """A place and the area that holds it with the ellipse's probability."""

    point: GeoPoint
    ellipse: Ellipse


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberQuantity:
    """A quantity that is a number. `scale` leads from SI to `unit`."""

    name: str
    unit: str
    scale: float
    read: Callable[[LaunchWarning, FlightFigures], StatedNumber | None]
    truth: Callable[[FlightFigures], float]
    published: Callable[[ScenarioFlight], float | None]
    published_role: PublishedRole | None
    turns: bool = False  # an angle: a difference goes the short way round


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuantity:
    """A quantity that is a place."""

    name: str
    read: Callable[[LaunchWarning], StatedPlace | None]
    truth: Callable[[FlightFigures], GeoPoint]


def _apogee(warning: LaunchWarning, _: FlightFigures) -> StatedNumber | None:
    flight = warning.flight
    return None if flight is None else StatedNumber(flight.apogee_m, flight.sigma_apogee_m)


def _range(warning: LaunchWarning, _: FlightFigures) -> StatedNumber | None:
    flight = warning.flight
    return None if flight is None else StatedNumber(flight.range_m, flight.sigma_range_m)


def _flight_time(warning: LaunchWarning, _: FlightFigures) -> StatedNumber | None:
    flight = warning.flight
    if flight is None:
        return None
    return StatedNumber(flight.flight_time_s, flight.sigma_flight_time_s)


def _launch_time(warning: LaunchWarning, figures: FlightFigures) -> StatedNumber | None:
    launch = warning.launch
    if launch is None:
        return None
    return StatedNumber(seconds_between(launch.at, figures.launched_at), launch.sigma_time_s)


def _impact_time(warning: LaunchWarning, figures: FlightFigures) -> StatedNumber | None:
    impact = warning.impact
    if impact is None:
        return None
    return StatedNumber(seconds_between(impact.at, figures.launched_at), impact.sigma_time_s)


def _azimuth(warning: LaunchWarning, _: FlightFigures) -> StatedNumber | None:
    launch = warning.launch
    return None if launch is None else StatedNumber(launch.azimuth_rad, launch.sigma_azimuth_rad)


def _bearing(warning: LaunchWarning, _: FlightFigures) -> StatedNumber | None:
    """From the launch to the impact: the Earth turns under the flight, so it is no launch azimuth.

    Off to the side of the way, either end turns it by the offset over R sin(distance / R), at most.
    """
    launch, impact = warning.launch, warning.impact
    if launch is None or impact is None:
        return None
    distance_m, bearing_rad = way(launch.point, impact.point)
    aside_m = hypot(
        _sigma_across_m(launch.ellipse, bearing_rad),
        _sigma_across_m(impact.ellipse, way(impact.point, launch.point)[1]),
    )
    reach_m = MEAN_RADIUS_M * sin(distance_m / MEAN_RADIUS_M)
    return StatedNumber(bearing_rad, min(atan2(aside_m, abs(reach_m)), pi))


def _sigma_across_m(ellipse: Ellipse, azimuth_rad: float) -> float:
    """One standard deviation of an ellipse's place across a direction."""
    turn = azimuth_rad - ellipse.azimuth_rad
    sigmas = sqrt(-2.0 * log(1.0 - ellipse.probability))
    return hypot(ellipse.semi_major_m * sin(turn), ellipse.semi_minor_m * cos(turn)) / sigmas


def _launch_point(warning: LaunchWarning) -> StatedPlace | None:
    launch = warning.launch
    return None if launch is None else StatedPlace(launch.point, launch.ellipse)


def _impact_point(warning: LaunchWarning) -> StatedPlace | None:
    impact = warning.impact
    return None if impact is None else StatedPlace(impact.point, impact.ellipse)


def _unpublished(_: ScenarioFlight) -> float | None:
    return None


NUMBERS: Final = (
    NumberQuantity(
        name="apogee",
        unit="km",
        scale=KM,
        read=_apogee,
        truth=lambda figures: figures.apogee_m,
        published=lambda flight: flight.apogee_m,
        published_role="input",
    ),
    NumberQuantity(
        name="range",
        unit="km",
        scale=KM,
        read=_range,
        truth=lambda figures: figures.range_m,
        published=lambda flight: flight.range_m,
        published_role="input",
    ),
    NumberQuantity(
        name="flight time",
        unit="s",
        scale=1.0,
        read=_flight_time,
        truth=lambda figures: figures.flight_time_s,
        published=lambda flight: flight.published_flight_time_s,
        published_role="compared",
    ),
    NumberQuantity(
        name="launch azimuth",
        unit="deg",
        scale=DEGREES,
        read=_azimuth,
        truth=lambda figures: figures.launch_azimuth_rad,
        published=_unpublished,
        published_role=None,
        turns=True,
    ),
    NumberQuantity(
        name="bearing of the impact",
        unit="deg",
        scale=DEGREES,
        read=_bearing,
        truth=lambda figures: figures.bearing_rad,
        published=lambda flight: flight.bearing_rad,
        published_role="input",
        turns=True,
    ),
    NumberQuantity(
        name="launch time",
        unit="s",
        scale=1.0,
        read=_launch_time,
        truth=lambda _: 0.0,
        published=_unpublished,
        published_role=None,
    ),
    NumberQuantity(
        name="impact time",
        unit="s",
        scale=1.0,
        read=_impact_time,
        truth=lambda figures: figures.flight_time_s,
        published=_unpublished,
        published_role=None,
    ),
)

PLACES: Final = (
    PlaceQuantity(
        name="launch point", read=_launch_point, truth=lambda figures: figures.launch_point
    ),
    PlaceQuantity(
        name="impact point", read=_impact_point, truth=lambda figures: figures.impact_point
    ),
)
