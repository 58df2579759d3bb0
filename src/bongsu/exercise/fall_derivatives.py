"""How the place and time of a fall follow from the state that it falls from, and from the air."""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.tracking.fall.impact_prediction import (
    BALLISTIC_COEFFICIENT_KGPM2,
    LONGEST_FALL_S,
    SIGMA_LOG_BALLISTIC_COEFFICIENT,
)
from bongsu.tracking.fall.quick_fall import quick_fall

PROBES: Final = np.array([100.0] * 3 + [0.1] * 3)  # m, m/s
COEFFICIENTS: Final = 7  # of Gauss and Hermite's quadrature; 5 give the same to a percent


def fall_derivatives(state: Floats) -> Floats:
    """Derivatives (3, 6) of the impact's east, north (m) and time (s) by a state (6,).

    NaN where a probe does not come down.
    """
    outcome = _outcomes(state + np.concatenate([np.diag(PROBES), -np.diag(PROBES)]), np.zeros(12))
    return np.asarray(((outcome[:6] - outcome[6:]) / (2.0 * PROBES[:, None])).T)


def spread_by_air(
    state: Floats, *, sigma_log_coefficient: float = SIGMA_LOG_BALLISTIC_COEFFICIENT
) -> Floats:
    """Covariance (3, 3) of east, north and time for a belief about the drag: the tracker's own.

    Nothing that is seen above the air tells of it: no estimate from up there is better.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(COEFFICIENTS)
    share = weights / weights.sum()
    outcome = _outcomes(np.tile(state, (COEFFICIENTS, 1)), sigma_log_coefficient * nodes)
    off = outcome - share @ outcome
    return np.asarray((share[:, None] * off).T @ off)


def _outcomes(state: Floats, logarithm: Floats) -> Floats:
    """East, north and time (n, 3) of falls from states (n, 6), near the first one's place."""
    fall = quick_fall(
        state, BALLISTIC_COEFFICIENT_KGPM2 * np.exp(logarithm), maximum_time_s=LONGEST_FALL_S
    )
    latitude, longitude, _ = ecef_to_geodetic(fall.position_ecef_m[0])
    axes = enu_axes(latitude, longitude)[:2]
    place = (fall.position_ecef_m - fall.position_ecef_m[0]) @ axes.T
    outcome = np.concatenate([place, fall.time_s[:, None]], axis=1)
    outcome[~fall.reached] = np.nan
    return outcome
