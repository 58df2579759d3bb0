"""Attack: a sensor with a good key lies: impossible kinematics, times that are not, numbers that
are none, 100,000 plots a second.

Passes when what it says is refused, quarantined or gated with a reason that is counted, when no
track comes of it, and when the tracks of the honest sensor are as good as without it.

Every lie one at a time, and what no sensor can do to the tracker: `tests/tracking/test_tracker.py`
and `tests/tracking/intake/test_door.py`. Batches that nobody signed, or twice:
`tests/records/test_batch.py`.
"""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.attacks.lying_radar import (
    MANY,
    OBJECTS,
    QUIET_SCANS,
    Jamming,
    a_few_round_each_object,
    everywhere,
    jammed,
    noise,
    round_one_object,
    said,
    thousands_round_each_object,
)
from tests.tracking.made_up_arcs import SITE, World, arcs, at, batch_of, new_tracker
from tests.tracking.test_tracker import SECOND_SITE, errors_m

from bongsu.tracking.intake.door import Refusal
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import PlotBatch

LYING_SCANS = 5

Lie = Callable[[int], PlotBatch]


def at_forty_km_a_second(scan: int) -> PlotBatch:
    """One object, seen well each time, that no missile could be."""
    return said(np.array([[1_900e3 - 40e3 * scan, 1.0, 0.3]]), scan)


def from_tomorrow(scan: int) -> PlotBatch:
    return said(noise(20, scan), scan, later_s=86_400.0)


def from_a_minute_ahead(scan: int) -> PlotBatch:
    return said(noise(20, scan), scan, later_s=60.0)


def from_yesterday(scan: int) -> PlotBatch:
    return said(noise(20, scan), scan, later_s=-86_400.0)


def not_a_number(scan: int) -> PlotBatch:
    return said(np.full((20, 3), np.nan), scan)


def beyond_all_bounds(scan: int) -> PlotBatch:
    return said(np.array([[1e300, 9.0, 9.0], [-1.0, 1.0, 0.2], [np.inf, 1.0, 0.2]]), scan)


def a_hundred_thousand_plots(scan: int) -> PlotBatch:
    return said(noise(MANY, scan), scan)


def in_kilometres(scan: int) -> PlotBatch:
    return said(noise(20, scan) * (1e-3, 1.0, 1.0), scan)


def in_degrees(scan: int) -> PlotBatch:
    return said(noise(20, scan) * (1.0, *np.degrees([1.0, 1.0])), scan)


def from_an_hour_ago_and_an_hour_ahead(scan: int) -> PlotBatch:
    return said(noise(20, scan), scan, later_s=3_600.0 * (-1.0) ** scan)


def of_the_wrong_shape(scan: int) -> PlotBatch:
    return replace(said(noise(20, scan), scan), measurements=((1.0,), (1.0, 2.0)))


def the_same_scan_again(scan: int) -> PlotBatch:
    return batch_of(SECOND_SITE, noise(5, 0), sequence=1, seconds=float(scan))


LIES: dict[str, tuple[Lie, Refusal | None]] = {
    lie.__name__.replace("_", " "): (lie, reason)
    for lie, reason in (
        (at_forty_km_a_second, None),  # gated: never more than a lone plot
        (from_tomorrow, None),  # quarantined
        (from_a_minute_ahead, None),  # quarantined
        (from_yesterday, Refusal.TOO_LATE),
        (not_a_number, Refusal.IMPOSSIBLE),
        (beyond_all_bounds, Refusal.IMPOSSIBLE),
        (a_hundred_thousand_plots, Refusal.CROWDED_OUT),
        (in_kilometres, None),  # gated: places beside the radar that nothing flies between
        (in_degrees, Refusal.IMPOSSIBLE),
        (from_an_hour_ago_and_an_hour_ahead, Refusal.TOO_LATE),
        (of_the_wrong_shape, Refusal.MALFORMED),
        (the_same_scan_again, Refusal.SEEN_BEFORE),
    )
}


