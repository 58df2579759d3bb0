"""Where and when an unpowered object comes down, how high it rises, and how sure that is.

Two falls work together. A survey lets the estimate itself fall through J2 gravity and air, with
three ballistic coefficients; it costs some 7 ms and holds for a while. A forecast lets a cloud
of points with the estimate's mean and covariance fall in closed form, which costs next to
nothing, and adds what the survey found the closed form to be wrong by.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef, height_above_ellipsoid_m
from bongsu.tracking.arrays import Floats, Mask
from bongsu.tracking.fall.quick_fall import quick_fall
from bongsu.tracking.fall.unpowered_arc import apogee_radius_m, arc_end
from bongsu.tracking.gaussian import square_root

BALLISTIC_COEFFICIENT_KGPM2: Final = 5_800.0
SIGMA_LOG_BALLISTIC_COEFFICIENT: Final = 0.35
LONGEST_FALL_S: Final = 5_400.0
SPREAD: Final = float(np.sqrt(3.0))  # of the cloud's points, in sigmas: right to third order
SIGMA_PLACE_M: Final = 400.0  # what a survey is off by when it is some tens of seconds old
SIGMA_APOGEE_M: Final = 2_000.0  # what the closed form leaves out of the highest point


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveys:
    """What n full falls add to closed ones: east, north (m) and time (s)."""

    correction: Floats  # (n, 3)
    air: Floats  # (n, 3, 3) covariance, for the unknown ballistic coefficient
    reached: Mask  # (n,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """What n tracks lead to.

    Outcomes, in this order: east and north of `center_ecef_m` (m, in its local frame), time
    of impact (s after the instant of the states), apogee (m above the ellipsoid).
    """

    center_ecef_m: Floats  # (n, 3) on the ellipsoid
    mean: Floats  # (n, 4)
    covariance: Floats  # (n, 4, 4)
    falls: Mask  # (n,) whether all of the cloud comes down, and the survey did

    def places_ecef_m(self) -> Floats:
        """The predicted places of impact (n, 3), close to the ellipsoid."""
        latitude, longitude, _ = ecef_to_geodetic(self.center_ecef_m)
        axes = enu_axes(latitude, longitude)[:, :2]
        return np.asarray(self.center_ecef_m + np.einsum("ni,nij->nj", self.mean[:, :2], axes))


def survey(state: Floats) -> Surveys:
    """Full falls of n states (n, 6), each with a middling, a high and a low coefficient."""
    count = len(state)
    logarithm = SIGMA_LOG_BALLISTIC_COEFFICIENT * np.array([0.0, SPREAD, -SPREAD])
    fall = quick_fall(
        np.repeat(state, 3, axis=0),
        np.tile(BALLISTIC_COEFFICIENT_KGPM2 * np.exp(logarithm), count),
        maximum_time_s=LONGEST_FALL_S,
    )
    closed = arc_end(state[:, :3], state[:, 3:])
    reached = fall.reached.reshape(count, 3).all(axis=1) & np.isfinite(closed.time_s)
    center, axes = _ground(closed.position_ecef_m, reached)
    place = np.where(
        reached[:, None, None], fall.position_ecef_m.reshape(count, 3, 3), center[:, None]
    )
    outcomes = np.empty((count, 3, 3))
    outcomes[..., :2] = np.einsum("nij,npj->npi", axes[:, :2], place - center[:, None])
    longer = fall.time_s.reshape(count, 3) - closed.time_s[:, None]
    outcomes[..., 2] = np.where(reached[:, None], longer, 0.0)
    # What is stated is the fall with the middling coefficient; the mean of all lies a little
    # later, and that counts as uncertainty.
    mean, air = _moments(outcomes)
    late = mean - outcomes[:, 0]
    air += late[:, :, None] * late[:, None, :]
    return Surveys(correction=outcomes[:, 0], air=air, reached=reached)


def forecast(state: Floats, covariance: Floats, surveys: Surveys) -> Forecasts:
    """What states (n, 6) with covariances (n, 6, 6) lead to, near where they were surveyed.

    Source of the cloud: Julier and Uhlmann, Unscented filtering and nonlinear estimation,
    Proc. IEEE 92 (2004); curvature counts along its axes.
    """
    root = SPREAD * square_root(covariance).transpose(0, 2, 1)
    offsets = np.concatenate([np.zeros_like(root[:, :1]), root, -root], axis=1)
    cloud = state[:, None, :] + offsets
    closed = arc_end(cloud[..., :3], cloud[..., 3:])
    falls = np.isfinite(closed.time_s).all(axis=1) & surveys.reached
    center, axes = _ground(closed.position_ecef_m[:, 0], falls)
    place = np.where(falls[:, None, None], closed.position_ecef_m, center[:, None])
    outcomes = np.empty((*cloud.shape[:2], 4))
    outcomes[..., :2] = np.einsum("nij,npj->npi", axes[:, :2], place - center[:, None])
    outcomes[..., 2] = np.where(falls[:, None], closed.time_s, 0.0)
    above = apogee_radius_m(cloud[..., :3], cloud[..., 3:]) - _ground_radius_m(state)
    outcomes[..., 3] = np.where(falls[:, None], above, 0.0)
    mean, spread = _moments(outcomes)
    mean[:, :3] += surveys.correction
    spread[:, :3, :3] += surveys.air
    spread[:, [0, 1], [0, 1]] += SIGMA_PLACE_M**2
    spread[:, 3, 3] += SIGMA_APOGEE_M**2
    return Forecasts(center_ecef_m=center, mean=mean, covariance=spread, falls=falls)


def _moments(outcomes: Floats) -> tuple[Floats, Floats]:
    """Mean (n, k) and covariance (n, k, k) of outcomes (n, 1 + 2 d, k) of a cloud."""
    dimensions = (outcomes.shape[1] - 1) // 2
    center = outcomes[:, :1]
    plus, minus = outcomes[:, 1 : dimensions + 1], outcomes[:, dimensions + 1 :]
    odd = (plus - minus) / (2.0 * SPREAD)
    even = (plus + minus - 2.0 * center) / (2.0 * SPREAD**2)
    spread = odd.transpose(0, 2, 1) @ odd + 2.0 * even.transpose(0, 2, 1) @ even
    return center[:, 0] + even.sum(axis=1), spread


def _ground_radius_m(state: Floats) -> Floats:
    """The ellipsoid's radius under each state (n, 6); along a flight it changes by kilometres."""
    position = state[:, :3]
    return np.asarray(norm(position) - height_above_ellipsoid_m(position))[:, None]


def _ground(place: Floats, known: Mask) -> tuple[Floats, Floats]:
    """Places (n, 3) put onto the ellipsoid, and their local axes (n, 3, 3)."""
    anywhere = geodetic_to_ecef(0.0, 0.0, 0.0)
    latitude, longitude, _ = ecef_to_geodetic(np.where(known[:, None], place, anywhere))
    return geodetic_to_ecef(latitude, longitude, 0.0), enu_axes(latitude, longitude)
