"""A radar that does not tell everything apart, over objects in free flight."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import CLUTTER_HIGH, CLUTTER_LOW, SITE, arcs, batch_of, seen_from

from bongsu.exercise.resolution import as_resolved, second_plots
from bongsu.physics.arrays import unit
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.physics.propagation import propagate
from bongsu.vocabulary.plot import PlotBatch

Floats = NDArray[np.float64]

COARSE_SITE = replace(SITE, resolution=(150.0, 0.02, 0.02))
MEETING_S = 25.0
CELL = np.array(COARSE_SITE.resolution)


def crossing(*, closing_mps: float = 15.0, aside_m: float = 3_000.0) -> Floats:
    """States (2, 6), ECEF: two alike, side by side, of which one passes the other after 25 s."""
    first = arcs(1)[0]
    radar = geodetic_to_ecef(SITE.latitude_rad, SITE.longitude_rad, SITE.height_m)
    sight = unit(first[:3] - radar)
    across = unit(np.cross(sight, first[:3]))
    second = first.copy()
    second[:3] += aside_m * across + MEETING_S * closing_mps * sight
    second[3:] -= closing_mps * sight
    return np.stack([first, second])


def scans(
    states: Floats, count: int, *, seed: int, split_probability: float = 0.0, start: int = 0
) -> Iterator[tuple[PlotBatch, Floats]]:
    """What the coarse radar sees, a second apart, and the states (n, 6) at each scan.

    start: the number of the first scan, which is also its second.
    """
    rng = np.random.default_rng(seed)
    for number in range(start, start + count):
        seen = rng.random(len(states)) < SITE.detection_probability
        strength = rng.exponential(size=len(states))[seen]
        resolved = as_resolved(seen_from(SITE, states[seen]), strength, CELL)
        second, _ = second_plots(resolved.measured, CELL, split_probability, rng)
        plots = np.concatenate([resolved.measured, second])
        plots = plots + rng.standard_normal(plots.shape) * np.array(SITE.sigmas)
        false = rng.uniform(CLUTTER_LOW, CLUTTER_HIGH, (rng.poisson(SITE.clutter_per_scan), 3))
        every = rng.permutation(np.concatenate([plots, false]))
        yield batch_of(SITE, every, sequence=number + 1, seconds=float(number)), states
        states = propagate(states, 1.0)
