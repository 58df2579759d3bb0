from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exercise.made_up import PUBLISHED, SCENARIO, START, truth

from bongsu.exercise.resolution import as_resolved, second_plots
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.sensor_geometry import measured_exactly
from bongsu.exercise.sensors import scan_of

TRUTH = truth()
RADAR = parse_scenario(SCENARIO, published=PUBLISHED).sensors[0]
CELL = (150.0, 0.02, 0.02)
CERTAIN = replace(RADAR, site=replace(RADAR.site, detection_probability=1.0, clutter_per_scan=0.0))
SCAN = 95  # payload and stage both in sight


def with_cell(cell: Sequence[float], *, split: float = 0.0) -> ScenarioSensor:
    sides = (float(cell[0]), float(cell[1]), float(cell[2]))
    return replace(CERTAIN, site=replace(CERTAIN.site, resolution=sides, split_probability=split))


def test_two_objects_in_one_cell_give_one_plot_between_them_and_in_two_cells_two() -> None:
    state, _ = TRUTH.states_at(CERTAIN.observed_at(SCAN, start=START))
    exact = measured_exactly(CERTAIN.site, state[:2, :3])
    apart = np.abs(exact[0] - exact[1])
    assert len(scan_of(with_cell(0.5 * apart), TRUTH, SCAN, seed=7).measurements) == 2
    one = scan_of(with_cell(2.0 * apart), TRUTH, SCAN, seed=7)
    assert len(one.measurements) == 1
    margin = 5.0 * np.array(CERTAIN.site.sigmas)
    assert (one.measurements[0] > exact.min(axis=0) - margin).all()
    assert (one.measurements[0] < exact.max(axis=0) + margin).all()


def test_near_in_two_components_and_not_in_the_third_is_told_apart() -> None:
    near = np.array([[500e3, 0.3, 0.2], [500_010.0, 0.3, 0.25]])
    assert len(as_resolved(near, np.ones(2), np.array(CELL)).measured) == 2


def test_a_cell_reaches_over_the_south() -> None:
    south = np.array([[500e3, np.pi - 0.001, 0.2], [500e3, -np.pi + 0.001, 0.2]])
    assert len(as_resolved(south, np.array([2.0, 1.0]), np.array(CELL)).measured) == 1


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 12))
def test_every_plot_lies_within_a_cell_of_its_strongest_object(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    measured = np.array([500e3, 0.3, 0.2]) + rng.uniform(-2.0, 2.0, (count, 3)) * CELL
    strength = rng.exponential(size=count)
    resolved = as_resolved(measured, strength, np.array(CELL))
    away = np.abs(resolved.measured - measured[resolved.strongest])
    assert (away < CELL).all()
    leaders = resolved.measured if count == 0 else measured[resolved.strongest]
    for place in measured:
        assert (np.abs(place - leaders) < CELL).all(axis=1).any()


def test_a_merged_plot_is_anywhere_between_two_equals_as_often() -> None:
    """Shares of exponential strengths are even between 0 and 1: mean 1/2, variance 1/12."""
    rng = np.random.default_rng(3)
    pair = np.array([[500e3, 0.3, 0.2], [500_100.0, 0.3, 0.2]])
    places = [
        as_resolved(pair, rng.exponential(size=2), np.array(CELL)).measured[0, 0] - 500e3
        for _ in range(4_000)
    ]
    assert np.mean(places) == pytest.approx(50.0, abs=5 * 28.9 / np.sqrt(4_000))
    assert np.var(places) == pytest.approx(100.0**2 / 12.0, rel=0.1)


def test_objects_give_second_plots_as_often_as_stated_one_cell_off_or_a_little_more() -> None:
    rng = np.random.default_rng(5)
    measured = np.tile([500e3, 0.3, 0.2], (5_000, 1))
    second, whose = second_plots(measured, np.array(CELL), 0.3, rng)
    assert len(second) == len(whose) == pytest.approx(1_500, abs=5 * np.sqrt(5_000 * 0.21))
    cells = np.abs(second - measured[whose]) / CELL
    assert (np.sort(cells, axis=1)[:, :2] < 1e-9).all()
    assert ((cells.max(axis=1) > 0.999) & (cells.max(axis=1) < 1.501)).all()


def test_a_radar_that_splits_gives_more_plots_and_says_whose_they_are() -> None:
    scans = [scan_of(with_cell(CELL, split=0.5), TRUTH, n, seed=7) for n in range(90, 130)]
    counts = [np.bincount(scan.origin) for scan in scans]
    assert max(count.max() for count in counts) == 2
