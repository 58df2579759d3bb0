from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tracking.made_up_arcs import SITE, World, arcs, at, batch_of, new_tracker, seen_from

from bongsu.tracking.flight.track_table import NO_PLOT, Rows, joined, no_rows, only
from bongsu.tracking.initiation import hypotheses as initiation
from bongsu.tracking.initiation import lone_plots
from bongsu.tracking.initiation.hypotheses import outdone, ripe, rivals, taken
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import SensorId

serials = st.lists(st.integers(-1, 30), max_size=12).map(
    lambda all_: np.array(all_, dtype=np.int64)
)


def hypotheses(plots: list[list[int]], log_odds: list[float]) -> Rows:
    rows = no_rows(len(plots))
    for row, (held, odds) in enumerate(zip(plots, log_odds, strict=True)):
        rows["plots"][row, : len(held)] = held
        rows["hits"][row] = len(held)
        rows["log_odds"][row] = odds
    return rows


@given(serials, serials)
def test_a_serial_number_is_taken_when_it_is_among_the_plots(
    held: np.ndarray, plots: np.ndarray
) -> None:
    expected = np.isin(held, plots) & (held != NO_PLOT)
    assert taken(held, plots).tolist() == expected.tolist()


def test_of_rivals_for_a_plot_the_surest_is_confirmed() -> None:
    rows = hypotheses([[1, 2, 3], [1, 4, 5], [6, 7, 8]], [5.0, 9.0, 4.0])
    accepted = ripe(rows, TrackerSettings())
    assert accepted.tolist() == [1, 2]
    rows["number"][accepted] = [1, 2]
    assert rivals(rows, rows["plots"][accepted].ravel()).tolist() == [True, False, False]


def test_neither_few_plots_nor_small_odds_are_enough() -> None:
    rows = hypotheses([[1, 2], [3, 4, 5], [6, 7, 8]], [9.0, 2.0, 2.3])
    assert ripe(rows, TrackerSettings()).tolist() == [2]


def test_a_hypothesis_that_its_child_outdoes_or_that_is_worse_than_its_first_plot_ends() -> None:
    rows = hypotheses([[1, 2]] * 4, [1.0, 1.0, -3.0, -3.0])
    rows["new_log_odds"] = [-4.0, -4.0, -2.0, -4.0]
    children = hypotheses([[1, 2, 3]], [8.0])
    assert outdone(rows, children, np.array([1])).tolist() == [False, True, True, False]


def test_confirmed_tracks_are_never_outdone() -> None:
    rows = hypotheses([[1, 2]], [-50.0])
    rows["number"] = 1
    assert outdone(rows, no_rows(), np.zeros(0, dtype=np.intp)).tolist() == [False]


def test_only_so_many_hypotheses_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(initiation, "MAXIMUM_HYPOTHESES", 2)
    rows = hypotheses([[n] for n in range(4)], [1.0, 4.0, 3.0, 2.0])
    ended = outdone(rows, no_rows(), np.zeros(0, dtype=np.intp))
    assert ended.tolist() == [True, False, False, True]


def test_joined_tables_hold_all_rows_in_order() -> None:
    one, other = hypotheses([[1], [2]], [0.0, 0.0]), hypotheses([[3]], [0.0])
    assert joined(one, no_rows(), other)["plots"][:, 0].tolist() == [1, 2, 3]
    assert len(joined(no_rows(), no_rows())) == 0
    assert only(one, np.array([False, True]))["plots"][:, 0].tolist() == [2]


def confirmed_after(seen: list[float], site: SensorSite = SITE) -> int | None:
    """How many looks at one object, at these seconds, it takes to confirm it."""
    tracker, world = new_tracker(site), World(arcs(1))
    for number, seconds in enumerate(seen, 1):
        world.move(seconds - world.seconds)
        plots = seen_from(site, world.states)
        tracker.process(batch_of(site, plots, sequence=number, seconds=seconds), now=at(seconds))
        if len(tracker.confirmed().number):
            return number
    return None


def test_three_plots_confirm_also_with_scans_missed_between_them() -> None:
    assert confirmed_after([0.0, 1.0, 2.0]) == 3
    assert confirmed_after([0.0, 2.0, 3.0]) == 3
    assert confirmed_after([0.0, 3.0, 5.0]) == 3


def test_plots_too_far_apart_in_time_are_not_joined() -> None:
    assert confirmed_after([0.0, 4.0, 8.0, 12.0, 16.0]) is None


def test_a_slow_radar_is_given_the_time_that_it_takes() -> None:
    slow = replace(SITE, scan_interval_s=10.0)
    assert confirmed_after([0.0, 10.0, 20.0, 30.0], slow) in (3, 4)


def test_two_radars_start_a_track_together() -> None:
    other = replace(SITE, sensor_id=SensorId("XB-RADAR-1"), latitude_rad=SITE.latitude_rad + 0.02)
    tracker, world = new_tracker(SITE, other), World(arcs(1))
    for number, site in enumerate((SITE, other, SITE, other), 1):
        plots = seen_from(site, world.states)
        batch = batch_of(site, plots, sequence=number, seconds=world.seconds)
        tracker.process(batch, now=batch.observed_at)
        world.move(0.5)
    (track,) = tracker.picture(now=at(world.seconds)).tracks
    assert set(track.sensors) == {SITE.sensor_id, other.sensor_id}


def test_of_too_many_pairs_the_nearest_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lone_plots, "MAXIMUM_PAIRS", 30)
    certain = replace(SITE, detection_probability=1.0)
    tracker, world = new_tracker(), World(arcs(30), sites=(certain,), clutter=0.0)
    for _ in range(6):
        batch = world.look(certain)
        tracker.process(batch, now=batch.observed_at)
        world.move(1.0)
    assert len(tracker.confirmed().number) == 30
