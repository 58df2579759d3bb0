"""From plots to confirmed tracks: hypotheses over several scans, scored, confirmed or dropped.

Two plots that no confirmed track explains start a hypothesis (see `first_plots`), from a
place that is known and a velocity that is open by what ballistic flight can do. It branches
over the following scans (see `association`); the log-odds of existing against being clutter
grow and shrink as a recursive test. A hypothesis that is sure enough and has enough plots
becomes a track, and takes its plots away from all its rivals.
Source: Blackman and Popoli (1999), 6.2 (track score) and 16.3 (track-oriented hypotheses).
"""

from typing import Final

import numpy as np

from bongsu.tracking.arrays import Indices, Mask, Serials
from bongsu.tracking.flight.track_table import NO_PLOT, Rows
from bongsu.tracking.settings import TrackerSettings

RIVAL_MARGIN: Final = 5.0  # log-odds: a hypothesis whose own child is so much surer is dropped
MAXIMUM_HYPOTHESES: Final = 5_000  # that go on without a plot of this scan; the surest do


def outdone(rows: Rows, children: Rows, parents: Indices) -> Mask:
    """Which hypotheses (n,) need not go on: worse than their first plot, or than their child."""
    least = rows["new_log_odds"].copy()
    np.maximum.at(least, parents, children["log_odds"] - RIVAL_MARGIN)
    open_rows = rows["number"] == 0
    done: Mask = open_rows & (rows["log_odds"] < least)
    going_on = (open_rows & ~done).nonzero()[0]
    if len(going_on) > MAXIMUM_HYPOTHESES:
        surest_first = (-rows["log_odds"][going_on]).argsort(kind="stable")
        done[going_on[surest_first[MAXIMUM_HYPOTHESES:]]] = True
    return done


def ripe(rows: Rows, settings: TrackerSettings) -> Indices:
    """Rows to confirm, surest first, no two of them with a plot in common."""
    new = (rows["number"] == 0) & (rows["hits"] >= settings.confirmation_plots)
    candidates: Indices = new.nonzero()[0]
    if len(candidates) == 0:
        return candidates
    candidates = candidates[rows["log_odds"][candidates] >= settings.confirmation_log_odds]
    order = (-rows["log_odds"][candidates]).argsort(kind="stable")
    claimed: set[int] = set()
    accepted: list[int] = []
    for row in candidates[order].tolist():
        plots = set(rows["plots"][row].tolist()) - {NO_PLOT}
        if claimed.isdisjoint(plots):
            claimed |= plots
            accepted.append(row)
    return np.array(accepted, dtype=np.intp)


def rivals(rows: Rows, plots: Serials) -> Mask:
    """Which hypotheses (n,) hold any of the plots that tracks have taken."""
    holds = taken(rows["plots"], plots)
    return np.asarray(holds.any(axis=1) & (rows["number"] == 0))


def taken(serials: Serials, plots: Serials) -> Mask:
    """Which serial numbers, of any shape, are among the plots.

    np.isin would import numpy.ma at its first call, in the middle of a raid.
    """
    among = np.append(np.sort(plots), np.iinfo(np.int64).max)
    found: Mask = (among[among.searchsorted(serials)] == serials) & (serials != NO_PLOT)
    return found
