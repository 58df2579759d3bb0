"""Two estimates into one: added, intersected, or by what was learnt in between."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tracking.fusion.made_up_nations import estimate

from bongsu.tracking.fusion.combination import added, intersected, tracklet, with_tracklet
from bongsu.tracking.fusion.estimate import Estimate
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import SensorId

SCALE = np.diag([300.0, 300.0, 300.0, 5.0, 5.0, 5.0])
TRUTH = np.array([4.1e6, 2.4e6, 4.7e6, 1_000.0, -2_000.0, 300.0])
SEEDS = st.integers(0, 2**32 - 1)


def covariance(rng: np.random.Generator) -> np.ndarray:
    """A random one, in metres and metres per second."""
    root = SCALE @ rng.standard_normal((6, 8))
    return root @ root.T


def drawn(rng: np.random.Generator, spread: np.ndarray, *sensors: str) -> Estimate:
    error = np.linalg.cholesky(spread) @ rng.standard_normal(6)
    return estimate(TRUTH + error, spread, *sensors)


def is_no_surer(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether covariance `one` is at least `other`, in every direction."""
    root = np.linalg.cholesky(other)
    scaled = np.linalg.solve(root, np.linalg.solve(root, one).T)
    return bool(np.linalg.eigvalsh(0.5 * (scaled + scaled.T))[0] > 1.0 - 1e-6)


@settings(deadline=None)
@given(SEEDS)
def test_what_is_independent_adds_as_least_squares_over_both_would(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = drawn(rng, covariance(rng), "A"), drawn(rng, covariance(rng), "B")
    both = added(one, other)
    stacked = np.vstack([np.eye(6), np.eye(6)])
    weight = np.linalg.inv(
        np.block([[one.covariance, np.zeros((6, 6))], [np.zeros((6, 6)), other.covariance]])
    )
    normal = stacked.T @ weight @ stacked
    expected = np.linalg.solve(normal, stacked.T @ weight @ np.r_[one.mean, other.mean])
    assert np.allclose(both.mean, expected, rtol=0.0, atol=1e-3)
    assert np.allclose(both.covariance, np.linalg.inv(normal), rtol=1e-6)
    assert sorted(both.sensors or ()) == ["A", "B"]


@settings(deadline=None)
@given(SEEDS)
def test_an_intersection_is_honest_whatever_the_errors_have_in_common(seed: int) -> None:
    """Its stated covariance is never below the true one, for any joint covariance of the two."""
    rng = np.random.default_rng(seed)
    one, other = covariance(rng), covariance(rng)
    in_common = rng.standard_normal((6, 6))
    in_common *= rng.random() / np.linalg.norm(in_common, 2)
    cross = np.linalg.cholesky(one) @ in_common @ np.linalg.cholesky(other).T
    first, second = estimate(TRUTH, one), estimate(TRUTH, other)
    both = intersected(first, second)
    # The gains are read off: the mean is linear in the two means.
    gain = (
        np.stack(
            [
                intersected(estimate(TRUTH + 1e3 * axis, one), second).mean - both.mean
                for axis in np.eye(6)
            ],
            axis=1,
        )
        / 1e3
    )
    rest = np.eye(6) - gain
    true = (
        gain @ one @ gain.T
        + rest @ other @ rest.T
        + gain @ cross @ rest.T
        + rest @ cross.T @ gain.T
    )
    assert is_no_surer(both.covariance, true)
    assert both.log_volume <= min(first.log_volume, second.log_volume) + 1e-6


@settings(deadline=None)
@given(SEEDS)
def test_an_intersection_with_itself_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = drawn(rng, covariance(rng), "A")
    both = intersected(one, one)
    assert np.allclose(both.covariance, one.covariance, rtol=1e-6)
    assert np.allclose(both.mean, one.mean, rtol=0.0, atol=1e-3)


def test_an_intersection_with_what_is_vaguer_everywhere_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    one = drawn(rng, covariance(rng), "A")
    vaguer = estimate(one.mean + 50.0, 4.0 * one.covariance, "A")
    both = intersected(one, vaguer)
    assert np.allclose(both.covariance, one.covariance, rtol=1e-6)


@settings(deadline=None)
@given(SEEDS)
def test_tracklets_of_two_trackers_give_what_one_tracker_with_all_plots_would(seed: int) -> None:
    """Nation A takes A's plots, B takes the shared past and then its own; B sends a tracklet."""
    rng = np.random.default_rng(seed)
    prior = covariance(rng)
    past = drawn(rng, prior, "S")
    noise_a, noise_b = 0.3 * covariance(rng), 0.2 * covariance(rng)
    plot_a, plot_b = drawn(rng, noise_a, "A"), drawn(rng, noise_b, "B")
    own, theirs = added(past, plot_a), added(past, plot_b)
    learnt = tracklet(past, theirs, sensors=frozenset({SensorId("B")}))
    assert learnt is not None
    fused, central = with_tracklet(own, learnt), added(own, plot_b)
    assert np.allclose(fused.mean, central.mean, rtol=0.0, atol=1e-2)
    assert np.allclose(fused.covariance, central.covariance, rtol=1e-5)
    assert sorted(fused.sensors or ()) == ["A", "B", "S"]
    # Adding the two whole estimates instead would count the past twice.
    assert added(own, theirs).log_volume < central.log_volume


def test_an_estimate_that_became_less_sure_does_not_say_what_it_learnt() -> None:
    rng = np.random.default_rng(5)
    one = drawn(rng, covariance(rng), "A")
    wider = one.covariance + np.diag([0.0, 0.0, 1e6, 0.0, 0.0, 0.0])
    assert tracklet(one, estimate(one.mean, wider, "A"), sensors=None) is None


def test_two_instants_are_never_put_together() -> None:
    rng = np.random.default_rng(5)
    one = drawn(rng, covariance(rng), "A")
    later = estimate(one.mean, one.covariance, "B", seconds=1.0)
    for way in (added, intersected):
        with pytest.raises(LocalMisuse, match="different instants"):
            way(one, later)
