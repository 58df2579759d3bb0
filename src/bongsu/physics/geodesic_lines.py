"""Shortest lines on the WGS 84 ellipsoid: the direct and the inverse problem, batched.

Both use the series of T. Vincenty, Survey Review 23 (1975) no. 176. His inverse does not
converge for pairs that are almost antipodal; those are solved by bisecting the azimuth,
which C. F. F. Karney, J. Geodesy 87 (2013), section 4, shows to have one root.
"""

from typing import Final, NamedTuple

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, Mask
from bongsu.physics.ellipsoid import FLATTENING, POLAR_RADIUS_M, SECOND_ECCENTRICITY_SQUARED
from bongsu.vocabulary.errors import LocalMisuse

CONVERGED_RAD: Final = 1e-13
DIRECT_ITERATIONS: Final = 30
INVERSE_ITERATIONS: Final = 40
BELOW_EQUATOR_RAD: Final = 1e-200
BISECTIONS: Final = 60  # pi / 2^60 is below what float64 can tell apart


class Arc(NamedTuple):
    """A line on the auxiliary sphere: arc length, its middle, and its azimuth at the equator."""

    sigma: Floats
    cosine_double_middle: Floats
    sine_equator: Floats

    @property
    def cosine_equator_squared(self) -> Floats:
        squared: Floats = np.maximum(1.0 - self.sine_equator**2, 0.0)
        return squared


def geodesic_direct(
    latitude_rad: FloatsLike,
    longitude_rad: FloatsLike,
    azimuth_rad: FloatsLike,
    distance_m: FloatsLike,
) -> tuple[Floats, Floats, Floats]:
    """Where a shortest line of given start, azimuth and length ends.

    All (...), broadcast; azimuth clockwise from true north. Returns latitude, longitude in
    [-pi, pi) and the forward azimuth at the end in [-pi, pi), rad.
    Raises LocalMisuse where a value is not finite.
    """
    latitude, longitude, azimuth, distance = _finite(
        latitude_rad, longitude_rad, azimuth_rad, distance_m
    )
    sine_u, cosine_u = _reduced(latitude)
    sine_azimuth, cosine_azimuth = np.sin(azimuth), np.cos(azimuth)
    sine_equator = cosine_u * sine_azimuth
    sigma_start = np.arctan2(sine_u, cosine_u * cosine_azimuth)
    sphere_length, bend = _length_series(1.0 - sine_equator**2)
    sigma_first = distance / (POLAR_RADIUS_M * sphere_length)
    sigma = sigma_first
    for _ in range(DIRECT_ITERATIONS):
        middle = np.cos(2.0 * sigma_start + sigma)
        updated = sigma_first + _sigma_correction(bend, sigma, middle)
        if np.all(np.abs(updated - sigma) < CONVERGED_RAD):
            break
        sigma = updated
    arc = Arc(sigma, np.cos(2.0 * sigma_start + sigma), sine_equator)
    sine, cosine = np.sin(sigma), np.cos(sigma)
    along = sine_u * sine - cosine_u * cosine * cosine_azimuth
    end_latitude = np.arctan2(
        sine_u * cosine + cosine_u * sine * cosine_azimuth,
        (1.0 - FLATTENING) * np.hypot(sine_equator, along),
    )
    sphere_longitude = np.arctan2(
        sine * sine_azimuth, cosine_u * cosine - sine_u * sine * cosine_azimuth
    )
    end_longitude = _wrap(longitude + sphere_longitude - _longitude_lag(arc))
    return end_latitude, end_longitude, _wrap(np.arctan2(sine_equator, -along))


