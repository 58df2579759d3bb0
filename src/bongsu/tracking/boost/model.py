"""Motion of a boosted object: rocket equation along the velocity, give or take an incidence.

Thrust per mass is exhaust speed over time to empty, so that constant mass flow needs no noise.
The thrust stands off the velocity by an incidence in the vertical plane that wanders and fades;
no steering law is assumed. Gravity and drag are taken at mid-step, thrust is integrated in
closed form: over 1 s against a fine integration the position is good to 0.2 m.
"""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from bongsu.physics.arrays import dot, norm
from bongsu.physics.atmosphere import SEA_LEVEL_PRESSURE_PA, density_kgpm3, pressure_pa
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.gravity import MU_M3PS2
from bongsu.physics.motion import (
    CENTRIFUGAL_GRADIENT_PS2,
    CORIOLIS_GRADIENT_PS,
    rotating_frame_mps2,
)
from bongsu.tracking.arrays import Floats
from bongsu.tracking.boost.state import (
    INCIDENCE,
    LOG_EXHAUST_SPEED,
    POSITION,
    SIZE,
    TIME_TO_EMPTY,
    VELOCITY,
    Hypotheses,
)
from bongsu.vocabulary.errors import LocalMisuse

LONGEST_STEP_S: Final = 2.0
MAXIMUM_STEPS: Final = 500
SHORTEST_TIME_TO_EMPTY_S: Final = 5.0
SCALE_HEIGHT_M: Final = 7_200.0
SLOWEST_TO_TURN_MPS: Final = 100.0  # nothing in sight is slower; at rest the model has no limit
NEARLY_VERTICAL: Final = 0.1  # of the velocity's horizontal part: below it incidence fades

