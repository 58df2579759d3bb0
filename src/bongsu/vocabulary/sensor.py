"""What is known about a sensor before it has seen anything."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.units import NationId, SensorId


class SensorKind(Enum):
    """The kind is the phenomenology: one kind alone warns, another kind confirms."""

    RADAR = "radar"  # (range_m, azimuth_rad, elevation_rad), and where given range_rate_mps
    INFRARED = "infrared"  # (east_angle_rad, north_angle_rad) from the nadir, see SensorSite


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorSite:
    """A sensor's place and its stated quality.

    Radar measures, in the local east-north-up frame of its place (WGS 84 normal):
    slant range, azimuth clockwise from true north in (-pi, pi], elevation.
    Infrared measures, in the same local frame of its (geostationary) place, the two
    angles atan2(east, -up) and atan2(north, -up) of the line of sight: zero is the nadir.
    `sigmas` are one standard deviation per measured component, in its unit; the range rate,
    above zero for what goes away, has its own, and a plot may come without it.
    """

    sensor_id: SensorId
    nation: NationId
    kind: SensorKind
    latitude_rad: float
    longitude_rad: float
    height_m: float  # above the WGS 84 ellipsoid
    sigmas: tuple[float, ...]
    scan_interval_s: float
    detection_probability: float
    clutter_per_scan: float = 0.0  # mean number of false plots
    maximum_range_m: float = 0.0  # radar only; 0 where it has no meaning
    minimum_elevation_rad: float = 0.0  # radar only
    cloud_height_m: float = 0.0  # infrared only: sees nothing below
    # Radar only: objects nearer than this in range, azimuth and elevation, all three, are one
    # plot. Zeros where it is not known, and then everything is taken for told apart.
    resolution: tuple[float, float, float] = (0.0, 0.0, 0.0)
    split_probability: float = 0.0  # radar only: of one object being two plots in a scan
    sigma_range_rate_mps: float = 0.0  # radar only; 0 where it measures none
    greatest_speed_mps: float = 0.0  # radar only: of its platform; above 0 each batch says where

    @property
    def components(self) -> int:
        """How many numbers a plot has at most."""
        return len(self.sigmas) + (self.sigma_range_rate_mps > 0.0)
