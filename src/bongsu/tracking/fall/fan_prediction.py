"""Where an object may fall while it still burns: a fan, never a point.

The generic boosts that fit what is known so far go on to their burnouts; from each, and from
the present state with the engine stopped at once, the rest is free fall. Near and far edge and
the width of the fan hold what comes of it.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodesic_inverse
from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS, BoostEnsemble
from bongsu.tracking.fall.unpowered_arc import arc_end
from bongsu.tracking.gaussian import square_root
from bongsu.vocabulary.estimates import Fan, GeoPoint

TAIL: Final = 0.05  # of the probability beyond either edge
SIGMAS: Final = 2.4
LOOSENESS: Final = 0.12  # of the speed: how far a member may be from the state and still count
FEWEST_MEMBERS: Final = 3.0  # in effect; below it all of the profile's members count
LEAST_HALF_WIDTH_RAD: Final = np.radians(1.0)
STOPPED_SHARE: Final = 0.3  # of the width's weight, on an engine that stops at once
SLACK: Final = 0.05  # of either edge, for what the closed form leaves out
ALL_ROUND_RAD: Final = np.radians(75.0)  # a half width beyond it means every direction
FARTHEST_M: Final = np.pi * MEAN_RADIUS_M
NEARLY_ROUND_M: Final = 0.75 * FARTHEST_M  # beyond it a bearing says little


def boost_fan(
    ensemble: BoostEnsemble,
    state: Floats,
    covariance: Floats,
    profile_weight: Floats,
    origin: GeoPoint,
    sigma_azimuth_rad: float,
    *,
    slack: float = SLACK,
) -> Fan:
    """The fan of an object that burns: state (6,) ECEF with covariance (6, 6).

    profile_weight: (profiles,), probability of each generic profile; slack: part of the near
    edge by which it may be nearer.
    """
    latitude, longitude, height = ecef_to_geodetic(state[:3])
    axes = enu_axes(latitude, longitude)
    local = axes @ state[3:]
    spread = axes @ covariance[3:, 3:] @ axes.T
    weight, when = _weights(ensemble, float(height), local, spread, profile_weight)
    place, velocity = _burnouts(ensemble, when, state[:3], axes, local)
    stopped = _stopped_at_once(state, covariance)
    end = arc_end(
        np.concatenate([place, stopped[:, :3]]), np.concatenate([velocity, stopped[:, 3:]])
    )
    distance, azimuth = _seen_from(origin, end.position_ecef_m)
    fan = _fan(origin, distance, azimuth, weight, sigma_azimuth_rad)
    return replace(fan, minimum_range_m=(1.0 - slack) * fan.minimum_range_m)


def _weights(
    ensemble: BoostEnsemble,
    height_m: float,
    velocity_enu: Floats,
    spread_enu: Floats,
    profile_weight: Floats,
) -> tuple[Floats, Indices]:
    """Weight of each member, and when it is at the object's height, (M,) each."""
    when = ensemble.at_height(height_m)
    burning = when < ensemble.burnout_index
    when = np.minimum(when, ensemble.burnout_index)
    members = np.arange(len(when))
    level, climb = float(np.hypot(*velocity_enu[:2])), float(velocity_enu[2])
    loose = (LOOSENESS * float(np.linalg.norm(velocity_enu))) ** 2
    ahead = velocity_enu[:2] / max(level, 1.0)
    variance_level = float(ahead @ spread_enu[:2, :2] @ ahead) + loose
    variance_climb = float(spread_enu[2, 2]) + loose
    squared = (ensemble.level_mps[when, members] - level) ** 2 / variance_level
    squared += (ensemble.climb_mps[when, members] - climb) ** 2 / variance_climb
    weight = np.zeros(len(when))
    for index in range(len(GENERIC_BOOSTS)):
        rows = ensemble.profile == index
        fit = np.exp(-0.5 * squared[rows]) * burning[rows]
        if fit.sum() ** 2 < FEWEST_MEMBERS * np.square(fit).sum() or fit.sum() < 1e-12:
            fit = np.ones(np.count_nonzero(rows))
        weight[rows] = profile_weight[index] * fit / fit.sum()
    return weight, when