_IDENTITY: Final = np.eye(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostNoise:
    """What the model leaves out, as white noise: power spectral densities and a fading time."""

    thrust_direction: float = 1e-3  # of thrust per mass squared, across the velocity, s
    thrust_size: float = 1e-4  # of thrust per mass squared, along the velocity, s
    air: float = 0.02  # m^2/s^3, of acceleration in every direction, while it burns
    coast: float = 1e-4  # m^2/s^3, and when it does not
    time_to_empty: float = 0.01  # s^2/s
    incidence_sigma_rad: float = 0.06
    incidence_time_s: float = 30.0


STILL: Final = BoostNoise(
    thrust_direction=0.0,
    thrust_size=0.0,
    air=0.0,
    coast=0.0,
    time_to_empty=0.0,
    incidence_sigma_rad=0.0,
)  # for going back to a late plot and forward again


class _Forces(NamedTuple):
    """What acts on n hypotheses at one instant."""

    along: Floats  # (n, 3) unit velocity
    thrust: Floats  # (n, 3) unit thrust
    across: Floats  # (n, 3) derivative of the thrust's direction by the incidence
    speed: Floats  # (n,)
    up: Floats  # (n, 3) away from the Earth's centre
    central_ps2: Floats  # (n,) gravity's central term over the radius
    rarefied: Floats  # (n,) part of the vacuum thrust that is there
    lost: Floats  # (n,) part that is missing
    drag_ps: Floats  # (n,) drag per mass over speed
    other_mps2: Floats  # (n, 3) gravity, rotation and drag


def moved(hypotheses: Hypotheses, duration_s: float, noise: BoostNoise) -> Hypotheses:
    """The bank after a time, forward with noise or (for a late plot) back without.

    Raises LocalMisuse where the duration is beyond 1,000 s.
    """
    steps = int(np.ceil(abs(duration_s) / LONGEST_STEP_S))
    if steps > MAXIMUM_STEPS:
        raise LocalMisuse(
            f"A boosted object cannot be moved by {duration_s:.0f} s",
            remedy=f"Keep it within {LONGEST_STEP_S * MAXIMUM_STEPS:.0f} s",
        )
    if not len(hypotheses) or duration_s == 0.0:
        return hypotheses
    for _ in range(steps):
        hypotheses = _step(hypotheses, duration_s / steps, noise)
    return hypotheses


def thrust_acceleration_mps2(hypotheses: Hypotheses) -> Floats:
    """Thrust per mass in vacuum, (n,); zero where the engine does not burn."""
    speed = np.exp(hypotheses.state[:, LOG_EXHAUST_SPEED])
    return np.asarray(hypotheses.burning * speed / time_to_empty_s(hypotheses, 0.0))


def time_to_empty_s(hypotheses: Hypotheses, step_s: float) -> Floats:
    """Time to empty (n,), held above what the coming step could not fly."""
    least = SHORTEST_TIME_TO_EMPTY_S + max(step_s, 0.0)
    return np.asarray(np.maximum(hypotheses.state[:, TIME_TO_EMPTY], least))


def _step(hypotheses: Hypotheses, step_s: float, noise: BoostNoise) -> Hypotheses:
    state, half = hypotheses.state, 0.5 * step_s
    empty = time_to_empty_s(hypotheses, step_s)
    burn = np.exp(state[:, LOG_EXHAUST_SPEED]) * hypotheses.burning
    first = _forces(hypotheses, state[:, POSITION], state[:, VELOCITY], empty)
    pull = first.other_mps2 + (burn / empty * first.rarefied)[:, None] * first.thrust
    middle = _forces(
        hypotheses,
        state[:, POSITION] + half * state[:, VELOCITY] + (0.5 * half**2) * pull,
        state[:, VELOCITY] + half * pull,
        empty - half,
    )
    logarithm = np.log(empty / (empty - step_s))
    gained = burn * middle.rarefied * logarithm
    travelled = burn * middle.rarefied * (step_s - (empty - step_s) * logarithm)
    after = state.copy()
    after[:, VELOCITY] += step_s * middle.other_mps2 + gained[:, None] * middle.thrust
    after[:, POSITION] += (
        step_s * state[:, VELOCITY]
        + (0.5 * step_s**2) * middle.other_mps2
        + travelled[:, None] * middle.thrust
    )
    after[:, TIME_TO_EMPTY] = np.where(hypotheses.burning, empty - step_s, empty)
    after[:, INCIDENCE] *= np.exp(-step_s / noise.incidence_time_s)
    transition = _transition(middle, step_s, empty, burn, gained, travelled, noise)
    spread = transition @ hypotheses.covariance @ transition.transpose(0, 2, 1)
    if step_s > 0.0:
        _add_noise(spread, middle, gained / step_s, step_s, hypotheses, noise)
    return replace(hypotheses, state=after, covariance=spread)


def _forces(
    hypotheses: Hypotheses, position: Floats, velocity: Floats, time_to_empty: Floats
) -> _Forces:
    height = height_above_ellipsoid_m(position)
    speed = np.maximum(norm(velocity), 1.0)
    along = velocity / speed[:, None]
    radius = norm(position)
    up = position / radius[:, None]
    lifted = up - dot(up, along)[:, None] * along
    normal = lifted / np.maximum(norm(lifted), NEARLY_VERTICAL)[:, None]
    incidence = hypotheses.state[:, INCIDENCE]
    cosine, sine = np.cos(incidence)[:, None], np.sin(incidence)[:, None]
    lost = hypotheses.sea_level_loss * pressure_pa(height) / SEA_LEVEL_PRESSURE_PA
    drag = 0.5 * density_kgpm3(height) * speed * hypotheses.drag_time_m2spkg / time_to_empty
    other = rotating_frame_mps2(position, velocity) - drag[:, None] * velocity
    return _Forces(
        along=along,
        thrust=cosine * along + sine * normal,
        across=cosine * normal - sine * along,
        speed=speed,
        up=up,
        central_ps2=MU_M3PS2 / radius**3,
        rarefied=1.0 - lost,
        lost=lost,
        drag_ps=drag,
        other_mps2=other,
    )


def _transition(
    forces: _Forces,
    step_s: float,
    empty: Floats,
    burn: Floats,
    gained: Floats,
    travelled: Floats,
    noise: BoostNoise,
) -> Floats:
    """Derivatives (n, SIZE, SIZE) of the state after a step by the state before."""
    by_position, by_velocity = _gradients(forces, gained / step_s)
    transition = np.broadcast_to(np.eye(SIZE), (len(gained), SIZE, SIZE)).copy()
    transition[:, POSITION, POSITION] += (0.5 * step_s**2) * by_position
    transition[:, POSITION, VELOCITY] = step_s * _IDENTITY + (0.5 * step_s**2) * by_velocity
    transition[:, VELOCITY, POSITION] = step_s * by_position
    transition[:, VELOCITY, VELOCITY] += (
        step_s * by_velocity + (0.5 * step_s**2) * by_velocity @ by_velocity
    )
    later = empty - step_s
    effective = burn * forces.rarefied
    faster = effective * (1.0 / empty - 1.0 / later)
    farther = effective * (step_s / empty - np.log(empty / later))
    for column, velocity, position, direction in (
        (TIME_TO_EMPTY, faster, farther, forces.thrust),
        (LOG_EXHAUST_SPEED, gained, travelled, forces.thrust),
        (INCIDENCE, gained, travelled, forces.across),
    ):
        transition[:, VELOCITY, column] = velocity[:, None] * direction
        transition[:, POSITION, column] = position[:, None] * direction
    transition[:, INCIDENCE, INCIDENCE] = np.exp(-step_s / noise.incidence_time_s)
    return transition


def _gradients(forces: _Forces, acceleration: Floats) -> tuple[Floats, Floats]:
    """Derivatives (n, 3, 3) of the acceleration by position and by velocity.

    By position count the central term of gravity and the thinning of the air with height.
    """
    along, up = forces.along, forces.up
    outer = along[:, :, None] * along[:, None, :]
    slow = np.maximum(forces.speed, SLOWEST_TO_TURN_MPS)
    turning = (acceleration / slow)[:, None, None] * (_IDENTITY - outer)
    drag = forces.drag_ps[:, None, None] * (_IDENTITY + outer)
    by_velocity = turning - drag + CORIOLIS_GRADIENT_PS
    thinning = (
        (forces.drag_ps * forces.speed)[:, None] * along
        + (acceleration * forces.lost / forces.rarefied)[:, None] * forces.thrust
    ) / SCALE_HEIGHT_M
    central = forces.central_ps2[:, None, None]
    by_position = (
        3.0 * central * up[:, :, None] * up[:, None, :]
        - central * _IDENTITY
        + CENTRIFUGAL_GRADIENT_PS2
        + thinning[:, :, None] * up[:, None, :]
    )
    return by_position, by_velocity


def _add_noise(
    spread: Floats,
    forces: _Forces,
    acceleration: Floats,
    step_s: float,
    hypotheses: Hypotheses,
    noise: BoostNoise,
) -> None:
    """White acceleration, wandering mass flow and incidence, added in place."""
    outer = forces.along[:, :, None] * forces.along[:, None, :]
    squared = (acceleration**2)[:, None, None]
    density = (
        noise.thrust_direction * squared * (_IDENTITY - outer)
        + noise.thrust_size * squared * outer
        + np.where(hypotheses.burning, noise.air, noise.coast)[:, None, None] * _IDENTITY
    )
    spread[:, POSITION, POSITION] += (step_s**3 / 3.0) * density
    spread[:, POSITION, VELOCITY] += (step_s**2 / 2.0) * density
    spread[:, VELOCITY, POSITION] += (step_s**2 / 2.0) * density
    spread[:, VELOCITY, VELOCITY] += step_s * density
    spread[:, TIME_TO_EMPTY, TIME_TO_EMPTY] += noise.time_to_empty * step_s * hypotheses.burning
    forgotten = 1.0 - np.exp(-2.0 * step_s / noise.incidence_time_s)
    spread[:, INCIDENCE, INCIDENCE] += noise.incidence_sigma_rad**2 * forgotten
