"""Doubt of a radar that sees far more than others about the objects that others see.

A radar that is jammed, or lies with a good key, can lay false plots about the tracks of other
sensors. They are dense where it matters and nowhere else, so no mean over its coverage shows
them. What does: wide gates of most tracks that other sensors stand for hold a second plot of
this radar, while another radar sees nothing of the kind. One object that breaks up fills one
gate, and a second salvo beside the first is seen by all. A cumulative sum test (Page, Biometrika
41, 1954) weighs it, scan by scan.

While a radar is doubted its plots in those gates are set aside and counted: the tracks go by the
sensors that agree. Its other plots are used, for one source may warn; but near those tracks they
are weighed against as many false ones as it was found to lay there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.association.choice import Surroundings
from bongsu.tracking.association.gating import GATE_SQUARED, Pairs, stretches
from bongsu.tracking.flight.filtering import Innovations
from bongsu.tracking.flight.manoeuvre import is_not_ballistic
from bongsu.tracking.flight.track_table import Rows, is_confirmed
from bongsu.tracking.radar.measurement import Radar, residuals
from bongsu.vocabulary.units import NS_PER_S

HONEST_SHARE: Final = 0.02  # of gates with a second plot: neighbours, debris, clutter
LYING_SHARE: Final = 0.5
DOUBTED_FROM: Final = 6.0  # log-likelihood ratio
CALM_BELOW: Final = 2.0
LOOKED_WITHIN_NS: Final = 5 * NS_PER_S
MOST: Final = 20.0  # so that trust comes back within some scans without second plots
FORGOTTEN: Final = 0.5  # per scan without enough tracks to tell
FEWEST_TRACKS: Final = 3
FEWEST_GATES: Final = 2  # with second plots, to raise doubt: one object may break up
ESTABLISHED_HITS: Final = 6
LATELY_SCANS: Final = 5.5  # a few misses of the others do not hand a track over
WIDE_SIGMAS: Final = 10.0  # of the gates that second plots are looked for in
REACH_SIGMAS: Final = 200.0  # how far about a track false plots are looked for
FEWEST_PLOTS: Final = 8  # to tell how far they reach
SHARE_WITHIN: Final = 0.9
MARGIN: Final = 1.2  # of the reach beyond those: the last tenth of even ones, and some more

_NONE: Final = np.zeros(0, dtype=np.intp)


@dataclass(slots=True)
class Doubt:
    """What one radar's second plots have shown so far, and when."""

    score: float = 0.0
    rose_ns: int = 0  # when it last began to rise
    calm_ns: int = 0  # when it last had no second plots to speak of

    @property
    def is_raised(self) -> bool:
        return self.score > DOUBTED_FROM

    def disagrees_with(self, other: "Doubt") -> bool:
        """Whether this radar looked when the other's second plots began, and saw none since."""
        looked = self.calm_ns >= other.rose_ns - LOOKED_WITHIN_NS
        return looked and self.rose_ns < other.rose_ns and self.score < CALM_BELOW

    def note(self, second: Mask, at_ns: int) -> None:
        """Take which of the tracks (n,) had a second plot."""
        if len(second) < FEWEST_TRACKS:
            self.score = max(self.score - FORGOTTEN, 0.0)
            return
        found = int(np.count_nonzero(second))
        step = found * log(LYING_SHARE / HONEST_SHARE)
        step += (len(second) - found) * log((1.0 - LYING_SHARE) / (1.0 - HONEST_SHARE))
        if found < FEWEST_GATES:
            step = min(step, 0.0)
        if self.score == 0.0 and step > 0.0:
            self.rose_ns = at_ns
        self.score = min(max(self.score + step, 0.0), MOST)
        if self.score < CALM_BELOW:
            self.calm_ns = max(at_ns, self.calm_ns)


class SetAside(NamedTuple):
    """What a doubted radar may not touch: tracks of others, and its plots about them."""

    tracks: Indices
    plots: Indices


