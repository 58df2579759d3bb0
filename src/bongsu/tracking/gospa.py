"""How well a picture matches the truth: generalised optimal sub-pattern assignment.

Source: Rahmathullah, Garcia-Fernandez, Svensson, "Generalized optimal sub-pattern assignment
metric" (FUSION 2017), with alpha = 2: each missed and each false object costs half the cut-off.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.association.assignment import assign
from bongsu.vocabulary.errors import LocalMisuse

BLOCK: Final = 256  # truths compared with all estimates at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Gospa:
    """The metric and its parts."""

    value_m: float
    localisation_rms_m: float  # over the matched objects, 0 where there are none
    missed: int
    false: int


def gospa(truth_m: Floats, estimates_m: Floats, *, cutoff_m: float, order: float = 2.0) -> Gospa:
    """Compare true positions (n, 3) with estimated ones (m, 3), in one frame.

    Raises LocalMisuse where a position is not finite, the cut-off not above 0 or the order
    below 1.
    """
    if not (np.isfinite(truth_m).all() and np.isfinite(estimates_m).all()):
        raise LocalMisuse(
            "A position to compare is NaN or infinite", remedy="Leave that object out."
        )
    if not (cutoff_m > 0.0 and order >= 1.0):
        raise LocalMisuse(
            f"GOSPA cannot be had with cut-off {cutoff_m} and order {order}",
            remedy="Give a cut-off above 0 m and an order of at least 1.",
        )
    truth, estimate, distance = _close_pairs(truth_m, estimates_m, cutoff_m)
    matched = assign(truth, estimate, distance**order - cutoff_m**order)
    apart = distance[matched]
    missed, false = len(truth_m) - len(apart), len(estimates_m) - len(apart)
    total = float((apart**order).sum()) + cutoff_m**order / 2.0 * (missed + false)
    return Gospa(
        value_m=total ** (1.0 / order),
        localisation_rms_m=float(np.sqrt((apart**2).mean())) if len(apart) else 0.0,
        missed=missed,
        false=false,
    )


def _close_pairs(
    truth_m: Floats, estimates_m: Floats, cutoff_m: float
) -> tuple[Indices, Indices, Floats]:
    """Pairs nearer than the cut-off, and how far apart they are: (p,) each."""
    found: list[tuple[Indices, Indices, Floats]] = []
    for start in range(0, len(truth_m), BLOCK):
        apart = truth_m[start : start + BLOCK, None, :] - estimates_m[None, :, :]
        distance = np.sqrt(np.vecdot(apart, apart))
        truth, estimate = (distance < cutoff_m).nonzero()
        found.append((truth + start, estimate, distance[truth, estimate]))
    if not found:
        none = np.zeros(0, dtype=np.intp)
        return none, none, np.zeros(0)
    truths, estimates, distances = zip(*found, strict=True)
    return np.concatenate(truths), np.concatenate(estimates), np.concatenate(distances)
