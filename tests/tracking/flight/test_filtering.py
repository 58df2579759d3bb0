from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import SITE, arcs

from bongsu.tracking.flight.filtering import innovations, inverse_of_symmetric, predict, update
from bongsu.tracking.flight.free_flight import move
from bongsu.tracking.radar.measurement import (
    Radar,
    expected_plots,
    linear_within_m,
    radar_of,
    residuals,
)

Floats = NDArray[np.float64]

RUNS = 400
SCANS = 61


def updated(
    radar: Radar, state: Floats, covariance: Floats, plots: Floats
) -> tuple[Floats, Floats]:
    def sensing(states: Floats) -> tuple[Floats, Floats]:
        return expected_plots(radar, states[:, :3])

    innovation = innovations(sensing, state, covariance, radar.noise)
    return update(
        state,
        covariance,
        innovation.expected,
        plots,
        sensing=sensing,
        noise=radar.noise,
        linear_within_m=linear_within_m(radar, plots),
    )


def scattered(truth: Floats, sigma_m: float, sigma_mps: float, seed: int) -> tuple[Floats, Floats]:
    """Prior means around the truth, and their covariances."""
    sigma = np.array([sigma_m] * 3 + [sigma_mps] * 3)
    noise = np.random.default_rng(seed).standard_normal(truth.shape)
    return truth + noise * sigma, np.repeat(np.diag(sigma**2)[None], len(truth), axis=0)


def test_inverses_by_cofactors_are_inverses() -> None:
    root = np.random.default_rng(1).standard_normal((50, 3, 3)) * np.array([1e3, 1e-3, 1e-2])
    matrix = root.transpose(0, 2, 1) @ root
    inverse, determinant = inverse_of_symmetric(matrix)
    assert inverse @ matrix == pytest.approx(np.repeat(np.eye(3)[None], 50, axis=0), abs=1e-5)
    assert determinant == pytest.approx(np.linalg.det(matrix), rel=1e-6)


def test_a_near_update_is_the_information_filter() -> None:
    radar, truth = radar_of(SITE), arcs(6)
    state, covariance = scattered(truth, 200.0, 30.0, seed=2)
    plots, jacobian = expected_plots(radar, state[:, :3])
    plots = plots + np.array(SITE.sigmas)
    after, spread = updated(radar, state, covariance, plots)
    jacobian = np.concatenate([jacobian, np.zeros_like(jacobian)], axis=2)
    information = np.linalg.inv(radar.noise)
    expected_spread = np.linalg.inv(
        np.linalg.inv(covariance) + jacobian.transpose(0, 2, 1) @ information @ jacobian
    )
    pull = jacobian.transpose(0, 2, 1) @ information @ np.array(SITE.sigmas)
    assert spread == pytest.approx(expected_spread, rel=1e-6, abs=1e-6)
    assert after - state == pytest.approx(np.matvec(expected_spread, pull), rel=1e-5, abs=1e-5)


def test_a_far_update_ends_where_the_cost_is_least() -> None:
    radar, truth = radar_of(replace(SITE, sigmas=(3.0, 1e-3, 1e-3))), arcs(8)
    state, covariance = scattered(truth, 30e3, 2e3, seed=3)
    plots, _ = expected_plots(radar, truth[:, :3])
    after, _ = updated(radar, state, covariance, plots)

    def cost(states: Floats) -> Floats:
        residual = residuals(plots, expected_plots(radar, states[:, :3])[0]) / np.sqrt(
            radar.variance
        )
        offset = states - state
        prior = np.vecdot(offset, np.matvec(np.linalg.inv(covariance), offset))
        return np.asarray(np.vecdot(residual, residual) + prior)

    least = cost(after)
    for direction in np.concatenate([np.eye(6), -np.eye(6)]):
        assert (cost(after + 20.0 * direction) > least).all()


def test_the_covariance_stays_symmetric_and_positive_under_extreme_noise() -> None:
    radar, truth = radar_of(replace(SITE, sigmas=(0.1, 1e-5, 0.02))), arcs(20)
    state, covariance = scattered(truth, 100e3, 3e3, seed=4)
    plots, _ = expected_plots(radar, truth[:, :3])
    for _ in range(50):
        state, covariance = updated(radar, state, covariance, plots)
        assert (covariance == covariance.transpose(0, 2, 1)).all()
        assert np.linalg.eigvalsh(covariance).min() > 0.0


def test_noise_makes_a_prediction_less_sure_and_none_leaves_it_as_sure() -> None:
    state, covariance = scattered(arcs(3), 100.0, 1.0, seed=5)
    _, quiet = predict(state, covariance, np.zeros(3), 2.0)
    _, noisy = predict(state, covariance, np.full(3, 9.0), 2.0)
    added = np.diagonal(noisy - quiet, axis1=1, axis2=2)
    assert added == pytest.approx(np.repeat([[24.0] * 3 + [18.0] * 3], 3, axis=0))
    assert np.linalg.det(quiet) == pytest.approx(np.linalg.det(covariance), rel=1e-4)


@pytest.mark.parametrize(
    ("sigma_m", "sigma_mps"), [(5e3, 150.0), (50e3, 1_500.0), (200e3, 3_000.0)]
)
def test_from_any_prior_the_error_is_at_its_bound_and_stated_honestly(
    sigma_m: float, sigma_mps: float
) -> None:
    """Against the Cramer-Rao bound of each trajectory, with the same model and prior."""
    radar = radar_of(SITE)
    truth = np.repeat(arcs(1), RUNS, axis=0)
    state, covariance = scattered(truth, sigma_m, sigma_mps, seed=6)
    bound = covariance.copy()
    rng = np.random.default_rng(8)
    ratios, consistent = [], []
    for scan in range(SCANS):
        if scan:
            state, covariance = predict(state, covariance, np.zeros(RUNS), 1.0)
            truth, transition = move(truth, 1.0)
            bound[...] = transition @ bound @ transition.transpose(0, 2, 1)
        exact, jacobian = expected_plots(radar, truth[:, :3])
        plots = exact + rng.standard_normal(exact.shape) * np.array(SITE.sigmas)
        state, covariance = updated(radar, state, covariance, plots)
        information = jacobian.transpose(0, 2, 1) @ np.linalg.inv(radar.noise) @ jacobian
        gained = np.zeros_like(bound)
        gained[:, :3, :3] = information
        bound[...] = np.linalg.inv(np.linalg.inv(bound) + gained)
        error = state - truth
        nees = np.vecdot(error, np.matvec(np.linalg.inv(covariance), error)).mean()
        consistent.append(abs(nees - 6.0) < 1.96 * np.sqrt(12.0 / RUNS))
        ratios.append(
            np.sqrt((error[:, :3] ** 2).sum() / np.trace(bound[:, :3, :3], 0, 1, 2).sum())
        )
    assert np.mean(ratios[30:]) < 1.05
    assert np.mean(consistent) >= 0.9
