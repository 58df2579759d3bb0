"""A scenario: the made-up world before anything happens. SI, radians and UTC inside.

`scenario_reader` makes one from TOML text; `published_scenario` fits one to any published
flight. Every scenario is of the exercise realm: there is no way to make another.
"""

from dataclasses import dataclass

from bongsu.physics.lift import LiftFigures
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint, ObjectClass
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import NationId, NodeId, SensorId, UtcNs, after_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Nation:
    """A nation that takes part, and its one node."""

    nation: NationId
    node: NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two nations whose nodes are linked directly; all other traffic goes by relay."""

    first: NationId
    second: NationId

    def joins(self, nation: NationId) -> bool:
        return nation in (self.first, self.second)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFlight:
    """A flight by its published figures: no aim point, and nothing that could be one.

    `published_flight_time_s` is never used to make the flight, only to compare with it.
    """

    flight_id: str
    object_class: ObjectClass
    apogee_m: float
    range_m: float
    latitude_rad: float  # of the launch point
    longitude_rad: float
    bearing_rad: float  # at the launch point, clockwise from true north
    launch_delay_s: float  # after the scenario's start
    published_id: str | None = None
    published_type: str = ""
    published_flight_time_s: float | None = None
    lift: LiftFigures | None = None  # then the figures are those of its fall without lift


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSensor:
    """A made-up sensor: its site as the trackers know it, and how it works off its scans.

    Scan number k (from 0) is observed at start + scan_offset_s + k * scan_interval_s; its
    plots leave the sensor `delay_s` later.
    """

    site: SensorSite
    scan_offset_s: float = 0.0
    delay_s: float = 0.0
    near_fall_point: bool = False  # moves with the flight that is chosen

    def observed_at(self, scan_number: int, *, start: UtcNs) -> UtcNs:
        """The instant of a scan; counted from the start, so that no error adds up."""
        return after_seconds(start, self.scan_offset_s + scan_number * self.site.scan_interval_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named place that must be warned before a flight passes over it or falls there."""

    name: str
    nation: NationId
    point: GeoPoint
    radius_m: float  # a ground track that comes nearer passes over the place


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Flights, sensors, nations, links and places under one seed."""

    name: str
    seed: int
    start: UtcNs
    flights: tuple[ScenarioFlight, ...]
    sensors: tuple[ScenarioSensor, ...]
    nations: tuple[Nation, ...]
    links: tuple[Link, ...]
    places: tuple[Place, ...] = ()
    linger_s: float = 60.0  # sensors go on looking after the last object came down
    realm: Realm = Realm.EXERCISE

    def __post_init__(self) -> None:
        if self.realm is not Realm.EXERCISE:
            raise LocalMisuse(
                f"A scenario of the {self.realm.value} realm was asked for",
                remedy="A scenario is made up: it can only be of the exercise realm.",
            )
        if self.seed < 0:
            raise LocalMisuse(
                f"A scenario with the seed {self.seed}", remedy="Give a seed of 0 or more."
            )

    def launch_at(self, flight: ScenarioFlight) -> UtcNs:
        return after_seconds(self.start, flight.launch_delay_s)

    def sensor(self, sensor_id: SensorId) -> ScenarioSensor:
        """The sensor of that id; raises LocalMisuse where there is none."""
        for sensor in self.sensors:
            if sensor.site.sensor_id == sensor_id:
                return sensor
        known = ", ".join(sensor.site.sensor_id for sensor in self.sensors)
        raise LocalMisuse(
            f"The scenario has no sensor {sensor_id!r}", remedy=f"Choose one of: {known}."
        )

    def sensors_of(self, nation: NationId) -> tuple[ScenarioSensor, ...]:
        return tuple(sensor for sensor in self.sensors if sensor.site.nation == nation)

    def partners_of(self, nation: NationId) -> tuple[NationId, ...]:
        """The nations that are linked directly with this one."""
        ends = ((link.first, link.second) for link in self.links if link.joins(nation))
        return tuple(second if first == nation else first for first, second in ends)
