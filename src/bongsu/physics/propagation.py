"""Free flight over a given time, its state transition, and where it ends."""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike
from bongsu.physics.fall import Apogees, Impacts, propagate_to_apogee, propagate_to_impact
from bongsu.physics.motion import free_flight_jacobian_ecef, free_flight_of
from bongsu.physics.runge_kutta import rk4_step
from bongsu.vocabulary.errors import LocalMisuse

__all__ = [
    "Apogees",
    "Impacts",
    "propagate",
    "propagate_to_apogee",
    "propagate_to_impact",
    "rk4_step",
    "transition_matrix",
]

MAXIMUM_STEPS: Final = 200_000
LONGEST_TRANSITION_STEP_S: Final = 5.0
LONGEST_TRANSITION_STEP_IN_AIR_S: Final = 1.0


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
    steps = _steps(current, duration, step_s)
    acceleration = free_flight_of(ballistic_coefficient_kgpm2)
    for _ in range(steps):
        current = rk4_step(current, duration / steps, acceleration)
    return current


def transition_matrix(
    state: FloatsLike, dt_s: FloatsLike, *, ballistic_coefficient_kgpm2: FloatsLike = np.inf
) -> Floats:
    """Derivatives of the state after dt_s by the state now, in the rotating frame.

    state: (..., 6) ECEF; dt_s: scalar or (...). Returns (..., 6, 6). The flow is cut into
    steps of at most 5 s (1 s where air counts); in each the matrix exponential of the
    Jacobian at mid-step is summed to the fourth order. Raises LocalMisuse like `propagate`.
    """
    current = np.asarray(state, dtype=np.float64)
    dt = np.broadcast_to(np.asarray(dt_s, dtype=np.float64), current.shape[:-1])
    vacuum = bool(np.all(np.isinf(ballistic_coefficient_kgpm2)))
    longest_s = LONGEST_TRANSITION_STEP_S if vacuum else LONGEST_TRANSITION_STEP_IN_AIR_S
    steps = _steps(current, dt, longest_s)
    part = dt / steps
    acceleration = free_flight_of(ballistic_coefficient_kgpm2)
    transition: Floats = np.broadcast_to(np.eye(6), (*current.shape[:-1], 6, 6))
    for _ in range(steps):
        middle = rk4_step(current, 0.5 * part, acceleration)
        jacobian = free_flight_jacobian_ecef(
            middle[..., :3], middle[..., 3:], ballistic_coefficient_kgpm2
        )
        transition = _exponential(jacobian * part[..., None, None]) @ transition
        current = rk4_step(middle, 0.5 * part, acceleration)
    return np.array(transition)


def _steps(state: Floats, duration: Floats, step_s: float) -> int:
    if not (np.isfinite(state).all() and np.isfinite(duration).all()):
        raise LocalMisuse(
            "A state or duration to propagate is NaN or infinite",
            remedy="Drop that row before propagating",
        )
    longest = float(np.max(np.abs(duration), initial=0.0))
    if not step_s > 0.0 or longest / step_s > MAXIMUM_STEPS:
        raise LocalMisuse(
            f"Propagation over {longest:.0f} s in steps of {step_s} s takes too many steps",
            remedy=f"Use a step above {longest / MAXIMUM_STEPS:.3g} s",
        )
    return max(1, int(np.ceil(longest / step_s)))


def _exponential(matrix: Floats) -> Floats:
    identity = np.eye(6)
    fourth = identity + matrix / 4.0
    third = identity + matrix @ fourth / 3.0
    second = identity + matrix @ third / 2.0
    return np.asarray(identity + matrix @ second)
