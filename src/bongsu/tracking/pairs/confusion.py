"""Tracks that have parted from one another: a payload and the stage that carried it.

Two objects that part slowly share their plots for a while: no sensor can tell whose is whose,
and once they are apart nobody knows which track is which. Each then states an uncertainty that
covers the other as well, unless it is known which is which (`parted_pairs`), and both come from
the same launch. It changes what is stated, never what is tracked.
"""

from collections.abc import Mapping, Set
from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.tracking.arrays import Indices, Mask
from bongsu.tracking.flight.track_table import Rows

NEAR_SQUARED: Final = 22.5  # 99.9 % of a chi square of six: so near, either may be the other
NEAR_M: Final = 5_000.0
SLOWLY_MPS: Final = 60.0
KNOWN_M: Final = 3_000.0  # what is vaguer than that is near to everything
AIR_M: Final = 100e3  # below it drag parts objects by what they are, not by who they are
DOUBT: Final = 0.75  # of the squared distance: even odds of being the other, and mixed plots before
MOST_LOOKED_AT: Final = 200


class Confusion:
    """Remembers which boosted tracks came so near to another that they may be it."""

    def __init__(self) -> None:
        self._pairs: set[tuple[int, int]] = set()

    def note(self, rows: Rows) -> None:
        """Look for boosted tracks (they have patience) near others; the others gain patience."""
        if not np.count_nonzero(rows["patience_ns"] > 0):
            return
        variance = np.trace(rows["covariance"][:, :3, :3], axis1=1, axis2=2)
        confirmed = np.flatnonzero((rows["number"] > 0) & (variance < KNOWN_M**2))
        boosted = confirmed[rows["patience_ns"][confirmed] > 0][:MOST_LOOKED_AT]
        if len(confirmed) < 2:
            return
        for row in boosted.tolist():
            for other in confirmed[
                _slowly(rows, row, confirmed) & is_near(rows, row, confirmed)
            ].tolist():
                numbers = sorted((int(rows["number"][row]), int(rows["number"][other])))
                self._pairs.add((numbers[0], numbers[1]))
                rows["patience_ns"][other] = rows["patience_ns"][row]

    def kin(self, rows: Rows) -> Mapping[int, tuple[int, ...]]:
        """The tracks in the table that each of its tracks may have parted from, by number."""
        alive = set(rows["number"].tolist())
        self._pairs = {pair for pair in self._pairs if alive.issuperset(pair)}
        kin: dict[int, tuple[int, ...]] = {}
        for first, second in sorted(self._pairs):
            kin[first] = (*kin.get(first, ()), second)
            kin[second] = (*kin.get(second, ()), first)
        return kin

    def blur(self, rows: Rows, *, known_apart: Set[tuple[int, int]] = frozenset()) -> None:
        """Widen the covariances of the rows (n), in place, by the tracks they may be.

        known_apart: pairs of which it is known which is which.
        """
        kin = self.kin(rows)
        if not kin:
            return
        high = height_above_ellipsoid_m(rows["state"][:, :3]) > AIR_M
        row_of = {number: row for row, number in enumerate(rows["number"].tolist())}
        for number, others in kin.items():
            row = row_of[number]
            unknown = (
                one for one in others if (min(number, one), max(number, one)) not in known_apart
            )
            for other in (row_of[one] for one in unknown):
                if high[row] and high[other]:
                    apart = rows["state"][row] - rows["state"][other]
                    rows["covariance"][row] += DOUBT * np.outer(apart, apart)


def is_near(rows: Rows, row: int, others: Indices) -> Mask:
    """Which other rows (k) may be at the same place with the same velocity as `row`."""
    apart = rows["state"][others] - rows["state"][row]
    spread = rows["covariance"][others] + rows["covariance"][row]
    solved = np.linalg.solve(spread, apart[..., None])[..., 0]
    squared = np.einsum("ni,ni->n", apart, solved)
    near = (squared < NEAR_SQUARED) & (norm(apart[:, :3]) < NEAR_M)
    return np.asarray(near & (others != row))


def _slowly(rows: Rows, row: int, others: Indices) -> Mask:
    """Which other rows (k) part slowly from `row`."""
    apart = rows["state"][others, 3:] - rows["state"][row, 3:]
    return np.asarray(norm(apart) < SLOWLY_MPS)
