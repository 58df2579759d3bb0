"""The plots of one scan where pairs of tracks share them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.association.gating import Pairs
from bongsu.tracking.flight.filtering import Innovations, innovations, update
from bongsu.tracking.flight.track_table import Rows
from bongsu.tracking.pairs.parted_pairs import Pair, Split
from bongsu.tracking.radar.look import Look
from bongsu.tracking.radar.measurement import linear_within_m, residuals

RANGE: Final = 0
_NONE: Final = np.zeros(0, dtype=np.intp)


class SharedPlots(NamedTuple):
    """A scan's plots (m, 3) as pairs share them, and what was given to whom."""

    plots: Floats
    pairs: Pairs  # inside the gate, with the fit of what is shared
    settled: Indices  # places among the pairs that confirmed tracks take
    twice: Indices  # places among the settled whose plot is the mean of two
    apart_m: Sequence[tuple[Pair, float]]  # differences of range between the two


def aside(innovation: Innovations, splits: Sequence[Split]) -> Innovations:
    """What is expected of each track, with the two of a pair to either side of its middle."""
    if not splits:
        return innovation
    expected = innovation.expected
    plots = expected.plots.copy()
    for split in splits:
        for row, side in zip(split.rows, (1.0, -1.0), strict=True):
            plots[row] += side * (expected.jacobian[row, :, :3] @ split.half_m)
    return innovation._replace(expected=expected._replace(plots=plots))


def shared_plots(
    pairs: Pairs, settled: Indices, splits: Sequence[Split], innovation: Innovations, look: Look
) -> SharedPlots:
    """Let the pairs share: the mean of two plots is the middle's; one is the likelier one's.

    A single plot is moved to the middle by half the way, as far as its side is known.
    innovation: with the pairs at their middles.
    """
    if not splits:
        return SharedPlots(look.scan.plots, pairs, settled, _NONE, ())
    plots, track, squared = look.scan.plots.copy(), pairs.track.copy(), pairs.squared.copy()
    twice, apart_m = [], []
    taken = dict(zip(track[settled].tolist(), range(len(settled)), strict=True))
    for split in splits:
        places = [taken[row] for row in split.rows if row in taken]
        chosen = settled[places]
        if len(places) == 2:
            first, second = pairs.plot[chosen].tolist()
            between = residuals(plots[[second]], plots[[first]])[0]
            plots[[first, second]] = plots[first] + 0.5 * between
            twice.append(places[0])
            apart_m.append((split.pair, float(between[RANGE])))
        elif len(places) == 1:
            track[chosen] = split.rows[0]
            plots[pairs.plot[chosen], RANGE] -= _off_middle_m(
                split, float(plots[pairs.plot[chosen[0]], RANGE]), innovation
            )
        off = residuals(plots[pairs.plot[chosen]], innovation.expected.plots[track[chosen]])
        information = innovation.expected.information[track[chosen]]
        squared[chosen] = np.vecdot(off, np.matvec(information, off))
    return SharedPlots(
        plots=plots,
        pairs=pairs._replace(track=track, squared=squared),
        settled=settled,
        twice=np.array(twice, dtype=np.intp),
        apart_m=apart_m,
    )


def updated_again(rows: Rows, plots: Floats, look: Look) -> None:
    """Update rows (n), in place, once more with plots (n, 3) that are means of two."""
    if not len(rows):
        return
    noise = look.station.radar.noise
    expected = innovations(look.sensing, rows["state"], rows["covariance"], noise).expected
    rows["state"], rows["covariance"] = update(
        rows["state"],
        rows["covariance"],
        expected,
        plots,
        sensing=look.sensing,
        noise=noise,
        linear_within_m=linear_within_m(look.station.radar, plots),
    )


def _off_middle_m(split: Split, range_m: float, innovation: Innovations) -> float:
    """How far in range a plot of one of the two is expected to lie off their middle."""
    row = split.rows[0]
    half = float(innovation.expected.jacobian[row, RANGE, :3] @ split.half_m)
    residual = range_m - innovation.expected.plots[row, RANGE]
    return half * float(np.tanh(half * residual / innovation.covariance[row, RANGE, RANGE]))
