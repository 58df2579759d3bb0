"""Tracks that may have changed places: a payload and the stage it has just parted from.

Two objects that part slowly share their plots for a while: no sensor can tell whose is whose,
and once they are apart nobody knows which track is which. Each then states an uncertainty that
covers the other as well. It changes what is stated, never what is tracked.
"""

from typing import Final

import numpy as np

from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.tracking.arrays import Indices
from bongsu.tracking.track_table import Rows

NEAR_SQUARED: Final = 22.5  # 99.9 % of a chi square of six: so near, either may be the other
AIR_M: Final = 100e3  # below it drag parts objects by what they are, not by who they are
EVEN_ODDS: Final = 0.5
MOST_CONFUSED: Final = 200  # boosted tracks that are looked at


class Confusion:
    """Remembers which boosted tracks came so near to another that they may be it."""

    def __init__(self) -> None:
        self._pairs: set[tuple[int, int]] = set()

    def blur(self, rows: Rows) -> None:
        """Widen the covariances of the rows (n), in place, by the tracks they may be."""
        boosted = np.flatnonzero(rows["patience_ns"] > 0)[:MOST_CONFUSED]
        alive = set(rows["number"].tolist())
        self._pairs = {pair for pair in self._pairs if alive.issuperset(pair)}
        if len(boosted) == 0 or len(rows) < 2:
            return
        high = height_above_ellipsoid_m(rows["state"][:, :3]) > AIR_M
        self._note(rows, boosted)
        row_of = {number: row for row, number in enumerate(rows["number"].tolist())}
        blurred = rows["covariance"].copy()
        for first, second in self._pairs:
            one, other = row_of[first], row_of[second]
            if high[one] and high[other]:
                apart = rows["state"][one] - rows["state"][other]
                spread = EVEN_ODDS * np.outer(apart, apart)
                blurred[one] += spread
                blurred[other] += spread
        rows["covariance"] = blurred

    def _note(self, rows: Rows, boosted: Indices) -> None:
        states, covariances = rows["state"], rows["covariance"]
        for row in boosted.tolist():
            apart = states - states[row]
            spread = covariances + covariances[row]
            solved = np.linalg.solve(spread, apart[..., None])[..., 0]
            squared = np.einsum("ni,ni->n", apart, solved)
            for other in np.flatnonzero(squared < NEAR_SQUARED).tolist():
                if other != row:
                    pair = sorted((int(rows["number"][row]), int(rows["number"][other])))
                    self._pairs.add((pair[0], pair[1]))
