"""The least time in which anything can fly ballistically to an apogee and a range.

The floor is the time of an impulsive shot from the surface: it has all its speed at once,
while a real vehicle still gathers it. Rotation is kept: the place of impact turns east during
the flight, so that a shot to the west is the shortest. Where the bearing of the launch is
known, the least time within 5 degrees of it counts; where it is not, the least of all azimuths.
"""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.impulsive_arc import impulsive_arc, kepler_arc
from bongsu.vocabulary.errors import LocalMisuse

# The round Earth's arc against shots over the ellipsoid with J2, from the equator to 80
# degrees and up to 10,000 km: at most 0.17 % longer. A floor has to stay below both.
OBLATENESS_MARGIN: Final = 0.002
BEARING_TOLERANCE_RAD: Final = float(np.radians(5.0))
AZIMUTH_STEP_RAD: Final = float(np.radians(1.0))
RANGES: Final = 5  # tried between the edges: to the west, a longer range can be quicker

# Below this part of the elevation of least energy a path is called low. In the published list
# all flights of glide and pull-up types beyond 500 km lie there; of the ballistic types no
# flight that succeeded does.
LOW_ELEVATION: Final = 0.6


def flight_time_floor_s(
    *,
    apogee_m: float,
    range_m: float,
    latitude_rad: float,
    bearing_rad: float | None = None,
    apogee_rounding_m: float = 0.0,
    range_rounding_m: float = 0.0,
) -> float:
    """Least time (s) from the surface up to an apogee and down at a range, in the turning frame.

    Apogee and range count with the edges of their roundings that make the floor lower.
    Raises LocalMisuse unless both are above 0, finite, and the range is on the Earth.
    """
    if not (0.0 < apogee_m < np.inf and 0.0 < range_m <= np.pi * MEAN_RADIUS_M):
        raise LocalMisuse(
            f"There is no floor for an apogee of {apogee_m / 1e3:g} km and a range of "
            f"{range_m / 1e3:g} km",
            remedy="Give an apogee above 0 and a range up to half the Earth's circumference",
        )
    lowest_m = max(apogee_m - apogee_rounding_m, 0.5 * apogee_m)
    shortest_m = max(range_m - range_rounding_m, 0.0)
    longest_m = min(range_m + range_rounding_m, np.pi * MEAN_RADIUS_M)
    arc = impulsive_arc(
        lowest_m,
        np.linspace(shortest_m, longest_m, RANGES)[:, None],
        latitude_rad,
        _azimuths(bearing_rad)[None, :],
    )
    return float(np.min(arc.time_s)) * (1.0 - OBLATENESS_MARGIN)


def least_ballistic_apogee_m(range_m: float) -> float:
    """Apogee (m) below which a path of this range is low: gliding, pulled up or still powered.

    Its launch elevation is 0.6 of that of the path of least energy, (pi - angle) / 4 over a
    central angle (Wheelon, ARS Journal 29, 1959). Found by bisection.
    """
    angle = range_m / MEAN_RADIUS_M
    elevation = LOW_ELEVATION * (np.pi - angle) / 4.0
    low, high = 1.0, 20.0 * MEAN_RADIUS_M
    for _ in range(60):
        middle = 0.5 * (low + high)
        if float(kepler_arc(middle, angle).elevation_rad) < elevation:
            low = middle
        else:
            high = middle
    return high


def _azimuths(bearing_rad: float | None) -> Floats:
    if bearing_rad is None:
        return np.asarray(np.arange(0.0, 2.0 * np.pi, AZIMUTH_STEP_RAD))
    steps = round(BEARING_TOLERANCE_RAD / AZIMUTH_STEP_RAD)
    return np.asarray(bearing_rad + AZIMUTH_STEP_RAD * np.arange(-steps, steps + 1))
