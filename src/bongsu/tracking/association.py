"""Which plot belongs to which track: one answer for confirmed tracks, several for the rest.

Each pair inside the gate is weighed by the log-likelihood ratio of "this track's plot" against
"clutter". Confirmed tracks take their plots by optimal assignment (global nearest neighbour).
What they leave goes to the hypotheses, which branch: every plot that fits makes a child, and
the plot may belong to several until one of them is confirmed.
"""

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.assignment import assign
from bongsu.tracking.filtering import Innovations
from bongsu.tracking.gating import GATE_SQUARED, Pairs
from bongsu.tracking.initiation import WORSE_THAN_NEW
from bongsu.tracking.track_table import Rows

CROWD: Final = 4  # plots in one gate from which the local density counts
GATE_SPHERE: Final = 4.0 / 3.0 * np.pi * GATE_SQUARED**1.5
MAXIMUM_DETECTION_PROBABILITY: Final = 0.999  # a miss never rules an object out


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a scan's plots are weighed against."""

    detection_probability: float
    clutter_per_scan: float
    clutter_volume: float
    new_log_odds: float  # of a new plot being an object's first

    @property
    def log_missed(self) -> float:
        return log(1.0 - min(self.detection_probability, MAXIMUM_DETECTION_PROBABILITY))


def gains(pairs: Pairs, innovation: Innovations, around: Surroundings) -> Floats:
    """Log-likelihood ratio of each pair, track's plot against clutter: (p,).

    In a crowd the density of plots in the track's own gate counts, if that is higher.
    Source: Blackman and Popoli, Design and Analysis of Modern Tracking Systems (1999), 6.2.
    """
    log_clutter = log(around.clutter_per_scan / around.clutter_volume)
    gain = pairs.log_density + (log(around.detection_probability) - log_clutter)
    crowd = np.bincount(pairs.track, minlength=1)
    if crowd.max() > CROWD:
        volume_log = 0.5 * (innovation.log_determinant - 3.0 * log(2.0 * np.pi))
        with np.errstate(divide="ignore"):
            local = np.log(np.maximum(crowd - CROWD, 0) / GATE_SPHERE)[pairs.track]
        gain -= np.maximum(local - volume_log[pairs.track] - log_clutter, 0.0)
    return gain


def settle(pairs: Pairs, gain: Floats, rows: Rows, around: Surroundings) -> Indices:
    """Places among the pairs that confirmed tracks take: the best assignment in total."""
    candidates: Indices = (rows["number"][pairs.track] > 0).nonzero()[0]
    costs = around.log_missed - gain[candidates]
    return candidates[assign(pairs.track[candidates], pairs.plot[candidates], costs)]


def branch(
    pairs: Pairs, gain: Floats, rows: Rows, around: Surroundings, *, explained: Mask
) -> Indices:
    """Places among the pairs that hypotheses grow by; explained: (m,), plots that are taken."""
    open_pairs: Indices = ((rows["number"][pairs.track] == 0) & ~explained[pairs.plot]).nonzero()[0]
    grown = rows["log_odds"][pairs.track[open_pairs]] + gain[open_pairs]
    likely: Indices = open_pairs[grown > around.new_log_odds - WORSE_THAN_NEW]
    return likely
