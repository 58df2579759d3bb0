"""Classical fourth-order Runge-Kutta steps for position and velocity, batched."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike

Acceleration: TypeAlias = Callable[[Floats, Floats], Floats]
TimedAcceleration: TypeAlias = Callable[[Floats, Floats, Floats], Floats]


def rk4_step(state: Floats, dt_s: FloatsLike, acceleration: Acceleration) -> Floats:
    """One step of an autonomous second-order system.

    state: (..., 6), position then velocity; dt_s: scalar or (...), of either sign;
    acceleration(position (..., 3), velocity (..., 3)) -> (..., 3). Returns (..., 6).
    """

    def timeless(_: Floats, position: Floats, velocity: Floats) -> Floats:
        return acceleration(position, velocity)

    return rk4_timed_step(state, 0.0, dt_s, timeless)


def rk4_timed_step(
    state: Floats, time_s: FloatsLike, dt_s: FloatsLike, acceleration: TimedAcceleration
) -> Floats:
    """One step of a second-order system that depends on time.

    state: (..., 6); time_s, dt_s: scalar or (...); acceleration(time (...), position (..., 3),
    velocity (..., 3)) -> (..., 3). Returns (..., 6).
    """
    start, whole = np.asarray(time_s, dtype=np.float64), np.asarray(dt_s, dtype=np.float64)
    middle = start + 0.5 * whole
    dt = whole[..., None]
    half = 0.5 * dt
    position, velocity = state[..., :3], state[..., 3:]
    first = acceleration(start, position, velocity)
    velocity2 = velocity + half * first
    second = acceleration(middle, position + half * velocity, velocity2)
    velocity3 = velocity + half * second
    third = acceleration(middle, position + half * velocity2, velocity3)
    velocity4 = velocity + dt * third
    fourth = acceleration(start + whole, position + dt * velocity3, velocity4)
    sixth = dt / 6.0
    moved = position + sixth * (velocity + 2.0 * (velocity2 + velocity3) + velocity4)
    changed = velocity + sixth * (first + 2.0 * (second + third) + fourth)
    return np.concatenate([moved, changed], axis=-1)
