"""How fast two objects part, from the differences of their ranges, whoever is which.

A spent stage leaves what it carried along the line of flight, with some metres per second. The
plots of the two do not say which is whose; the difference of their ranges, of either sign,
still tells the speed. Its probability is kept on a grid of even steps of the logarithm.
"""

from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats

SPEEDS_MPS: Final = np.geomspace(0.25, 60.0, 400)
USUAL_MPS: Final = 3.0  # springs and small rockets push stages apart with 1 to 10 m/s
SIGMA_LOG: Final = 0.7


class PartingSpeed:
    """The probability of each speed, given all differences so far."""

    def __init__(self) -> None:
        logarithm = np.log(SPEEDS_MPS / USUAL_MPS)
        self._log_weight: Floats = -0.5 * (logarithm / SIGMA_LOG) ** 2

    def note(self, apart_m: float, *, lever_s: float, sigma_m: float) -> None:
        """Two plots differ by apart_m in range, each with sigma_m.

        lever_s: time since the parting, times the cosine between flight and line of sight.
        """
        expected = SPEEDS_MPS * lever_s
        spread = 2.0 * np.sqrt(2.0) * sigma_m
        as_named, crossed = (apart_m - expected) / spread, (apart_m + expected) / spread
        self._log_weight = self._log_weight + np.logaddexp(-2.0 * as_named**2, -2.0 * crossed**2)

    @property
    def mean_mps(self) -> float:
        return float(self._weight() @ SPEEDS_MPS)

    @property
    def sigma_mps(self) -> float:
        return float(np.sqrt(self._weight() @ (SPEEDS_MPS - self.mean_mps) ** 2))

    def _weight(self) -> Floats:
        weight = np.exp(self._log_weight - self._log_weight.max())
        return np.asarray(weight / weight.sum())
