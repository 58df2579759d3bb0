"""Plots that no track explains, kept for a few scans until a second one makes a hypothesis.

A lone plot gives a place and nothing of the velocity, so it is kept as a place, far cheaper
than a row of the table. A later plot that ballistic flight could have reached starts a
hypothesis of both. Most pairs of plots are chance; a bound on the score, computed from the
distance alone, leaves nearly all of them out before any filter is run.
"""

from math import log
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.association.gating import stretches
from bongsu.tracking.radar.look import Look
from bongsu.vocabulary.units import NS_PER_S

LonePlots: TypeAlias = NDArray[np.void]

LONE_PLOT: Final = np.dtype(
    [
        ("position", np.float64, 3),  # ECEF, m
        ("plot", np.float64, 3),  # as measured
        ("log_odds", np.float64),  # of being an object's first
        ("new_log_odds", np.float64),  # as they were when the plot was new
        ("serial", np.int64),
        ("observed_ns", np.int64),
        ("expires_ns", np.int64),
        ("sensor", np.int64),
    ]
)

_BYTES: Final = np.dtype((np.void, LONE_PLOT.itemsize))  # copied ten times as fast as by fields

SLACK: Final = 0.2  # log-odds by which the bound may err
MAXIMUM_PAIRS: Final = 5_000  # in one scan; the nearest are kept

_NOTHING: Final = np.zeros(0, dtype=np.intp)


def no_lone_plots() -> LonePlots:
    """An empty table."""
    return np.zeros(0, dtype=LONE_PLOT)


def pair_up(lone: LonePlots, positions: Floats, look: Look) -> tuple[Indices, Indices]:
    """Pairs that may be one object: places of lone plots, and of the scan's plots.

    positions: (m, 3), ECEF, of the scan's plots.
    """
    if len(lone) == 0 or len(positions) == 0:
        return _NOTHING, _NOTHING
    away = lone["position"] - look.station.radar.origin_ecef_m
    distance_squared = np.vecdot(away, away)
    variance, score = _spread(lone, distance_squared, look)
    farthest_squared = 2.0 * variance * np.maximum(score, 0.0)
    distance, reach = np.sqrt(distance_squared), np.sqrt(farthest_squared)
    first, second = stretches(look.scan.plots[:, 0], distance - reach, distance + reach)
    apart = positions[second] - lone["position"][first]
    apart_squared = np.vecdot(apart, apart)
    bound = farthest_squared[first]
    if look.around.crowded:
        crowding = look.around.log_clutter[second] - look.around.least_log_clutter
        bound -= 2.0 * variance[first] * crowding
    near = (apart_squared < bound).nonzero()[0]
    if len(near) > MAXIMUM_PAIRS:
        closeness = apart_squared[near] / variance[first[near]]
        near = near[closeness.argpartition(MAXIMUM_PAIRS)[:MAXIMUM_PAIRS]]
    return first[near], second[near]


def kept_lone_plots(
    lone: LonePlots, positions: Floats, free: Indices, look: Look
) -> tuple[LonePlots, int]:
    """The lone plots joined by the scan's free ones; and how many of these found no room.

    positions: (m, 3), ECEF, of the scan's plots; free: places of those that nothing explains.
    """
    station, scan = look.station, look.scan
    mine = lone["sensor"] == station.index
    lone["log_odds"] += look.around.log_missed * mine
    room = look.settings.maximum_lone_plots_per_sensor - int(np.count_nonzero(mine))
    taken = free[: max(room, 0)]
    kept = np.empty(len(lone) + len(taken), dtype=LONE_PLOT)
    kept.view(_BYTES)[: len(lone)] = lone.view(_BYTES)
    new = kept[len(lone) :]
    new["plot"] = scan.plots[taken]
    new["position"] = positions[taken]
    new["log_odds"] = new["new_log_odds"] = look.around.new_log_odds[taken]
    new["serial"] = scan.serials[taken]
    new["observed_ns"] = scan.observed_ns
    lifetime_ns = look.settings.hypothesis_lifetime_scans * station.interval_ns
    new["expires_ns"] = scan.observed_ns + round(lifetime_ns)
    new["sensor"] = station.index
    return kept, len(free) - len(taken)


def _spread(lone: LonePlots, distance_squared: Floats, look: Look) -> tuple[Floats, Floats]:
    """Variance of each axis of an object's place at the scan, and the score of no distance.

    The score says how much better than a lone plot a pair could be, were its two plots at one
    place among the thinnest clutter; it falls by half the squared distance over the variance.
    """
    around, settings = look.around, look.settings
    elapsed_s = (look.scan.observed_ns - lone["observed_ns"]) / NS_PER_S
    variance = (settings.sigma_first_velocity_mps * elapsed_s) ** 2
    variance += look.station.radar.coarser_angle_rad**2 * distance_squared
    best = log(around.detection_probability) - around.least_log_clutter
    best += SLACK - 1.5 * log(2.0 * np.pi)
    missed = lone["log_odds"] - lone["new_log_odds"]
    return variance, missed + best + np.log(distance_squared) - 1.5 * np.log(variance)
