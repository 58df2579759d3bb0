"""From infrared plots to new objects: chains of plots that move no faster than a boost can.

One line of sight says little, and a false plot may lie anywhere. A chain holds plots of one
sensor from scan to scan, each within reach of the one before. With enough of them it is an
object: uniform clutter makes such a chain once in millions of scans.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.infrared.measurement import InfraredView

CONFIRMING_PLOTS: Final = 3
LIFETIME_SCANS: Final = 3.5  # of a chain without a new plot
FASTEST_MPS: Final = 3_500.0  # across the line of sight, of what has just come into sight
GATE_SIGMAS: Final = 4.5
MAXIMUM_CHAINS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Plots of one sensor that may be one object: oldest first."""

    observed_ns: tuple[int, ...]
    emitted_ns: tuple[int, ...]
    angles_rad: Floats  # (k, 2)
    unseen_s: float  # for how long before the first plot that direction had not been looked at

    def with_plot(self, observed_ns: int, emitted_ns: int, angles_rad: Floats) -> "Chain":
        return replace(
            self,
            observed_ns=(*self.observed_ns, observed_ns),
            emitted_ns=(*self.emitted_ns, emitted_ns),
            angles_rad=np.concatenate([self.angles_rad, angles_rad[None]]),
        )


def extended(
    chains: tuple[Chain, ...],
    view: InfraredView,
    plots: Floats,
    *,
    observed_ns: int,
    emitted_ns: int,
    unseen_s: float,
) -> tuple[tuple[Chain, ...], tuple[Chain, ...]]:
    """The sensor's chains after one scan's unclaimed plots (m, 2): those going on, those ripe.

    Each plot goes to the nearest chain within reach, or starts one of its own.
    """
    lifetime_ns = LIFETIME_SCANS * view.site.scan_interval_s * 1e9
    alive = [chain for chain in chains if observed_ns - chain.observed_ns[-1] <= lifetime_ns]
    plot_of, started = _matched(alive, view, plots, observed_ns)
    following = [
        chain if plot < 0 else chain.with_plot(observed_ns, emitted_ns, plots[plot])
        for chain, plot in zip(alive, plot_of.tolist(), strict=True)
    ]
    fresh = [
        Chain(
            observed_ns=(observed_ns,),
            emitted_ns=(emitted_ns,),
            angles_rad=plots[plot][None],
            unseen_s=unseen_s,
        )
        for plot in np.flatnonzero(started).tolist()
    ]
    ripe = tuple(chain for chain in following if len(chain.observed_ns) >= CONFIRMING_PLOTS)
    waiting = [chain for chain in following if len(chain.observed_ns) < CONFIRMING_PLOTS]
    return tuple([*waiting, *fresh][-MAXIMUM_CHAINS:]), ripe


def _matched(
    chains: list[Chain], view: InfraredView, plots: Floats, observed_ns: int
) -> tuple[Indices, Mask]:
    """Plot of each chain or -1, and which plots start a chain; nearest pairs first."""
    plot_of = np.full(len(chains), -1, dtype=np.intp)
    free = np.ones(len(plots), dtype=np.bool_)
    if not chains or not len(plots):
        return plot_of, free
    last = np.array([chain.angles_rad[-1] for chain in chains])
    passed_s = np.array([(observed_ns - chain.observed_ns[-1]) / 1e9 for chain in chains])
    sigma = float(np.max(view.site.sigmas))
    reach = FASTEST_MPS * passed_s / view.site.height_m + GATE_SIGMAS * np.sqrt(2.0) * sigma
    apart = np.linalg.norm(plots[None] - last[:, None], axis=-1)
    near = np.argwhere((apart <= reach[:, None]) & (passed_s[:, None] > 0.0))
    order = np.argsort(apart[near[:, 0], near[:, 1]], kind="stable")
    for chain, plot in near[order].tolist():
        if plot_of[chain] < 0 and free[plot]:
            plot_of[chain] = plot
            free[plot] = False
    return plot_of, free
