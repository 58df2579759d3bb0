"""What kind of object it is, with a probability for each class.

In boost the generic missiles that fit the data vote, and the climb says how probably it is no
missile but a launcher of satellites. Afterwards the energy decides: a class is the reach that
the same speed has at its best elevation, so that a lofted shot keeps the class of the missile
that flew it. What a climb says of a launcher fades as long as no other stage is lit; an orbit is
called one where its perigee clears the air at three sigma.
"""

from collections.abc import Mapping, Sequence
from math import erfc, sqrt
from typing import Final, TypeAlias

import numpy as np

from bongsu.physics.arrays import dot, norm
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.gravity import MU_M3PS2
from bongsu.tracking.arrays import Floats
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS
from bongsu.tracking.fall.unpowered_arc import apsides_m, inertial_velocity
from bongsu.tracking.gaussian import square_root
from bongsu.tracking.outlook.launcher_share import MOST
from bongsu.vocabulary.estimates import ClassProbability, ObjectClass

LIMITS_M: Final = (
    (ObjectClass.SRBM, 1_000e3),
    (ObjectClass.MRBM, 3_000e3),
    (ObjectClass.IRBM, 5_500e3),
)
# Fitted to some flights and tested on others: docs/classes.md.
LIMIT_SIGMA: Final = 0.12  # of the reach: classes are drawn by type, and types overlap
FLOWN_SHORT: Final = 0.05  # share of each class that is flown with no more than the next lower one
MISSILES: Final = (ObjectClass.SRBM, ObjectClass.MRBM, ObjectClass.IRBM, ObjectClass.ICBM)
LOWEST_PERIGEE_M: Final = 120e3
ORBITAL_SIGMAS: Final = 3.0  # by which the perigee is to clear it
LEAST_SIGMA_REACH_M: Final = 1e3
LEAST_SIGMA_PERIGEE_M: Final = 5e3
LEAST_PROBABILITY: Final = 0.005
TEMPER: Final = 0.5  # of weights: the generic figures are no surer than that of any one boost
BOOST_DOUBT: Final = 0.2  # that a boost is like none of the generic ones
DOUBT: Final = 0.3  # of a boost beside the energy that it led to

Shares: TypeAlias = Mapping[ObjectClass, float]


def boost_shares(profile_weight: Floats, launcher: float) -> Shares:
    """From weights (profiles,) of the generic missiles, and the share of a launcher's climb."""
    profile_weight = profile_weight**TEMPER
    believed = (1.0 - launcher) * (1.0 - BOOST_DOUBT) * profile_weight / profile_weight.sum()
    evenly = (1.0 - launcher) * BOOST_DOUBT / len(MISSILES)
    shares = dict.fromkeys(MISSILES, evenly) | {ObjectClass.SLV: launcher}
    for (_, object_class), weight in zip(GENERIC_BOOSTS, believed.tolist(), strict=True):
        shares[object_class] += weight
    return shares


def free_flight_shares(state: Floats, covariance: Floats) -> Sequence[Shares]:
    """From energy and perigee of states (n, 6) ECEF with covariances (n, 6, 6)."""
    root = np.sqrt(6.0) * square_root(covariance).transpose(0, 2, 1)
    cloud = state[:, None, :] + np.concatenate([root, -root], axis=1)
    position = cloud[..., :3]
    velocity = inertial_velocity(position, cloud[..., 3:])
    perigee = apsides_m(position, velocity)[1] - MEAN_RADIUS_M
    reach = reach_m(position, velocity)
    mean = reach.mean(axis=1)
    sigma = np.maximum(np.hypot(reach.std(axis=1), LIMIT_SIGMA * mean), LEAST_SIGMA_REACH_M)
    clears = np.maximum(perigee.std(axis=1), LEAST_SIGMA_PERIGEE_M)
    orbital = [
        _orbital(center, spread)
        for center, spread in zip(perigee.mean(axis=1).tolist(), clears.tolist(), strict=True)
    ]
    columns = zip(mean.tolist(), sigma.tolist(), orbital, strict=True)
    return tuple(_shares(*column) for column in columns)


def combined(free_flight: Shares, boost: Shares, coasting: float) -> Shares:
    """What energy and boost say together; a boost that was never seen says nothing.

    `coasting`: probability that it is a launcher between two stages. Otherwise whether it
    reaches an orbit is for its perigee to say.
    """
    orbital = free_flight[ObjectClass.SLV]
    launcher = max(orbital, min(orbital + (1.0 - orbital) * coasting, MOST))
    joint = {
        kind: share * (boost.get(kind, 0.0) + DOUBT)
        for kind, share in free_flight.items()
        if kind is not ObjectClass.SLV
    }
    total = sum(joint.values())
    scale = (1.0 - launcher) / total if total > 0.0 else 0.0
    return {ObjectClass.SLV: launcher} | {kind: scale * share for kind, share in joint.items()}


def _shares(reach: float, sigma: float, orbital: float) -> Shares:
    """Probability of each class from the reach, for what does not go into orbit."""
    within = [1.0 - _above(limit_m, reach, sigma) for _, limit_m in LIMITS_M]
    by_reach = np.maximum(np.diff([0.0, *within, 1.0]), 0.0)
    short = FLOWN_SHORT * by_reach[:-1]
    by_reach[:-1] -= short
    by_reach[1:] += short
    missiles = zip(MISSILES, ((1.0 - orbital) * by_reach).tolist(), strict=True)
    return {ObjectClass.SLV: orbital, **dict(missiles)}


def reach_m(position_m: Floats, velocity_mps: Floats) -> Floats:
    """Greatest ground range that inertial states' energy (n, 3) allows, (n,).

    Source: sin(angle / 2) = q / (2 - q), with q the square of the speed at the surface over
    that of a circular orbit there (Wheelon, ARS Journal 29, 1959).
    """
    energy = 0.5 * dot(velocity_mps, velocity_mps) - MU_M3PS2 / norm(position_m)
    ratio = 2.0 * (energy + MU_M3PS2 / MEAN_RADIUS_M) * MEAN_RADIUS_M / MU_M3PS2
    ratio = np.clip(ratio, 0.0, 1.0)
    return np.asarray(2.0 * MEAN_RADIUS_M * np.arcsin(ratio / (2.0 - ratio)))


def stated(shares: Shares) -> tuple[ClassProbability, ...]:
    """Classes above half a percent, likeliest first, probabilities summing to 1."""
    total = sum(share for share in shares.values() if share >= LEAST_PROBABILITY)
    return tuple(
        ClassProbability(object_class=object_class, probability=share / total)
        for object_class, share in sorted(shares.items(), key=lambda item: -item[1])
        if share >= LEAST_PROBABILITY
    )


def _orbital(perigee_m: float, sigma_m: float) -> float:
    """Probability of an orbit; until the perigee surely clears the air, not called one."""
    probability = _above(LOWEST_PERIGEE_M, perigee_m, sigma_m)
    surely = perigee_m - ORBITAL_SIGMAS * sigma_m > LOWEST_PERIGEE_M
    return probability if surely else min(probability, MOST)


def _above(limit: float, mean: float, sigma: float) -> float:
    """Probability that a normal value exceeds a limit."""
    return 0.5 * erfc((limit - mean) / (sigma * sqrt(2.0)))
