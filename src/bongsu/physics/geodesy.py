"""Places on and above the WGS 84 ellipsoid, and the shortest lines between them."""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, dot, norm
from bongsu.physics.ellipsoid import (
    ECCENTRICITY_SQUARED,
    EQUATORIAL_RADIUS_M,
    FLATTENING,
    MEAN_RADIUS_M,
    POLAR_RADIUS_M,
    SECOND_ECCENTRICITY_SQUARED,
)
from bongsu.physics.geodesic_lines import geodesic_direct, geodesic_inverse

__all__ = [
    "ECCENTRICITY_SQUARED",
    "EQUATORIAL_RADIUS_M",
    "FLATTENING",
    "MEAN_RADIUS_M",
    "POLAR_RADIUS_M",
    "SECOND_ECCENTRICITY_SQUARED",
    "climb_mps",
    "ecef_to_geodetic",
    "geodesic_direct",
    "geodesic_inverse",
    "geodetic_to_ecef",
    "height_above_ellipsoid_m",
    "height_along_radius_m",
    "height_gradient",
]

BOWRING_ITERATIONS: Final = 4  # 1e-12 rad from the Earth's core to beyond the Moon


def geodetic_to_ecef(
    latitude_rad: FloatsLike, longitude_rad: FloatsLike, height_m: FloatsLike
) -> Floats:
    """Earth-centred, Earth-fixed position of a geodetic place.

    Latitude, longitude, height above the ellipsoid: (...) each, broadcast together.
    Returns (..., 3), metres. Source: NGA.STND.0036 (WGS 84), 4.2.
    """
    latitude, longitude, height = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (latitude_rad, longitude_rad, height_m))
    )
    sine = np.sin(latitude)
    normal = EQUATORIAL_RADIUS_M / np.sqrt(1.0 - ECCENTRICITY_SQUARED * sine**2)
    from_axis = (normal + height) * np.cos(latitude)
    north = (normal * (1.0 - ECCENTRICITY_SQUARED) + height) * sine
    return np.stack([from_axis * np.cos(longitude), from_axis * np.sin(longitude), north], axis=-1)


def ecef_to_geodetic(position_ecef_m: FloatsLike) -> tuple[Floats, Floats, Floats]:
    """Geodetic latitude, longitude (rad) and height (m) of Earth-fixed positions.

    position_ecef_m: (..., 3), farther than 50 km from the Earth's centre.
    Returns three arrays (...); at a pole the longitude is that of atan2(0, 0).
    Source: B. R. Bowring, Survey Review 23 (1976), iterated on the parametric latitude.
    """
    position = np.asarray(position_ecef_m, dtype=np.float64)
    from_axis = np.hypot(position[..., 0], position[..., 1])
    north = position[..., 2]
    parametric = np.arctan2(north * EQUATORIAL_RADIUS_M, from_axis * POLAR_RADIUS_M)
    for _ in range(BOWRING_ITERATIONS):
        latitude = np.arctan2(
            north + SECOND_ECCENTRICITY_SQUARED * POLAR_RADIUS_M * np.sin(parametric) ** 3,
            from_axis - ECCENTRICITY_SQUARED * EQUATORIAL_RADIUS_M * np.cos(parametric) ** 3,
        )
        parametric = np.arctan2((1.0 - FLATTENING) * np.sin(latitude), np.cos(latitude))
    sine, cosine = np.sin(latitude), np.cos(latitude)
    to_surface = EQUATORIAL_RADIUS_M * np.sqrt(1.0 - ECCENTRICITY_SQUARED * sine**2)
    height = from_axis * cosine + north * sine - to_surface
    return latitude, np.arctan2(position[..., 1], position[..., 0]), height


def height_above_ellipsoid_m(position_ecef_m: Floats) -> Floats:
    """Height above the ellipsoid, measured along the radius: fast, for force models.

    position_ecef_m: (..., 3). Returns (...), metres. Differs from the geodetic height by
    less than 6e-6 of it, since radius and normal part by at most 0.2 degrees.
    """
    squared, north = dot(position_ecef_m, position_ecef_m), position_ecef_m[..., 2]
    return height_along_radius_m(np.sqrt(squared), north * north / np.maximum(squared, 1.0))


def height_along_radius_m(radius_m: Floats, sine_squared: Floats) -> Floats:
    """`height_above_ellipsoid_m` of a radius (...) and the squared sine (...) of its latitude."""
    height: Floats = radius_m - EQUATORIAL_RADIUS_M / np.sqrt(
        1.0 + SECOND_ECCENTRICITY_SQUARED * sine_squared
    )
    return height


def height_gradient(position_ecef_m: Floats) -> Floats:
    """Derivative of `height_above_ellipsoid_m` by position, (..., 3) -> (..., 3): up, nearly."""
    radius = np.maximum(norm(position_ecef_m), 1.0)
    gradient: Floats = position_ecef_m / radius[..., None]
    sine = gradient[..., 2].copy()
    stretch = (1.0 + SECOND_ECCENTRICITY_SQUARED * sine * sine) ** -1.5
    bulge = EQUATORIAL_RADIUS_M * SECOND_ECCENTRICITY_SQUARED * stretch * sine / radius
    gradient *= (1.0 - bulge * sine)[..., None]
    gradient[..., 2] += bulge
    return gradient


def climb_mps(position_ecef_m: Floats, velocity_ecef_mps: Floats) -> Floats:
    """Rate of change of `height_above_ellipsoid_m`: (..., 3) each -> (...), m/s."""
    return dot(height_gradient(position_ecef_m), velocity_ecef_mps)
