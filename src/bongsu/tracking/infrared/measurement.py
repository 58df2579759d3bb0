"""Overhead infrared: the two nadir angles of a line of sight, and what it can and cannot see.

The angles are those of `vocabulary.sensor.SensorSite`: in the local east-north-up frame of
the satellite's place, atan2(east, -up) and atan2(north, -up) of the line of sight.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from bongsu.physics.arrays import Floats, Mask, dot, norm, unit
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import (
    EQUATORIAL_RADIUS_M,
    POLAR_RADIUS_M,
    ecef_to_geodetic,
    geodetic_to_ecef,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorKind, SensorSite

HEIGHT_ITERATIONS: Final = 6
TO_SPHERE: Final = np.array([1.0, 1.0, EQUATORIAL_RADIUS_M / POLAR_RADIUS_M])


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraredView:
    """One infrared sensor's place and axes, computed once."""

    site: SensorSite
    position_ecef_m: Floats  # (3,)
    axes_enu: Floats  # (3, 3) rows east, north, up

    @classmethod
    def of(cls, site: SensorSite) -> Self:
        """The view from a site; raises LocalMisuse where it is not infrared."""
        if site.kind is not SensorKind.INFRARED or len(site.sigmas) != 2:
            raise LocalMisuse(
                f"Sensor {site.sensor_id} is no infrared sensor with two sigmas",
                remedy="Give it kind infrared and one sigma for each of the two angles",
            )
        place = geodetic_to_ecef(site.latitude_rad, site.longitude_rad, site.height_m)
        axes = enu_axes(site.latitude_rad, site.longitude_rad)
        return cls(site=site, position_ecef_m=place, axes_enu=axes)


def angles_of(view: InfraredView, position_ecef_m: Floats) -> tuple[Floats, Floats]:
    """Nadir angles of positions, and their derivatives by position.

    position_ecef_m: (..., 3). Returns angles (..., 2), rad, and Jacobian (..., 2, 3), rad/m.
    """
    east, north, up = np.moveaxis((position_ecef_m - view.position_ecef_m) @ view.axes_enu.T, -1, 0)
    down = -up
    angles = np.stack([np.arctan2(east, down), np.arctan2(north, down)], axis=-1)
    local = np.zeros((*east.shape, 2, 3))
    east_squared, north_squared = east**2 + down**2, north**2 + down**2
    local[..., 0, 0], local[..., 0, 2] = down / east_squared, east / east_squared
    local[..., 1, 1], local[..., 1, 2] = down / north_squared, north / north_squared
    return angles, local @ view.axes_enu


def line_of_sight_ecef(view: InfraredView, angles_rad: Floats) -> Floats:
    """Unit vectors from the satellite along nadir angles (..., 2), below 90 degrees; (..., 3)."""
    tangents = np.tan(angles_rad)
    local = np.concatenate([tangents, -np.ones((*tangents.shape[:-1], 1))], axis=-1)
    return np.asarray(unit(local) @ view.axes_enu)


def points_at_height(
    view: InfraredView, angles_rad: Floats, height_m: Floats
) -> tuple[Floats, Mask]:
    """Where lines of sight first reach a height above the ellipsoid.

    angles_rad: (..., 2); height_m: (...), broadcast. Returns points (..., 3) ECEF and the
    mask of those that meet it at all; a line that misses gives its point nearest to the Earth.
    """
    direction = line_of_sight_ecef(view, angles_rad)
    distance, meets = _to_scaled_sphere(view.position_ecef_m, direction, height_m)
    for _ in range(HEIGHT_ITERATIONS):
        point = view.position_ecef_m + distance[..., None] * direction
        latitude, longitude, height = ecef_to_geodetic(point)
        sinking = dot(enu_axes(latitude, longitude)[..., 2, :], direction)
        steep = np.where(np.abs(sinking) > 1e-3, sinking, -1.0)
        distance = distance - np.where(meets, (height - height_m) / steep, 0.0)
    return view.position_ecef_m + distance[..., None] * direction, meets


def believable_angles(view: InfraredView, angles_rad: Floats) -> Mask:
    """Which plots (m, 2) are finite and look at the Earth or past its edge by half its size."""
    half_rad = np.arcsin(EQUATORIAL_RADIUS_M / (EQUATORIAL_RADIUS_M + view.site.height_m))
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(angles_rad) < 1.5 * half_rad).all(axis=-1))


def is_occulted(view: InfraredView, position_ecef_m: Floats) -> Mask:
    """Whether the Earth stands between the satellite and each position (..., 3) -> (...)."""
    offset = position_ecef_m - view.position_ecef_m
    distance, meets = _to_scaled_sphere(view.position_ecef_m, unit(offset), np.asarray(0.0))
    return np.asarray(meets & (distance < norm(offset) - 1.0))


def can_see_burning(view: InfraredView, position_ecef_m: Floats, height_m: Floats) -> Mask:
    """Whether a burning engine at positions (..., 3) of known heights (...) would be seen."""
    above = height_m > view.site.cloud_height_m
    return np.asarray(above & ~is_occulted(view, position_ecef_m))


def _to_scaled_sphere(
    origin_ecef_m: Floats, direction_ecef: Floats, height_m: Floats
) -> tuple[Floats, Mask]:
    """Distance to the near side of the ellipsoid grown by a height, and whether it is met.

    Stretching the polar axis turns the ellipsoid into a sphere and keeps lines straight.
    """
    origin, direction = origin_ecef_m * TO_SPHERE, direction_ecef * TO_SPHERE
    squared = dot(direction, direction)
    along = dot(direction, np.broadcast_to(origin, direction.shape)) / squared
    beyond = (origin @ origin - (EQUATORIAL_RADIUS_M + height_m) ** 2) / squared
    root = along**2 - beyond
    distance = -along - np.sqrt(np.maximum(root, 0.0))
    return distance, np.asarray((root >= 0.0) & (distance > 0.0))
