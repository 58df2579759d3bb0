"""Motion of a track in free flight: one step with its transition matrix, batched.

The filter moves every track at every scan, so one step shares one evaluation of gravity and
its gradient, at the middle, between the state and the transition matrix. What does not depend
on the place (the drift, the rotation of the frame) is a matrix. Against a Runge-Kutta
integration a step is good to 2e-6 m and 2e-6 m/s over 1 s, to 0.01 m over 10 s: far below what
any sensor sees. Longer steps are cut.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from bongsu.physics.ellipsoid import EQUATORIAL_RADIUS_M
from bongsu.physics.gravity import J2, MU_M3PS2
from bongsu.physics.motion import CENTRIFUGAL_GRADIENT_PS2, CORIOLIS_GRADIENT_PS
from bongsu.tracking.arrays import Floats
from bongsu.vocabulary.errors import LocalMisuse

LONGEST_STEP_S: Final = 10.0
MAXIMUM_STEPS: Final = 1_000

_FLATTENING_M2: Final = 1.5 * J2 * EQUATORIAL_RADIUS_M**2
_IDENTITY: Final = np.eye(3)
_ZERO: Final = np.zeros((3, 3))
_FRAME_ONLY: Final = np.block(  # derivative of the state by itself, without gravity
    [[_ZERO, _IDENTITY], [CENTRIFUGAL_GRADIENT_PS2, CORIOLIS_GRADIENT_PS]]
)


class _Step(NamedTuple):
    """What a step of one length does, whatever the place; matrices act on row vectors."""

    to_middle: Floats  # (6, 3), states to places half a step on, without gravity
    fall_to_middle_s2: float  # distance fallen there, by acceleration at the start
    frame: Floats  # (6, 6), states to states, without gravity
    pull: Floats  # (3, 6), gravity at the middle to states
    change: Floats  # (3, 6), change of gravity per second at the middle to states
    gradient_weights: Floats  # (2, 1, 2, 1), gradient to the blocks of the transition
    transition: Floats  # (6, 6), without gravity


def move(state: Floats, duration_s: float) -> tuple[Floats, Floats]:
    """Move tracks through free flight, forward or back in time.

    state: (n, 6), ECEF position and velocity. Returns the moved states (n, 6) and the
    transition matrices (n, 6, 6), the derivatives of the moved by the given states.
    Raises LocalMisuse where the duration is beyond 10,000 s.
    """
    steps = max(1, int(np.ceil(abs(duration_s) / LONGEST_STEP_S)))
    if steps > MAXIMUM_STEPS:
        raise LocalMisuse(
            f"A track cannot be moved by {duration_s:.0f} s",
            remedy=f"Keep it within {LONGEST_STEP_S * MAXIMUM_STEPS:.0f} s.",
        )
    moved, transition = _step(state, duration_s / steps)
    for _ in range(steps - 1):
        moved, further = _step(moved, duration_s / steps)
        transition = further @ transition
    return moved, transition


def _step(state: Floats, step_s: float) -> tuple[Floats, Floats]:
    """Variation of constants with gravity as a straight line in time about the middle."""
    parts = _parts_of(step_s)
    place, velocity = state[:, :3], state[:, 3:]
    squared = np.vecdot(place, place)
    fallen = (-MU_M3PS2 * parts.fall_to_middle_s2) / (squared * np.sqrt(squared))
    middle = state @ parts.to_middle
    middle += fallen[:, None] * place
    pull, gradient = _gravity(middle)
    moved = state @ parts.frame
    moved += pull @ parts.pull
    moved += np.matvec(gradient, velocity) @ parts.change
    transition = parts.gradient_weights * gradient[:, None, :, None, :]
    flat = transition.reshape(-1, 6, 6)
    flat += parts.transition
    return moved, flat


def _gravity(place: Floats) -> tuple[Floats, Floats]:
    """Gravity with J2 (n, 3), and the gradient (n, 3, 3) of its central term.

    J2 changes the gradient by 0.1 %, and here that only carries gravity over half a step.
    """
    inverse = 1.0 / np.vecdot(place, place)
    central = MU_M3PS2 * inverse * np.sqrt(inverse)
    bulge = _FLATTENING_M2 * inverse
    pole = place[:, 2]
    pull = (-central * (1.0 + bulge * (1.0 - 5.0 * inverse * pole * pole)))[:, None] * place
    pull[:, 2] -= 2.0 * central * bulge * pole
    radial = place * np.sqrt(3.0 * central * inverse)[:, None]
    gradient = radial[:, :, None] * radial[:, None, :]
    gradient -= central[:, None, None] * _IDENTITY
    return pull, gradient


@lru_cache(maxsize=64)
def _parts_of(step_s: float) -> _Step:
    half = step_s / 2.0
    falls = np.vstack(  # of a constant pull: the frame's rotation turns the speed it gives
        [
            _IDENTITY * step_s * half + CORIOLIS_GRADIENT_PS * step_s**3 / 6.0,
            _IDENTITY * step_s + CORIOLIS_GRADIENT_PS * step_s * half,
        ]
    )
    carried = _exponential(step_s)
    change = np.vstack([_IDENTITY * -(step_s**3) / 12.0, _ZERO])
    weights = np.array([[step_s * half, step_s**3 / 6.0], [step_s, step_s * half]])
    return _Step(
        to_middle=np.ascontiguousarray(_exponential(half)[:3].T),
        fall_to_middle_s2=half * half / 2.0,
        frame=np.ascontiguousarray(carried.T),
        pull=np.ascontiguousarray(falls.T),
        change=np.ascontiguousarray(change.T),
        gradient_weights=weights[:, None, :, None],
        transition=carried,
    )


def _exponential(step_s: float) -> Floats:
    """Of the frame's part of the motion; the next term is below 1e-12 of the place at 10 s."""
    power = term = np.eye(6)
    for order in range(1, 5):
        term = term @ _FRAME_ONLY * (step_s / order)
        power = power + term
    return power
