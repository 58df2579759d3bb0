"""Where the Sun stands: sunlight on clouds, in line with a sensor, has looked like a launch."""

import numpy as np

from bongsu.physics.arrays import Floats
from bongsu.physics.frames import J2000_UTC_NS, NS_PER_DAY
from bongsu.vocabulary.units import UtcNs


def sun_direction_ecef(utc_ns: UtcNs) -> Floats:
    """Unit vector (3,) from the Earth's centre to the Sun, in the rotating frame.

    Good to 0.02 degrees from 1950 to 2050; UT1 taken as UTC. Source: the low-precision
    formulas of the Astronomical Almanac, section C (mean longitude, anomaly, obliquity), with
    Greenwich mean sidereal time to lead to ECEF.
    """
    days = (utc_ns - J2000_UTC_NS) / NS_PER_DAY
    mean_longitude = np.radians(280.460 + 0.9856474 * days)
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = mean_longitude + np.radians(1.915 * np.sin(anomaly) + 0.020 * np.sin(2.0 * anomaly))
    obliquity = np.radians(23.439 - 0.0000004 * days)
    sine, cosine = np.sin(longitude), np.cos(longitude)
    sidereal = np.radians((280.46062 + 360.98564737 * days) % 360.0)
    right_ascension = np.arctan2(np.cos(obliquity) * sine, cosine)
    declination = np.arcsin(np.sin(obliquity) * sine)
    longitude_east = right_ascension - sidereal
    return np.array(
        [
            np.cos(declination) * np.cos(longitude_east),
            np.cos(declination) * np.sin(longitude_east),
            np.sin(declination),
        ]
    )
