import numpy as np
import pytest

from bongsu.tracking.association.clutter import ClutterEstimate

LOW, HIGH = np.array([0.0, 0.0, 0.0]), np.array([100.0, 2.0, 1.0])
COVERAGE = 5_000.0


def estimate(stated: float = 0.0) -> ClutterEstimate:
    return ClutterEstimate(
        stated_per_scan=stated, coverage_volume=COVERAGE, least_extent=np.array([1.0, 0.1, 0.1])
    )


def spread_evenly(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(LOW, HIGH, (count, 3))


def watch(clutter: ClutterEstimate, scans: int, count: int) -> None:
    for scan in range(scans):
        serials = np.arange(scan * count, (scan + 1) * count)
        clutter.add_scan(spread_evenly(count, scan), serials)


def no_tracks() -> np.ndarray:
    return np.zeros((0, 3))


def test_before_anything_is_known_every_unexplained_plot_is_clutter() -> None:
    assert estimate().per_scan(unexplained=37.0) == 37.0


def test_what_the_site_states_is_the_first_guess() -> None:
    assert estimate(12.0).per_scan(unexplained=37.0) == 12.0


def test_the_mean_is_learnt_from_what_stays_unexplained() -> None:
    clutter = estimate()
    watch(clutter, 30, 20)
    assert clutter.per_scan(unexplained=25.0) == pytest.approx(20.0)
    assert clutter.volume() == pytest.approx(200.0, rel=0.05)


def test_plots_of_a_new_object_are_no_clutter_after_all() -> None:
    clutter = estimate(1.0)
    for scan in range(6):
        clutter.add_scan(spread_evenly(1), np.array([scan]))
        if scan < 3:
            clutter.explain(np.array([scan]))
    assert clutter.per_scan(unexplained=0.0) == 0.5  # the least that is ever assumed


def test_a_few_plots_do_not_make_a_box() -> None:
    clutter = estimate()
    watch(clutter, 2, 5)
    assert clutter.volume() == COVERAGE


def test_plots_all_at_one_place_make_no_box_thinner_than_the_sensor_resolves() -> None:
    clutter = estimate()
    clutter.add_scan(np.ones((40, 3)), np.arange(40))
    assert clutter.volume() == pytest.approx(0.01)


def test_a_jammer_counts_from_its_first_scan_and_a_raid_does_not() -> None:
    clutter = estimate()
    watch(clutter, 30, 20)
    assert clutter.per_scan(unexplained=90.0) == pytest.approx(20.0)
    assert clutter.per_scan(unexplained=5_000.0) == 5_000.0


def test_an_even_spread_has_one_density() -> None:
    clutter = estimate()
    watch(clutter, 30, 200)
    densities = clutter.log_densities(spread_evenly(200), per_scan=200.0, tracks=no_tracks)
    assert densities == pytest.approx(np.full(200, np.log(200.0 / clutter.volume())))


def test_in_a_beam_full_of_plots_the_density_is_that_of_the_beam() -> None:
    clutter = estimate()
    watch(clutter, 30, 200)
    beam = spread_evenly(2_000) / 16.0 + np.array([50.0, 1.0, 0.5])
    plots = np.concatenate([spread_evenly(200), beam])
    densities = clutter.log_densities(plots, per_scan=200.0, tracks=no_tracks)
    inside = np.median(densities[200:])
    assert inside == pytest.approx(np.log(2_000.0 * 16.0**3 / clutter.volume()), abs=1.0)
    assert np.median(densities[:200]) == pytest.approx(np.log(200.0 / clutter.volume()))


def test_a_formation_of_known_tracks_is_no_crowd() -> None:
    clutter = estimate()
    watch(clutter, 30, 20)
    formation = spread_evenly(100) / 50.0 + np.array([50.0, 1.0, 0.5])
    plots = np.concatenate([spread_evenly(20), formation])
    densities = clutter.log_densities(plots, per_scan=20.0, tracks=lambda: formation)
    assert densities == pytest.approx(np.full(120, np.log(20.0 / clutter.volume())))