def geodesic_inverse(
    latitude1_rad: FloatsLike,
    longitude1_rad: FloatsLike,
    latitude2_rad: FloatsLike,
    longitude2_rad: FloatsLike,
) -> tuple[Floats, Floats, Floats]:
    """Length of the shortest line between two places, and its forward azimuths at both ends.

    All (...), broadcast. Returns distance (m), azimuth at the first and at the second place
    in [-pi, pi) (rad); equal places give 0 m and azimuth 0.
    Raises LocalMisuse where a value is not finite.
    """
    first, longitude1, second, longitude2 = _finite(
        latitude1_rad, longitude1_rad, latitude2_rad, longitude2_rad
    )
    difference = _wrap(longitude2 - longitude1)
    distance, azimuth1, azimuth2, converged = _vincenty_inverse(first, second, difference)
    if not converged.all():
        far = ~converged
        solved = _antipodal_inverse(first[far], second[far], difference[far])
        distance[far], azimuth1[far], azimuth2[far] = solved
    return distance, azimuth1, azimuth2


def _vincenty_inverse(
    latitude1: Floats, latitude2: Floats, difference: Floats
) -> tuple[Floats, Floats, Floats, Mask]:
    (sine1, cosine1), (sine2, cosine2) = _reduced(latitude1), _reduced(latitude2)
    sphere_longitude = difference
    for _ in range(INVERSE_ITERATIONS):
        across = cosine2 * np.sin(sphere_longitude)
        along = cosine1 * sine2 - sine1 * cosine2 * np.cos(sphere_longitude)
        sine = np.hypot(across, along)
        cosine = sine1 * sine2 + cosine1 * cosine2 * np.cos(sphere_longitude)
        arc = _arc_of_sides(sine, cosine, cosine1 * across, sine1 * sine2)
        updated = difference + _longitude_lag(arc)
        change = np.abs(updated - sphere_longitude)
        sphere_longitude = updated
        if np.all(change < CONVERGED_RAD):
            break
    converged = (change < CONVERGED_RAD) & (np.abs(sphere_longitude) <= np.pi)
    azimuth1 = np.arctan2(across, along)
    azimuth2 = np.arctan2(
        cosine1 * np.sin(sphere_longitude),
        cosine1 * sine2 * np.cos(sphere_longitude) - sine1 * cosine2,
    )
    return np.asarray(_length_m(arc)), np.asarray(azimuth1), np.asarray(azimuth2), converged


def _arc_of_sides(sine: Floats, cosine: Floats, numerator: Floats, product: Floats) -> Arc:
    """Vincenty's (14) to (18); a line along the equator has no middle: its cosine is 0."""
    sine_equator = numerator / np.where(sine > 0.0, sine, 1.0)
    squared = np.maximum(1.0 - sine_equator**2, 0.0)
    flat = squared < 1e-30
    middle = np.where(flat, 0.0, cosine - 2.0 * product / np.where(flat, 1.0, squared))
    return Arc(np.arctan2(sine, cosine), middle, sine_equator)


def _antipodal_inverse(
    latitude1: Floats, latitude2: Floats, difference: Floats
) -> tuple[Floats, Floats, Floats]:
    """Bisects the azimuth at the place farther from the equator, which is put in the south."""
    swap = np.abs(latitude1) < np.abs(latitude2)
    start, end = np.where(swap, latitude2, latitude1), np.where(swap, latitude1, latitude2)
    north = start > 0.0
    start, end = np.where(north, -start, start), np.where(north, -end, end)
    start = np.minimum(start, -BELOW_EQUATOR_RAD)  # says from which side the arc is counted
    low, high = np.zeros_like(start), np.full_like(start, np.pi)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        short = _sphere_line(start, end, middle)[1] < np.abs(difference)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    azimuth1 = 0.5 * (low + high)
    arc, _, azimuth2 = _sphere_line(start, end, azimuth1)
    azimuth1, azimuth2 = (
        np.where(swap, np.pi - azimuth2, azimuth1),
        np.where(swap, np.pi - azimuth1, azimuth2),
    )
    azimuth1 = np.where(north, np.pi - azimuth1, azimuth1)
    azimuth2 = np.where(north, np.pi - azimuth2, azimuth2)
    sign = np.where(difference < 0.0, -1.0, 1.0)
    return _length_m(arc), sign * azimuth1, sign * azimuth2


