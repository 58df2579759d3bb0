"""Oracle: the physics room's powered flight, whose forces and steering are its own."""

from dataclasses import replace

import numpy as np
import pytest
from tests.tracking.made_up_boosts import LONG_SHOT, flown
from tests.tracking.made_up_hypotheses import one_at

from bongsu.tracking.boost.model import (
    STILL,
    BoostNoise,
    moved,
    thrust_acceleration_mps2,
)
from bongsu.tracking.boost.state import INCIDENCE, MOTION, SIZE
from bongsu.vocabulary.errors import LocalMisuse

NOISE = BoostNoise()


@pytest.mark.parametrize("start_s", [60.0, 90.0, 120.0])
def test_a_boost_is_followed_within_what_the_noise_allows(start_s: float) -> None:
    later = moved(one_at(start_s, sigma=0.1), 5.0, NOISE)
    truth = flown(LONG_SHOT).state_at(start_s + 5.0)
    miss = later.state[0, MOTION] - truth
    assert np.linalg.norm(miss[:3]) < 50.0
    assert np.linalg.norm(miss[3:]) < 15.0
    assert miss @ np.linalg.solve(later.covariance[0, MOTION, MOTION], miss) < 16.8  # 99 % of six


def test_without_thrust_it_falls_freely() -> None:
    flight = flown(LONG_SHOT)
    coasting = replace(one_at(140.0), burning=np.array([False]))
    state = coasting.state.copy()
    state[0, MOTION] = flight.state_at(300.0)
    later = moved(replace(coasting, state=state), 20.0, NOISE)
    np.testing.assert_allclose(later.state[0, :3], flight.state_at(320.0)[:3], atol=2.0)
    np.testing.assert_allclose(later.state[0, 3:6], flight.state_at(320.0)[3:], atol=0.2)
    assert thrust_acceleration_mps2(coasting).tolist() == [0.0]


def test_thrust_grows_as_the_tank_empties() -> None:
    bank = one_at(100.0)
    later = moved(bank, 10.0, NOISE)
    ratio = thrust_acceleration_mps2(later)[0] / thrust_acceleration_mps2(bank)[0]
    assert ratio == pytest.approx(bank.state[0, 6] / (bank.state[0, 6] - 10.0))


def test_the_transition_is_the_difference_quotient_of_the_motion() -> None:
    bank = one_at(70.0)
    steps = np.array([10.0] * 3 + [0.1] * 3 + [0.01, 1e-4, 1e-3, 1.0, 1.0, 0.1])
    unit_spread = replace(bank, covariance=np.zeros((1, SIZE, SIZE)))
    for column, step in enumerate(steps):
        spread = np.zeros((1, SIZE, SIZE))
        spread[0, column, column] = 1.0
        linear = moved(replace(bank, covariance=spread), 1.0, STILL).covariance[0]
        ahead, behind = bank.state.copy(), bank.state.copy()
        ahead[0, column] += step
        behind[0, column] -= step
        quotient = (
            moved(replace(unit_spread, state=ahead), 1.0, STILL).state[0]
            - moved(replace(unit_spread, state=behind), 1.0, STILL).state[0]
        ) / (2.0 * step)
        scale = max(np.abs(quotient).max(), 1e-12)
        apart = np.abs(linear - np.outer(quotient, quotient)).max() / scale**2
        assert apart < 0.05, f"component {column}"


def test_going_back_and_forth_again_changes_nothing_much() -> None:
    bank = one_at(100.0)
    again = moved(moved(bank, -0.7, STILL), 0.7, STILL)
    np.testing.assert_allclose(again.state[0, :3], bank.state[0, :3], atol=0.5)
    np.testing.assert_allclose(again.state[0, 3:6], bank.state[0, 3:6], atol=0.5)
    sigmas = np.sqrt(np.diagonal(bank.covariance[0]))
    apart = (again.covariance - bank.covariance)[0] / np.outer(sigmas, sigmas)
    assert np.abs(apart).max() < 1e-3


def test_incidence_fades_and_uncertainty_grows() -> None:
    bank = one_at(100.0)
    state = bank.state.copy()
    state[0, INCIDENCE] = 0.1
    later = moved(replace(bank, state=state), NOISE.incidence_time_s, NOISE)
    assert later.state[0, INCIDENCE] == pytest.approx(0.1 / np.e)
    assert (np.diagonal(later.covariance[0])[:6] > np.diagonal(bank.covariance[0])[:6]).all()


def test_a_tank_that_should_be_empty_does_not_explode() -> None:
    bank = one_at(140.0)
    state = bank.state.copy()
    state[0, 6] = -20.0
    assert np.isfinite(moved(replace(bank, state=state), 10.0, NOISE).state).all()


def test_nothing_moves_in_no_time() -> None:
    bank = one_at(100.0)
    assert moved(bank, 0.0, NOISE) is bank


def test_an_absurd_duration_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="cannot be moved"):
        moved(one_at(100.0), 5_000.0, NOISE)
