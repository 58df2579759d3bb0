"""Whether a warning's own area holds a place: by what it states, and nothing else.

A new event's area begins empty and equals what its own prediction gives: the ground track from
launch to predicted impact, as wide as the stated ellipses, or the fan while there is no point.
"""

from math import asin, pi, remainder
from typing import Final

import numpy as np

from bongsu.exercise.scenario import Place
from bongsu.physics.geodesic_lines import geodesic_direct, geodesic_inverse
from bongsu.vocabulary.estimates import Fan, GeoPoint, ImpactEstimate, LaunchEstimate
from bongsu.vocabulary.seen_warning import SeenWarning

TRACK_POINTS: Final = 257
WIDEST_FAN_RAD: Final = pi / 4  # half width; a wider one tells no place apart from another


def holds(warning: SeenWarning, place: Place) -> bool:
    """Whether the reader of this warning could know that it is about the place."""
    if warning.launch is not None and warning.impact is not None:
        return _on_track(warning.launch, warning.impact, place)
    if warning.impact is not None:
        reach_m = place.radius_m + warning.impact.ellipse.semi_major_m
        return _line(warning.impact.point, place.point)[0] <= reach_m
    return warning.fan is not None and _in_fan(warning.fan, place)


def _on_track(launch: LaunchEstimate, impact: ImpactEstimate, place: Place) -> bool:
    """Within the place's radius of the shortest line, plus the ellipses' size on the way."""
    length, azimuth = _line(launch.point, impact.point)
    part = np.linspace(0.0, 1.0, TRACK_POINTS)
    latitude, longitude, _ = geodesic_direct(
        launch.point.latitude_rad, launch.point.longitude_rad, azimuth, part * length
    )
    apart_m, _, _ = geodesic_inverse(
        place.point.latitude_rad, place.point.longitude_rad, latitude, longitude
    )
    wide_m = (1.0 - part) * launch.ellipse.semi_major_m + part * impact.ellipse.semi_major_m
    half_gap_m = 0.5 * length / (TRACK_POINTS - 1)  # a point of the line may lie between two
    return bool(np.any(apart_m <= np.hypot(place.radius_m + wide_m, half_gap_m)))


def _in_fan(fan: Fan, place: Place) -> bool:
    """Between the fan's sides, moved out by the place's radius, and not beyond its range."""
    if fan.half_width_rad > WIDEST_FAN_RAD:
        return False
    distance_m, azimuth = _line(fan.origin, place.point)
    if distance_m <= place.radius_m:
        return True
    if distance_m > fan.maximum_range_m + place.radius_m:
        return False
    aside = abs(remainder(azimuth - fan.azimuth_rad, 2.0 * pi))
    return aside <= fan.half_width_rad + asin(place.radius_m / distance_m)


def _line(start: GeoPoint, end: GeoPoint) -> tuple[float, float]:
    """Length (m) and azimuth (rad) of the shortest line."""
    distance, azimuth, _ = geodesic_inverse(
        start.latitude_rad, start.longitude_rad, end.latitude_rad, end.longitude_rad
    )
    return float(distance), float(azimuth)
