"""Scales and ticks."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.console.report.axes import (
    MAXIMUM_TICKS,
    Scale,
    decade_ticks,
    linear_ticks,
    minute_ticks,
)


def test_a_scale_runs_from_start_to_end_and_stays_there() -> None:
    scale = Scale(low=0.0, high=10.0, start_px=100.0, end_px=0.0)
    assert scale.px(0.0) == 100.0
    assert scale.px(10.0) == 0.0
    assert scale.px(5.0) == 50.0
    assert scale.px(-3.0) == 100.0
    assert scale.px(nan) == 100.0


def test_a_logarithmic_scale_gives_each_decade_the_same_room() -> None:
    scale = Scale(low=1.0, high=100.0, start_px=0.0, end_px=200.0, logarithmic=True)
    assert scale.px(10.0) == pytest.approx(100.0)
    assert scale.px(0.0) == 0.0


def test_a_scale_without_extent_uses_its_middle() -> None:
    assert Scale(low=3.0, high=3.0, start_px=0.0, end_px=10.0).px(3.0) == 5.0


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_inside(low: float, extent: float) -> None:
    high = low + extent
    ticks = linear_ticks(low, high, about=6)
    assert len(ticks) <= MAXIMUM_TICKS
    assert all(low - 1e-6 * extent <= tick <= high + 1e-6 * extent for tick in ticks)


def test_ticks_are_round() -> None:
    assert linear_ticks(0.0, 1080.0, about=5) == [0.0, 250.0, 500.0, 750.0, 1000.0]
    assert decade_ticks(0.09, 1500.0) == pytest.approx([0.1, 1.0, 10.0, 100.0, 1000.0])
    assert minute_ticks(0.0, 310.0, about=6) == [0.0, 60.0, 120.0, 180.0, 240.0, 300.0]


def test_no_extent_has_no_ticks() -> None:
    assert linear_ticks(1.0, 1.0, about=5) == []
    assert linear_ticks(0.0, inf, about=5) == []
