"""The place on the ground from which a track's launch place is counted."""

from dataclasses import dataclass

import numpy as np

from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.tracking.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The place on the ellipsoid from which a track's launch place is counted."""

    latitude_rad: float
    longitude_rad: float
    position_ecef_m: Floats  # (3,)
    axes_enu: Floats  # (3, 3) rows east, north, up

    def enu_m(self, position_ecef_m: Floats) -> Floats:
        """Positions (..., 3) in the local frame of the place."""
        return np.asarray((position_ecef_m - self.position_ecef_m) @ self.axes_enu.T)

    def ecef_m(self, position_enu_m: Floats) -> Floats:
        """The inverse of `enu_m`."""
        return np.asarray(self.position_ecef_m + position_enu_m @ self.axes_enu)


def reference_under(position_ecef_m: Floats) -> Reference:
    """The place on the ellipsoid under a position (3,)."""
    latitude, longitude, _ = ecef_to_geodetic(position_ecef_m)
    return Reference(
        latitude_rad=float(latitude),
        longitude_rad=float(longitude),
        position_ecef_m=geodetic_to_ecef(latitude, longitude, 0.0),
        axes_enu=enu_axes(latitude, longitude),
    )
