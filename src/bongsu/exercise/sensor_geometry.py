"""What a made-up sensor has in sight, and what it would measure of it without noise.

Light and radio run straight here: there is no refraction, neither for the line of sight nor
in the measured angles. Heights are above the WGS 84 ellipsoid, which is also the horizon.
"""

import numpy as np

from bongsu.physics.arrays import Floats, Mask
from bongsu.physics.ellipsoid import EQUATORIAL_RADIUS_M, POLAR_RADIUS_M
from bongsu.physics.frames import ecef_to_enu
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.vocabulary.sensor import SensorKind, SensorSite

TOUCHING = 1e-9  # of the Earth's radius: a line of sight may graze, and a site may stand on it


def measured_exactly(site: SensorSite, position_ecef_m: Floats) -> Floats:
    """The components that the sensor would measure without noise.

    position_ecef_m: (N, 3). Returns (N, 3) range (m), azimuth in (-pi, pi], elevation (rad)
    of a radar, or (N, 2) angles from the nadir (rad) of an infrared sensor; see `SensorSite`.
    """
    offset = _local(site, position_ecef_m)
    east, north, up = offset[:, 0], offset[:, 1], offset[:, 2]
    if site.kind is SensorKind.INFRARED:
        return np.stack([np.arctan2(east, -up), np.arctan2(north, -up)], axis=-1)
    level = np.hypot(east, north)
    return np.stack([np.hypot(level, up), np.arctan2(east, north), np.arctan2(up, level)], axis=-1)


def range_rates_exactly(site: SensorSite, state: Floats) -> Floats:
    """How fast the slant range of each state (N, 6) from a radar grows, m/s: (N,).

    The radar and the Earth-fixed frame turn together, so the velocity in that frame counts.
    """
    radar = geodetic_to_ecef(site.latitude_rad, site.longitude_rad, site.height_m)
    offset = state[:, :3] - radar
    distance = np.maximum(np.linalg.norm(offset, axis=1), 1.0)
    return np.asarray(np.einsum("ni,ni->n", offset, state[:, 3:]) / distance)


def in_sight(site: SensorSite, position_ecef_m: Floats, burning: Mask) -> Mask:
    """Which objects the sensor could detect.

    position_ecef_m: (N, 3); burning: (N,). A radar sees what is within its range, above its
    lowest elevation and not behind the Earth. Infrared sees what burns above the clouds, below
    its own place and not behind the Earth. Rows of NaN are not in sight. Returns (N,).
    """
    exists = np.isfinite(position_ecef_m).all(axis=-1)
    seen = np.zeros(len(position_ecef_m), dtype=np.bool_)
    rows = np.flatnonzero(exists)
    if rows.size == 0:
        return seen
    position = position_ecef_m[rows]
    if site.kind is SensorKind.RADAR:
        reached = _radar_reaches(site, position)
    else:
        reached = burning[rows] & _infrared_reaches(site, position)
    seen[rows] = reached & ~behind_earth(_eye_ecef_m(site), position)
    return seen


def behind_earth(viewer_ecef_m: Floats, position_ecef_m: Floats) -> Mask:
    """Whether the straight line from a viewer to each position passes through the ellipsoid.

    viewer_ecef_m: (3,), on or above it; position_ecef_m: (N, 3). Returns (N,). The axes are
    scaled until the ellipsoid is the unit sphere; straight lines stay straight.
    """
    axes = np.array([EQUATORIAL_RADIUS_M, EQUATORIAL_RADIUS_M, POLAR_RADIUS_M])
    viewer, target = viewer_ecef_m / axes, position_ecef_m / axes
    ray = target - viewer
    length_squared = np.maximum(np.einsum("ni,ni->n", ray, ray), np.finfo(np.float64).tiny)
    nearest = np.clip(-np.einsum("i,ni->n", viewer, ray) / length_squared, 0.0, 1.0)
    lowest = viewer + nearest[:, None] * ray
    hidden: Mask = np.einsum("ni,ni->n", lowest, lowest) < (1.0 - TOUCHING) ** 2
    return hidden


def _radar_reaches(site: SensorSite, position: Floats) -> Mask:
    measured = measured_exactly(site, position)
    near = measured[:, 0] <= site.maximum_range_m
    return np.asarray(near & (measured[:, 2] >= site.minimum_elevation_rad))


def _infrared_reaches(site: SensorSite, position: Floats) -> Mask:
    above_clouds = ecef_to_geodetic(position)[2] >= site.cloud_height_m
    return np.asarray(above_clouds & (_local(site, position)[:, 2] < 0.0))


def _local(site: SensorSite, position: Floats) -> Floats:
    return ecef_to_enu(position, site.latitude_rad, site.longitude_rad, site.height_m)


def _eye_ecef_m(site: SensorSite) -> Floats:
    """The sea lies up to 106 m below the ellipsoid; a site down there looks from its surface."""
    return geodetic_to_ecef(site.latitude_rad, site.longitude_rad, max(site.height_m, 0.0))
