"""Steady wind over height: something that a made-up truth holds and a tracker does not know."""

from dataclasses import dataclass

import numpy as np

from bongsu.physics.arrays import Floats
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.motion import drag_mps2, rotating_frame_mps2
from bongsu.physics.runge_kutta import Acceleration
from bongsu.vocabulary.errors import LocalMisuse


@dataclass(frozen=True, slots=True, kw_only=True)
class WindProfile:
    """Where the air moves to, east and north, at K rising heights; the ends hold beyond."""

    height_m: Floats  # (K,)
    east_mps: Floats  # (K,)
    north_mps: Floats  # (K,)

    def __post_init__(self) -> None:
        shapes = {np.shape(self.height_m), np.shape(self.east_mps), np.shape(self.north_mps)}
        values = np.concatenate(
            [np.ravel(self.height_m), np.ravel(self.east_mps), np.ravel(self.north_mps)]
        )
        if len(shapes) != 1 or not np.isfinite(values).all() or np.any(np.diff(self.height_m) <= 0):
            raise LocalMisuse(
                "A wind profile needs one finite east and north speed per height, heights rising",
                remedy="Mend the three lists of the profile",
            )

    def velocity_ecef_mps(self, position_ecef_m: Floats, height_m: Floats) -> Floats:
        """Velocity of the air against the turning Earth: (..., 3) and (...) -> (..., 3)."""
        zero = np.zeros_like(height_m)
        east = np.stack([-position_ecef_m[..., 1], position_ecef_m[..., 0], zero], axis=-1)
        east /= np.maximum(np.linalg.norm(east, axis=-1, keepdims=True), 1.0)
        up = position_ecef_m / np.linalg.norm(position_ecef_m, axis=-1, keepdims=True)
        east_mps = np.interp(height_m, self.height_m, self.east_mps)
        north_mps = np.interp(height_m, self.height_m, self.north_mps)
        north = np.cross(up, east)
        return np.asarray(east_mps[..., None] * east + north_mps[..., None] * north)


def free_flight_in_wind(ballistic_coefficient_kgpm2: float, wind: WindProfile) -> Acceleration:
    """Like `motion.free_flight_of`, in moving air."""

    def acceleration(position: Floats, velocity: Floats) -> Floats:
        height = height_above_ellipsoid_m(position)
        air = velocity - wind.velocity_ecef_mps(position, height)
        return rotating_frame_mps2(position, velocity) + drag_mps2(
            height, air, ballistic_coefficient_kgpm2
        )

    return acceleration
