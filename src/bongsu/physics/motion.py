"""What moves a body in free flight, in the rotating Earth-fixed frame."""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, dot, norm
from bongsu.physics.atmosphere import density_kgpm3
from bongsu.physics.frames import EARTH_ROTATION_RADPS
from bongsu.physics.geodesy import (
    height_above_ellipsoid_m,
    height_along_radius_m,
    height_gradient,
)
from bongsu.physics.gravity import gravity_gradient_j2_ps2, j2_factors_ps2
from bongsu.physics.runge_kutta import Acceleration

# Derivatives of the centrifugal and the Coriolis term by position and by velocity.
CENTRIFUGAL_GRADIENT_PS2: Final = EARTH_ROTATION_RADPS**2 * np.diag([1.0, 1.0, 0.0])
CORIOLIS_GRADIENT_PS: Final = (
    2.0 * EARTH_ROTATION_RADPS * np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
)
SLOPE_STEP_M: Final = 100.0
_CENTRIFUGAL_PS2: Final = np.diagonal(CENTRIFUGAL_GRADIENT_PS2)
_CORIOLIS_PS: Final = CORIOLIS_GRADIENT_PS.T  # of velocities in rows


def rotating_frame_mps2(position_ecef_m: Floats, velocity_ecef_mps: Floats) -> Floats:
    """Gravity with J2 plus the centrifugal and the Coriolis term, (..., 3) each, m/s^2.

    Source: Montenbruck and Gill, Satellite Orbits, 5.
    """
    return _force(position_ecef_m, velocity_ecef_mps)[0]


def _force(position: Floats, velocity: Floats) -> tuple[Floats, Floats, Floats]:
    """`rotating_frame_mps2`, with the radius and the squared sine of the latitude it went over.

    An integrator asks for it some hundred times a fall: every operation that is spared counts.
    """
    squared, north = dot(position, position), position[..., 2]
    radius, sine_squared = np.sqrt(squared), north * north / squared
    along, polar = j2_factors_ps2(squared, radius, sine_squared)
    acceleration: Floats = (along[..., None] + _CENTRIFUGAL_PS2) * position
    acceleration[..., 2] += polar * north
    acceleration += velocity @ _CORIOLIS_PS
    return acceleration, radius, sine_squared


def drag_mps2(
    height_m: Floats, air_velocity_mps: Floats, ballistic_coefficient_kgpm2: FloatsLike
) -> Floats:
    """Deceleration by air: heights (...), velocity against the air (..., 3), m / (Cd A) (...).

    Returns (..., 3), m/s^2, against the velocity; infinite coefficients mean no drag.
    """
    pull = density_kgpm3(height_m) * norm(air_velocity_mps)
    factor = -0.5 * pull / np.asarray(ballistic_coefficient_kgpm2)
    deceleration: Floats = factor[..., None] * air_velocity_mps
    return deceleration


def free_flight_acceleration_ecef_mps2(
    position_ecef_m: FloatsLike,
    velocity_ecef_mps: FloatsLike,
    ballistic_coefficient_kgpm2: FloatsLike,
) -> Floats:
    """Acceleration of an unpowered body, in the rotating frame; still air turns with the Earth.

    position, velocity: (..., 3); ballistic coefficient m / (Cd A): (...), np.inf for vacuum.
    Returns (..., 3), m/s^2.
    """
    position = np.asarray(position_ecef_m, dtype=np.float64)
    velocity = np.asarray(velocity_ecef_mps, dtype=np.float64)
    acceleration, radius, sine_squared = _force(position, velocity)
    if np.isinf(ballistic_coefficient_kgpm2).all():
        return acceleration
    height = height_along_radius_m(radius, sine_squared)
    acceleration += drag_mps2(height, velocity, ballistic_coefficient_kgpm2)
    return acceleration


def free_flight_of(ballistic_coefficient_kgpm2: FloatsLike) -> Acceleration:
    """`free_flight_acceleration_ecef_mps2` of bodies with these coefficients, for an integrator."""

    def acceleration(position: Floats, velocity: Floats) -> Floats:
        return free_flight_acceleration_ecef_mps2(position, velocity, ballistic_coefficient_kgpm2)

    return acceleration


def free_flight_jacobian_ecef(
    position_ecef_m: FloatsLike,
    velocity_ecef_mps: FloatsLike,
    ballistic_coefficient_kgpm2: FloatsLike = np.inf,
) -> Floats:
    """Derivatives of (velocity, acceleration) by (position, velocity): (..., 6, 6), SI units."""
    position = np.asarray(position_ecef_m, dtype=np.float64)
    velocity = np.asarray(velocity_ecef_mps, dtype=np.float64)
    jacobian = np.zeros((*position.shape[:-1], 6, 6))
    jacobian[..., :3, 3:] = np.eye(3)
    jacobian[..., 3:, :3] = gravity_gradient_j2_ps2(position) + CENTRIFUGAL_GRADIENT_PS2
    jacobian[..., 3:, 3:] = CORIOLIS_GRADIENT_PS
    if not np.all(np.isinf(ballistic_coefficient_kgpm2)):
        by_position, by_velocity = _drag_gradients(
            position, velocity, np.asarray(ballistic_coefficient_kgpm2, dtype=np.float64)
        )
        jacobian[..., 3:, :3] += by_position
        jacobian[..., 3:, 3:] += by_velocity
    return jacobian


def _drag_gradients(
    position: Floats, velocity: Floats, coefficient: Floats
) -> tuple[Floats, Floats]:
    """By position only the change of density with height counts."""
    height = height_above_ellipsoid_m(position)
    up = height_gradient(position)
    above, below = density_kgpm3(height + SLOPE_STEP_M), density_kgpm3(height - SLOPE_STEP_M)
    slope = (above - below) / (2.0 * SLOPE_STEP_M)
    speed = np.linalg.norm(velocity, axis=-1)
    outer = velocity[..., :, None] * velocity[..., None, :]
    along = outer / np.maximum(speed, 1e-9)[..., None, None]
    pull = (-0.5 * density_kgpm3(height) / coefficient)[..., None, None]
    by_velocity = pull * (speed[..., None, None] * np.eye(3) + along)
    thinning = (-0.5 * slope * speed / coefficient)[..., None, None]
    by_position = thinning * velocity[..., :, None] * up[..., None, :]
    return by_position, by_velocity
