"""Free flight over time: Runge-Kutta steps, state transition, and the fall to the ground."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, Mask
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.motion import free_flight_acceleration_ecef_mps2, free_flight_jacobian_ecef
from bongsu.vocabulary.errors import LocalMisuse

Acceleration: TypeAlias = Callable[[Floats, Floats], Floats]

MAXIMUM_STEPS: Final = 200_000
LONGEST_TRANSITION_STEP_S: Final = 5.0
AIR_TOP_M: Final = 90_000.0
STEP_IN_AIR_S: Final = 0.5
LONGEST_STEP_S: Final = 10.0
LANDING_ITERATIONS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Impacts:
    """Where and when each of N bodies reaches the ellipsoid; NaN where it was not reached."""

    position_ecef_m: Floats  # (N, 3)
    time_s: Floats  # (N,) since the given state
    reached: Mask  # (N,)


def rk4_step(state: Floats, dt_s: FloatsLike, acceleration: Acceleration) -> Floats:
    """One classical fourth-order Runge-Kutta step of an autonomous second-order system.

    state: (..., 6), position then velocity; dt_s: scalar or (...), of either sign;
    acceleration(position (..., 3), velocity (..., 3)) -> (..., 3). Returns (..., 6).
    """
    dt = np.asarray(dt_s, dtype=np.float64)[..., None]
    half = 0.5 * dt
    position, velocity = state[..., :3], state[..., 3:]
    first = acceleration(position, velocity)
    velocity2 = velocity + half * first
    second = acceleration(position + half * velocity, velocity2)
    velocity3 = velocity + half * second
    third = acceleration(position + half * velocity2, velocity3)
    velocity4 = velocity + dt * third
    fourth = acceleration(position + dt * velocity3, velocity4)
    sixth = dt / 6.0
    moved = position + sixth * (velocity + 2.0 * (velocity2 + velocity3) + velocity4)
    changed = velocity + sixth * (first + 2.0 * (second + third) + fourth)
    return np.concatenate([moved, changed], axis=-1)


def propagate(
    state: FloatsLike,
    duration_s: FloatsLike,
    *,
    ballistic_coefficient_kgpm2: FloatsLike = np.inf,
    step_s: float = 1.0,
) -> Floats:
    """States in the rotating frame after a time of free flight, of either sign.

    state: (..., 6) ECEF; duration_s: scalar or (...), each row its own; ballistic
    coefficient: scalar or (...). Steps are equal and no longer than step_s. Returns (..., 6).
    Raises LocalMisuse where a value is not finite, step_s is not above 0, or more than
    200,000 steps would be needed.
    """
    current = np.array(state, dtype=np.float64)
    duration = np.asarray(duration_s, dtype=np.float64)
    _check_finite(current, duration)
    longest = float(np.max(np.abs(duration), initial=0.0))
    if not step_s > 0.0 or longest / step_s > MAXIMUM_STEPS:
        raise LocalMisuse(
            f"Propagation over {longest:.0f} s in steps of {step_s} s takes too many steps",
            remedy=f"Use a step above {longest / MAXIMUM_STEPS:.3g} s",
        )
    steps = max(1, int(np.ceil(longest / step_s)))
    acceleration = _free_flight(ballistic_coefficient_kgpm2)
    for _ in range(steps):
        current = rk4_step(current, duration / steps, acceleration)
    return current


def transition_matrix(
    state: FloatsLike, dt_s: FloatsLike, *, ballistic_coefficient_kgpm2: FloatsLike = np.inf
) -> Floats:
    """Derivatives of the state after dt_s by the state now, in the rotating frame.

    state: (..., 6) ECEF; dt_s: scalar or (...). Returns (..., 6, 6). The flow is cut into
    steps of at most 5 s; in each the matrix exponential of the Jacobian at mid-step is
    summed to the fourth order.
    """
    current = np.asarray(state, dtype=np.float64)
    dt = np.broadcast_to(np.asarray(dt_s, dtype=np.float64), current.shape[:-1])
    _check_finite(current, dt)
    longest = float(np.max(np.abs(dt), initial=0.0))
    steps = min(max(1, int(np.ceil(longest / LONGEST_TRANSITION_STEP_S))), MAXIMUM_STEPS)
    part = dt / steps
    acceleration = _free_flight(ballistic_coefficient_kgpm2)
    transition = np.broadcast_to(np.eye(6), (*current.shape[:-1], 6, 6))
    for _ in range(steps):
        middle = rk4_step(current, 0.5 * part, acceleration)
        jacobian = free_flight_jacobian_ecef(
            middle[..., :3], middle[..., 3:], ballistic_coefficient_kgpm2
        )
        transition = _exponential(jacobian * part[..., None, None]) @ transition
        current = rk4_step(middle, 0.5 * part, acceleration)
    return np.array(transition)


def propagate_to_impact(
    state: FloatsLike,
    *,
    ballistic_coefficient_kgpm2: FloatsLike = np.inf,
    maximum_time_s: float = 7200.0,
) -> Impacts:
    """First descent of each body through the WGS 84 ellipsoid.

    state: (N, 6) ECEF; ballistic coefficient: scalar or (N,). A body that is below the
    ellipsoid at the start and falls, or that stays up for maximum_time_s, is not reached.
    Raises LocalMisuse where a value is not finite.
    """
    current = np.array(state, dtype=np.float64).reshape(-1, 6)
    _check_finite(current, np.asarray(maximum_time_s, dtype=np.float64))
    count = len(current)
    coefficient = np.broadcast_to(np.asarray(ballistic_coefficient_kgpm2, np.float64), count)
    elapsed = np.zeros(count)
    landed = np.zeros(count, dtype=np.bool_)
    flying = np.flatnonzero(_height_and_climb(current)[0] >= -1.0)
    for _ in range(MAXIMUM_STEPS):
        if not flying.size:
            break
        before = current[flying]
        dt = np.minimum(_step_s(before), maximum_time_s - elapsed[flying])
        after = rk4_step(before, dt, _free_flight(coefficient[flying]))
        down = _height_and_climb(after)[0] < 0.0
        current[flying], elapsed[flying] = after, elapsed[flying] + dt
        landed[flying[down]] = True
        flying = flying[~down & (elapsed[flying] < maximum_time_s)]
    current, elapsed = _land(current, elapsed, coefficient)
    reached = landed & (elapsed <= maximum_time_s)
    return Impacts(
        position_ecef_m=np.where(reached[:, None], current[:, :3], np.nan),
        time_s=np.where(reached, elapsed, np.nan),
        reached=reached,
    )


def _land(state: Floats, elapsed: Floats, coefficient: Floats) -> tuple[Floats, Floats]:
    """Newton's steps back (or on) to height zero from just below it."""
    for _ in range(LANDING_ITERATIONS):
        height, climb = _height_and_climb(state)
        near = (np.abs(height) < 20_000.0) & (climb < 0.0)
        dt = np.where(near, -height / np.where(near, climb, -1.0), 0.0)
        state, elapsed = rk4_step(state, dt, _free_flight(coefficient)), elapsed + dt
    return state, elapsed


