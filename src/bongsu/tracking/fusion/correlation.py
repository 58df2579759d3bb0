"""Which tracks of several nations are of one object.

The distance of two estimates is held against the sum of their covariances (chi-square, six
degrees of freedom). For estimates with something in common that sum is too large: they are never
parted for it. Pairs are chosen by optimal assignment, one nation after another.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.association.assignment import assign
from bongsu.tracking.fusion.estimate import Estimate

GATE: Final = 27.86  # 99.99 % of chi-square with six degrees of freedom
COARSE_SIGMAS: Final = 6.0
SIGMA_CLOCK_S: Final = 0.05  # between sensors of two nations; moves a place along its way
SIGMA_PLACE_M: Final = 50.0  # datums, and biases too small for anyone to find
SURE: Final = 2.0 * float(np.log(20.0))  # the other way round at most one in twenty as likely
FAR: Final = 1e9


class Matches(NamedTuple):
    """Pairs of first and second tracks (p,); where another way is nearly as likely, every first
    track that a second one may be of."""

    first: Indices
    second: Indices
    doubtful: Mapping[int, tuple[int, ...]]


def match(first: Sequence[Estimate], second: Sequence[Estimate]) -> Matches:
    """The likeliest pairs of estimates of two nations, all at one instant."""
    costs = _costs(first, second)
    rows, columns = np.nonzero(costs < FAR)
    if len(rows) == 0:
        none = np.zeros(0, dtype=np.intp)
        return Matches(none, none, {})
    values = costs[rows, columns]
    # Any pair that may be is better than none; of those the likeliest.
    chosen = assign(rows, columns, values - (np.abs(values).max() * 2.0 + 1.0))
    first_of, second_of = rows[chosen], columns[chosen]
    return Matches(first_of, second_of, _doubtful(costs, first_of, second_of))


def _costs(first: Sequence[Estimate], second: Sequence[Estimate]) -> Floats:
    """-2 log likelihood (n, m) but for a constant; FAR where they cannot be one object."""
    costs = np.full((len(first), len(second)), FAR)
    if not (len(first) and len(second)):
        return costs
    mean_1, mean_2 = (np.array([one.mean for one in side]) for side in (first, second))
    wide_1, wide_2 = (np.array([one.covariance for one in side]) for side in (first, second))
    apart = mean_1[:, None, :3] - mean_2[None, :, :3]
    spread_1, spread_2 = (np.einsum("nii->n", wide[:, :3, :3]) for wide in (wide_1, wide_2))
    slack = (SIGMA_CLOCK_S * 1e4) ** 2 + SIGMA_PLACE_M**2
    near = np.vecdot(apart, apart) < COARSE_SIGMAS**2 * (
        spread_1[:, None] + spread_2[None, :] + slack
    )
    rows, columns = np.nonzero(near)
    residual = mean_1[rows] - mean_2[columns]
    covariance = wide_1[rows] + wide_2[columns]
    velocity = mean_1[rows, 3:]
    covariance[:, :3, :3] += SIGMA_CLOCK_S**2 * velocity[:, :, None] * velocity[:, None, :]
    covariance[:, [0, 1, 2], [0, 1, 2]] += SIGMA_PLACE_M**2
    distance = np.vecdot(residual, np.linalg.solve(covariance, residual[..., None])[..., 0])
    fits = distance < GATE
    _, volume = np.linalg.slogdet(covariance[fits])
    costs[rows[fits], columns[fits]] = distance[fits] + volume
    return costs


def _doubtful(
    costs: Floats, first_of: Indices, second_of: Indices
) -> Mapping[int, tuple[int, ...]]:
    """Pairs for which exchanging with another pair, or with a lone track, is nearly as likely."""
    partner_of_second = {int(b): int(a) for a, b in zip(first_of, second_of, strict=True)}
    partner_of_first = {int(a): int(b) for a, b in zip(first_of, second_of, strict=True)}
    doubtful = {}
    for one, other in partner_of_first.items():
        now = costs[one, other]
        changes = []
        for instead in np.nonzero(costs[one] < FAR)[0].tolist():
            if instead != other:
                holder = partner_of_second.get(instead)
                back = 0.0 if holder is None else costs[holder, other] - costs[holder, instead]
                changes.append(costs[one, instead] + back - now)
        for instead in np.nonzero(costs[:, other] < FAR)[0].tolist():
            if instead != one and instead not in partner_of_first:
                changes.append(costs[instead, other] - now)
        if min(changes, default=FAR) < SURE:
            doubtful[other] = tuple(np.nonzero(costs[:, other] < FAR)[0].tolist())
    return doubtful
