import numpy as np
import pytest

from bongsu.exercise.probability_score import brier_score, calibration_gap, reliability
from bongsu.vocabulary.errors import LocalMisuse


def test_ten_forecasts_of_rain_scored_by_hand() -> None:
    """Squares 0.09, 0.01, 0.04, 0.36, 0.04, 0.01 of ten, once for rain and once for none."""
    rain = np.array([0.7, 0.9, 0.8, 0.4, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1])
    truth = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    stated = np.stack([1.0 - rain, rain], axis=1)
    assert brier_score(stated, truth) == pytest.approx(0.11)


def test_honest_statements_come_true_as_often_as_stated() -> None:
    rng = np.random.default_rng(5)
    first = rng.uniform(0.0, 1.0, 20_000)
    truth = (rng.uniform(size=20_000) > first).astype(int).tolist()
    bins = reliability(np.stack([first, 1.0 - first], axis=1), truth)
    assert all(abs(one.stated - one.came_true) < 4.0 * one.sigma for one in bins)
    assert calibration_gap(bins) < 0.02


def test_overconfidence_shows_as_a_gap() -> None:
    stated = np.tile([0.95, 0.05], (100, 1))
    truth = [0] * 60 + [1] * 40
    assert calibration_gap(reliability(stated, truth)) == pytest.approx(0.35)


def test_truths_that_do_not_match_the_statements_are_refused() -> None:
    with pytest.raises(LocalMisuse, match="2 truths"):
        brier_score(np.ones((3, 2)) / 2.0, [0, 1])