def _step_s(state: Floats) -> Floats:
    """Half a second in dense air, up to 10 s far above it."""
    height, _ = _height_and_climb(state)
    speed = np.sqrt(np.einsum("...i,...i->...", state[..., 3:], state[..., 3:]))
    free = (height - AIR_TOP_M) / (2.0 * np.maximum(speed, 1.0))
    return np.asarray(np.clip(free, STEP_IN_AIR_S, LONGEST_STEP_S))


def _height_and_climb(state: Floats) -> tuple[Floats, Floats]:
    position, velocity = state[..., :3], state[..., 3:]
    radius = np.sqrt(np.einsum("...i,...i->...", position, position))
    climb: Floats = np.einsum("...i,...i->...", position, velocity) / np.maximum(radius, 1.0)
    return height_above_ellipsoid_m(position), climb


def _free_flight(coefficient: FloatsLike) -> Acceleration:
    def acceleration(position: Floats, velocity: Floats) -> Floats:
        return free_flight_acceleration_ecef_mps2(position, velocity, coefficient)

    return acceleration


def _exponential(matrix: Floats) -> Floats:
    identity = np.eye(6)
    fourth = identity + matrix / 4.0
    third = identity + matrix @ fourth / 3.0
    second = identity + matrix @ third / 2.0
    return np.asarray(identity + matrix @ second)


def _check_finite(*values: Floats) -> None:
    if not all(np.isfinite(value).all() for value in values):
        raise LocalMisuse(
            "A state or duration to propagate is NaN or infinite",
            remedy="Drop that row before propagating",
        )
