"""How high free flight rises, and where and when it comes down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, Mask
from bongsu.physics.geodesy import climb_mps, height_above_ellipsoid_m
from bongsu.physics.gravity import MU_M3PS2
from bongsu.physics.motion import free_flight_of
from bongsu.physics.runge_kutta import Acceleration, rk4_step
from bongsu.vocabulary.errors import LocalMisuse

Measure: TypeAlias = Callable[[Floats], Floats]

MAXIMUM_STEPS: Final = 100_000
AIR_TOP_M: Final = 60_000.0  # above, drag changes a fast body by less than 0.2 m/s a step
PATH_IN_AIR_M: Final = 1_500.0  # a step's length there
SHORTEST_STEP_S: Final = 0.2
LONGEST_STEP_IN_AIR_S: Final = 1.5
STEP_ANGLE_RAD: Final = 0.03  # of circular motion at that radius: centimetres a step
CROSSING_ITERATIONS: Final = 4
SHORTEST_SAMPLE_S: Final = 1e-6  # a last step below it would only be what rounding left over


@dataclass(frozen=True, slots=True, kw_only=True)
class Impacts:
    """Where and when each of N bodies reaches the ellipsoid; NaN where it was not reached."""

    position_ecef_m: Floats  # (N, 3)
    time_s: Floats  # (N,) since the given state
    reached: Mask  # (N,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apogees:
    """The highest point of each of N bodies; the given state where it falls already."""

    state_ecef: Floats  # (N, 6)
    height_m: Floats  # (N,) above the ellipsoid
    time_s: Floats  # (N,) since the given state
    reached: Mask  # (N,) False where it still climbs at the end of the time


def propagate_to_impact(
    state: FloatsLike,
    *,
    ballistic_coefficient_kgpm2: FloatsLike = np.inf,
    maximum_time_s: float = 7200.0,
) -> Impacts:
    """First descent of each body through the WGS 84 ellipsoid.

    state: (N, 6) ECEF; ballistic coefficient: scalar or (N,). A body that is below the
    ellipsoid at the start, or stays up for maximum_time_s, is not reached.
    Raises LocalMisuse where a value is not finite.
    """
    current, coefficient = _batch(state, ballistic_coefficient_kgpm2, maximum_time_s)
    aloft = height_above_ellipsoid_m(current[:, :3]) >= 0.0
    current, elapsed, landed = _march(current, coefficient, maximum_time_s, aloft, _height)
    for _ in range(CROSSING_ITERATIONS):
        height, climb = _height(current), _climb(current)
        dt = np.where(landed & (climb < 0.0), -height / np.minimum(climb, -1e-3), 0.0)
        current, elapsed = rk4_step(current, dt, free_flight_of(coefficient)), elapsed + dt
    reached = landed & (elapsed <= maximum_time_s)
    return Impacts(
        position_ecef_m=np.where(reached[:, None], current[:, :3], np.nan),
        time_s=np.where(reached, elapsed, np.nan),
        reached=reached,
    )


def propagate_to_apogee(
    state: FloatsLike,
    *,
    ballistic_coefficient_kgpm2: FloatsLike = np.inf,
    maximum_time_s: float = 7200.0,
) -> Apogees:
    """First point of each flight at which it does not climb any more.

    state: (N, 6) ECEF; ballistic coefficient: scalar or (N,).
    Raises LocalMisuse where a value is not finite.
    """
    current, coefficient = _batch(state, ballistic_coefficient_kgpm2, maximum_time_s)
    rising = _climb(current) > 0.0
    current, elapsed, turned = _march(current, coefficient, maximum_time_s, rising, _climb)
    for _ in range(CROSSING_ITERATIONS):
        acceleration = free_flight_of(coefficient)
        later = rk4_step(current, 1.0, acceleration)
        dt = np.where(turned, _climb(current) / (_climb(current) - _climb(later)), 0.0)
        current, elapsed = rk4_step(current, dt, acceleration), elapsed + dt
    return Apogees(
        state_ecef=current,
        height_m=_height(current),
        time_s=elapsed,
        reached=turned | ~rising,
    )


def _march(
    state: Floats, coefficient: Floats, maximum_time_s: float, active: Mask, measure: Measure
) -> tuple[Floats, Floats, Mask]:
    """Steps each active row until `measure` of it falls below zero or its time is over."""
    current, elapsed = state, np.zeros(len(state))
    crossed = np.zeros(len(state), dtype=np.bool_)
    moving = np.flatnonzero(active)
    for _ in range(MAXIMUM_STEPS):
        if not moving.size:
            break
        before = current[moving]
        dt = np.minimum(_step_s(before), maximum_time_s - elapsed[moving])
        after = rk4_step(before, dt, free_flight_of(coefficient[moving]))
        below = measure(after) < 0.0
        current[moving] = after
        elapsed[moving] += dt
        crossed[moving[below]] = True
        moving = moving[~below & (elapsed[moving] < maximum_time_s)]
    return current, elapsed, crossed


def _step_s(state: Floats) -> Floats:
    """Short in dense air, growing above it up to a fixed angle of circular motion."""
    radius = np.sqrt(np.einsum("...i,...i->...", state[..., :3], state[..., :3]))
    speed = np.sqrt(np.einsum("...i,...i->...", state[..., 3:], state[..., 3:]))
    longest = STEP_ANGLE_RAD * np.sqrt(radius**3 / MU_M3PS2)
    speed = np.maximum(speed, 1.0)
    in_air = np.clip(PATH_IN_AIR_M / speed, SHORTEST_STEP_S, LONGEST_STEP_IN_AIR_S)
    free = (_height(state) - AIR_TOP_M) / (2.0 * speed)
    return np.asarray(np.clip(free, in_air, longest))


def _height(state: Floats) -> Floats:
    return height_above_ellipsoid_m(state[..., :3])


def _climb(state: Floats) -> Floats:
    return climb_mps(state[..., :3], state[..., 3:])


def _batch(
    state: FloatsLike, coefficient: FloatsLike, maximum_time_s: float
) -> tuple[Floats, Floats]:
    current = np.array(state, dtype=np.float64).reshape(-1, 6)
    if not (np.isfinite(current).all() and np.isfinite(maximum_time_s)):
        raise LocalMisuse(
            "A state or time to propagate is NaN or infinite",
            remedy="Drop that row before propagating",
        )
    return current, np.broadcast_to(np.asarray(coefficient, dtype=np.float64), len(current))


def sampled_fall(
    state: Floats, acceleration: Acceleration, *, maximum_time_s: float, longest_step_s: float
) -> tuple[Floats, Floats, bool]:
    """Free flight of one body as a table: times (T,), states (T, 6), and whether it landed.

    state: (6,) ECEF. The last sample is on the ellipsoid, if it landed within the time.
    """
    current, elapsed = state[None], 0.0
    times, states = [elapsed], [current]
    for _ in range(MAXIMUM_STEPS):
        if elapsed > maximum_time_s - SHORTEST_SAMPLE_S:
            return np.array(times), np.concatenate(states), False
        dt = min(float(_step_s(current)[0]), longest_step_s, maximum_time_s - elapsed)
        following = rk4_step(current, dt, acceleration)
        if _height(following)[0] < 0.0:
            break
        current, elapsed = following, elapsed + dt
        times.append(elapsed)
        states.append(current)
    else:
        return np.array(times), np.concatenate(states), False
    landing = dt
    for _ in range(CROSSING_ITERATIONS):
        climb = min(float(_climb(following)[0]), -1e-3)
        landing -= float(_height(following)[0]) / climb
        following = rk4_step(current, landing, acceleration)
    if landing > 0.0:
        times.append(elapsed + landing)
        states.append(following)
    return np.array(times), np.concatenate(states), True
