"""Where an object may still come down that does not fall freely: a sector, never a point.

What bounds it is its energy and the lift that a body can have for its drag. Glides in which lift
balances weight, from the present energy, straight on and in steady turns to either side, reach
the edge; everything before it can be reached too, by coming down earlier. The sector begins a
little behind the object: a tight turn may end there.
Sources: Lu and Xue, J. Guidance, Control and Dynamics 33 (2010), for constant banks as the edge
of the footprint; Eggers, Allen and Neice, NACA Report 1382 (1957), for the glide.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesic_lines import geodesic_direct
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.gravity import MU_M3PS2
from bongsu.tracking.arrays import Floats
from bongsu.tracking.fall.unpowered_arc import arc_end, inertial_velocity
from bongsu.vocabulary.estimates import Fan, GeoPoint

GREATEST_LIFT_TO_DRAG: Final = 3.0  # published figures for gliders are near 2.6
SIGMAS: Final = 2.4  # of place and speed
LEAVES_AIR_M: Final = 80e3  # above it an object first has to come down
FASTEST: Final = 0.95  # of the square of a circular orbit's speed; beyond it comes round the Earth
LEFT_OVER: Final = 5e-4  # of it, when the glide is over
LEAST_HALF_WIDTH_RAD: Final = float(np.radians(3.0))
TIGHTER: Final = 1.3  # a turn in a dive, than one in which lift still balances weight
BEHIND: Final = 0.1  # of the reach: so far behind the object a tight turn may end
FARTHEST_M: Final = 18_000e3
_BANKS_RAD: Final = np.radians(np.linspace(0.0, 80.0, 9))
_STEPS: Final = 60


def footprints(state: Floats, covariance: Floats) -> Sequence[Fan]:
    """The reachable area of states (n, 6) ECEF with covariances (n, 6, 6)."""
    latitude, longitude, height = ecef_to_geodetic(state[:, :3])
    sigma_m = SIGMAS * np.sqrt(np.trace(covariance[:, :3, :3], axis1=1, axis2=2))
    sigma_mps = SIGMAS * np.sqrt(np.trace(covariance[:, 3:, 3:], axis1=1, axis2=2))
    east, north = np.einsum("nij,nj->in", enu_axes(latitude, longitude)[:, :2], state[:, 3:])
    distance, turned = _edges(_ratio(state, height, sigma_mps))
    reach = np.minimum(distance + sigma_m + _before_the_air_m(state, height), FARTHEST_M)
    course = np.arctan2(east, north)
    behind = BEHIND * reach
    latitude, longitude, onward = geodesic_direct(latitude, longitude, course + np.pi, behind)
    sideways = np.arctan2(sigma_mps, np.maximum(np.hypot(east, north), 1.0))
    half = np.minimum(TIGHTER * turned + sideways + LEAST_HALF_WIDTH_RAD, np.pi)
    columns = zip(
        latitude.tolist(),
        longitude.tolist(),
        ((onward + np.pi) % (2.0 * np.pi)).tolist(),
        half.tolist(),
        (reach + behind).tolist(),
        strict=True,
    )
    return tuple(
        Fan(
            origin=GeoPoint(latitude_rad=origin_north, longitude_rad=origin_east),
            azimuth_rad=azimuth,
            half_width_rad=width,
            minimum_range_m=0.0,
            maximum_range_m=farthest,
        )
        for origin_north, origin_east, azimuth, width, farthest in columns
    )


def _ratio(state: Floats, height_m: Floats, sigma_mps: Floats) -> Floats:
    """Energy (n,) above the ground: a speed squared over that of a circular orbit."""
    inertial = norm(inertial_velocity(state[:, :3], state[:, 3:]))
    speed = np.maximum(inertial, norm(state[:, 3:])) + sigma_mps
    fallen = 2.0 * MU_M3PS2 / MEAN_RADIUS_M**2 * np.maximum(height_m, 0.0)
    squared = (speed**2 + fallen) * MEAN_RADIUS_M / MU_M3PS2
    return np.clip(squared, 2.0 * LEFT_OVER, FASTEST)


def _edges(ratio: Floats) -> tuple[Floats, Floats]:
    """Farthest distance (m) and bearing off the course (rad) of glides from ratios (n,).

    On a sphere on which the course is the equator, in equal steps of the logarithm of the
    squared speed.
    """
    course = np.zeros((len(ratio), len(_BANKS_RAD)))
    along, across = np.zeros_like(course), np.zeros_like(course)
    farthest, turned = np.zeros(len(ratio)), np.zeros(len(ratio))
    part = np.log(ratio / LEFT_OVER) / _STEPS
    squared = ratio.copy()
    for _ in range(_STEPS):
        later = squared * np.exp(-part)
        middle = 0.5 * (squared + later)
        turn = 0.5 * GREATEST_LIFT_TO_DRAG * np.sin(_BANKS_RAD) * part[:, None]
        way = 0.5 * GREATEST_LIFT_TO_DRAG * np.cos(_BANKS_RAD)
        way = way * ((squared - later) / (1.0 - middle))[:, None]
        heading = course + 0.5 * turn
        onward = way * np.cos(heading) / np.cos(across)
        course = course + turn - np.sin(across) * onward
        along, across = along + onward, across + way * np.sin(heading)
        squared = later
        ahead = np.cos(across) * np.sin(along)
        angle = np.arccos(np.clip(np.cos(across) * np.cos(along), -1.0, 1.0))
        farthest = np.maximum(farthest, angle.max(axis=1))
        turned = np.maximum(turned, np.abs(np.arctan2(np.sin(across), ahead)).max(axis=1))
    return farthest * MEAN_RADIUS_M, turned


def _before_the_air_m(state: Floats, height_m: Floats) -> Floats:
    """How far it goes freely before there is air to glide in, at most: (n,)."""
    end = arc_end(state[:, :3], state[:, 3:])
    place = np.where(np.isfinite(end.position_ecef_m), end.position_ecef_m, -state[:, :3])
    cosine = np.vecdot(place, state[:, :3]) / (norm(place) * norm(state[:, :3]))
    way = MEAN_RADIUS_M * np.arccos(np.clip(cosine, -1.0, 1.0))
    return np.where(height_m > LEAVES_AIR_M, way, 0.0)
