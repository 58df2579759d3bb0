"""What a track lets one say about where an object came from and where it goes."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.units import UtcNs


class ObjectClass(Enum):
    """By range, as published practice has it; a launcher of satellites has none."""

    SRBM = "SRBM"  # below 1,000 km
    MRBM = "MRBM"  # 1,000 to 3,000 km
    IRBM = "IRBM"  # 3,000 to 5,500 km
    ICBM = "ICBM"  # above 5,500 km
    SLV = "SLV"  # satellite launch vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoPoint:
    """A place on the WGS 84 ellipsoid (geodetic latitude)."""

    latitude_rad: float
    longitude_rad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """Area that holds the place with the stated probability."""

    semi_major_m: float
    semi_minor_m: float
    azimuth_rad: float  # of the major axis, clockwise from true north, in [0, pi)
    probability: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchEstimate:
    """Where, when and in which direction it was launched."""

    point: GeoPoint
    ellipse: Ellipse
    at: UtcNs
    sigma_time_s: float
    azimuth_rad: float
    sigma_azimuth_rad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactEstimate:
    """Where and when it falls, as predicted; never an observation."""

    point: GeoPoint
    ellipse: Ellipse
    at: UtcNs
    sigma_time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Where it may fall while there is no ground yet for a point."""

    origin: GeoPoint
    azimuth_rad: float
    half_width_rad: float
    minimum_range_m: float
    maximum_range_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """Overall figures of the flight, each with one standard deviation."""

    apogee_m: float
    sigma_apogee_m: float
    range_m: float
    sigma_range_m: float
    flight_time_s: float
    sigma_flight_time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassProbability:
    """How probable one class of object is."""

    object_class: ObjectClass
    probability: float
