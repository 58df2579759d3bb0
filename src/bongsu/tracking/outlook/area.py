"""Areas on the ground from covariances."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.tracking.arrays import Floats
from bongsu.vocabulary.estimates import Ellipse, GeoPoint

PROBABILITY: Final = 0.95
SIGMAS: Final = float(np.sqrt(-2.0 * np.log(1.0 - PROBABILITY)))  # of two normal components
LEAST_SIGMA_M: Final = 20.0


def ellipses_of(covariance_en_m2: Floats) -> Sequence[Ellipse]:
    """The smallest areas that hold normally spread places with 95 %.

    covariance_en_m2: (n, 2, 2) of east and north.
    """
    variances, axes = np.linalg.eigh(covariance_en_m2)
    sizes = SIGMAS * np.sqrt(np.maximum(variances, LEAST_SIGMA_M**2))
    azimuths = np.arctan2(axes[:, 0, 1], axes[:, 1, 1]) % np.pi
    return tuple(
        Ellipse(
            semi_major_m=major, semi_minor_m=minor, azimuth_rad=azimuth, probability=PROBABILITY
        )
        for (minor, major), azimuth in zip(sizes.tolist(), azimuths.tolist(), strict=True)
    )


def points_under(position_ecef_m: Floats) -> Sequence[GeoPoint]:
    """The places on the ellipsoid under positions (n, 3)."""
    latitude, longitude, _ = ecef_to_geodetic(position_ecef_m)
    pairs = zip(latitude.tolist(), longitude.tolist(), strict=True)
    return tuple(GeoPoint(latitude_rad=north, longitude_rad=east) for north, east in pairs)
