"""Predict and update, batched over tracks: an iterated extended Kalman filter.

The covariance update is Joseph's form, so that it stays symmetric and positive however small
the noise of one component is beside another. The update is iterated (Gauss-Newton) where the
curvature of the measurement matters: after a first plot the velocity is open by kilometres
per second, and a plain update from there would be overconfident ever after.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.flight.free_flight import move
from bongsu.tracking.radar.measurement import residuals

# State (n, d) -> expected plots (n, 3) and derivatives (n, 3, k) by the first k components.
Sensing: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]

MAXIMUM_ITERATIONS: Final = 6

_IDENTITY: Final = np.eye(6)
_POSITIONS: Final = np.diag([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
_VELOCITIES: Final = _IDENTITY - _POSITIONS
_MIXED: Final = np.eye(6, k=3) + np.eye(6, k=-3)
# Cofactors of a symmetric matrix, its entries counted row by row: the product of the first and
# the third row of nine, less that of the second and the fourth.
_COFACTORS: Final = np.array(
    [
        *(4, 2, 1, 2, 0, 1, 1, 1, 0),
        *(5, 1, 2, 1, 2, 0, 2, 0, 1),
        *(8, 5, 5, 5, 8, 2, 5, 2, 4),
        *(5, 8, 4, 8, 2, 5, 4, 5, 1),
    ]
)


class Expected(NamedTuple):
    """What an update needs to know of what was expected of n rows."""

    plots: Floats  # (n, 3)
    jacobian: Floats  # (n, 3, k)
    cross_covariance: Floats  # (n, d, 3) of state and plot
    information: Floats  # (n, 3, 3), inverse covariance of the innovation


class Innovations(NamedTuple):
    """What is expected of each track in one scan, and with what spread."""

    expected: Expected
    covariance: Floats  # (n, 3, 3)
    log_determinant: Floats  # (n,), of 2 pi times the covariance

    def of(self, rows: Indices) -> Expected:
        """What was expected of the given rows, in that order."""
        return Expected(*(column[rows] for column in self.expected))


def predict(
    state: Floats, covariance: Floats, process_noise: Floats, duration_s: float
) -> tuple[Floats, Floats]:
    """Move states (n, 6) and covariances (n, 6, 6) through free flight.

    process_noise: (n,), power spectral density of the white unknown acceleration, m^2/s^3.
    Source: Bar-Shalom, Li, Kirubarajan, Estimation with Applications (2001), 6.2.2.
    """
    moved, transition = move(state, duration_s)
    spread = transition @ covariance @ transition.transpose(0, 2, 1)
    spread += process_noise[:, None, None] * _noise_of_unit_density(abs(duration_s))
    return moved, spread


@lru_cache(maxsize=64)
def _noise_of_unit_density(span_s: float) -> Floats:
    return span_s**3 / 3.0 * _POSITIONS + span_s**2 / 2.0 * _MIXED + span_s * _VELOCITIES


def innovations(sensing: Sensing, state: Floats, covariance: Floats, noise: Floats) -> Innovations:
    """Expected plots of states (n, d) with covariances (n, d, d); noise: (3, 3) or (n, 3, 3)."""
    expected, jacobian = sensing(state)
    cross = covariance[:, :, : jacobian.shape[2]] @ jacobian.transpose(0, 2, 1)
    spread = jacobian @ cross[:, : jacobian.shape[2]] + noise
    information, determinant = inverse_of_symmetric(spread)
    return Innovations(
        expected=Expected(expected, jacobian, cross, information),
        covariance=spread,
        log_determinant=np.log(determinant * (2.0 * np.pi) ** 3),
    )


def update(
    state: Floats,
    covariance: Floats,
    expected: Expected,
    measured: Floats,
    *,
    sensing: Sensing,
    noise: Floats,
    linear_within_m: Floats,
) -> tuple[Floats, Floats]:
    """Update states (n, d) and covariances (n, d, d) with one plot each, (n, 3).

    expected: of the same rows. linear_within_m: (n,), how far a place may be moved before
    the derivatives have to be taken anew. noise: (3, 3), of the plots.
    Source: Bell and Cathey, IEEE Trans. Automatic Control 38 (1993): the iterated update is
    Gauss-Newton; Bucy and Joseph (1968) for the covariance.
    """
    jacobian = expected.jacobian
    gain = expected.cross_covariance @ expected.information
    step = np.matvec(gain, residuals(measured, expected.plots))
    updated = state + step
    far = (np.vecdot(step[:, :3], step[:, :3]) > linear_within_m**2).nonzero()[0]
    if len(far):
        jacobian = jacobian.copy()
        updated[far], gain[far], jacobian[far] = _iterate(
            state[far],
            covariance[far],
            updated[far],
            measured[far],
            sensing=sensing,
            noise=noise,
            linear_within_m=linear_within_m[far],
        )
    return updated, _joseph(covariance, gain, jacobian, noise)


def _iterate(
    prior: Floats,
    covariance: Floats,
    updated: Floats,
    measured: Floats,
    *,
    sensing: Sensing,
    noise: Floats,
    linear_within_m: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Gauss-Newton from a first update until the place stays where the derivatives were taken."""
    for _ in range(MAXIMUM_ITERATIONS):
        there = innovations(sensing, updated, covariance, noise).expected
        jacobian = there.jacobian
        gain = there.cross_covariance @ there.information
        offset = (prior - updated)[:, : jacobian.shape[2]]
        innovation = residuals(measured, there.plots) - np.matvec(jacobian, offset)
        before, updated = updated, prior + np.matvec(gain, innovation)
        step = (updated - before)[:, :3]
        if (np.vecdot(step, step) <= linear_within_m**2).all():
            break
    return updated, gain, jacobian


def _joseph(covariance: Floats, gain: Floats, jacobian: Floats, noise: Floats) -> Floats:
    """(I - K H) P (I - K H)' + K R K', freed of what rounding leaves asymmetric."""
    kept = np.zeros_like(covariance)
    kept[:, :, : jacobian.shape[2]] = gain @ -jacobian
    kept += _identity(covariance.shape[-1])
    spread = kept @ covariance @ kept.transpose(0, 2, 1)
    spread += gain @ noise @ gain.transpose(0, 2, 1)
    symmetric: Floats = 0.5 * (spread + spread.transpose(0, 2, 1))
    return symmetric


@lru_cache(maxsize=4)
def _identity(size: int) -> Floats:
    return np.eye(size)


def inverse_of_symmetric(matrix: Floats) -> tuple[Floats, Floats]:
    """Inverses (n, 3, 3) and determinants (n,) of symmetric matrices, by cofactors."""
    factors = matrix.reshape(-1, 9).take(_COFACTORS, axis=1)
    products = factors[:, :18] * factors[:, 18:]
    inverse = products[:, :9] - products[:, 9:]
    determinant = np.vecdot(inverse[:, :3], matrix[:, 0])
    inverse /= determinant[:, None]
    return inverse.reshape(-1, 3, 3), determinant
