"""All tracks of a tracker as one table: a row each, all at the same instant.

A row with a number above zero is a confirmed track. The others are hypotheses: a sequence of
plots that may be an object, several of which may compete for the same plots. One structured
array holds every column, so that rows are chosen, copied and joined in one step, and every
column is an array of its own to compute with.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bongsu.tracking.arrays import Floats, Indices, Mask, Serials
from bongsu.vocabulary.track import Phase

Rows: TypeAlias = NDArray[np.void]

REMEMBERED_PLOTS: Final = 6
NO_PLOT: Final = -1
MAXIMUM_SENSORS: Final = 63  # bits of the column `sensors`
PHASES: Final = tuple(Phase)
FREE_FLIGHT: Final = PHASES.index(Phase.FREE_FLIGHT)
REENTRY: Final = PHASES.index(Phase.REENTRY)
GLIDE: Final = PHASES.index(Phase.GLIDE)
LOG_ODDS_CEILING: Final = 60.0  # what was seen ten times is not surer for being seen a hundred

ROW: Final = np.dtype(
    [
        ("state", np.float64, 6),  # ECEF position, m, and velocity, m/s
        ("covariance", np.float64, (6, 6)),
        ("acceleration_noise", np.float64),  # m^2/s^3
        ("misfit", np.float64),  # log-likelihood ratio of a manoeuvre; see `manoeuvre`
        ("log_odds", np.float64),  # of existing against being clutter
        ("new_log_odds", np.float64),  # those of its first plot, when that was all
        ("number", np.int64),  # 0: not confirmed
        ("phase", np.int64),  # index into PHASES
        ("hits", np.int64),  # plots taken
        ("plots", np.int64, REMEMBERED_PLOTS),  # their serial numbers, newest first
        ("first_observed_ns", np.int64),
        ("last_observed_ns", np.int64),
        ("last_emitted_ns", np.int64),  # the newest plot's sensor clock
        ("patience_ns", np.int64),  # unseen for at least so long, it is still predicted
        ("interval_ns", np.int64),  # between scans of the sensor that saw it last
        ("sensors", np.int64),  # bit set of every sensor that saw it
    ]
)
# NumPy copies structured rows field by field, and rows that are plain bytes ten times as fast.
_BYTES: Final = np.dtype((np.void, ROW.itemsize))


def no_rows(count: int = 0) -> Rows:
    """A table of `count` rows of zeros, in free flight, that remember no plots."""
    rows = np.zeros(count, dtype=ROW)
    rows["phase"] = FREE_FLIGHT
    rows["plots"] = NO_PLOT
    return rows


def joined(*tables: Rows) -> Rows:
    """All rows of the tables one after another: a new table, unless all rows are of one."""
    tables = tuple(table for table in tables if len(table)) or tables[:1]
    if len(tables) == 1:
        return tables[0]
    rows = np.empty(sum(len(table) for table in tables), dtype=ROW)
    start = 0
    for table in tables:
        rows.view(_BYTES)[start : start + len(table)] = table.view(_BYTES)
        start += len(table)
    return rows


def only(rows: Rows, keep: Mask) -> Rows:
    """The rows where `keep` (n,) is set; the same table where it is set everywhere."""
    return rows if np.count_nonzero(keep) == len(rows) else rows.take(keep.nonzero()[0])


def put(rows: Rows, places: Indices, values: Rows) -> None:
    """Write whole rows (k,) to these places (k,) of the table."""
    if len(places):
        rows.view(_BYTES)[places] = values.view(_BYTES)


def is_confirmed(rows: Rows) -> Mask:
    confirmed: Mask = rows["number"] > 0
    return confirmed


def confirmed_rows(rows: Rows) -> Rows:
    """A copy of the rows of confirmed tracks."""
    return rows.take(is_confirmed(rows).nonzero()[0])


def remember(rows: Rows, serials: Serials) -> None:
    """Write a new plot's serial number (n,) in front of those that each row remembers."""
    rows["plots"][:, 1:] = rows["plots"][:, :-1].copy()
    rows["plots"][:, 0] = serials


def variance_of_position_m2(rows: Rows) -> Floats:
    """Variance of the position over all three axes, (n,)."""
    covariance = rows["covariance"]
    return np.asarray(covariance[:, 0, 0] + covariance[:, 1, 1] + covariance[:, 2, 2])
