"""The comparison table: truth, what was published, and what each nation said when.

An edge for readers: lengths in km, angles in degrees, times in seconds after the true launch.
What was not stated is None, never zero.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import pi, remainder
from typing import Literal, TypeVar

from bongsu.exercise.flight_figures import FlightFigures
from bongsu.exercise.quantities import NUMBERS, PLACES, NumberQuantity, PlaceQuantity, PublishedRole
from bongsu.exercise.scenario import ScenarioFlight
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.launch_warning import LaunchWarning, WarningAction
from bongsu.vocabulary.units import NationId, UtcNs, after_seconds

Moment = Literal["T+60 s", "T+120 s", "burnout", "burnout + 60 s", "end"]
MomentAt = tuple[Moment, UtcNs | None]
Versions = Mapping[NationId, Sequence[LaunchWarning]]
Stated = TypeVar("Stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one nation's node said of one quantity at one moment, in the row's unit.

    A number has `value` and `stated_sigma`, a place `place` and `ellipse`. `error` is a
    number's difference from the truth, or a place's distance from it in km.
    """

    nation: NationId
    at: Moment
    value: float | None = None
    stated_sigma: float | None = None
    place: GeoPoint | None = None
    ellipse: Ellipse | None = None
    error: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One quantity of one flight. An `input` made the truth; `compared` is the proof."""

    flight_id: str
    quantity: str
    unit: str
    truth: float | None = None
    truth_place: GeoPoint | None = None
    published: float | None = None
    published_role: PublishedRole | None = None
    estimates: tuple[Estimate, ...] = ()


def comparison(
    flight: ScenarioFlight, figures: FlightFigures, versions: Versions
) -> tuple[ComparisonRow, ...]:
    """The rows of one flight; `versions` holds each nation's own warnings of its payload."""
    numbers = (_number_row(number, flight, figures, versions) for number in NUMBERS)
    places = (_place_row(place, flight, figures, versions) for place in PLACES)
    return (*numbers, *places)


def moments(figures: FlightFigures) -> tuple[MomentAt, ...]:
    """The moments of the table; the last is after everything was said."""
    seconds: tuple[tuple[Moment, float], ...] = (
        ("T+60 s", 60.0),
        ("T+120 s", 120.0),
        ("burnout", figures.burnout_s),
        ("burnout + 60 s", figures.burnout_s + 60.0),
    )
    timed = tuple((name, after_seconds(figures.launched_at, after)) for name, after in seconds)
    return (*timed, ("end", None))


def standing(
    versions: Sequence[LaunchWarning],
    at: UtcNs | None,
    read: Callable[[LaunchWarning], Stated | None],
) -> Stated | None:
    """What stands at an instant: the newest version's word. An ended warning keeps its last."""
    said = [version for version in versions if at is None or version.stated_at <= at]
    for version in reversed(said):
        stated = read(version)
        if stated is not None or version.action is not WarningAction.ENDED:
            return stated
    return None


def _number_row(
    number: NumberQuantity, flight: ScenarioFlight, figures: FlightFigures, versions: Versions
) -> ComparisonRow:
    truth, published = number.truth(figures), number.published(flight)
    return ComparisonRow(
        flight_id=flight.flight_id,
        quantity=number.name,
        unit=number.unit,
        truth=truth * number.scale,
        published=None if published is None else published * number.scale,
        published_role=None if published is None else number.published_role,
        estimates=tuple(
            _number_estimate(number, figures, nation, moment, own)
            for nation, own in versions.items()
            for moment in moments(figures)
        ),
    )


def _number_estimate(
    number: NumberQuantity,
    figures: FlightFigures,
    nation: NationId,
    moment: MomentAt,
    own: Sequence[LaunchWarning],
) -> Estimate:
    name, at = moment
    stated = standing(own, at, lambda warning: number.read(warning, figures))
    if stated is None:
        return Estimate(nation=nation, at=name)
    value, sigma = stated
    error = value - number.truth(figures)
    return Estimate(
        nation=nation,
        at=name,
        value=value * number.scale,
        stated_sigma=sigma * number.scale,
        error=number.scale * (remainder(error, 2.0 * pi) if number.turns else error),
    )


def _place_row(
    place: PlaceQuantity, flight: ScenarioFlight, figures: FlightFigures, versions: Versions
) -> ComparisonRow:
    return ComparisonRow(
        flight_id=flight.flight_id,
        quantity=place.name,
        unit="km",
        truth_place=place.truth(figures),
        estimates=tuple(
            _place_estimate(place, figures, nation, moment, own)
            for nation, own in versions.items()
            for moment in moments(figures)
        ),
    )


def _place_estimate(
    place: PlaceQuantity,
    figures: FlightFigures,
    nation: NationId,
    moment: MomentAt,
    own: Sequence[LaunchWarning],
) -> Estimate:
    name, at = moment
    stated = standing(own, at, place.read)
    if stated is None:
        return Estimate(nation=nation, at=name)
    point, ellipse = stated
    truth = place.truth(figures)
    apart_m, _, _ = geodesic_inverse(
        point.latitude_rad, point.longitude_rad, truth.latitude_rad, truth.longitude_rad
    )
    return Estimate(
        nation=nation, at=name, place=point, ellipse=ellipse, error=1e-3 * float(apart_m)
    )
