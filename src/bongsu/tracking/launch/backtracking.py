"""The launch of a track that was first seen without thrust: back along its arc, and then some.

Backward, an arc meets the ground where nothing was launched: the boost began elsewhere, some
time before or after. How far off, generic boosts of like speed and steepness tell; what they
differ by is the uncertainty, which is why such a launch is known to tens of kilometres at best.
The direction is that to where the arc was when such boosts burn out: later the Earth has turned
on under it, by tens of degrees under a steep shot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from bongsu.physics.arrays import dot, norm
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.frames import EARTH_ROTATION_RADPS, enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.gravity import MU_M3PS2
from bongsu.physics.motion import rotating_frame_mps2
from bongsu.physics.runge_kutta import rk4_step
from bongsu.tracking.arrays import Floats
from bongsu.tracking.boost.ensemble import PLACE, BoostEnsemble, generic_ensemble
from bongsu.tracking.fall.unpowered_arc import (
    ArcEnd,
    arc_end,
    inertial_velocity,
    leaving_velocity_mps,
)
from bongsu.tracking.gaussian import square_root
from bongsu.tracking.launch.estimation import LARGEST_SIGMA_AZIMUTH_RAD
from bongsu.tracking.outlook.area import ellipses_of, points_under
from bongsu.vocabulary.estimates import LaunchEstimate
from bongsu.vocabulary.units import UtcNs, after_seconds

LIKE_SPEED: Final = 0.05  # of its logarithm: so much differs what still counts as alike
LIKE_ELEVATION_RAD: Final = float(np.radians(6.0))
FEWEST_ALIKE: Final = 3.0
SIGMA_ACROSS_M: Final = 8e3  # the Earth turns under a boost, and none is flown quite straight
SIGMA_AZIMUTH_RAD: Final = float(np.radians(1.0))
BEND_SHARE: Final = (
    0.7  # of rate times height times time: how far the Earth's turning bends a boost
)
SHORTEST_BASE_M: Final = 5e3  # from the launch to below the burnout
CLIMB_STEPS: Final = 4  # of the arc up to the burnout: to 10 m
LARGEST_SIGMA_M: Final = 200e3
SPREAD: Final = float(np.sqrt(3.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offsets:
    """Where and when M generic boosts began, counted from where their arcs leave the ground."""

    speed_mps: Floats  # (M,) there, inertial
    elevation_rad: Floats  # (M,)
    along_m: Floats  # (M,) of the launch, in the direction of flight
    later_s: Floats  # (M,) of the launch
    climb_s: Floats  # (M,) from there up to the burnout, along the arc


@cache
def generic_offsets() -> Offsets:
    """What generic boosts do to backward arcs: 1 ms of work, done once in a process."""
    return offsets_of(generic_ensemble())


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
    met = np.flatnonzero(np.isfinite(end.time_s))  # the others' arcs never leave the ground
    place = end.position_ecef_m[met]
    return Offsets(
        speed_mps=speed[met],
        elevation_rad=elevation[met],
        along_m=-MEAN_RADIUS_M * np.arctan2(place @ north, place @ up),
        later_s=(end.time_s - ensemble.time_s[ensemble.burnout_index])[met],
        climb_s=end.time_s[met],
    )


def backtracked_launches(
    state: Floats, covariance: Floats, offsets: Offsets, at: UtcNs
) -> Sequence[LaunchEstimate | None]:
    """The launches of states (n, 6) ECEF with covariances (n, 6, 6).

    None where an arc never left the ground, where nothing generic flies like it, or where
    the place would be known to no better than 200 km.
    """
    root = SPREAD * square_root(covariance).transpose(0, 2, 1)
    center = state[:, None]
    cloud = np.concatenate([center, center + root, center - root], axis=1)
    end = arc_end(cloud[..., :3], cloud[..., 3:], backward=True)
    alike = _alike(offsets, *_at_ground(state[:, :3], state[:, 3:]))
    total = alike.sum(axis=1)
    enough = (total > 0.0) & (total**2 >= FEWEST_ALIKE * np.square(alike).sum(axis=1))
    launched = np.flatnonzero(enough & np.isfinite(end.time_s).all(axis=1))
    found: list[LaunchEstimate | None] = [None] * len(state)
    if launched.size:
        ends = ArcEnd(position_ecef_m=end.position_ecef_m[launched], time_s=end.time_s[launched])
        weights = alike[launched] / total[launched, None]
        launches = _launches(cloud[launched], ends, weights, offsets, at)
        for row, launch in zip(launched.tolist(), launches, strict=True):
            found[row] = launch
    return found


def _launches(
    cloud: Floats, end: ArcEnd, weights: Floats, offsets: Offsets, at: UtcNs
) -> Iterator[LaunchEstimate | None]:
    """Launches of clouds (n, 13, 6) that left the ground; of weights (n, M) of members."""
    along, variance_along = _weighted(weights, offsets.along_m)
    later, variance_later = _weighted(weights, offsets.later_s)
    center, axes = _ground(end.position_ecef_m[:, 0])
    climb_s = weights @ offsets.climb_s
    burnout = _climbed(cloud, end, climb_s)
    east_north = axes[:, None, :2]
    base = np.einsum("npij,npj->npi", east_north, burnout - end.position_ecef_m)
    length = np.maximum(norm(base), SHORTEST_BASE_M)
    direction = base[:, 0] / length[:, :1]
    across = np.stack([direction[:, 1], -direction[:, 0]], axis=-1)
    away = np.einsum("npij,npj->npi", east_north, end.position_ecef_m - center[:, None])
    spread = _covariance(np.concatenate([away, end.time_s[..., None]], axis=-1))
    area = spread[:, :2, :2] + variance_along[:, None, None] * _outer(direction)
    area = area + SIGMA_ACROSS_M**2 * _outer(across)
    turn = _covariance((dot(base, across[:, None]) / length[:, :1])[..., None])[:, 0, 0]
    height = norm(burnout[:, 0]) - MEAN_RADIUS_M
    bend = BEND_SHARE * EARTH_ROTATION_RADPS * climb_s * height / length[:, 0]
    places = center + along[:, None] * np.einsum("ni,nij->nj", direction, axes[:, :2])
    columns = zip(
        (np.trace(area, axis1=1, axis2=2) <= LARGEST_SIGMA_M**2).tolist(),
        points_under(places),
        ellipses_of(area),
        (later - end.time_s[:, 0]).tolist(),
        np.sqrt(spread[:, 2, 2] + variance_later).tolist(),
        (np.arctan2(direction[:, 0], direction[:, 1]) % (2.0 * np.pi)).tolist(),
        np.sqrt(SIGMA_AZIMUTH_RAD**2 + bend**2 + turn).tolist(),
        strict=True,
    )
    for useful, point, ellipse, after_s, sigma_time_s, azimuth_rad, sigma_azimuth_rad in columns:
        launch = LaunchEstimate(
            point=point,
            ellipse=ellipse,
            at=after_seconds(at, after_s),
            sigma_time_s=sigma_time_s,
            azimuth_rad=azimuth_rad,
            sigma_azimuth_rad=min(sigma_azimuth_rad, LARGEST_SIGMA_AZIMUTH_RAD),
        )
        yield launch if useful else None


def _climbed(cloud: Floats, end: ArcEnd, climb_s: Floats) -> Floats:
    """Places (n, 13, 3) of arcs climb_s (n,) after they left the ground."""
    leaving = leaving_velocity_mps(cloud[..., :3], cloud[..., 3:], end)
    state = np.concatenate([end.position_ecef_m, leaving], axis=-1).reshape(-1, 6)
    step_s = np.repeat(climb_s / CLIMB_STEPS, cloud.shape[1])
    for _ in range(CLIMB_STEPS):
        state = rk4_step(state, step_s, rotating_frame_mps2)
    return state[:, :3].reshape(*cloud.shape[:2], 3)


def _at_ground(position: Floats, velocity: Floats) -> tuple[Floats, Floats]:
    """Inertial speed and elevation with which arcs (n, 3) leave the mean sphere."""
    inertial = inertial_velocity(position, velocity)
    energy = 0.5 * norm(inertial) ** 2 - MU_M3PS2 / norm(position)
    speed = np.sqrt(np.maximum(2.0 * (energy + MU_M3PS2 / MEAN_RADIUS_M), 1.0))
    level = norm(np.cross(position, inertial)) / (MEAN_RADIUS_M * speed)
    return speed, np.arccos(np.clip(level, 0.0, 1.0))


def _alike(offsets: Offsets, speed_mps: Floats, elevation_rad: Floats) -> Floats:
    """Weights (n, M) of the members by how like states (n,) they fly."""
    faster = np.log(offsets.speed_mps / speed_mps[:, None]) / LIKE_SPEED
    steeper = (offsets.elevation_rad - elevation_rad[:, None]) / LIKE_ELEVATION_RAD
    return np.asarray(np.exp(-0.5 * (faster**2 + steeper**2)))


def _weighted(weights: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Mean and variance (n,) of values (M,) with weights (n, M) that sum to one."""
    mean = weights @ values
    return mean, np.asarray((weights * (values - mean[:, None]) ** 2).sum(axis=1))


def _ground(place: Floats) -> tuple[Floats, Floats]:
    """Places (n, 3) put onto the ellipsoid, and their axes (n, 3, 3)."""
    latitude, longitude, _ = ecef_to_geodetic(place)
    return geodetic_to_ecef(latitude, longitude, 0.0), enu_axes(latitude, longitude)


def _outer(vectors: Floats) -> Floats:
    """Each vector (n, k) times itself, (n, k, k)."""
    return np.asarray(vectors[:, :, None] * vectors[:, None, :])


def _covariance(outcomes: Floats) -> Floats:
    """Covariances (n, k, k) of outcomes (n, 1 + 2 d, k) of clouds, to first order."""
    dimensions = (outcomes.shape[1] - 1) // 2
    plus, minus = outcomes[:, 1 : dimensions + 1], outcomes[:, dimensions + 1 :]
    odd = (plus - minus) / (2.0 * SPREAD)
    return np.asarray(odd.transpose(0, 2, 1) @ odd)
