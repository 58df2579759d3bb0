"""Where, when and in which direction an object was launched, as its hypotheses have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.geodesy import geodesic_inverse
from bongsu.tracking.arrays import Floats
from bongsu.tracking.boost.state import LAUNCH_PLACE, LAUNCH_TIME, POSITION, SIZE
from bongsu.tracking.launch.reference_place import Reference
from bongsu.tracking.outlook.area import ellipses_of, points_under
from bongsu.vocabulary.estimates import LaunchEstimate
from bongsu.vocabulary.units import UtcNs, after_seconds

SHORTEST_BASE_M: Final = 500.0  # nearer to the launch place a direction means nothing
LARGEST_SIGMA_AZIMUTH_RAD: Final = float(np.pi / np.sqrt(3.0))  # of a direction quite unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchState:
    """What a bank knows of one track's launch."""

    state: Floats  # (SIZE,)
    covariance: Floats  # (SIZE, SIZE)
    reference: Reference
    reference_at: UtcNs


def launch_estimates(known: Sequence[LaunchState]) -> Sequence[LaunchEstimate]:
    """The launches that states with their covariances tell of.

    The azimuth is that of the shortest line from the launch point to the point below the
    object: while it is boosted, the direction in which it was sent. Later the Earth's rotation
    bends the ground track by degrees.
    """
    if not known:
        return ()
    pads = [one.reference.ecef_m(np.array([*one.state[LAUNCH_PLACE], 0.0])) for one in known]
    points = points_under(np.stack(pads))
    below = points_under(np.stack([one.state[POSITION] for one in known]))
    _, azimuths, _ = geodesic_inverse(
        np.array([point.latitude_rad for point in points]),
        np.array([point.longitude_rad for point in points]),
        np.array([point.latitude_rad for point in below]),
        np.array([point.longitude_rad for point in below]),
    )
    ellipses = ellipses_of(np.stack([one.covariance[LAUNCH_PLACE, LAUNCH_PLACE] for one in known]))
    return tuple(
        LaunchEstimate(
            point=point,
            ellipse=ellipse,
            at=after_seconds(one.reference_at, float(one.state[LAUNCH_TIME])),
            sigma_time_s=float(np.sqrt(one.covariance[LAUNCH_TIME, LAUNCH_TIME])),
            azimuth_rad=azimuth % (2.0 * np.pi),
            sigma_azimuth_rad=sigma_azimuth_rad(one),
        )
        for one, point, ellipse, azimuth in zip(
            known, points, ellipses, azimuths.tolist(), strict=True
        )
    )


def sigma_azimuth_rad(known: LaunchState) -> float:
    """One standard deviation of the direction from the launch point to the object."""
    base = known.reference.enu_m(known.state[POSITION])[:2] - known.state[LAUNCH_PLACE]
    length = float(np.hypot(*base))
    across = np.array([base[1], -base[0]]) / length if length > 1.0 else np.array([1.0, 0.0])
    turn = across / max(length, SHORTEST_BASE_M)
    slope = np.zeros(SIZE)
    slope[POSITION] = turn @ known.reference.axes_enu[:2]
    slope[LAUNCH_PLACE] = -turn
    sigma = float(np.sqrt(slope @ known.covariance @ slope))
    return min(sigma, LARGEST_SIGMA_AZIMUTH_RAD)
