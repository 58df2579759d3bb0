import numpy as np
from tests.tracking.made_up_boosts import LONG_SHOT, flown
from tests.tracking.made_up_hypotheses import hypotheses, true_state

from bongsu.tracking.boost.mixture import (
    MOST_PER_TRACK,
    log_sums,
    merged,
    moments,
    normalised,
    pruned,
    share_of,
)
from bongsu.tracking.boost.state import Hypotheses

TRUTH = true_state(flown(LONG_SHOT), 100.0)


def around(*offsets_mps: float) -> np.ndarray:
    """The true state, with its velocity off by so much along one axis, one row each."""
    states = np.tile(TRUTH, (len(offsets_mps), 1))
    states[:, 3] += offsets_mps
    return states


def test_weights_are_those_of_each_track() -> None:
    bank = normalised(hypotheses(around(0, 1, 2), track=[0, 1, 1], weight=[5.0, 1.0, 3.0]), 2)
    np.testing.assert_allclose(np.exp(bank.log_weight), [1.0, 0.25, 0.75])


def test_sums_of_weights_do_not_underflow() -> None:
    sums = log_sums(np.array([-2_000.0, -2_000.0]), np.array([0, 0]), 2)
    np.testing.assert_allclose(sums, [-2_000.0 + np.log(2.0), -np.inf])


def test_moments_are_those_of_the_mixture() -> None:
    bank = hypotheses(around(-30.0, 30.0), weight=[0.5, 0.5])
    found = moments(bank, np.array([0, 0]), 1)
    np.testing.assert_allclose(found.state[0], TRUTH)
    assert np.isclose(found.covariance[0, 3, 3], bank.covariance[0, 3, 3] + 900.0)
    assert np.isclose(found.weight[0], 1.0)


def test_rows_of_no_group_count_for_nothing() -> None:
    found = moments(hypotheses(around(0.0, 500.0)), np.array([0, -1]), 2)
    np.testing.assert_allclose(found.state[0], TRUTH)
    assert found.weight.tolist() == [0.5, 0.0]


def test_rows_that_say_the_same_become_one() -> None:
    bank = merged(hypotheses(around(-5.0, 5.0)))
    assert len(bank) == 1
    np.testing.assert_allclose(bank.state[0], TRUTH)
    np.testing.assert_allclose(np.exp(bank.log_weight), [1.0])


def test_rows_that_say_different_things_stay_apart() -> None:
    assert len(merged(hypotheses(around(-500.0, 500.0)))) == 2
    assert len(merged(hypotheses(around(0.0, 1.0), burning=[True, False]))) == 2
    assert len(merged(hypotheses(around(0.0, 1.0), profile=[4, 5]))) == 2
    assert len(merged(hypotheses(around(0.0, 1.0), track=[0, 1]))) == 2


def test_negligible_rows_are_dropped_and_the_weights_sum_to_one() -> None:
    bank = pruned(hypotheses(around(0.0, 900.0), weight=[1.0, 1e-9]), 1)
    assert len(bank) == 1
    assert bank.log_weight.tolist() == [0.0]


def test_the_best_of_every_kind_stays_however_many_there_are() -> None:
    crowd = around(*(1_000.0 * np.arange(2 * MOST_PER_TRACK)))
    rare = around(0.0)
    bank = hypotheses(
        np.concatenate([crowd, rare]),
        profile=[4] * len(crowd) + [5],
        weight=[1.0] * len(crowd) + [1e-3],
    )
    kept = pruned(bank, 1)
    assert len(kept) == MOST_PER_TRACK
    assert 5 in kept.profile


def test_an_empty_bank_stays_empty() -> None:
    assert len(pruned(Hypotheses.none(), 0)) == 0


def test_shares_are_parts_of_each_tracks_weight() -> None:
    bank = hypotheses(
        around(0, 1, 2), track=[0, 0, 1], burning=[True, False, True], weight=[0.3, 0.7, 1.0]
    )
    np.testing.assert_allclose(share_of(bank, bank.burning, 2), [0.3, 1.0])
