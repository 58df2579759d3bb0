"""Which plot belongs to which track: one answer for confirmed tracks, several for the rest.

Each pair inside the gate is weighed by the log-likelihood ratio of "this track's plot" against
"clutter". Confirmed tracks take their plots by optimal assignment (global nearest neighbour).
What they leave goes to the hypotheses, which branch: every plot that fits makes a child, and
the plot may belong to several until one of them is confirmed.
"""

from math import log
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.association.assignment import assign
from bongsu.tracking.association.gating import Pairs
from bongsu.tracking.flight.track_table import Rows

MAXIMUM_BRANCHES: Final = 3_000  # in one scan; the surest are kept


class Surroundings(NamedTuple):
    """What a scan's plots (m) are weighed against."""

    detection_probability: float
    log_clutter: Floats  # (m,), density of false plots there, per m rad rad
    least_log_clutter: float
    crowded: bool  # it is denser than the least in places
    new_log_odds: Floats  # (m,), of the plot being an object's first
    log_missed: float  # log-likelihood ratio of not being seen


def gains(pairs: Pairs, around: Surroundings) -> Floats:
    """Log-likelihood ratio of each pair, track's plot against clutter: (p,).

    Source: Blackman and Popoli, Design and Analysis of Modern Tracking Systems (1999), 6.2.
    """
    return pairs.log_density + (log(around.detection_probability) - around.log_clutter[pairs.plot])


def settle(pairs: Pairs, gain: Floats, rows: Rows, around: Surroundings) -> Indices:
    """Places among the pairs that confirmed tracks take: the best assignment in total."""
    candidates: Indices = (rows["number"][pairs.track] > 0).nonzero()[0]
    costs = around.log_missed - gain[candidates]
    return candidates[assign(pairs.track[candidates], pairs.plot[candidates], costs)]


def branch(pairs: Pairs, gain: Floats, rows: Rows, *, explained: Mask) -> Indices:
    """Places among the pairs that hypotheses grow by; explained: (m,), plots that are taken.

    A pair that leaves its hypothesis less sure than it was of its first plot alone is chance.
    """
    open_pairs: Indices = ((rows["number"][pairs.track] == 0) & ~explained[pairs.plot]).nonzero()[0]
    track = pairs.track[open_pairs]
    better = rows["log_odds"][track] + gain[open_pairs] - rows["new_log_odds"][track]
    likely: Indices = open_pairs[better > 0.0]
    if len(likely) > MAXIMUM_BRANCHES:
        surest = np.argpartition(-better[better > 0.0], MAXIMUM_BRANCHES)
        likely = likely[surest[:MAXIMUM_BRANCHES]]
    return likely
