"""How dense a sensor's false plots are, learnt from what no track explains.

A scan's unexplained plots are counted again three scans later, when those of new objects have
found their tracks. The extent is the box around all unexplained plots, in the sensor's own
components; while there are few of them it is the stated coverage, for a small box around a
few plots would make clutter look dense.
"""

from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Serials

SETTLING_SCANS: Final = 3
MEMORY_SCANS: Final = 20
ENOUGH_FOR_A_BOX: Final = 20
LEAST_PER_SCAN: Final = 0.5  # a sensor without any false plots has not been watched long enough


class ClutterEstimate:
    """Running estimate of one sensor's false plots."""

    def __init__(
        self, *, stated_per_scan: float, coverage_volume: float, least_extent: Floats
    ) -> None:
        """least_extent: (3,), what the sensor cannot resolve: no box is thinner."""
        self._stated = stated_per_scan
        self._coverage = coverage_volume
        self._least_extent = least_extent
        self._per_scan: float | None = stated_per_scan or None
        self._weight = 1.0 if stated_per_scan else 0.0
        self._recent: list[tuple[int, int, int]] = []  # serials from, to, unexplained
        self._seen = 0
        self._low: Floats = np.full(3, np.inf)
        self._high: Floats = np.full(3, -np.inf)

    def per_scan(self, unexplained: float) -> float:
        """Mean number of false plots; before any scan has settled, all unexplained ones."""
        known = unexplained if self._per_scan is None else self._per_scan
        return max(known, LEAST_PER_SCAN)

    def volume(self) -> float:
        """Extent that the false plots spread over, in the sensor's components."""
        if self._seen < ENOUGH_FOR_A_BOX:
            return self._coverage
        return float(np.prod(np.maximum(self._high - self._low, self._least_extent)))

    def add_scan(self, unexplained: Floats, serials: Serials) -> None:
        """Take a scan's unexplained plots (m, 3) and their serial numbers (m,), rising."""
        count = len(unexplained)
        if count:
            np.minimum(self._low, unexplained.min(axis=0), out=self._low)
            np.maximum(self._high, unexplained.max(axis=0), out=self._high)
        self._seen += count
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