NOTHING: Final = SetAside(_NONE, _NONE)


def set_aside(
    doubt: Doubt,
    rows: Rows,
    pairs: Pairs,
    innovation: Innovations,
    plots: Floats,
    others: Mapping[int, Doubt],
    *,
    at_ns: int,
    usual: int,
) -> SetAside:
    """Judge a scan by the tracks that stand; say what of it is not used.

    pairs: inside the gates, of all rows. plots: (m, 3), sorted by range, of the instant at_ns.
    others: of other radars, by index. usual: plots of one object, 2 for radars that split.
    """
    tracks = _established(rows, at_ns)
    if len(tracks) < FEWEST_TRACKS:
        doubt.note(np.zeros(0, dtype=np.bool_), at_ns)
        return NOTHING
    of, plot, own = _within(innovation, tracks, plots)
    confirmed = rows["number"][pairs.track] > 0
    owners = np.bincount(pairs.plot[confirmed], minlength=len(plots))
    nobody_elses = owners[plot] == own
    doubt.note(np.bincount(of[nobody_elses], minlength=len(tracks)) > usual, at_ns)
    disagreeing = sum(1 << one for one, its in others.items() if its.disagrees_with(doubt))
    if not (doubt.is_raised and disagreeing):
        return NOTHING
    held = (rows["sensors"][tracks] & disagreeing) != 0
    return SetAside(tracks[held], np.unique(plot[held[of]]))


def _established(rows: Rows, at_ns: int) -> Indices:
    """Tracks that fly freely and were seen often, and lately."""
    lately = at_ns - rows["last_observed_ns"] <= LATELY_SCANS * rows["interval_ns"]
    mature = is_confirmed(rows) & (rows["hits"] >= ESTABLISHED_HITS) & ~is_not_ballistic(rows)
    return np.asarray((lately & mature).nonzero()[0])


def _within(
    innovation: Innovations, tracks: Indices, plots: Floats
) -> tuple[Indices, Indices, Mask]:
    """Pairs of tracks (k) and plots (m, 3; sorted by range) within wide gates; in usual ones."""
    expected = innovation.of(tracks)
    half = WIDE_SIGMAS * np.sqrt(innovation.covariance[tracks, 0, 0])
    ranges = expected.plots[:, 0]
    of, plot = stretches(plots[:, 0], ranges - half, ranges + half)
    off = residuals(plots[plot], expected.plots[of])
    squared = np.vecdot(off, np.matvec(expected.information[of], off))
    inside = (squared < WIDE_SIGMAS**2).nonzero()[0]
    return of[inside], plot[inside], squared[inside] < GATE_SQUARED


def with_false_plots(
    around: Surroundings, plots: Floats, expected: Floats, radar: Radar
) -> Surroundings:
    """The surroundings with the false plots found about those (k, 3) expected of tracks.

    plots: (m, 3), sorted by range.
    """
    reach = REACH_SIGMAS * np.sqrt(radar.variance)
    of, plot = stretches(plots[:, 0], expected[:, 0] - reach[0], expected[:, 0] + reach[0])
    off = np.abs(residuals(plots[plot], expected[of]))
    near = np.asarray((off < reach).all(axis=1)).nonzero()[0]
    if len(near) < FEWEST_PLOTS:
        return around
    half = MARGIN * np.quantile(off[near], SHARE_WITHIN, axis=0) + np.sqrt(radar.variance)
    within = near[(off[near] <= half).all(axis=1)]
    density = len(within) / (len(expected) * float(np.prod(2.0 * half)))
    log_clutter = around.log_clutter.copy()
    places = plot[within]
    log_clutter[places] = np.maximum(log_clutter[places], log(max(density, 1e-300)))
    return around._replace(
        log_clutter=log_clutter,
        crowded=True,
        new_log_odds=around.new_log_odds + around.log_clutter - log_clutter,
    )
