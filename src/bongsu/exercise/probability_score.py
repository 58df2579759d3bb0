"""How good stated probabilities were: Brier's score, and how often what was stated came true."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats
from bongsu.vocabulary.errors import LocalMisuse

BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Statements of about the same probability."""

    stated: float  # mean of what was stated
    came_true: float  # part of them
    count: int

    @property
    def sigma(self) -> float:
        """One standard deviation of `came_true`, if what was stated is right."""
        return float(np.sqrt(self.stated * (1.0 - self.stated) / self.count))


def brier_score(stated: Floats, truth: Sequence[int]) -> float:
    """Mean squared distance of stated probabilities (n, classes) from what was; 0 to 2.

    truth: (n,) index of the class that it was. Raises LocalMisuse where the rows are not as
    many, or none. Source: G. W. Brier, Monthly Weather Review 78 (1950).
    """
    return float(np.square(stated - _happened(stated, truth)).sum(axis=1).mean())


def reliability(
    stated: Floats, truth: Sequence[int], *, bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """Every class of every statement by its probability; bins that hold nothing are left out."""
    happened = _happened(stated, truth).ravel()
    probability = stated.ravel()
    number = np.minimum((probability * bins).astype(np.intp), bins - 1)
    return tuple(
        ReliabilityBin(
            stated=float(probability[number == one].mean()),
            came_true=float(happened[number == one].mean()),
            count=int(np.count_nonzero(number == one)),
        )
        for one in np.unique(number).tolist()
    )


def calibration_gap(bins: Sequence[ReliabilityBin]) -> float:
    """Mean difference of stated and come true over all statements (0: calibrated)."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.stated - one.came_true) for one in bins) / total


def _happened(stated: Floats, truth: Sequence[int]) -> Floats:
    if not len(truth) or stated.ndim != 2 or len(stated) != len(truth):
        raise LocalMisuse(
            f"{len(truth)} truths for probabilities of the shape {stated.shape}",
            remedy="Give one row of probabilities for each truth, and at least one.",
        )
    return np.eye(stated.shape[1])[np.asarray(truth, dtype=np.intp)]
