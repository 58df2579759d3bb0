"""Second look for tracks that a scan should have shown and did not: they may manoeuvre.

A thrust that sets in moves an object out of a mature track's narrow gate within a few scans.
So a confirmed track that stays without a plot is looked for once more among the plots that no
track explains, in a gate that allows any steady acceleration since it was last well known.
That a track begins to manoeuvre is rare, so the plot must fit better than by chance.
"""

from math import log
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.association.assignment import assign
from bongsu.tracking.association.choice import gains
from bongsu.tracking.association.gating import Pairs, gate
from bongsu.tracking.flight.filtering import Innovations, innovations
from bongsu.tracking.flight.manoeuvre import SIGMA_ACCELERATION_MPS2, set_free
from bongsu.tracking.flight.track_table import Rows
from bongsu.tracking.radar.look import Look
from bongsu.vocabulary.units import NS_PER_S

LOG_BEGINS_TO_MANOEUVRE: Final = log(0.005)  # in any one scan
MEMORY_SCANS: Final = 2.0  # how long a manoeuvre may have gone on inside the narrow gate
PATIENCE_SCANS: Final = 3.5  # unseen for longer, a track is only predicted
REACH_SIGMAS: Final = 5.0


def worth_a_look(rows: Rows, expected_range_m: Floats, ranges_m: Floats, observed_ns: int) -> Mask:
    """Which tracks (n,) have an unexplained plot at a range that they might have reached.

    expected_range_m: (n,); ranges_m: (m,), rising, of the plots that no track explains.
    """
    unwatched = _unwatched_s(rows, observed_ns)
    reach = REACH_SIGMAS * SIGMA_ACCELERATION_MPS2 * unwatched**2 / 2.0
    first = ranges_m.searchsorted(expected_range_m - reach)
    near = ranges_m.searchsorted(expected_range_m + reach) > first
    lately = observed_ns - rows["last_observed_ns"] <= PATIENCE_SCANS * rows["interval_ns"]
    return np.asarray(near & lately)


def recover(rows: Rows, free: Indices, look: Look) -> tuple[Pairs, Floats, Innovations]:
    """Find, among the scan's free plots, those of tracks (n) that may have begun to manoeuvre.

    Loosens the rows in place. Returns the chosen pairs of row and plot, their gains, and what was
    expected of the rows.
    """
    set_free(rows, _unwatched_s(rows, look.scan.observed_ns))
    noise = look.station.radar.noise
    innovation = innovations(look.sensing, rows["state"], rows["covariance"], noise)
    pairs = gate(innovation, look.scan.plots[free])
    pairs = pairs._replace(plot=free[pairs.plot])
    gain = gains(pairs, look.around) + LOG_BEGINS_TO_MANOEUVRE
    chosen = assign(pairs.track, pairs.plot, look.around.log_missed - gain).nonzero()[0]
    return pairs.only(chosen), gain[chosen], innovation


def _unwatched_s(rows: Rows, observed_ns: int) -> Floats:
    unseen_ns = observed_ns - rows["last_observed_ns"] + MEMORY_SCANS * rows["interval_ns"]
    return np.asarray(unseen_ns / NS_PER_S)
