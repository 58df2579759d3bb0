"""The launch of a track that was first seen without thrust: back along its arc, and then some.

Backward, an arc meets the ground where nothing was launched: the boost began elsewhere, some
time before or after. How far off, generic boosts of like speed and steepness tell; what they
differ by is the uncertainty, which is why such a launch is known to tens of kilometres at best.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.gravity import MU_M3PS2
from bongsu.tracking.area import ellipses_of, points_under
from bongsu.tracking.arrays import Floats
from bongsu.tracking.boost_ensemble import PLACE, BoostEnsemble
from bongsu.tracking.gaussian import square_root
from bongsu.tracking.unpowered_arc import arc_end, inertial_velocity
from bongsu.vocabulary.estimates import LaunchEstimate
from bongsu.vocabulary.units import UtcNs, after_seconds

LIKE_SPEED: Final = 0.05  # of its logarithm: so much differs what still counts as alike
LIKE_ELEVATION_RAD: Final = float(np.radians(6.0))
FEWEST_ALIKE: Final = 3.0
SIGMA_ACROSS_M: Final = 8e3  # the Earth turns under a boost, and none is flown quite straight
SIGMA_AZIMUTH_RAD: Final = float(np.radians(2.0))
LARGEST_SIGMA_M: Final = 200e3
SPREAD: Final = float(np.sqrt(3.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offsets:
    """Where and when M generic boosts began, counted from where their arcs leave the ground."""

    speed_mps: Floats  # (M,) there, inertial
    elevation_rad: Floats  # (M,)
    along_m: Floats  # (M,) of the launch, in the direction of flight
    later_s: Floats  # (M,) of the launch


def offsets_of(ensemble: BoostEnsemble) -> Offsets:
    """What the boosts of an ensemble do to backward arcs."""
    members = np.arange(len(ensemble.profile))
    last = (ensemble.burnout_index, members)
    start = geodetic_to_ecef(PLACE.latitude_rad, PLACE.longitude_rad, 0.0)
    _, north, up = enu_axes(PLACE.latitude_rad, PLACE.longitude_rad)
    angle = (ensemble.downrange_m[last] / MEAN_RADIUS_M)[:, None]
    outward = np.cos(angle) * up + np.sin(angle) * north
    ahead = np.cos(angle) * north - np.sin(angle) * up
    radius = float(np.linalg.norm(start)) + ensemble.height_m[last]
    position = radius[:, None] * outward
    velocity = ensemble.climb_mps[last][:, None] * outward
    velocity = velocity + ensemble.level_mps[last][:, None] * ahead
    end = arc_end(position, velocity, backward=True)
    speed, elevation = _at_ground(position, velocity)
    place = end.position_ecef_m / np.maximum(norm(end.position_ecef_m), 1.0)[:, None]
    return Offsets(
        speed_mps=speed,
        elevation_rad=elevation,
        along_m=-MEAN_RADIUS_M * np.arctan2(place @ north, place @ up),
        later_s=end.time_s - ensemble.time_s[ensemble.burnout_index],
    )


def backtracked_launch(
    state: Floats, covariance: Floats, offsets: Offsets, at: UtcNs
) -> LaunchEstimate | None:
    """The launch of one state (6,) ECEF with covariance (6, 6).

    None where its arc never left the ground, where nothing generic flies like it, or where
    the place would be known to no better than 200 km.
    """
    root = SPREAD * square_root(covariance[None])[0].T
    cloud = np.concatenate([state[None], state + root, state - root])
    end = arc_end(cloud[:, :3], cloud[:, 3:], backward=True)
    if not np.isfinite(end.time_s).all():
        return None
    alike = _alike(offsets, *_at_ground(state[None, :3], state[None, 3:]))
    if alike.sum() ** 2 < FEWEST_ALIKE * np.square(alike).sum():
        return None
    alike = alike / alike.sum()
    along, later = float(alike @ offsets.along_m), float(alike @ offsets.later_s)
    center, axes, direction = _leaving(end.position_ecef_m[0], state)
    away = (end.position_ecef_m - center) @ axes[:2].T
    spread = _covariance(np.column_stack([away, end.time_s]))
    across = np.array([direction[1], -direction[0]])
    variance_along = float(alike @ (offsets.along_m - along) ** 2)
    area = spread[:2, :2] + variance_along * np.outer(direction, direction)
    area = area + SIGMA_ACROSS_M**2 * np.outer(across, across)
    if np.trace(area) > LARGEST_SIGMA_M**2:
        return None
    variance_time = float(spread[2, 2] + alike @ (offsets.later_s - later) ** 2)
    turn = _covariance(np.arctan2(away @ across, 1e6)[:, None])[0, 0]
    return LaunchEstimate(
        point=points_under((center + along * (direction @ axes[:2]))[None])[0],
        ellipse=ellipses_of(area[None])[0],
        at=after_seconds(at, later - float(end.time_s[0])),
        sigma_time_s=float(np.sqrt(variance_time)),
        azimuth_rad=float(np.arctan2(direction[0], direction[1]) % (2.0 * np.pi)),
        sigma_azimuth_rad=float(np.hypot(SIGMA_AZIMUTH_RAD, np.sqrt(turn))),
    )


def _at_ground(position: Floats, velocity: Floats) -> tuple[Floats, Floats]:
    """Inertial speed and elevation with which arcs (n, 3) leave the mean sphere."""
    inertial = inertial_velocity(position, velocity)
    energy = 0.5 * norm(inertial) ** 2 - MU_M3PS2 / norm(position)
    speed = np.sqrt(np.maximum(2.0 * (energy + MU_M3PS2 / MEAN_RADIUS_M), 1.0))
    level = norm(np.cross(position, inertial)) / (MEAN_RADIUS_M * speed)
    return speed, np.arccos(np.clip(level, 0.0, 1.0))


def _alike(offsets: Offsets, speed_mps: Floats, elevation_rad: Floats) -> Floats:
    """Weight of each member (M,) by how like it flies."""
    faster = np.log(offsets.speed_mps / speed_mps) / LIKE_SPEED
    steeper = (offsets.elevation_rad - elevation_rad) / LIKE_ELEVATION_RAD
    known = np.isfinite(offsets.along_m) & np.isfinite(offsets.later_s)
    return np.where(known, np.exp(-0.5 * (faster**2 + steeper**2)), 0.0)


def _leaving(place: Floats, state: Floats) -> tuple[Floats, Floats, Floats]:
    """The place on the ellipsoid, its axes, and the direction (east, north) towards the state."""
    latitude, longitude, _ = ecef_to_geodetic(place)
    axes = enu_axes(latitude, longitude)
    ahead = axes[:2] @ (state[:3] - place)
    return geodetic_to_ecef(latitude, longitude, 0.0), axes, ahead / np.linalg.norm(ahead)


def _covariance(outcomes: Floats) -> Floats:
    """Covariance of outcomes (1 + 2 d, k) of a cloud, to first order."""
    dimensions = (len(outcomes) - 1) // 2
    odd = (outcomes[1 : dimensions + 1] - outcomes[dimensions + 1 :]) / (2.0 * SPREAD)
    return np.asarray(odd.T @ odd)
