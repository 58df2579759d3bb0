"""The unpowered arc: a shot straight from the surface of a round, turning Earth, in vacuum.

It is the idealisation that bounds every ballistic flight from below in time: a real vehicle
needs time to gain the speed that the shot has at once.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.frames import EARTH_ROTATION_RADPS
from bongsu.physics.gravity import MU_M3PS2
from bongsu.vocabulary.estimates import ObjectClass

ROTATION_ITERATIONS: Final = 30
CLASS_LIMITS: Final = (
    (1_000e3, ObjectClass.SRBM),
    (3_000e3, ObjectClass.MRBM),
    (5_500e3, ObjectClass.IRBM),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpulsiveArc:
    """Kepler arcs that leave a sphere and return to it, (...) each."""

    time_s: Floats
    speed_mps: Floats  # at launch, inertial
    elevation_rad: Floats  # of that velocity
    central_angle_rad: Floats  # inertial, from launch to impact


def kepler_arc(apogee_m: FloatsLike, central_angle_rad: FloatsLike) -> ImpulsiveArc:
    """The ellipse about the Earth's centre with this apogee over this angle from ground to ground.

    apogee_m: (...), above the sphere of mean radius, > 0; central_angle_rad: (...), in [0, pi].
    Source: the orbit equation r = p / (1 + e cos nu) at both ends and at the apogee, and
    Kepler's equation between them (Vallado, 2.2).
    """
    apogee, angle = np.broadcast_arrays(
        np.asarray(apogee_m, dtype=np.float64), np.asarray(central_angle_rad, dtype=np.float64)
    )
    radius, highest = MEAN_RADIUS_M, MEAN_RADIUS_M + apogee
    # Differences of nearly equal numbers are written out, so that low and short arcs hold too.
    sagitta = 2.0 * radius * np.sin(angle / 4.0) ** 2
    eccentricity = apogee / (apogee + sagitta)
    roundness = sagitta / (apogee + sagitta)  # 1 - eccentricity
    semi_major = highest / (1.0 + eccentricity)
    # The eccentric anomaly, counted from the apogee.
    part = apogee * (1.0 + eccentricity) / (2.0 * highest * eccentricity)
    anomaly = 2.0 * np.arcsin(np.sqrt(np.minimum(part, 1.0)))
    mean_motion = np.sqrt(MU_M3PS2 / semi_major**3)
    time = 2.0 * (anomaly + eccentricity * np.sin(anomaly)) / mean_motion
    speed = np.sqrt(MU_M3PS2 * (2.0 * apogee / radius + roundness) / highest)
    momentum = np.sqrt(MU_M3PS2 * highest * roundness)
    elevation = np.arccos(np.clip(momentum / (radius * speed), 0.0, 1.0))
    return ImpulsiveArc(
        time_s=time, speed_mps=speed, elevation_rad=elevation, central_angle_rad=angle
    )


def impulsive_arc(
    apogee_m: FloatsLike,
    range_m: FloatsLike,
    latitude_rad: FloatsLike,
    bearing_rad: FloatsLike,
) -> ImpulsiveArc:
    """The arc whose ends lie a range and bearing apart on the turning Earth.

    All (...), broadcast. The place of impact turns east while the shot is in flight, so the
    inertial angle depends on the time of flight; both are found together by fixed-point
    iteration (the time changes by far less than the angle).
    """
    apogee, distance, latitude, bearing = np.broadcast_arrays(
        *(np.asarray(v, dtype=np.float64) for v in (apogee_m, range_m, latitude_rad, bearing_rad))
    )
    ground = distance / MEAN_RADIUS_M
    sine_end = np.sin(latitude) * np.cos(ground) + np.cos(latitude) * np.sin(ground) * np.cos(
        bearing
    )
    east = np.sin(ground) * np.sin(bearing)
    north = np.cos(latitude) * np.cos(ground) - np.sin(latitude) * np.sin(ground) * np.cos(bearing)
    longitude, cosine_end = np.arctan2(east, north), np.hypot(east, north)
    arc = kepler_arc(apogee, ground)
    for _ in range(ROTATION_ITERATIONS):
        turned = longitude + EARTH_ROTATION_RADPS * arc.time_s
        cosine = np.sin(latitude) * sine_end + np.cos(latitude) * cosine_end * np.cos(turned)
        arc = kepler_arc(apogee, np.arccos(np.clip(cosine, -1.0, 1.0)))
    return arc


def class_by_energy(apogee_m: float, range_m: float) -> ObjectClass:
    """The class whose ranges the same launch speed reaches at its best elevation.

    Source of the greatest range for a speed: sin(angle / 2) = q / (2 - q), with q the square
    of the speed over that of a circular orbit (Wheelon, ARS Journal 29, 1959).
    """
    speed = float(kepler_arc(apogee_m, range_m / MEAN_RADIUS_M).speed_mps)
    energy = speed**2 * MEAN_RADIUS_M / MU_M3PS2
    if energy >= 1.0:
        return ObjectClass.ICBM
    reach_m = 2.0 * MEAN_RADIUS_M * float(np.arcsin(energy / (2.0 - energy)))
    for limit_m, object_class in CLASS_LIMITS:
        if reach_m < limit_m:
            return object_class
    return ObjectClass.ICBM
