"""Frames: Earth-fixed (ECEF), local east-north-up (ENU) and inertial (ECI).

ECEF is WGS 84. ECI is the celestial intermediate frame of date (CIRS, IERS Conventions 2010,
polar motion zero): the pole is that of ECEF, and the Earth rotation angle leads from the one
to the other. UT1 is taken as UTC: they part by less than 0.9 s, which turns the whole sky by
66 microradians and leaves everything that is Earth-fixed untouched.
"""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.vocabulary.units import UtcNs

EARTH_ROTATION_RADPS: Final = 7.292115e-5  # WGS 84

NS_PER_DAY: Final = 86_400 * 1_000_000_000
J2000_UTC_NS: Final = 946_728_000 * 1_000_000_000  # 2000-01-01T12:00:00Z
TURNS_AT_J2000: Final = 0.7790572732640  # IERS Conventions 2010, (5.15)
EXTRA_TURNS_PER_DAY: Final = 0.00273781191135448


def enu_axes(latitude_rad: FloatsLike, longitude_rad: FloatsLike) -> Floats:
    """Axes of the local frame: rows east, north, up, as ECEF unit vectors.

    Geodetic latitude and longitude: (...), broadcast. Returns (..., 3, 3); multiplied from
    the left it turns ECEF directions into ENU.
    """
    latitude, longitude = np.broadcast_arrays(
        np.asarray(latitude_rad, dtype=np.float64), np.asarray(longitude_rad, dtype=np.float64)
    )
    sin_lat, cos_lat = np.sin(latitude), np.cos(latitude)
    sin_lon, cos_lon = np.sin(longitude), np.cos(longitude)
    zero = np.zeros_like(latitude)
    east = np.stack([-sin_lon, cos_lon, zero], axis=-1)
    north = np.stack([-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat], axis=-1)
    up = np.stack([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat], axis=-1)
    return np.stack([east, north, up], axis=-2)


def ecef_to_enu(
    position_ecef_m: FloatsLike,
    latitude_rad: FloatsLike,
    longitude_rad: FloatsLike,
    height_m: FloatsLike,
) -> Floats:
    """Positions seen from a geodetic place, in its local frame.

    position_ecef_m: (..., 3); the place: (...), broadcast. Returns (..., 3), metres.
    """
    offset = np.asarray(position_ecef_m, dtype=np.float64) - geodetic_to_ecef(
        latitude_rad, longitude_rad, height_m
    )
    return np.asarray(np.einsum("...ij,...j->...i", enu_axes(latitude_rad, longitude_rad), offset))


def enu_to_ecef(
    position_enu_m: FloatsLike,
    latitude_rad: FloatsLike,
    longitude_rad: FloatsLike,
    height_m: FloatsLike,
) -> Floats:
    """ECEF positions of points that are given in the local frame of a geodetic place.

    position_enu_m: (..., 3); the place: (...), broadcast. Returns (..., 3), metres.
    """
    offset = np.einsum(
        "...ji,...j->...i",
        enu_axes(latitude_rad, longitude_rad),
        np.asarray(position_enu_m, dtype=np.float64),
    )
    return np.asarray(geodetic_to_ecef(latitude_rad, longitude_rad, height_m) + offset)


def earth_rotation_angle_rad(utc_ns: UtcNs) -> float:
    """Angle from the x axis of ECI to that of ECEF, in [0, 2 pi).

    Source: IERS Conventions 2010, (5.15), UT1 taken as UTC. Days and the part of a day are
    kept apart, so that the angle is good to 1e-12 rad over a century.
    """
    days, rest_ns = divmod(utc_ns - J2000_UTC_NS, NS_PER_DAY)
    day_part = rest_ns / NS_PER_DAY
    turns = TURNS_AT_J2000 + EXTRA_TURNS_PER_DAY * days + (1.0 + EXTRA_TURNS_PER_DAY) * day_part
    return float(2.0 * np.pi * (turns % 1.0))


def ecef_to_eci(
    position_ecef_m: FloatsLike, velocity_ecef_mps: FloatsLike, angle_rad: FloatsLike
) -> tuple[Floats, Floats]:
    """Inertial position and velocity of states given in the rotating frame.

    position, velocity: (..., 3); angle_rad: (...), the Earth rotation angle of the instant.
    Returns (..., 3) each; the velocity gains the Earth's rotation.
    """
    position = np.asarray(position_ecef_m, dtype=np.float64)
    turned = np.asarray(velocity_ecef_mps, dtype=np.float64) + _carried_mps(position)
    return _about_pole(position, angle_rad), _about_pole(turned, angle_rad)


def eci_to_ecef(
    position_eci_m: FloatsLike, velocity_eci_mps: FloatsLike, angle_rad: FloatsLike
) -> tuple[Floats, Floats]:
    """Rotating-frame position and velocity of inertial states; the inverse of `ecef_to_eci`."""
    back = -np.asarray(angle_rad, dtype=np.float64)
    position = _about_pole(np.asarray(position_eci_m, dtype=np.float64), back)
    velocity = _about_pole(np.asarray(velocity_eci_mps, dtype=np.float64), back)
    return position, velocity - _carried_mps(position)


def _carried_mps(position: Floats) -> Floats:
    """Velocity of a point that turns with the Earth: rotation vector x position."""
    zero = np.zeros_like(position[..., 0])
    return EARTH_ROTATION_RADPS * np.stack([-position[..., 1], position[..., 0], zero], axis=-1)


def _about_pole(vector: Floats, angle_rad: FloatsLike) -> Floats:
    sine, cosine = np.sin(angle_rad), np.cos(angle_rad)
    x, y, z = vector[..., 0], vector[..., 1], vector[..., 2]
    turned = np.broadcast_arrays(cosine * x - sine * y, sine * x + cosine * y, z)
    return np.stack(turned, axis=-1)
