"""Where, when and in which direction an object was launched, as its hypotheses have it."""

from typing import Final

import numpy as np

from bongsu.physics.geodesy import geodesic_inverse
from bongsu.tracking.area import ellipses_of, points_under
from bongsu.tracking.arrays import Floats
from bongsu.tracking.boost_prior import Reference
from bongsu.tracking.boost_state import LAUNCH_PLACE, LAUNCH_TIME, POSITION, SIZE
from bongsu.vocabulary.estimates import LaunchEstimate
from bongsu.vocabulary.units import UtcNs, after_seconds

SHORTEST_BASE_M: Final = 500.0  # nearer to the launch place a direction means nothing
LARGEST_SIGMA_AZIMUTH_RAD: Final = float(np.pi / np.sqrt(3.0))  # of a direction quite unknown


def launch_estimate(
    state: Floats, covariance: Floats, reference: Reference, reference_at: UtcNs
) -> LaunchEstimate:
    """The launch from one state (SIZE,) with covariance (SIZE, SIZE).

    The azimuth is that of the shortest line from the launch point to the point below the
    object: while it is boosted, the direction in which it was sent. Later the Earth's rotation
    bends the ground track by degrees.
    """
    pad = reference.ecef_m(np.array([*state[LAUNCH_PLACE], 0.0]))
    point, below = points_under(np.stack([pad, state[POSITION]]))
    _, azimuth, _ = geodesic_inverse(
        point.latitude_rad, point.longitude_rad, below.latitude_rad, below.longitude_rad
    )
    return LaunchEstimate(
        point=point,
        ellipse=ellipses_of(covariance[None, LAUNCH_PLACE, LAUNCH_PLACE])[0],
        at=after_seconds(reference_at, float(state[LAUNCH_TIME])),
        sigma_time_s=float(np.sqrt(covariance[LAUNCH_TIME, LAUNCH_TIME])),
        azimuth_rad=float(azimuth) % (2.0 * np.pi),
        sigma_azimuth_rad=_sigma_azimuth_rad(state, covariance, reference),
    )


def _sigma_azimuth_rad(state: Floats, covariance: Floats, reference: Reference) -> float:
    base = reference.enu_m(state[POSITION])[:2] - state[LAUNCH_PLACE]
    length = float(np.hypot(*base))
    across = np.array([base[1], -base[0]]) / max(length, 1.0)
    turn = across / max(length, SHORTEST_BASE_M)
    slope = np.zeros(SIZE)
    slope[POSITION] = turn @ reference.axes_enu[:2]
    slope[LAUNCH_PLACE] = -turn
    sigma = float(np.sqrt(slope @ covariance @ slope))
    return min(sigma, LARGEST_SIGMA_AZIMUTH_RAD)
