"""What one scan does to the hypotheses: an iterated extended Kalman update, and weights."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.boost.state import POSITION, SIZE, Hypotheses
from bongsu.tracking.gaussian import log_density
from bongsu.tracking.radar.measurement import Radar, expected_plots, residuals

MAXIMUM_ITERATIONS: Final = 4
SETTLED_SHARE: Final = 0.02  # of a sigma of the plot: an iteration that moves less is the last

# Positions (n, 3) -> expected plots (n, d) and their derivatives by position (n, d, 3).
Sensing: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]
Residuals: TypeAlias = Callable[[Floats, Floats], Floats]

_IDENTITY: Final = np.eye(SIZE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotModel:
    """How one sensor's plots follow from positions."""

    sensing: Sensing
    residuals: Residuals  # measured, expected (n, d) -> (n, d)
    noise: Floats  # (d, d)


def radar_model(radar: Radar) -> PlotModel:
    """How a radar's plots follow from positions."""
    return PlotModel(sensing=partial(expected_plots, radar), residuals=residuals, noise=radar.noise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Expected plots of n hypotheses with their spread."""

    plot: Floats  # (n, d)
    jacobian: Floats  # (n, d, 3)
    covariance: Floats  # (n, d, d)


def expectation(model: PlotModel, bank: Hypotheses) -> Expectation:
    """What each hypothesis lets one expect, noise included."""
    plot, jacobian = model.sensing(bank.state[:, POSITION])
    spread = jacobian @ bank.covariance[:, POSITION, POSITION] @ jacobian.transpose(0, 2, 1)
    return Expectation(plot=plot, jacobian=jacobian, covariance=spread + model.noise)


def updated(bank: Hypotheses, rows: Mask, measured: Floats, model: PlotModel) -> Hypotheses:
    """The bank after plots: measured (n, d) holds for the marked rows; weights take the fit.

    Source: Bell and Cathey, The iterated Kalman filter update as a Gauss-Newton method,
    IEEE Trans. Automatic Control 38 (1993); covariance in Joseph's form.
    """
    index = np.flatnonzero(rows)
    if not len(index):
        return bank
    chosen, plot = bank.taken(index), measured[index]
    expected = expectation(model, chosen)
    first = model.residuals(plot, expected.plot)
    density = log_density(first, expected.covariance)
    state, covariance = _iterated(chosen, plot, model, expected)
    new_state, new_covariance = bank.state.copy(), bank.covariance.copy()
    new_weight = bank.log_weight.copy()
    new_state[index], new_covariance[index] = state, covariance
    new_weight[index] += density
    return replace(bank, state=new_state, covariance=new_covariance, log_weight=new_weight)


def _iterated(
    bank: Hypotheses, plot: Floats, model: PlotModel, expected: Expectation
) -> tuple[Floats, Floats]:
    prior, covariance = bank.state, bank.covariance
    sigma = np.sqrt(np.diagonal(model.noise))
    state = prior
    for _ in range(MAXIMUM_ITERATIONS):
        cross = covariance[:, :, POSITION] @ expected.jacobian.transpose(0, 2, 1)
        gain = np.linalg.solve(expected.covariance, cross.transpose(0, 2, 1)).transpose(0, 2, 1)
        moved = (prior - state)[:, POSITION]
        residual = model.residuals(plot, expected.plot) - np.matvec(expected.jacobian, moved)
        state = prior + np.matvec(gain, residual)
        linear = expected.plot + np.matvec(expected.jacobian, (state - prior)[:, POSITION] + moved)
        jacobian = expected.jacobian
        expected = expectation(model, replace(bank, state=state))
        curved = np.abs(model.residuals(expected.plot, linear)) / sigma
        if curved.max() < SETTLED_SHARE:
            break
    reduction = np.broadcast_to(_IDENTITY, covariance.shape).copy()
    reduction[:, :, POSITION] -= gain @ jacobian
    spread = reduction @ covariance @ reduction.transpose(0, 2, 1)
    spread += gain @ model.noise @ gain.transpose(0, 2, 1)
    return state, 0.5 * (spread + spread.transpose(0, 2, 1))


def seen_or_missed(
    bank: Hypotheses,
    visible: Mask,
    plot_of_track: Indices,
    measured: Floats,
    model: PlotModel,
    detection_probability: float,
    clutter_density: float,
) -> Hypotheses:
    """One scan's whole effect: plots where a track got one, silence where it got none.

    visible: (n,), rows that the sensor would see; plot_of_track: (tracks,), index into
    measured (m, d) or -1. A row that cannot be seen explains a plot only as clutter.
    """
    assigned = plot_of_track[bank.track]
    has_plot = assigned >= 0
    found, missed = np.log(detection_probability), np.log1p(-detection_probability)
    unexplained = has_plot & ~visible
    change = np.where(
        visible,
        np.where(has_plot, found, missed),
        np.where(unexplained, np.log(clutter_density), 0.0),
    )
    bank = replace(bank, log_weight=bank.log_weight + change)
    if not len(measured):
        return bank
    return updated(bank, has_plot & visible, measured[np.maximum(assigned, 0)], model)
