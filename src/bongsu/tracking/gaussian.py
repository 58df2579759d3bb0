"""Gaussians, batched: density and square root."""

from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats

ROOT_FLOOR: Final = 1e-9


def log_density(residual: Floats, covariance: Floats) -> Floats:
    """ln of the Gaussian density of residuals (..., d) with covariances (..., d, d)."""
    solved = np.linalg.solve(covariance, residual[..., None])[..., 0]
    _, determinant = np.linalg.slogdet(2.0 * np.pi * covariance)
    return np.asarray(-0.5 * (np.einsum("...i,...i->...", residual, solved) + determinant))


def square_root(covariance: Floats) -> Floats:
    """Lower triangular roots (n, k, k), of matrices that rounding may have made semi-definite."""
    scale = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 1e-12))
    correlation = covariance / (scale[:, :, None] * scale[:, None, :])
    correlation = 0.5 * (correlation + correlation.transpose(0, 2, 1))
    return np.asarray(
        scale[:, :, None]
        * np.linalg.cholesky(correlation + ROOT_FLOOR * np.eye(covariance.shape[-1]))
    )
