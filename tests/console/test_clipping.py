"""Rings and lines cut to a rectangle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bongsu.console.clipping import Line, ring_above, ring_in_box, runs_in_box, thinned

BOX = (0.0, 10.0, 0.0, 5.0)
SQUARE = np.array([[-2.0, -2.0], [4.0, -2.0], [4.0, 3.0], [-2.0, 3.0]])


def area_of(ring: Line) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return 0.5 * abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))))


def test_a_square_is_cut_at_the_corner() -> None:
    assert area_of(ring_in_box(SQUARE, BOX)) == pytest.approx(12.0)


def test_a_ring_inside_is_kept_whole_and_one_outside_is_gone() -> None:
    inside = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]])
    assert area_of(ring_in_box(inside, BOX)) == pytest.approx(0.5)
    assert len(ring_in_box(inside + 20.0, BOX)) == 0
    assert len(ring_above(np.empty((0, 2)), axis=0, limit=1.0)) == 0


def test_a_ring_round_the_whole_box_becomes_the_box() -> None:
    around = np.array([[-9.0, -9.0], [19.0, -9.0], [19.0, 19.0], [-9.0, 19.0]])
    assert area_of(ring_in_box(around, BOX)) == pytest.approx(50.0)


@given(arrays(np.float64, (12, 2), elements=st.floats(-20.0, 20.0)))
def test_no_point_of_a_cut_ring_lies_outside(ring: Line) -> None:
    cut = ring_in_box(ring, BOX)
    if len(cut):
        low, high = cut.min(axis=0), cut.max(axis=0)
        assert low[0] >= -1e-9
        assert low[1] >= -1e-9
        assert high[0] <= 10.0 + 1e-9
        assert high[1] <= 5.0 + 1e-9


def test_a_line_that_leaves_and_comes_back_is_two_runs() -> None:
    line = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 9.0], [3.0, 9.0], [4.0, 9.0], [5.0, 1.0]])
    runs = list(runs_in_box(line, BOX))
    assert [len(run) for run in runs] == [3, 2]
    assert list(runs_in_box(line + 50.0, BOX)) == []


def test_a_thinned_line_keeps_its_ends() -> None:
    line = np.linspace([0.0, 0.0], [10.0, 0.0], 101)
    thin = thinned(line, apart=1.0)
    assert 10 <= len(thin) <= 12
    assert thin[0].tolist() == [0.0, 0.0]
    assert thin[-1].tolist() == [10.0, 0.0]
    assert len(thinned(line[:2], apart=99.0)) == 2
