"""Which plots could belong to which tracks, and how well they would fit.

The slant range is by far the sharpest component of a radar plot, so plots are sorted by range
and each track looks only at the stretch inside its gate: the cost grows with the number of
pairs that are close, not with tracks times plots.
"""

from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.flight.filtering import Innovations
from bongsu.tracking.radar.measurement import residuals

GATE_SQUARED: Final = 25.0  # 5 sigma: 2e-5 of true plots fall outside (chi square, 3 degrees)
MAXIMUM_PAIRS: Final = 1_000_000


class Pairs(NamedTuple):
    """Pairs of track and plot inside the gate, (p,) each."""

    track: Indices
    plot: Indices
    squared: Floats  # innovation, in standard deviations, squared: three components
    log_density: Floats  # of the plot, were it the track's: per m rad rad

    def only(self, places: Indices) -> "Pairs":
        """The pairs at these places."""
        return Pairs(
            track=self.track[places],
            plot=self.plot[places],
            squared=self.squared[places],
            log_density=self.log_density[places],
        )


def gate(innovation: Innovations, plots: Floats) -> Pairs:
    """All pairs of tracks (n) and plots (m, 3; sorted by range) inside the gate."""
    return weigh(innovation, plots, *in_range(innovation, plots, len(innovation.log_determinant)))


def in_range(innovation: Innovations, plots: Floats, tracks: int) -> tuple[Indices, Indices]:
    """Pairs of the first so many tracks and the plots (m, 3; sorted) inside the range gate."""
    expected = innovation.expected.plots[:tracks, 0]
    half_width = np.sqrt(GATE_SQUARED * innovation.covariance[:tracks, 0, 0])
    return stretches(plots[:, 0], expected - half_width, expected + half_width)


def weigh(innovation: Innovations, plots: Floats, track: Indices, plot: Indices) -> Pairs:
    """The given pairs of tracks (n) and plots (m, 3) that lie inside the gate."""
    residual = residuals(plots[plot], innovation.expected.plots[track])
    squared = np.vecdot(residual, np.matvec(innovation.expected.information[track], residual))
    inside = (squared < GATE_SQUARED).nonzero()[0]
    track, squared = track[inside], squared[inside]
    return Pairs(
        track=track,
        plot=plot[inside],
        squared=squared,
        log_density=-0.5 * (squared + innovation.log_determinant[track]),
    )


def stretches(ranges: Floats, lowest: Floats, highest: Floats) -> tuple[Indices, Indices]:
    """All pairs of a track (n,) and a plot (m,; ranges rising) between its two bounds.

    Where there are more than 1,000,000, the tracks with the longest stretches get none: a
    gate that holds everything says nothing.
    """
    first = ranges.searchsorted(lowest)
    count = ranges.searchsorted(highest) - first
    if count.sum() > MAXIMUM_PAIRS:
        shortest_first = count.argsort(kind="stable")
        count[shortest_first[count[shortest_first].cumsum() > MAXIMUM_PAIRS]] = 0
    track = np.arange(len(count)).repeat(count)
    plot = np.arange(len(track)) + (first - (count.cumsum() - count)).repeat(count)
    return track, plot
