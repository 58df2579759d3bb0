"""Sun, satellite and target: the geometry in which sunlight has been taken for a launch.

Two cases count. The sun stands behind or beside the target as the satellite sees it, so that
stray and forward-scattered light falls into the optics; or cloud or sea at the target mirrors
the sun towards the satellite. Either is stated as a caveat beside a track that rests on
infrared alone; it never removes a track.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, unit
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.sun import sun_direction_ecef
from bongsu.tracking.infrared.measurement import InfraredView
from bongsu.vocabulary.units import UtcNs

HORIZON_DIP_RAD: Final = np.radians(3.0)  # cloud tops at 8 to 10 km are lit that much longer


@dataclass(frozen=True, slots=True, kw_only=True)
class SunLimits:
    """Angles within which the caveat is attached."""

    beside_sun_rad: float = np.radians(20.0)
    glint_rad: float = np.radians(10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SunGeometry:
    """How the sun stands to one line of sight."""

    beside_sun_rad: float  # between the line of sight and the sun, seen from the satellite
    glint_rad: float  # between the local vertical and the mirror's normal; pi at night


def sun_geometry(view: InfraredView, position_ecef_m: Floats, at: UtcNs) -> SunGeometry:
    """The two angles for a target at position_ecef_m (3,) at the instant `at`."""
    to_sun = np.asarray(sun_direction_ecef(at))
    to_target = unit(position_ecef_m - view.position_ecef_m)
    latitude, longitude, _ = ecef_to_geodetic(position_ecef_m)
    up = enu_axes(latitude, longitude)[2]
    mirror = unit(to_sun - to_target)
    is_lit = float(up @ to_sun) > -np.sin(HORIZON_DIP_RAD)
    return SunGeometry(
        beside_sun_rad=_angle_rad(to_target, to_sun),
        glint_rad=_angle_rad(up, mirror) if is_lit else float(np.pi),
    )


def sun_caveat(
    view: InfraredView, position_ecef_m: Floats, at: UtcNs, limits: SunLimits
) -> str | None:
    """The caveat in words, or None where the sun stands well clear."""
    geometry = sun_geometry(view, position_ecef_m, at)
    name = view.site.sensor_id
    if geometry.beside_sun_rad < limits.beside_sun_rad:
        degrees = np.degrees(geometry.beside_sun_rad)
        return f"sun {degrees:.0f} deg from the line of sight of {name}: may be stray sunlight"
    if geometry.glint_rad < limits.glint_rad:
        degrees = np.degrees(geometry.glint_rad)
        return f"sun mirrored towards {name} within {degrees:.0f} deg: may be glint"
    return None


def _angle_rad(first: Floats, second: Floats) -> float:
    return float(np.arccos(np.clip(first @ second, -1.0, 1.0)))
