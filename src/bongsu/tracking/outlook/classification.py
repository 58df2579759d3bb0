"""What kind of object it is, with a probability for each class.

In boost the generic profiles that fit the data vote. Afterwards the energy decides: a class is
the reach that the same speed has at its best elevation, so that a lofted shot keeps the class
of the missile that flew it. A satellite launcher is named only with a reason: an orbit whose
perigee clears the air at three sigma, or a climb that turns over like one.
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
from bongsu.vocabulary.estimates import ClassProbability, ObjectClass

LIMITS_M: Final = (
    (ObjectClass.SRBM, 1_000e3),
    (ObjectClass.MRBM, 3_000e3),
    (ObjectClass.IRBM, 5_500e3),
)
LIMIT_SIGMA: Final = 0.08  # of the reach: classes are drawn by type, and types overlap
LOWEST_PERIGEE_M: Final = 120e3
ORBITAL_SIGMAS: Final = 3.0  # by which the perigee is to clear it
MOST_UNSURELY_ORBITAL: Final = 0.45
LEAST_SIGMA_REACH_M: Final = 1e3
LEAST_SIGMA_PERIGEE_M: Final = 5e3
LAUNCHER_SHARE: Final = 0.3  # of boosts with stages to spare, while the climb may be either's
LOFTED_RAD: Final = np.radians(70.0)  # a launcher has turned over further by that time
TURNED_OVER_AFTER_S: Final = 90.0
LEAST_PROBABILITY: Final = 0.005
TEMPER: Final = 0.5  # of weights: the generic figures are no surer than that of any one boost
DOUBT: Final = 0.05  # that a boost was not what it looked like

Shares: TypeAlias = Mapping[ObjectClass, float]


def boost_shares(profile_weight: Floats, state: Floats, since_launch_s: float) -> Shares:
    """From weights (profiles,) of the generic profiles, and how the state (6,) climbs."""
    profile_weight = profile_weight**TEMPER
    profile_weight = profile_weight / profile_weight.sum()
    shares = dict.fromkeys(ObjectClass, 0.0)
    lofted = since_launch_s > TURNED_OVER_AFTER_S and _climb_angle_rad(state) > LOFTED_RAD
    for (profile, object_class), weight in zip(GENERIC_BOOSTS, profile_weight, strict=True):
        launcher = object_class is ObjectClass.ICBM and len(profile.stages) > 1 and not lofted
        share = LAUNCHER_SHARE * float(weight) if launcher else 0.0
        shares[ObjectClass.SLV] += share
        shares[object_class] += float(weight) - share
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


def combined(free_flight: Shares, boost: Shares) -> Shares:
    """What energy and boost say together; a boost that was never seen says nothing.

    A boost that may have been a launcher's counts for the missile of the same build: whether
    it reaches an orbit is for its perigee to say.
    """
    orbital = free_flight[ObjectClass.SLV]
    seen = {kind: boost.get(kind, 0.0) + DOUBT for kind in free_flight}
    seen[ObjectClass.ICBM] += boost.get(ObjectClass.SLV, 0.0)
    joint = {
        kind: share * seen[kind]
        for kind, share in free_flight.items()
        if kind is not ObjectClass.SLV
    }
    total = sum(joint.values())
    scale = (1.0 - orbital) / total if total > 0.0 else 0.0
    return {ObjectClass.SLV: orbital} | {kind: scale * share for kind, share in joint.items()}


def _shares(reach: float, sigma: float, orbital: float) -> Shares:
    """Probability of each class from the reach, for what does not go into orbit."""
    shares, below = {ObjectClass.SLV: orbital}, 0.0
    for object_class, limit_m in LIMITS_M:
        under = 1.0 - _above(limit_m, reach, sigma)
        shares[object_class] = (1.0 - orbital) * max(under - below, 0.0)
        below = under
    shares[ObjectClass.ICBM] = (1.0 - orbital) * (1.0 - below)
    return shares


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


def _climb_angle_rad(state: Floats) -> float:
    up = state[:3] / np.linalg.norm(state[:3])
    return float(np.arcsin(np.clip(up @ state[3:] / np.linalg.norm(state[3:]), -1.0, 1.0)))


def _orbital(perigee_m: float, sigma_m: float) -> float:
    """Probability of an orbit; until the perigee surely clears the air, never the likeliest."""
    probability = _above(LOWEST_PERIGEE_M, perigee_m, sigma_m)
    surely = perigee_m - ORBITAL_SIGMAS * sigma_m > LOWEST_PERIGEE_M
    return probability if surely else min(probability, MOST_UNSURELY_ORBITAL)


def _above(limit: float, mean: float, sigma: float) -> float:
    """Probability that a normal value exceeds a limit."""
    return 0.5 * erfc((limit - mean) / (sigma * sqrt(2.0)))
