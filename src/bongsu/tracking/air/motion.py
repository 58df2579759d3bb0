"""Motion in the air under two models: a ballistic fall, and flight on lift.

A state has nine components: position and velocity (ECEF), then drag, lift upward and lift level
to the right of the flight, each as a multiple of the drag that a body of a middling ballistic
coefficient would have there. What is unknown is so linear in the acceleration. The ballistic
model knows of no lift, and the wind alone pushes it aside; in the model of lift all wander.
Source: Li and Jilkov, Survey of maneuvering target tracking, part II, Proc. SPIE 4473 (2001).
"""

from typing import Final

import numpy as np

from bongsu.physics.arrays import norm, unit
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.lift import lift_directions
from bongsu.physics.motion import drag_mps2, rotating_frame_mps2
from bongsu.physics.runge_kutta import rk4_step
from bongsu.tracking.arrays import Floats, Mask
from bongsu.tracking.flight.prediction import BALLISTIC_COEFFICIENT_KGPM2

COMPONENTS: Final = 9
MOTION: Final = slice(0, 6)
DRAG: Final = 6
LIFT: Final = slice(7, 9)

LONGEST_STEP_S: Final = 1.0
FIRST_DRAG: Final = 1.5  # of anything from the payload of a long shot to a tumbling stage
SIGMA_FIRST_DRAG: Final = 2.5
LEAST_DRAG: Final = 0.2
SIGMA_LIFT: Final = 1.5  # of either component
LIFT_MEMORY_S: Final = 60.0
DRAG_WANDERS: Final = (0.02, 0.05)  # ballistic, on lift: part of it in a second
UNEVEN_DRAG: Final = (0.03, 0.1)  # part of the drag that comes and goes within a second
UNEVEN_LIFT: Final = (0.01, 0.2)
LEAST_NOISE_M2PS3: Final = (1e-4, 1e-2)
SIGMA_WIND_MPS: Final = 15.0
WIND_MEMORY_S: Final = 3.0
SLOWEST_MPS: Final = 50.0
_STEPS: Final = np.array([10.0] * 3 + [0.1] * 3 + [1e-2] * 3)  # of the differences
_VARIANTS: Final = np.concatenate([np.zeros((1, COMPONENTS)), np.diag(_STEPS)])


def moved(
    state: Floats, covariance: Floats, on_lift: Mask, duration_s: float
) -> tuple[Floats, Floats]:
    """Move states (n, 9) with covariances (n, 9, 9) forward; on_lift: (n,), which model."""
    steps = max(1, int(np.ceil(duration_s / LONGEST_STEP_S)))
    for _ in range(steps):
        state, covariance = _step(state, covariance, on_lift, duration_s / steps)
    return state, covariance


def drag_of(state: Floats) -> Floats:
    """Deceleration by the air of states (..., 9) -> (...), m/s^2."""
    amount = np.maximum(state[..., DRAG], LEAST_DRAG)
    return np.asarray(amount * norm(_middling_drag(state[..., :3], state[..., 3:6])))


def _step(state: Floats, covariance: Floats, on_lift: Mask, step_s: float) -> tuple[Floats, Floats]:
    """The derivatives of the flow are differences: it is smooth, and rows in the air are few."""
    flown = _flown(state[:, None, :] + _VARIANTS, step_s)
    transition = (flown[:, 1:] - flown[:, :1]).transpose(0, 2, 1) / _STEPS
    forgotten = np.where(on_lift, np.exp(-step_s / LIFT_MEMORY_S), 1.0)
    transition[:, LIFT] *= forgotten[:, None, None]
    after = flown[:, 0]
    after[:, LIFT] *= forgotten[:, None]
    spread = transition @ covariance @ transition.transpose(0, 2, 1)
    spread += _noise(state, on_lift, step_s)
    return after, spread


def _flown(state: Floats, step_s: float) -> Floats:
    drag, rise, turn = state[..., 6:7], state[..., 7:8], state[..., 8:9]

    def acceleration(position: Floats, velocity: Floats) -> Floats:
        unit_of_drag = _middling_drag(position, velocity)
        upward, right = lift_directions(position, velocity)
        pushed: Floats = rotating_frame_mps2(position, velocity) + drag * unit_of_drag
        pushed += norm(unit_of_drag)[..., None] * (rise * upward + turn * right)
        return pushed

    after = state.copy()
    after[..., MOTION] = rk4_step(state[..., MOTION], step_s, acceleration)
    return after


def _middling_drag(position: Floats, velocity: Floats) -> Floats:
    height = height_above_ellipsoid_m(position)
    return drag_mps2(height, velocity, BALLISTIC_COEFFICIENT_KGPM2)


def _noise(state: Floats, on_lift: Mask, step_s: float) -> Floats:
    """What a step adds to the covariance: (n, 9, 9)."""
    drag, velocity = drag_of(state), state[:, 3:6]
    speed = np.maximum(norm(velocity), SLOWEST_MPS)
    least = _of_model(LEAST_NOISE_M2PS3, on_lift)
    along = least + (_of_model(UNEVEN_DRAG, on_lift) * drag) ** 2
    blown = (drag * SIGMA_WIND_MPS / speed) ** 2 * WIND_MEMORY_S
    across = least + (_of_model(UNEVEN_LIFT, on_lift) * drag) ** 2 + blown
    ahead = unit(velocity)
    density = across[:, None, None] * np.eye(3)
    density += (along - across)[:, None, None] * ahead[:, :, None] * ahead[:, None, :]
    noise = np.zeros((len(state), COMPONENTS, COMPONENTS))
    noise[:, :3, :3] = density * step_s**3 / 3.0
    noise[:, :3, 3:6] = noise[:, 3:6, :3] = density * step_s**2 / 2.0
    noise[:, 3:6, 3:6] = density * step_s
    wander = _of_model(DRAG_WANDERS, on_lift) * np.maximum(state[:, DRAG], LEAST_DRAG)
    noise[:, DRAG, DRAG] = wander**2 * step_s
    kept = np.exp(-2.0 * step_s / LIFT_MEMORY_S)
    noise[:, 7, 7] = noise[:, 8, 8] = SIGMA_LIFT**2 * (1.0 - kept) * on_lift
    return noise


def _of_model(pair: tuple[float, float], on_lift: Mask) -> Floats:
    return np.where(on_lift, pair[1], pair[0])