def followed(lie: Lie | None) -> tuple[Tracker, World]:
    """Both radars; the second begins to lie when the first one's tracks stand."""
    tracker = new_tracker(SITE, SECOND_SITE)
    world = World(arcs(OBJECTS), sites=(SITE, SECOND_SITE))
    for scan in range(QUIET_SCANS + LYING_SCANS):
        honest = world.look(SITE)
        tracker.process(honest, now=honest.observed_at)
        if lie is not None and scan >= QUIET_SCANS:
            tracker.process(lie(scan), now=honest.observed_at)
        world.move(1.0)
    return tracker, world


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_refused_with_a_reason_and_the_honest_sensors_tracks_stay_as_good(
    name: str,
) -> None:
    lie, reason = LIES[name]
    end = at(float(QUIET_SCANS + LYING_SCANS))
    without, world = followed(None)
    with_lies, _ = followed(lie)
    quiet, lied_to = without.picture(now=end), with_lies.picture(now=end)
    assert len(lied_to.tracks) == len(quiet.tracks) == OBJECTS
    worst_m = errors_m(quiet, world.states).max()
    assert errors_m(lied_to, world.states).max() < 1.1 * worst_m + 50.0
    if reason is not None:
        assert with_lies.refused[reason] > without.refused.get(reason, 0)
    elif lie in (from_tomorrow, from_a_minute_ahead):
        told = LYING_SCANS * 20
        assert lied_to.quarantined_plots == told


def test_what_is_kept_of_a_hundred_thousand_plots_from_the_future_is_bounded() -> None:
    tracker, _ = followed(lambda scan: replace(said(noise(MANY, scan), scan), observed_at=at(1e4)))
    kept = sum(len(batch.measurements) for batch in tracker.quarantine)
    assert kept <= LYING_SCANS * 256
    assert tracker.clock_suspicion(now=at(float(QUIET_SCANS + LYING_SCANS))) is None


@pytest.mark.parametrize("jamming", [everywhere, round_one_object])
def test_a_jammer_costs_the_other_tracks_less_than_two_percent_of_their_accuracy(
    jamming: Jamming,
) -> None:
    """The ratio to the undisturbed run, over two worlds, each with its own jamming."""
    ratios = [
        jammed(seed, jamming, scans=LYING_SCANS).others_rms_m
        / jammed(seed, None, scans=LYING_SCANS).others_rms_m
        for seed in (1, 2)
    ]
    assert max(ratios) < 1.02


@pytest.mark.parametrize("jamming", [thousands_round_each_object, a_few_round_each_object])
def test_false_plots_laid_about_the_tracks_of_others_cost_them_less_than_a_tenth(
    jamming: Jamming,
) -> None:
    """They were up to 3.4 times worse, with 57 tracks of 6 objects, before such a radar was
    doubted."""
    ratios, tracks = [], []
    for seed in range(1, 7):
        quiet = jammed(seed, None, scans=10)
        lied_to = jammed(seed, jamming, scans=10)
        ratios.append(lied_to.others_rms_m / quiet.others_rms_m)
        tracks.append(lied_to.tracks)
    assert np.mean(ratios) < 1.1
    assert np.mean(tracks) < 1.5 * OBJECTS


def test_what_a_doubted_radar_laid_about_tracks_is_counted() -> None:
    tracker, world = followed(None)
    assert Refusal.DOUBTED not in tracker.refused
    for scan in range(QUIET_SCANS + LYING_SCANS, QUIET_SCANS + LYING_SCANS + 3):
        honest = world.look(SITE)
        tracker.process(honest, now=honest.observed_at)
        lie = said(thousands_round_each_object(scan, world), scan)
        tracker.process(lie, now=honest.observed_at)
        world.move(1.0)
    assert tracker.refused[Refusal.DOUBTED] > 3 * OBJECTS


def test_a_jammer_that_goes_on_fills_no_memory() -> None:
    """However many come in each scan, no more than 10,000 plots of a sensor are kept."""
    tracker, kept, jammed = new_tracker(SITE, SECOND_SITE), [], 20_000
    tracemalloc.start()
    try:
        for scan in range(12):
            tracker.process(said(noise(jammed, scan), scan), now=at(float(scan)))
            kept.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert max(kept[6:]) < 1.3 * max(kept[:6])
    assert max(kept) < 10_000_000
    assert tracker.refused[Refusal.CROWDED_OUT] > 8 * (jammed - 10_000)


def test_a_hundred_thousand_batches_a_second_are_not_looked_at() -> None:
    tracker = new_tracker(SITE, SECOND_SITE)
    world = World(arcs(OBJECTS), sites=(SITE, SECOND_SITE))
    sent = 0
    for scan in range(QUIET_SCANS + 2):
        honest = world.look(SITE)
        tracker.process(honest, now=honest.observed_at)
        for _ in range(20_000 if scan >= QUIET_SCANS else 0):
            sent += 1
            flood = batch_of(SECOND_SITE, noise(1, sent), sequence=sent, seconds=float(scan))
            tracker.process(flood, now=honest.observed_at)
        world.move(1.0)
    assert len(tracker.picture(now=at(float(scan))).tracks) == OBJECTS
    assert tracker.refused[Refusal.TOO_OFTEN] > 0.95 * sent
