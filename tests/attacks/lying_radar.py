"""A radar with a good key that jams or lies beside an honest one, and what it costs the tracks."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from tests.tracking.made_up_arcs import SITE, World, arcs, batch_of, new_tracker, seen_from
from tests.tracking.test_tracker import SECOND_SITE, errors_m

from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import PlotBatch

OBJECTS: Final = 6
QUIET_SCANS: Final = 12
MANY: Final = 100_000
LOW, HIGH = np.array([300e3, 0.6, 0.05]), np.array([1_200e3, 2.4, 0.8])
SIGMAS: Final = np.array(SECOND_SITE.sigmas)

Jamming = Callable[[int, World], np.ndarray]


class Jammed(NamedTuple):
    """What the jamming left."""

    others_rms_m: float  # error of objects 1 and up, over the scans of the jamming
    tracks: int  # at its end


def said(plots: np.ndarray, scan: int, *, later_s: float = 0.0) -> PlotBatch:
    return batch_of(SECOND_SITE, plots, sequence=scan + 1, seconds=float(scan) + later_s)


def noise(count: int, scan: int) -> np.ndarray:
    return np.random.default_rng(scan).uniform(LOW, HIGH, (count, 3))


def jammed(
    seed: int,
    jamming: Jamming | None,
    *,
    scans: int,
    process: Callable[[Tracker, PlotBatch], None] = lambda tracker, batch: tracker.process(
        batch, now=batch.observed_at
    ),
) -> Jammed:
    """Both radars look; the second begins to lie when the first one's tracks stand.

    process: hands the lying radar's batch to the tracker.
    """
    tracker = new_tracker(SITE, SECOND_SITE)
    world = World(arcs(OBJECTS, seed=seed), sites=(SITE, SECOND_SITE), seed=seed)
    squares, tracks = [], 0
    for scan in range(QUIET_SCANS + scans):
        honest = world.look(SITE)
        tracker.process(honest, now=honest.observed_at)
        if scan >= QUIET_SCANS:
            if jamming is not None:
                process(tracker, said(jamming(scan, world), scan))
            picture = tracker.picture(now=honest.observed_at)
            squares.append(errors_m(picture, world.states[1:]) ** 2)
            tracks = len(picture.tracks)
        world.move(1.0)
    return Jammed(float(np.sqrt(np.mean(squares))), tracks)


def everywhere(scan: int, world: World) -> np.ndarray:
    return noise(MANY, scan)


def round_one_object(scan: int, world: World) -> np.ndarray:
    """Within 5 km and 5 mrad of object 0, as seen from the radar that is jammed."""
    spread = np.random.default_rng(scan).uniform(-1.0, 1.0, (MANY, 3)) * (5e3, 5e-3, 5e-3)
    return np.asarray(seen_from(SECOND_SITE, world.states[:1]) + spread)


def thousands_round_each_object(scan: int, world: World) -> np.ndarray:
    """A thousand within 5 km and 5 mrad of each."""
    return _round_each(scan, world, 1_000)


def a_few_round_each_object(scan: int, world: World) -> np.ndarray:
    """Twenty within 5 km and 5 mrad of each."""
    return _round_each(scan, world, 20)


def a_decoy_that_walks_off(scan: int, world: World) -> np.ndarray:
    """A plot as good as a true one for each, that draws away in range by 100 m a second."""
    return _beside_each(scan, world, (100.0 * (scan - QUIET_SCANS), 0.0, 0.0))


def a_radar_that_is_off(scan: int, world: World) -> np.ndarray:
    """A plot of each, all of them 200 m too far."""
    return _beside_each(scan, world, (200.0, 0.0, 0.0))


def _round_each(scan: int, world: World, count: int) -> np.ndarray:
    exact = seen_from(SECOND_SITE, world.states)[:, None]
    spread = np.random.default_rng([world.seed, scan]).uniform(-1.0, 1.0, (len(exact), count, 3))
    return np.asarray((exact + spread * (5e3, 5e-3, 5e-3)).reshape(-1, 3))


def _beside_each(scan: int, world: World, off: tuple[float, float, float]) -> np.ndarray:
    exact = seen_from(SECOND_SITE, world.states)
    rng = np.random.default_rng([world.seed, scan])
    return np.asarray(exact + off + rng.standard_normal(exact.shape) * SIGMAS)
