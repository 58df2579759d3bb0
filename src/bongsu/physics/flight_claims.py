"""Whether a claimed flight can be true: what its figures say of each other.

Nothing is judged here but the consistency of one owner's apogee, range and flight time. The
words are few and fixed:

- incomplete: a figure that the check needs is missing;
- not ballistic: the path is too low for its range, too slow, or its class glides or goes to orbit;
- impossible: even with its rounding the time is below the floor of `flight_time_floor`;
- doubtful: the time is off that of the flight model by more than 3 % and its rounding;
- consistent: none of these.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from bongsu.physics.boost_fit import fit_flight
from bongsu.physics.flight_time_floor import flight_time_floor_s, least_ballistic_apogee_m
from bongsu.physics.generic_figures import PROFILE_BY_TYPE
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.published_flight import PublishedFlight

MODEL_TOLERANCE: Final = 0.03
GLIDE_CLASS: Final = "HGV"

# A boost adds at most its own length to an impulsive shot; the longest generic one burns for
# 300 s. A quarter more of the floor is left for rounding and mistakes in apogee or range.
LONGEST_BOOST_S: Final = 300.0
SLOW_FACTOR: Final = 1.25

# Where no bearing was published, the model flies to all four sides.
ANY_BEARING_RAD: Final = tuple(np.radians([0.0, 90.0, 180.0, 270.0]))


class Verdict(Enum):
    CONSISTENT = "consistent"
    DOUBTFUL = "doubtful"
    IMPOSSIBLE = "impossible"
    NOT_BALLISTIC = "not_ballistic"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A verdict, the value that decides it, and by how much; times in seconds."""

    flight: PublishedFlight
    verdict: Verdict
    reason: str
    floor_s: float | None = None
    model_time_s: float | None = None  # the nearest, where no bearing was published


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """What a complete claim says."""

    flight: PublishedFlight
    apogee_m: float
    range_m: float

    @property
    def words(self) -> str:
        return f"apogee {self.apogee_m / 1e3:,.6g} km and range {self.range_m / 1e3:,.6g} km"


def check_flight(flight: PublishedFlight) -> CheckedClaim:
    """The verdict on one published or claimed flight.

    Never raises for a flight that `PublishedFlight` can hold with figures above zero.
    """
    if flight.apogee_m is None or flight.range_m is None:
        return CheckedClaim(flight=flight, verdict=Verdict.INCOMPLETE, reason=_missing(flight))
    figures = _Figures(flight=flight, apogee_m=flight.apogee_m, range_m=flight.range_m)
    floor_s = flight_time_floor_s(
        apogee_m=figures.apogee_m,
        range_m=figures.range_m,
        latitude_rad=flight.latitude_rad,
        bearing_rad=flight.bearing_rad,
        apogee_rounding_m=flight.apogee_rounding_m,
        range_rounding_m=flight.range_rounding_m,
    )
    path = _why_no_ballistic_path(figures)
    if path is not None:
        return CheckedClaim(
            flight=flight, verdict=Verdict.NOT_BALLISTIC, reason=path, floor_s=floor_s
        )
    if flight.flight_time_s is None:
        return CheckedClaim(
            flight=flight, verdict=Verdict.INCOMPLETE, reason=_missing(flight), floor_s=floor_s
        )
    return _check_time(figures, flight.flight_time_s, floor_s)


def _check_time(figures: _Figures, time_s: float, floor_s: float) -> CheckedClaim:
    flight, rounding_s = figures.flight, figures.flight.flight_time_rounding_s
    written = f"flight time {_minutes(time_s)} (+-{_minutes(rounding_s)})"
    if time_s + rounding_s < floor_s:
        return CheckedClaim(
            flight=flight,
            verdict=Verdict.IMPOSSIBLE,
            reason=f"{written} is {_minutes(floor_s - time_s)} below the floor: even an "
            f"impulsive shot needs {_minutes(floor_s)} for {figures.words}",
            floor_s=floor_s,
        )
    slowest_s = SLOW_FACTOR * floor_s + LONGEST_BOOST_S
    if time_s - rounding_s > slowest_s:
        return CheckedClaim(
            flight=flight,
            verdict=Verdict.NOT_BALLISTIC,
            reason=f"{written} is {_minutes(time_s - slowest_s)} longer than any ballistic path "
            f"of {figures.words} ({_minutes(slowest_s)})",
            floor_s=floor_s,
        )
    return _compare_with_model(figures, time_s, floor_s, written)


def _compare_with_model(
    figures: _Figures, time_s: float, floor_s: float, written: str
) -> CheckedClaim:
    flight = figures.flight
    try:
        model_s = _nearest_model_time_s(figures, time_s)
    except LocalMisuse as error:
        return CheckedClaim(
            flight=flight, verdict=Verdict.NOT_BALLISTIC, reason=error.what, floor_s=floor_s
        )
    off_s = time_s - model_s
    allowed_s = MODEL_TOLERANCE * model_s + flight.flight_time_rounding_s
    doubtful = abs(off_s) > allowed_s
    side = "above" if off_s > 0.0 else "below"
    reason = (
        f"{written} is {_minutes(abs(off_s))} ({abs(off_s) / model_s:.1%}) {side} the "
        f"{_minutes(model_s)} of the flight model for {figures.words}; "
        f"{_minutes(allowed_s)} are allowed"
    )
    return CheckedClaim(
        flight=flight,
        verdict=Verdict.DOUBTFUL if doubtful else Verdict.CONSISTENT,
        reason=reason,
        floor_s=floor_s,
        model_time_s=model_s,
    )


def _nearest_model_time_s(figures: _Figures, time_s: float) -> float:
    flight = figures.flight
    bearings = ANY_BEARING_RAD if flight.bearing_rad is None else (flight.bearing_rad,)
    times = [
        fit_flight(
            object_class=flight.object_class,
            apogee_m=figures.apogee_m,
            range_m=figures.range_m,
            latitude_rad=flight.latitude_rad,
            longitude_rad=flight.longitude_rad,
            bearing_rad=bearing_rad,
            profile=PROFILE_BY_TYPE.get(flight.type),
        ).flight_time_s
        for bearing_rad in bearings
    ]
    return float(np.clip(time_s, min(times), max(times)))


def _why_no_ballistic_path(figures: _Figures) -> str | None:
    """The benefit of all rounding is the claim's."""
    flight = figures.flight
    if flight.class_published == GLIDE_CLASS:
        return "the published class is a glide vehicle (HGV): it leaves the ballistic path"
    if flight.object_class is ObjectClass.SLV:
        return "a satellite launcher burns on beyond any ballistic path"
    shortest_m = max(figures.range_m - flight.range_rounding_m, 1.0)
    least_m = least_ballistic_apogee_m(shortest_m)
    lacking_m = least_m - (figures.apogee_m + flight.apogee_rounding_m)
    if lacking_m <= 0.0:
        return None
    return (
        f"apogee {figures.apogee_m / 1e3:,.6g} km is {lacking_m / 1e3:,.3g} km too low for a "
        f"ballistic path over {figures.range_m / 1e3:,.6g} km: it would rise to "
        f"{least_m / 1e3:,.3g} km or more"
    )


def _missing(flight: PublishedFlight) -> str:
    figures = {
        "apogee": flight.apogee_m,
        "range": flight.range_m,
        "flight time": flight.flight_time_s,
    }
    absent = [name for name, value in figures.items() if value is None]
    return f"{', '.join(absent)} missing"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60.0:.2f} min"