def _burnouts(
    ensemble: BoostEnsemble, when: Indices, position: Floats, axes: Floats, velocity_enu: Floats
) -> tuple[Floats, Floats]:
    """Each member's burnout, put ahead of the object along its present direction: (M, 3) twice."""
    members = np.arange(len(when))
    last = ensemble.burnout_index
    level = max(float(np.hypot(*velocity_enu[:2])), 1.0)
    ahead = (velocity_enu[:2] / level) @ axes[:2]
    up = position / np.linalg.norm(position)
    ahead = ahead - (ahead @ up) * up
    ahead = ahead / np.linalg.norm(ahead)
    travelled = ensemble.downrange_m[last, members] - ensemble.downrange_m[when, members]
    risen = ensemble.height_m[last, members] - ensemble.height_m[when, members]
    angle = np.maximum(travelled, 0.0) / MEAN_RADIUS_M
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    outward, forward = cosine * up + sine * ahead, cosine * ahead - sine * up
    radius = np.linalg.norm(position) + np.maximum(risen, 0.0)
    climb = ensemble.climb_mps[last, members][:, None]
    return radius[:, None] * outward, (
        climb * outward + ensemble.level_mps[last, members][:, None] * forward
    )


def _stopped_at_once(state: Floats, covariance: Floats) -> Floats:
    """The present state, and those some sigmas away along each axis of its spread: (13, 6)."""
    root = SIGMAS * square_root(covariance[None])[0].T
    return np.concatenate([state[None], state + root, state - root])


def _seen_from(origin: GeoPoint, place: Floats) -> tuple[Floats, Floats]:
    """Distance and azimuth of places (k, 3) from the origin; NaN where they are NaN."""
    known = np.isfinite(place).all(axis=1)
    latitude, longitude, _ = ecef_to_geodetic(place[known] / norm(place[known])[:, None] * 6.371e6)
    distance, azimuth = np.full(len(place), np.nan), np.full(len(place), np.nan)
    distance[known], azimuth[known], _ = geodesic_inverse(
        origin.latitude_rad, origin.longitude_rad, latitude, longitude
    )
    return distance, azimuth


def _fan(
    origin: GeoPoint, distance: Floats, azimuth: Floats, weight: Floats, sigma_azimuth_rad: float
) -> Fan:
    """Edges from the members (M) and, after them, the falls of an engine that stops at once.

    Members that never come down reach the far side of the Earth.
    """
    members = len(weight)
    known = np.isfinite(distance)
    reach = np.where(known, distance, FARTHEST_M)
    farthest = max(_quantile(reach[:members], weight, 1.0 - TAIL), float(reach[members:].max()))
    nearest = float(reach[members:].min())
    stopped = np.full(len(reach) - members, STOPPED_SHARE / (len(reach) - members))
    share = np.concatenate([(1.0 - STOPPED_SHARE) * weight, stopped])
    near = known & (reach < NEARLY_ROUND_M)
    mean = float(np.angle(np.sum(share[near] * np.exp(1j * azimuth[near]))))
    off = np.angle(np.exp(1j * (azimuth[near] - mean)))
    low = _quantile(off, share[near], TAIL)
    high = _quantile(off, share[near], 1.0 - TAIL)
    half = 0.5 * (high - low) + SIGMAS * sigma_azimuth_rad + LEAST_HALF_WIDTH_RAD
    return Fan(
        origin=origin,
        azimuth_rad=float((mean + 0.5 * (low + high)) % (2.0 * np.pi)),
        half_width_rad=float(np.pi if half > ALL_ROUND_RAD else half),
        minimum_range_m=nearest,
        maximum_range_m=min((1.0 + SLACK) * farthest, FARTHEST_M),
    )


def _quantile(values: Floats, weight: Floats, part: float) -> float:
    """The value below which a part of the weight lies; zero where there is no weight."""
    order = np.argsort(values)
    cumulated = np.cumsum(weight[order])
    if not len(values) or cumulated[-1] <= 0.0:
        return 0.0
    return float(values[order][np.searchsorted(cumulated, part * cumulated[-1])])