def _sphere_line(start: Floats, end: Floats, azimuth1: Floats) -> tuple[Arc, Floats, Floats]:
    """The line that leaves `start` at `azimuth1` up to latitude `end`: arc, longitude, azimuth."""
    (sine1, cosine1), (sine2, cosine2) = _reduced(start), _reduced(end)
    sine_equator = np.sin(azimuth1) * cosine1
    north1 = np.cos(azimuth1) * cosine1
    north2 = np.sqrt(np.maximum(north1**2 + (cosine2**2 - cosine1**2), 0.0))
    sigma1, sigma2 = np.arctan2(sine1, north1), np.arctan2(sine2, north2)
    omega1 = np.arctan2(sine_equator * np.sin(sigma1), np.cos(sigma1))
    omega2 = np.arctan2(sine_equator * np.sin(sigma2), np.cos(sigma2))
    arc = Arc(sigma2 - sigma1, np.cos(sigma1 + sigma2), sine_equator)
    return arc, omega2 - omega1 - _longitude_lag(arc), np.arctan2(sine_equator, north2)


def _reduced(latitude: Floats) -> tuple[Floats, Floats]:
    """Sine and cosine of the reduced latitude; exact at the poles."""
    sine, cosine = (1.0 - FLATTENING) * np.sin(latitude), np.cos(latitude)
    length = np.hypot(sine, cosine)
    return sine / length, cosine / length


def _length_series(cosine_equator_squared: Floats) -> tuple[Floats, Floats]:
    """Vincenty's A and B, (3) and (4)."""
    u2 = np.maximum(cosine_equator_squared, 0.0) * SECOND_ECCENTRICITY_SQUARED
    length = 1.0 + u2 / 16384.0 * (4096.0 + u2 * (-768.0 + u2 * (320.0 - 175.0 * u2)))
    bend = u2 / 1024.0 * (256.0 + u2 * (-128.0 + u2 * (74.0 - 47.0 * u2)))
    return length, bend


def _sigma_correction(bend: Floats, sigma: Floats, middle: Floats) -> Floats:
    """Vincenty's (6)."""
    sine, cosine = np.sin(sigma), np.cos(sigma)
    third = bend / 6.0 * middle * (-3.0 + 4.0 * sine**2) * (-3.0 + 4.0 * middle**2)
    second = bend / 4.0 * (cosine * (-1.0 + 2.0 * middle**2) - third)
    correction: Floats = bend * sine * (middle + second)
    return correction


def _longitude_lag(arc: Arc) -> Floats:
    """By how much the longitude on the sphere exceeds that on the ellipsoid: (10), (11)."""
    squared = arc.cosine_equator_squared
    c = FLATTENING / 16.0 * squared * (4.0 + FLATTENING * (4.0 - 3.0 * squared))
    middle = arc.cosine_double_middle
    inner = middle + c * np.cos(arc.sigma) * (-1.0 + 2.0 * middle**2)
    lag: Floats = (
        (1.0 - c) * FLATTENING * arc.sine_equator * (arc.sigma + c * np.sin(arc.sigma) * inner)
    )
    return lag


def _length_m(arc: Arc) -> Floats:
    length, bend = _length_series(arc.cosine_equator_squared)
    correction = _sigma_correction(bend, arc.sigma, arc.cosine_double_middle)
    distance: Floats = POLAR_RADIUS_M * length * (arc.sigma - correction)
    return distance


def _wrap(angle: Floats) -> Floats:
    wrapped: Floats = np.mod(angle + np.pi, 2.0 * np.pi) - np.pi
    return wrapped


def _finite(*values: FloatsLike) -> tuple[Floats, ...]:
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    if not all(np.isfinite(array).all() for array in arrays):
        raise LocalMisuse(
            "A latitude, longitude, azimuth or distance is NaN or infinite",
            remedy="Drop that row before asking for a line",
        )
    return arrays
