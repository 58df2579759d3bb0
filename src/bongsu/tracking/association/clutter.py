"""How dense a sensor's false plots are, learnt from what no track explains.

A scan's unexplained plots are counted again three scans later, when those of new objects have
found their tracks; a scan with far more of them than that counts at once, or a jammer would
be taken for a raid while the mean creeps up. The extent is the box around all unexplained
plots, in the sensor's own components; while there are few of them it is the stated coverage,
for a small box around a few plots would make clutter look dense. Where plots crowd, as around
a jammer's beam, the density of the smallest cell that holds enough of them counts instead.
"""

from collections.abc import Callable
from math import log
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Serials

SETTLING_SCANS: Final = 3
MEMORY_SCANS: Final = 20
ENOUGH_FOR_A_BOX: Final = 20
LEAST_PER_SCAN: Final = 0.5  # a sensor without any false plots has not been watched long enough
SURGE: Final = 10.0  # times the mean: beyond what a raid adds to clutter

FEWEST_TO_CROWD: Final = 50  # plots of a scan
CELLS: Final = (4, 16, 64)  # on each axis
COARSEST: Final = CELLS[0]
CROWDED: Final = 5.0  # times as many as in an even spread
ENOUGH_FOR_A_CELL: Final = 20


class ClutterEstimate:
    """Running estimate of one sensor's false plots."""

    def __init__(
        self, *, stated_per_scan: float, coverage_volume: float, least_extent: Floats
    ) -> None:
        """least_extent: (3,), what the sensor cannot resolve: no box is thinner."""
        self._least_extent = least_extent
        self._per_scan: float | None = stated_per_scan or None
        self._weight = 1.0 if stated_per_scan else 0.0
        self._recent: list[tuple[int, int, int]] = []  # serials from, to, unexplained
        self._seen = 0
        self._low: Floats = np.full(3, np.inf)
        self._high: Floats = np.full(3, -np.inf)
        self._volume = coverage_volume

    def per_scan(self, unexplained: float) -> float:
        """Mean number of false plots, given about how many plots of this scan are unexplained.

        Before any scan has settled, and in a surge, it is these themselves.
        """
        known = self._per_scan
        if known is None or unexplained > SURGE * (known + 1.0):
            known = unexplained
        return max(known, LEAST_PER_SCAN)

    def volume(self) -> float:
        """Extent that the false plots spread over, in the sensor's components."""
        return self._volume

    def log_densities(
        self, plots: Floats, *, per_scan: float, tracks: Callable[[], Floats]
    ) -> Floats:
        """Natural logarithm of the density of false plots where each plot (m, 3) is: (m,).

        tracks: gives the plots (n, 3) expected of confirmed tracks, which make no crowd; it is
        called where there may be one.
        """
        densities = np.full(len(plots), log(per_scan / self.volume()))
        if len(plots) < FEWEST_TO_CROWD or self._seen < ENOUGH_FOR_A_BOX:
            return densities
        places = self._within(plots)
        if _counts(places, COARSEST).max() < CROWDED * len(plots) / COARSEST**3 + ENOUGH_FOR_A_CELL:
            return densities
        known = self._within(tracks())
        for cells in CELLS:
            more = _counts(places, cells) - _counts(known, cells)
            neighbours = more[_cells_of(places, cells)]
            crowded = (neighbours >= ENOUGH_FOR_A_CELL).nonzero()[0]
            local = np.log(neighbours[crowded] * (float(cells) ** 3 / self.volume()))
            densities[crowded] = np.maximum(densities[crowded], local)
        return densities

    def _within(self, plots: Floats) -> Floats:
        """Places in the box, 0 to 1 on each axis."""
        return np.clip((plots - self._low) / self._extent(), 0.0, 1.0 - 1e-9)

    def _extent(self) -> Floats:
        return np.asarray(np.maximum(self._high - self._low, self._least_extent))

    def add_scan(self, unexplained: Floats, serials: Serials) -> None:
        """Take a scan's unexplained plots (m, 3) and their serial numbers (m,), rising."""
        count = len(unexplained)
        if count:
            np.minimum(self._low, np.minimum.reduce(unexplained), out=self._low)
            np.maximum(self._high, np.maximum.reduce(unexplained), out=self._high)
        self._seen += count
        if self._seen >= ENOUGH_FOR_A_BOX:
            first, second, third = self._extent().tolist()
            self._volume = first * second * third
        span = (int(serials[0]), int(serials[-1]) + 1) if count else (0, 0)
        self._recent.append((*span, count))
        if len(self._recent) > SETTLING_SCANS:
            self._settle(self._recent.pop(0)[2])

    def explain(self, serials: Serials) -> None:
        """Take back plots that turned out to be an object's."""
        for index, (start, end, count) in enumerate(self._recent):
            found = int(np.count_nonzero((serials >= start) & (serials < end)))
            self._recent[index] = (start, end, max(count - found, 0))

    def _settle(self, count: int) -> None:
        self._weight = min(self._weight + 1.0, MEMORY_SCANS)
        known = count if self._per_scan is None else self._per_scan
        self._per_scan = known + (count - known) / self._weight


def _cells_of(places: Floats, cells: int) -> Indices:
    """The cell of each place (m, 3), out of cells^3."""
    number: Indices = (places * cells).astype(np.intp) @ np.array([cells * cells, cells, 1])
    return number


def _counts(places: Floats, cells: int) -> Indices:
    return np.bincount(_cells_of(places, cells), minlength=cells**3)
