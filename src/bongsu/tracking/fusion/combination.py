"""Two estimates into one: what is independent is added, what may not be is intersected.

Sources: Bar-Shalom, Li, Kirubarajan, Estimation with Applications (2001), 8.5 (information);
Drummond, Tracklets and a hybrid fusion with process noise, SPIE 3163 (1997); Julier and Uhlmann,
A non-divergent estimation algorithm in the presence of unknown correlations, ACC 1997.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats
from bongsu.tracking.fusion.estimate import Estimate
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import SensorId

HALVINGS: Final = 40  # of the range of weights: to 1e-12
LEAST_GAIN: Final = -1e-6  # of information in any direction, by the earlier estimate's measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracklet:
    """What was learnt between two estimates of one track, as an equivalent measurement.

    Its error has nothing to do with that of the earlier estimate. `sensors` are those that it
    was learnt from, None where nobody says.
    """

    information: Floats  # (6, 6), not of full rank where little was learnt
    vector: Floats  # (6,) information times place
    sensors: frozenset[SensorId] | None


def added(one: Estimate, other: Estimate) -> Estimate:
    """Both of independent errors, as one; at the instant of both. Raises LocalMisuse else."""
    _require_one_instant(one, other)
    first, second = _inverse(one.covariance), _inverse(other.covariance)
    return _joint(one, other, first, second)


def with_tracklet(estimate: Estimate, tracklet: Tracklet) -> Estimate:
    """An estimate with what another track learnt since; the two of independent errors."""
    information = _inverse(estimate.covariance)
    covariance = _inverse(information + tracklet.information)
    return replace(
        estimate,
        mean=covariance @ (information @ estimate.mean + tracklet.vector),
        covariance=covariance,
        sensors=_union(estimate.sensors, tracklet.sensors),
    )


def tracklet(
    earlier: Estimate, later: Estimate, *, sensors: frozenset[SensorId] | None
) -> Tracklet | None:
    """What `later` knows beyond `earlier`, both of one track and moved to one instant.

    None where the later one lost knowledge in some direction (its sender made it less sure, after
    a manoeuvre or a doubt): then it does not say what it learnt. Raises LocalMisuse for two
    instants.
    """
    _require_one_instant(earlier, later)
    before, after = _inverse(earlier.covariance), _inverse(later.covariance)
    gained = after - before
    root = np.linalg.cholesky(earlier.covariance)
    if np.linalg.eigvalsh(root.T @ gained @ root)[0] < LEAST_GAIN:
        return None
    return Tracklet(
        information=0.5 * (gained + gained.T),
        vector=after @ later.mean - before @ earlier.mean,
        sensors=sensors,
    )


def intersected(one: Estimate, other: Estimate) -> Estimate:
    """Both as one that is honest whatever their errors have in common: covariance intersection.

    The weights make its volume least. Raises LocalMisuse for two instants.
    """
    _require_one_instant(one, other)
    weight = _weight(one.covariance, other.covariance)
    return _joint(
        one,
        other,
        weight * _inverse(one.covariance),
        (1.0 - weight) * _inverse(other.covariance),
    )


def _weight(one: Floats, other: Floats) -> float:
    """The first one's share: where the logarithm of the joint information, concave, is greatest."""
    root = np.linalg.cholesky(one)
    half = np.linalg.solve(root, other)
    ratios = np.linalg.eigvalsh(np.linalg.solve(root, half.T))  # the other's variances by the one's
    gain = 1.0 - 1.0 / np.maximum(ratios, 1e-300)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if float(np.sum(gain / (1.0 - (1.0 - middle) * gain))) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _joint(one: Estimate, other: Estimate, first: Floats, second: Floats) -> Estimate:
    covariance = _inverse(first + second)
    return Estimate(
        at=one.at,
        mean=covariance @ (first @ one.mean + second @ other.mean),
        covariance=covariance,
        sensors=_union(one.sensors, other.sensors),
        is_ballistic=one.is_ballistic and other.is_ballistic,
    )


def _inverse(matrix: Floats) -> Floats:
    """Of a covariance or an information, symmetric."""
    inverse = np.linalg.inv(matrix)
    return np.asarray(0.5 * (inverse + inverse.T))


def _union(
    one: frozenset[SensorId] | None, other: frozenset[SensorId] | None
) -> frozenset[SensorId] | None:
    return None if one is None or other is None else one | other


def _require_one_instant(one: Estimate, other: Estimate) -> None:
    if one.at != other.at:
        raise LocalMisuse(
            "Two estimates of different instants cannot be one",
            remedy="Move both to one instant first (`alignment.aligned`).",
        )
