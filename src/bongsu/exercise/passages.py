"""When a flight passes over a place, or comes down there."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from bongsu.exercise.scenario import Place
from bongsu.exercise.truth import PAYLOAD, Truth, TruthObject
from bongsu.physics.arrays import Floats, norm
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.vocabulary.units import UtcNs, after_seconds

COARSE_S = 2.0
FINE_S = 0.05


class PassageKind(Enum):
    OVERFLIGHT = "overflight"
    IMPACT = "impact"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The moment at which an object's ground track is nearest to a place."""

    place: Place
    flight_id: str
    object_name: str
    launched_at: UtcNs
    kind: PassageKind
    at: UtcNs
    distance_m: float  # along the ellipsoid, from the place to the ground track
    height_m: float  # of the object at that moment


def passages(places: tuple[Place, ...], truth: Truth) -> tuple[Passage, ...]:
    """One for each place and flight, and one for each spent stage that falls at a place."""
    flown = [passage_of(place, body) for body in truth.objects for place in places]
    return tuple(one for one in flown if one.object_name == PAYLOAD or _falls_there(one))


def passage_of(place: Place, body: TruthObject) -> Passage:
    """The passage of one object at one place."""
    time_s = _nearest_s(place, body)
    latitude, longitude, height = ecef_to_geodetic(body.position_at(time_s))
    distance = _distance_m(place, latitude, longitude)
    fall = body.falls_at
    fall_distance = _distance_m(place, fall.latitude_rad, fall.longitude_rad)
    if body.path.landed and fall_distance <= place.radius_m:
        kind = PassageKind.IMPACT
    elif distance <= place.radius_m:
        kind = PassageKind.OVERFLIGHT
    else:
        kind = PassageKind.NOT_REACHED
    return Passage(
        place=place,
        flight_id=body.flight_id,
        object_name=body.name,
        launched_at=body.launched_at,
        kind=kind,
        at=after_seconds(body.launched_at, time_s),
        distance_m=float(distance),
        height_m=float(height),
    )


def _falls_there(passage: Passage) -> bool:
    return passage.kind is PassageKind.IMPACT


def _distance_m(place: Place, latitude: Floats | float, longitude: Floats | float) -> Floats:
    point = place.point
    return geodesic_inverse(point.latitude_rad, point.longitude_rad, latitude, longitude)[0]


def _nearest_s(place: Place, body: TruthObject) -> float:
    """Seconds after launch, found on a coarse and then on a fine grid of the path."""
    begin, end = body.begins_s, body.ends_s
    coarse = np.linspace(begin, end, _count(end - begin, COARSE_S))
    middle = float(coarse[_nearest_row(place, body.position_at(coarse))])
    low, high = max(begin, middle - COARSE_S), min(end, middle + COARSE_S)
    fine = np.linspace(low, high, _count(high - low, FINE_S))
    return float(fine[_nearest_row(place, body.position_at(fine))])


def _count(duration_s: float, step_s: float) -> int:
    return int(np.ceil(duration_s / step_s)) + 2


def _nearest_row(place: Place, position: Floats) -> int:
    """By the chord between points on the ellipsoid, whose order is that of the distance."""
    latitude, longitude, _ = ecef_to_geodetic(position)
    point = place.point
    centre = geodetic_to_ecef(point.latitude_rad, point.longitude_rad, 0.0)
    return int(np.argmin(norm(geodetic_to_ecef(latitude, longitude, 0.0) - centre)))
