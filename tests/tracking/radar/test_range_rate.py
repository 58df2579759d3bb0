from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import SITE, arcs, at, batch_of, new_tracker, seen_from

from bongsu.exercise.sensor_geometry import range_rates_exactly
from bongsu.physics.propagation import propagate
from bongsu.tracking.intake.door import Refusal
from bongsu.tracking.radar.measurement import radar_of
from bongsu.tracking.radar.range_rate import expected_range_rates, updated_by_range_rate
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.sensor import SensorSite

Floats = NDArray[np.float64]
DOPPLER = replace(SITE, sigma_range_rate_mps=2.0, clutter_per_scan=5.0)
RADAR = radar_of(DOPPLER)
STATES = arcs(5)


def test_a_range_rate_is_how_fast_the_range_grows() -> None:
    """Against ranges half a second before and after, of bodies that really fly."""
    rates, _ = expected_range_rates(RADAR, STATES)
    before, after = (seen_from(SITE, propagate(STATES, step))[:, 0] for step in (-0.5, 0.5))
    np.testing.assert_allclose(rates, after - before, atol=0.01)
    np.testing.assert_allclose(rates, range_rates_exactly(SITE, STATES), atol=1e-6)


def test_its_derivatives_are_those_of_finite_differences() -> None:
    _, jacobian = expected_range_rates(RADAR, STATES)
    for axis, step in enumerate([10.0] * 3 + [0.1] * 3):
        offset = np.zeros(6)
        offset[axis] = step
        more, _ = expected_range_rates(RADAR, STATES + offset)
        less, _ = expected_range_rates(RADAR, STATES - offset)
        np.testing.assert_allclose(jacobian[:, axis], (more - less) / (2.0 * step), atol=1e-7)


def test_one_rate_updates_as_one_gaussian_measurement_does() -> None:
    """Against the textbook's update of a line: with a place this sure, the rate is one."""
    spread = np.repeat(np.diag([1.0] * 3 + [100.0**2] * 3)[None], 5, axis=0)
    rates, jacobian = expected_range_rates(RADAR, STATES)
    state, covariance = updated_by_range_rate(STATES, spread, rates + 50.0, RADAR, since_s=0.0)
    information = np.linalg.inv(spread) + jacobian[:, :, None] * jacobian[:, None, :] / 2.0**2
    expected = np.linalg.inv(information)
    np.testing.assert_allclose(covariance, expected, rtol=1e-3, atol=1e-3)
    moved = np.matvec(expected, jacobian) * 50.0 / 2.0**2
    np.testing.assert_allclose(state - STATES, moved, rtol=1e-3, atol=1e-3)


def test_a_plot_without_a_rate_changes_nothing() -> None:
    spread = np.repeat(np.eye(6)[None], 5, axis=0)
    rates = np.full(5, np.nan)
    state, covariance = updated_by_range_rate(STATES, spread, rates, RADAR, since_s=0.0)
    assert state is STATES
    assert covariance is spread


def plots_of(site: SensorSite, states: Floats, rng: np.random.Generator) -> Floats:
    plots = seen_from(site, states)
    plots = plots + rng.standard_normal(plots.shape) * np.array(site.sigmas)
    rates = range_rates_exactly(site, states) + 2.0 * rng.standard_normal(len(states))
    return np.concatenate([plots, rates[:, None]], axis=1)


def followed(site: SensorSite, *, scans: int = 12, seed: int = 3, known: bool = True) -> Tracker:
    """Five objects and clutter; with rates, or with plots that lack them."""
    tracker, states = new_tracker(site), arcs(5)
    rng = np.random.default_rng(seed)
    for second in range(scans):
        plots = plots_of(site, states, rng)
        false = rng.uniform([300e3, 0.6, 0.05, -8e3], [1_200e3, 2.4, 0.8, 8e3], (5, 4))
        plots = np.concatenate([plots, false])[:, : site.components if known else 3]
        batch = batch_of(site, plots, sequence=second + 1, seconds=float(second))
        tracker.process(batch, now=batch.observed_at)
        states = propagate(states, 1.0)
    return tracker


def error_along_mps(tracker: Tracker, *, seconds: float) -> float:
    """RMS error of the speed along the line of sight, each of the truth that is nearest."""
    states = propagate(arcs(5), seconds)
    found = tracker.confirmed().state
    assert len(found) == 5
    nearest = np.linalg.norm(found[:, None, :3] - states[None, :, :3], axis=2).argmin(axis=1)
    off = range_rates_exactly(SITE, found) - range_rates_exactly(SITE, states[nearest])
    return float(np.sqrt(np.mean(off**2)))


def test_a_young_track_knows_its_speed_far_better_with_range_rates() -> None:
    """After 7 plots of 30 m in range, and 2 m/s in its rate."""
    with_rates, without = (
        np.mean([error_along_mps(followed(site, scans=7, seed=n), seconds=6.0) for n in range(4)])
        for site in (DOPPLER, SITE)
    )
    assert with_rates < 1.5
    assert without > 3.0 * with_rates


def test_plots_that_lack_their_rates_are_used_as_any_other_radars() -> None:
    lacking, plain = followed(DOPPLER, known=False), followed(SITE)
    np.testing.assert_array_equal(lacking.confirmed().number, plain.confirmed().number)
    np.testing.assert_allclose(lacking.confirmed().state, plain.confirmed().state, rtol=1e-9)
    assert not lacking.refused


@pytest.mark.parametrize("rate", [13_000.0, -np.inf])
def test_a_rate_that_cannot_be_costs_its_plot(rate: float) -> None:
    tracker = new_tracker(DOPPLER)
    batch = batch_of(DOPPLER, np.array([[500e3, 0.5, 0.3, rate]]), sequence=1, seconds=0.0)
    tracker.process(batch, now=at(0.0))
    assert tracker.refused == {Refusal.IMPOSSIBLE: 1}


def test_a_rate_of_a_radar_that_measures_none_is_malformed() -> None:
    tracker = new_tracker(SITE)
    batch = batch_of(SITE, np.array([[500e3, 0.5, 0.3, 100.0]]), sequence=1, seconds=0.0)
    tracker.process(batch, now=at(0.0))
    assert tracker.refused == {Refusal.MALFORMED: 1}


def test_what_stands_behind_a_track_is_told_with_its_rate_and_that_ones_sigma() -> None:
    tracker = followed(DOPPLER)
    scan = tracker.picture(now=at(11.0)).scans[-1]
    assert scan.sigmas == (*DOPPLER.sigmas, 2.0)
    assert {len(plot.measurement) for plot in scan.plots} == {4}
    lacking = followed(DOPPLER, known=False).picture(now=at(11.0)).scans[-1]
    assert {len(plot.measurement) for plot in lacking.plots} == {3}
