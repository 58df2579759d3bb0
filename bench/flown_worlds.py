"""The flight of 2022-10-03 over two made-up sensors, flown and seen many times."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from heapq import merge
from importlib.resources import files
from itertools import count
from math import radians

from bongsu.adapters.plots.published_flights import published_flights
from bongsu.exercise.flight_figures import FlightFigures, flight_figures
from bongsu.exercise.flown_truth import truth_of
from bongsu.exercise.known_flight import Sighting
from bongsu.exercise.published_scenario import scenario_for_flight
from bongsu.exercise.scenario import Scenario, ScenarioSensor
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.sensors import plots_of_scan, scan_of
from bongsu.exercise.truth import Truth, TruthObject
from bongsu.tracking.infrared.eye import MISSED_SCANS
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NationId, SensorId, UtcNs, after_seconds, seconds_between

FLIGHT = "NK-2022-10-03-01"
AFTER_BURNOUT_S = 62.0

# Made up: a geostationary sensor over 105 degrees east, and a radar 500 km from the launch.
EYE = ScenarioSensor(
    site=SensorSite(
        sensor_id=SensorId("XA-IR-1"),
        nation=NationId("XA"),
        kind=SensorKind.INFRARED,
        latitude_rad=0.0,
        longitude_rad=radians(105.0),
        height_m=35_786e3,
        sigmas=(30e-6, 30e-6),
        scan_interval_s=1.0,
        detection_probability=0.95,
        clutter_per_scan=1.0,
        cloud_height_m=8_000.0,
    ),
    scan_offset_s=0.25,
)
RADAR = ScenarioSensor(
    site=SensorSite(
        sensor_id=SensorId("XA-RADAR-1"),
        nation=NationId("XA"),
        kind=SensorKind.RADAR,
        latitude_rad=radians(36.35),
        longitude_rad=radians(128.35),
        height_m=100.0,
        sigmas=(30.0, 1e-3, 1e-3),
        scan_interval_s=1.0,
        detection_probability=0.9,
        clutter_per_scan=4.0,
        maximum_range_m=2_000e3,
        minimum_elevation_rad=radians(2.0),
    ),
    scan_offset_s=0.5,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlownWorld:
    """One truth: the published figures met by a vehicle and a wind of its own."""

    scenario: Scenario
    truth: Truth

    @property
    def payload(self) -> TruthObject:
        return self.truth.payload(self.scenario.flights[0].flight_id)

    @property
    def figures(self) -> FlightFigures:
        return flight_figures(self.payload)

    def since_launch_s(self, at: UtcNs) -> float:
        return seconds_between(at, self.payload.launched_at)

    def at(self, since_launch_s: float) -> UtcNs:
        return after_seconds(self.payload.launched_at, since_launch_s)

    def batches(
        self, sensors: tuple[ScenarioSensor, ...], until_s: float, *, seed: int
    ) -> Iterator[PlotBatch]:
        """All scans until so long after the launch, in the order of observation."""
        streams = (self._stream(sensor, until_s, seed) for sensor in sensors)
        return merge(*streams, key=lambda batch: batch.observed_at)

    def sightings(
        self, sensors: tuple[ScenarioSensor, ...], until_s: float, *, seed: int
    ) -> list[Sighting]:
        """The payload's own plots among them: what a bound may use."""
        payload = self.truth.objects.index(self.payload)
        found = [
            Sighting(
                time_s=seconds,
                site=sensor.site,
                unseen_s=(1.0 + MISSED_SCANS) * sensor.site.scan_interval_s,
            )
            for sensor in sensors
            for number, seconds in self._scan_times(sensor, until_s)
            if payload in scan_of(sensor, self.truth, number, seed=seed).origin
        ]
        return sorted(found, key=lambda sighting: sighting.time_s)

    def _scan_times(self, sensor: ScenarioSensor, until_s: float) -> Iterator[tuple[int, float]]:
        for number in count():
            seconds = self.since_launch_s(sensor.observed_at(number, start=self.truth.start))
            if seconds > until_s:
                return
            yield number, seconds

    def _stream(self, sensor: ScenarioSensor, until_s: float, seed: int) -> Iterator[PlotBatch]:
        for number, _ in self._scan_times(sensor, until_s):
            yield plots_of_scan(sensor, self.truth, number, seed=seed)


def flown_worlds(*, first_seed: int = 0) -> Iterator[FlownWorld]:
    """Every published flight with figures of its own that a generic boost meets, scattered anew."""
    known = [one for one in published_flights() if one.apogee_m and one.range_m]
    distinct = {(one.type, one.apogee_m, one.range_m): one.id for one in known}
    for seed, flight_id in enumerate(distinct.values(), first_seed):
        with suppress(LocalMisuse):  # no generic boost meets its figures with that scatter
            yield flown_world(seed, flight_id)


@cache
def flown_world(seed: int, flight_id: str = FLIGHT) -> FlownWorld:
    """A flight with the seed's scatter of thrust, burn, pitch, wind and drag."""
    published = {flight.id: flight for flight in published_flights()}
    text = files("bongsu.exercise").joinpath("data/demo.toml").read_text(encoding="utf-8")
    template = parse_scenario(text, published=published)
    scenario = scenario_for_flight(published[flight_id], template, seed=seed)
    scenario = replace(scenario, sensors=(EYE, RADAR))
    return FlownWorld(scenario=scenario, truth=truth_of(scenario))
