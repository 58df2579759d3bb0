"""Range rates of plots, where a radar measures them: how fast the slant range grows.

The error of a range rate is independent of those of the other three components, so it is taken
after them, by itself. That is the same as taking all four at once, and what has no range rate
goes its way as before.
"""

from typing import Final

import numpy as np

from bongsu.physics.arrays import dot, norm
from bongsu.tracking.arrays import Floats
from bongsu.tracking.association.gating import GATE_SQUARED, Pairs
from bongsu.tracking.flight.filtering import Expected
from bongsu.tracking.flight.free_flight import move
from bongsu.tracking.radar.measurement import FASTEST_RATE_MPS, Radar, residuals

LOG_CLUTTER_DENSITY: Final = float(-np.log(2.0 * FASTEST_RATE_MPS))  # a false plot has any rate
ITERATIONS: Final = 2


def expected_range_rates(radar: Radar, state: Floats) -> tuple[Floats, Floats]:
    """Range rates (n,) of states (n, 6 or more), m/s, and derivatives (n, 6) by the first six."""
    offset = state[:, :3] - radar.origin_ecef_m
    distance = np.maximum(norm(offset), 1.0)
    line = offset / distance[:, None]
    velocity = state[:, 3:6] - radar.velocity_ecef_mps
    rate = dot(line, velocity)
    jacobian = np.empty((len(state), 6))
    jacobian[:, :3] = (velocity - rate[:, None] * line) / distance[:, None]
    jacobian[:, 3:] = line
    return rate, jacobian


def updated_by_range_rate(
    state: Floats, covariance: Floats, rates: Floats, radar: Radar, *, since_s: float
) -> tuple[Floats, Floats]:
    """States (n, d) and covariances (n, d, d) after range rates (n,); NaN changes nothing.

    since_s: how long before the states' instant they were measured.
    """
    known = np.flatnonzero(np.isfinite(rates))
    if len(known) == 0:
        return state, covariance
    prior, spread = state[known], covariance[known]
    current = prior
    for _ in range(ITERATIONS):
        expected, jacobian = _seen(radar, current, since_s)
        cross = np.matvec(spread[:, :, :6], jacobian)
        variance = np.vecdot(cross[:, :6], jacobian) + radar.range_rate_variance
        gain = cross / variance[:, None]
        moved = np.vecdot(jacobian, (prior - current)[:, :6])
        current = prior + gain * (rates[known] - expected - moved)[:, None]
    kept = np.broadcast_to(np.eye(state.shape[1]), spread.shape).copy()
    kept[:, :, :6] -= gain[:, :, None] * jacobian[:, None, :]
    after = kept @ spread @ kept.transpose(0, 2, 1)
    after += radar.range_rate_variance * gain[:, :, None] * gain[:, None, :]
    states, covariances = state.copy(), covariance.copy()
    states[known], covariances[known] = current, 0.5 * (after + after.transpose(0, 2, 1))
    return states, covariances


def weighed_by_range_rate(
    pairs: Pairs,
    expected: Expected,
    state: Floats,
    covariance: Floats,
    plots: Floats,
    rates: Floats,
    radar: Radar,
    *,
    since_s: float,
) -> Pairs:
    """Pairs that also fit by range rate, as far as there is one, and how much likelier they are.

    state, covariance: of all rows (n). The fit is that of the rate given the other components.
    """
    known = np.isfinite(rates[pairs.plot])
    if not known.any():
        return pairs
    rate, jacobian = _seen(radar, state, since_s)
    shared = np.matvec(expected.cross_covariance.transpose(0, 2, 1), jacobian)  # (n, 3)
    regression = np.matvec(expected.information, shared)
    variance = np.vecdot(np.matvec(covariance, jacobian), jacobian)
    variance = variance - np.vecdot(regression, shared) + radar.range_rate_variance
    variance = np.maximum(variance, radar.range_rate_variance)
    off = residuals(plots[pairs.plot], expected.plots[pairs.track])
    told = rate[pairs.track] + np.vecdot(regression[pairs.track], off)
    squared = (rates[pairs.plot] - told) ** 2 / variance[pairs.track]
    gain = -0.5 * (squared + np.log(2.0 * np.pi * variance[pairs.track])) - LOG_CLUTTER_DENSITY
    density = pairs.log_density + np.where(known, gain, 0.0)
    fits = ~known | (squared < GATE_SQUARED)
    return pairs._replace(log_density=density).only(np.flatnonzero(fits))


def _seen(radar: Radar, state: Floats, since_s: float) -> tuple[Floats, Floats]:
    if since_s == 0.0:
        return expected_range_rates(radar, state)
    moved, transition = move(state[:, :6], -since_s)
    rate, jacobian = expected_range_rates(radar, moved)
    return rate, np.vecmat(jacobian, transition)
