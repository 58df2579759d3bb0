"""Free fall in closed form, for many cases at once and to some ten kilometres.

A round Earth without flattening and air: good enough for where something may fall, far too
coarse for where it will (see `impact_prediction`).
"""

from dataclasses import dataclass

import numpy as np

from bongsu.physics.arrays import dot, norm
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.frames import EARTH_ROTATION_RADPS
from bongsu.physics.gravity import MU_M3PS2
from bongsu.tracking.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcEnd:
    """Where arcs meet the ground, (...) each; NaN where they never do."""

    position_ecef_m: Floats  # (..., 3) on the mean sphere
    time_s: Floats


def inertial_velocity(position_ecef_m: Floats, velocity_ecef_mps: Floats) -> Floats:
    """Velocity (..., 3) in the inertial frame that coincides with ECEF at the instant."""
    velocity = np.array(velocity_ecef_mps)
    velocity[..., 0] -= EARTH_ROTATION_RADPS * position_ecef_m[..., 1]
    velocity[..., 1] += EARTH_ROTATION_RADPS * position_ecef_m[..., 0]
    return velocity


def arc_end(
    position_ecef_m: Floats, velocity_ecef_mps: Floats, *, backward: bool = False
) -> ArcEnd:
    """Where and when unpowered bodies (..., 3) come down on the turning mean sphere.

    Backward: where and how long ago they would have left it, had they never been powered.
    Source: the orbit equation at both ends, Kepler's equation between them (Vallado, 2.2).
    """
    sense = -1.0 if backward else 1.0
    velocity = sense * inertial_velocity(position_ecef_m, velocity_ecef_mps)
    radius = norm(position_ecef_m)
    momentum = np.cross(position_ecef_m, velocity)
    parameter = dot(momentum, momentum) / MU_M3PS2
    energy = 0.5 * dot(velocity, velocity) - MU_M3PS2 / radius
    with np.errstate(invalid="ignore", divide="ignore"):
        eccentricity = np.sqrt(np.maximum(1.0 + 2.0 * energy * parameter / MU_M3PS2, 1e-12))
        semi_major = np.where(energy < 0.0, -MU_M3PS2 / (2.0 * energy), np.nan)
        start = _anomaly((parameter / radius - 1.0) / eccentricity)
        start = np.where(dot(position_ecef_m, velocity) < 0.0, 2.0 * np.pi - start, start)
        end = 2.0 * np.pi - _anomaly((parameter / MEAN_RADIUS_M - 1.0) / eccentricity)
        swept = np.where(end >= start, end - start, np.nan)
        period = np.sqrt(semi_major**3 / MU_M3PS2)
        time = period * (_mean_anomaly(end, eccentricity) - _mean_anomaly(start, eccentricity))
        time = np.where(np.isfinite(swept), time, np.nan)
    outward = position_ecef_m / radius[..., None]
    forward = np.cross(momentum, position_ecef_m)
    forward = forward / np.maximum(norm(forward), 1.0)[..., None]
    place = np.cos(swept)[..., None] * outward + np.sin(swept)[..., None] * forward
    ended = _turned_back(MEAN_RADIUS_M * place, sense * time)
    return ArcEnd(position_ecef_m=ended, time_s=time)


def leaving_velocity_mps(position_ecef_m: Floats, velocity_ecef_mps: Floats, end: ArcEnd) -> Floats:
    """Velocity (..., 3) ECEF with which arcs left the ground at their backward end.

    Not the direction from there to where the bodies are: the Earth has turned on under them.
    Source: angular momentum and energy are the same at both ends of an arc (Vallado, 1.3).
    """
    velocity = inertial_velocity(position_ecef_m, velocity_ecef_mps)
    momentum = _turned_back(np.cross(position_ecef_m, velocity), -end.time_s)
    energy = 0.5 * dot(velocity, velocity) - MU_M3PS2 / norm(position_ecef_m)
    outward = end.position_ecef_m / MEAN_RADIUS_M
    level = np.cross(momentum, outward) / MEAN_RADIUS_M
    squared = 2.0 * (energy + MU_M3PS2 / MEAN_RADIUS_M) - dot(level, level)
    inertial = level + np.sqrt(np.maximum(squared, 0.0))[..., None] * outward
    return 2.0 * inertial - inertial_velocity(end.position_ecef_m, inertial)


def apogee_radius_m(position_ecef_m: Floats, velocity_ecef_mps: Floats) -> Floats:
    """Farthest radius of the orbits that bodies (..., 3) are on; infinite where they escape."""
    return apsides_m(position_ecef_m, inertial_velocity(position_ecef_m, velocity_ecef_mps))[0]


def apsides_m(position_m: Floats, velocity_mps: Floats) -> tuple[Floats, Floats]:
    """Farthest and nearest radius of inertial two-body orbits (..., 3) -> (...), m.

    Source: the vis-viva equation and the conserved angular momentum (Vallado, 1.3).
    """
    momentum = np.cross(position_m, velocity_mps)
    parameter = dot(momentum, momentum) / MU_M3PS2
    energy = 0.5 * dot(velocity_mps, velocity_mps) - MU_M3PS2 / norm(position_m)
    eccentricity = np.sqrt(np.maximum(1.0 + 2.0 * energy * parameter / MU_M3PS2, 0.0))
    bound = np.where(energy < 0.0, 1.0 - eccentricity, 1.0)
    farthest = np.where(energy < 0.0, parameter / np.maximum(bound, 1e-12), np.inf)
    return farthest, np.asarray(parameter / (1.0 + eccentricity))


def _anomaly(cosine: Floats) -> Floats:
    """True anomaly in [0, pi]; NaN where the orbit has no such radius."""
    return np.where(np.abs(cosine) <= 1.0, np.arccos(np.clip(cosine, -1.0, 1.0)), np.nan)


def _mean_anomaly(true_anomaly: Floats, eccentricity: Floats) -> Floats:
    """Mean anomaly of an ellipse, of true anomalies in [0, 2 pi]."""
    sine = np.sqrt(np.maximum(1.0 - eccentricity**2, 0.0)) * np.sin(true_anomaly)
    eccentric = np.arctan2(sine, eccentricity + np.cos(true_anomaly)) % (2.0 * np.pi)
    return np.asarray(eccentric - eccentricity * np.sin(eccentric))


def _turned_back(place: Floats, time_s: Floats) -> Floats:
    """Inertial places seen from the Earth, which has turned on meanwhile."""
    angle = EARTH_ROTATION_RADPS * time_s
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y, z = place[..., 0], place[..., 1], place[..., 2]
    return np.stack([cosine * x + sine * y, cosine * y - sine * x, z], axis=-1)
