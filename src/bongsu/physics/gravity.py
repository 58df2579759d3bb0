"""Gravity of the Earth: the central term and the flattening (J2)."""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, dot
from bongsu.physics.ellipsoid import EQUATORIAL_RADIUS_M

MU_M3PS2: Final = 3.986004418e14  # WGS 84
J2: Final = 1.082629821e-3  # from WGS 84 (EGM 2008) C20 = -0.484165143790815e-3, times sqrt(5)
STANDARD_GRAVITY_MPS2: Final = 9.80665
_J2_M2: Final = 1.5 * J2 * EQUATORIAL_RADIUS_M**2

_POLE: Final = np.array([0.0, 0.0, 1.0])


def gravity_j2_mps2(position_m: FloatsLike) -> Floats:
    """Gravitational acceleration, without the centrifugal term.

    position_m: (..., 3) in any Earth-centred frame whose z axis is the pole (ECEF or ECI),
    no row at the centre. Returns (..., 3), m/s^2, in the same frame.
    Source: Vallado, Fundamentals of Astrodynamics, 8.6 (zonal harmonics).
    """
    position = np.asarray(position_m, dtype=np.float64)
    squared, north = dot(position, position), position[..., 2]
    along, polar = j2_factors_ps2(squared, np.sqrt(squared), north * north / squared)
    acceleration: Floats = along[..., None] * position
    acceleration[..., 2] += polar * north
    return acceleration


def j2_factors_ps2(
    squared_m2: Floats, radius_m: Floats, sine_squared: Floats
) -> tuple[Floats, Floats]:
    """What makes gravity with J2 of a position and of its part along the pole, 1/s^2.

    squared_m2, radius_m: (...) of the position; sine_squared: (...) of its latitude about the
    centre. For force models that need these for the height as well. Returns (...) each.
    """
    central = -MU_M3PS2 / (squared_m2 * radius_m)
    flattening = _J2_M2 * central / squared_m2
    return central + flattening * (1.0 - 5.0 * sine_squared), 2.0 * flattening


def gravity_gradient_j2_ps2(position_m: FloatsLike) -> Floats:
    """Matrix of derivatives of `gravity_j2_mps2` by position: (..., 3) -> (..., 3, 3), 1/s^2."""
    position = np.asarray(position_m, dtype=np.float64)
    squared = np.einsum("...i,...i->...", position, position)
    direction = position / np.sqrt(squared)[..., None]
    central = MU_M3PS2 / (squared * np.sqrt(squared))
    k = (1.5 * J2 * EQUATORIAL_RADIUS_M**2 / squared)[..., None, None]
    sine = direction[..., 2][..., None, None]
    radial = direction[..., :, None] * direction[..., None, :]
    mixed = direction[..., :, None] * _POLE + _POLE[:, None] * direction[..., None, :]
    plain = 3.0 * radial - np.eye(3)
    bulge = (
        (35.0 * sine**2 - 5.0) * -radial
        + (5.0 * sine**2 - 1.0) * np.eye(3)
        + 10.0 * sine * mixed
        - 2.0 * np.outer(_POLE, _POLE)
    )
    gradient: Floats = central[..., None, None] * (plain + k * bulge)
    return gradient
