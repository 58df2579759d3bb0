"""Finds the boost that gives a flight its published apogee, range and bearing.

Three unknowns (how much thrust, how far it pitches over, to which azimuth) meet three figures
(apogee, range, bearing of the impact) by Newton's method: all columns of the difference
quotient and three lengths of the step fly in one batch. The time of flight is never fitted.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from bongsu.physics.arrays import Floats
from bongsu.physics.boost import BoostControls, LaunchPlace, fly_boost
from bongsu.physics.boost_profile import BoostProfile
from bongsu.physics.fall import propagate_to_apogee, propagate_to_impact
from bongsu.physics.generic_figures import PROFILE_BY_CLASS
from bongsu.physics.geodesy import ecef_to_geodetic, geodesic_inverse, height_above_ellipsoid_m
from bongsu.physics.gravity import STANDARD_GRAVITY_MPS2
from bongsu.physics.impulsive_arc import class_by_energy, impulsive_arc
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass

CONVERGED: Final = 5e-5  # of apogee and range, and radians of bearing
ITERATIONS: Final = 15
STEP_S: Final = 2.0
DIFFERENCE: Final = 1e-4
LONGEST_MOVE: Final = np.array([0.3, 0.3, 0.5])
MOVES: Final = np.array([1.0, 0.5, 0.2])
SHRINK: Final = 0.1  # of the moves, after an iteration without gain

# Below this thrust at lift-off nothing rises: an engine that is cut off early stands for less.
LOWEST_LIFT_OFF_MPS2: Final = 1.25 * STANDARD_GRAVITY_MPS2
HIGHEST_APOGEE_M: Final = 20_000e3
LONGEST_RANGE_M: Final = 19_000e3


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFlight:
    """A boost, and what the flight it leads to comes to."""

    profile: BoostProfile
    controls: BoostControls  # (1,) each
    place: LaunchPlace
    apogee_m: float
    range_m: float
    bearing_rad: float
    flight_time_s: float
    burnout_s: float


class _Outcome(NamedTuple):
    """Of N flights; NaN where the flight does not come down."""

    apogee_m: Floats
    range_m: Floats
    bearing_rad: Floats
    time_s: Floats


class _Guess(NamedTuple):
    unknowns: Floats  # (3,) log of the thrust scale, final pitch, azimuth
    residuals: Floats  # (3,)
    slopes: Floats  # (3, 3) derivatives of the residuals by the unknowns
    cost: float


@dataclass(frozen=True, slots=True)
class _Problem:
    profile: BoostProfile
    place: LaunchPlace
    apogee_m: float
    range_m: float
    bearing_rad: float


def fit_flight(
    *,
    object_class: ObjectClass | None,
    apogee_m: float,
    range_m: float,
    latitude_rad: float,
    longitude_rad: float,
    bearing_rad: float,
    profile: BoostProfile | None = None,
) -> FittedFlight:
    """The flight of a generic vehicle that has a published apogee, range and bearing.

    Bearing: clockwise from true north, of the shortest line from the launch place to the
    impact. Without a profile that of the class is taken, without a class that whose reach
    has the same energy. Apogee and range are met to 0.005 %.
    Raises LocalMisuse for values out of range, for satellite launchers, and where no boost of
    the profile does it.
    """
    _check(apogee_m, range_m, latitude_rad, longitude_rad, bearing_rad)
    if profile is None:
        profile = profile_for(object_class, apogee_m, range_m)
    place = LaunchPlace(latitude_rad=latitude_rad, longitude_rad=longitude_rad)
    problem = _Problem(profile, place, apogee_m, range_m, bearing_rad)
    unknowns = _solve(problem)
    controls = _controls(profile, unknowns[None])
    outcome = _fly(problem, controls)
    return FittedFlight(
        profile=profile,
        controls=controls,
        place=place,
        apogee_m=float(outcome.apogee_m[0]),
        range_m=float(outcome.range_m[0]),
        bearing_rad=float(outcome.bearing_rad[0]),
        flight_time_s=float(outcome.time_s[0]),
        burnout_s=profile.burnout_s * float(controls.burn_scale[0]),
    )


def profile_for(object_class: ObjectClass | None, apogee_m: float, range_m: float) -> BoostProfile:
    """Generic figures of a class; of that with the reach of the flight's energy where None.

    Raises LocalMisuse for satellite launchers: they burn on past what a ballistic flight shows.
    """
    if object_class is ObjectClass.SLV:
        raise LocalMisuse(
            "A satellite launcher has no ballistic impact to fit",
            remedy="Choose a flight of another class (bongsu flight list)",
        )
    return PROFILE_BY_CLASS[object_class or class_by_energy(apogee_m, range_m)]


def _solve(problem: _Problem) -> Floats:
    trials = _first_guess(problem)[None]
    best: _Guess | None = None
    reach = 1.0
    for _ in range(ITERATIONS):
        found = _best_of(problem, trials)
        if best is None or found.cost < best.cost:
            best, reach = found, 1.0
        else:
            reach *= SHRINK
        if best.cost < CONVERGED:
            return best.unknowns
        if not np.isfinite(best.cost) or abs(np.linalg.det(best.slopes)) < 1e-12:
            break
        move = -np.linalg.solve(best.slopes, best.residuals)
        move *= min(1.0, float(np.min(LONGEST_MOVE / np.maximum(np.abs(move), 1e-12))))
        trials = best.unknowns + reach * MOVES[:, None] * move
    raise LocalMisuse(
        f"No boost of '{problem.profile.name}' has an apogee of {problem.apogee_m / 1e3:.6g} km "
        f"over {problem.range_m / 1e3:.6g} km",
        remedy="Check apogee, range and class: only ballistic flights can be fitted",
    )


def _best_of(problem: _Problem, trials: Floats) -> _Guess:
    """Flies the trials (K, 3) and their three neighbours; the best trial with its slopes."""
    count = len(trials)
    neighbours = trials[None] + DIFFERENCE * np.eye(3)[:, None]
    rows = np.concatenate([trials[None], neighbours]).reshape(-1, 3)
    outcome = _fly(problem, _controls(problem.profile, rows))
    residuals = np.stack(
        [
            np.log(np.maximum(outcome.apogee_m, 1.0) / problem.apogee_m),
            np.log(np.maximum(outcome.range_m, 1.0) / problem.range_m),
            np.sin(outcome.bearing_rad - problem.bearing_rad),
        ],
        axis=-1,
    ).reshape(4, count, 3)
    usable = np.isfinite(residuals).all(axis=(0, 2))
    cost = np.where(usable, np.max(np.abs(residuals[0]), axis=-1), np.inf)
    best = int(np.argmin(cost))
    slopes = (residuals[1:, best] - residuals[0, best]).T / DIFFERENCE
    return _Guess(trials[best], residuals[0, best], slopes, float(cost[best]))


def _fly(problem: _Problem, controls: BoostControls) -> _Outcome:
    place, coefficient = problem.place, problem.profile.reentry_ballistic_coefficient_kgpm2
    powered = fly_boost(problem.profile, controls, place, step_s=STEP_S)
    up = propagate_to_apogee(powered.state_ecef[-1], ballistic_coefficient_kgpm2=coefficient)
    down = propagate_to_impact(up.state_ecef, ballistic_coefficient_kgpm2=coefficient)
    impact = np.where(down.reached[:, None], down.position_ecef_m, up.state_ecef[:, :3])
    latitude, longitude, _ = ecef_to_geodetic(impact)
    distance, bearing, _ = geodesic_inverse(
        place.latitude_rad, place.longitude_rad, latitude, longitude
    )
    boosted = np.max(height_above_ellipsoid_m(powered.state_ecef[..., :3]), axis=0)
    return _Outcome(
        apogee_m=np.maximum(up.height_m, boosted),
        range_m=np.where(down.reached, distance, np.nan),
        bearing_rad=bearing,
        time_s=powered.time_s[-1] + up.time_s + down.time_s,
    )


def _first_guess(problem: _Problem) -> Floats:
    """Velocity of the impulsive arc, plus what gravity takes while the engines burn."""
    arc = impulsive_arc(
        problem.apogee_m, problem.range_m, problem.place.latitude_rad, problem.bearing_rad
    )
    lost_mps = 0.8 * STANDARD_GRAVITY_MPS2 * problem.profile.burnout_s
    upward = arc.speed_mps * np.sin(arc.elevation_rad) + lost_mps
    ahead = arc.speed_mps * np.cos(arc.elevation_rad)
    scale = 1.05 * np.hypot(upward, ahead) / problem.profile.ideal_speed_mps
    return np.array([np.log(scale), np.arctan2(ahead, upward), problem.bearing_rad])


def _controls(profile: BoostProfile, unknowns: Floats) -> BoostControls:
    scale = np.exp(unknowns[:, 0])
    lowest = LOWEST_LIFT_OFF_MPS2 / profile.stages[0].ignition_acceleration_mps2
    return BoostControls(
        thrust_scale=np.maximum(scale, lowest),
        burn_scale=np.minimum(scale / lowest, 1.0),
        final_pitch_rad=unknowns[:, 1],
        azimuth_rad=unknowns[:, 2],
    )


def _check(
    apogee_m: float, range_m: float, latitude_rad: float, longitude_rad: float, bearing_rad: float
) -> None:
    fits = (
        0.0 < apogee_m <= HIGHEST_APOGEE_M
        and 0.0 < range_m <= LONGEST_RANGE_M
        and abs(latitude_rad) <= np.pi / 2.0
        and np.isfinite(longitude_rad)
        and np.isfinite(bearing_rad)
    )
    if not fits:
        raise LocalMisuse(
            f"Cannot fit an apogee of {apogee_m / 1e3:.6g} km over {range_m / 1e3:.6g} km from "
            f"latitude {np.degrees(latitude_rad):.6g}",
            remedy="Give an apogee up to 20,000 km, a range up to 19,000 km, a place on the Earth",
        )
