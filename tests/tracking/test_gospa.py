import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tracking.association.test_assignment import cheapest

from bongsu.tracking.gospa import gospa
from bongsu.vocabulary.errors import LocalMisuse

CUTOFF_M = 10.0
places = st.lists(st.tuples(*[st.floats(-20.0, 20.0)] * 3), max_size=5).map(
    lambda listed: np.array(listed, dtype=float).reshape(-1, 3)
)


@settings(max_examples=200)
@given(places, places, st.sampled_from([1.0, 2.0]))
def test_it_is_the_definition_tried_out(
    truth: np.ndarray, estimates: np.ndarray, order: float
) -> None:
    apart = np.linalg.norm(truth[:, None] - estimates[None], axis=-1)
    table = [[float(cost) for cost in row] for row in apart**order - CUTOFF_M**order]
    total = cheapest([[cost if cost < 0 else None for cost in row] for row in table])
    total += CUTOFF_M**order / 2.0 * (len(truth) + len(estimates))
    value = gospa(truth, estimates, cutoff_m=CUTOFF_M, order=order).value_m
    assert value == pytest.approx(max(total, 0.0) ** (1.0 / order), abs=1e-5)


@given(places, places)
def test_it_does_not_matter_which_one_is_the_truth(one: np.ndarray, other: np.ndarray) -> None:
    there = gospa(one, other, cutoff_m=CUTOFF_M)
    back = gospa(other, one, cutoff_m=CUTOFF_M)
    assert there.value_m == pytest.approx(back.value_m, abs=1e-9)
    assert (there.missed, there.false) == (back.false, back.missed)


@given(places, places, places)
def test_a_detour_is_never_shorter(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    def apart(one: np.ndarray, other: np.ndarray) -> float:
        return gospa(one, other, cutoff_m=CUTOFF_M).value_m

    assert apart(a, c) <= apart(a, b) + apart(b, c) + 1e-9


def test_missed_and_false_objects_cost_half_the_cutoff_each() -> None:
    truth = np.array([[0.0, 0.0, 0.0], [100.0, 0.0, 0.0]])
    estimates = np.array([[3.0, 4.0, 0.0], [0.0, 100.0, 0.0]])
    score = gospa(truth, estimates, cutoff_m=CUTOFF_M)
    assert (score.missed, score.false) == (1, 1)
    assert score.localisation_rms_m == pytest.approx(5.0)
    assert score.value_m == pytest.approx(np.sqrt(25.0 + 100.0))


def test_many_objects_are_compared_in_blocks() -> None:
    truth = np.random.default_rng(2).uniform(0.0, 1e6, (700, 3))
    score = gospa(truth, truth[::-1] + 1.0, cutoff_m=100.0)
    assert (score.missed, score.false) == (0, 0)
    assert score.localisation_rms_m == pytest.approx(np.sqrt(3.0))


@pytest.mark.parametrize(
    ("truth", "cutoff_m", "order"), [(np.nan, 5.0, 2.0), (0.0, 0.0, 2.0), (0.0, 5.0, 0.5)]
)
def test_what_cannot_be_compared_is_refused(truth: float, cutoff_m: float, order: float) -> None:
    with pytest.raises(LocalMisuse):
        gospa(np.full((1, 3), truth), np.zeros((1, 3)), cutoff_m=cutoff_m, order=order)
