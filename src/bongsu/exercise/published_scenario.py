"""Any published flight in the world of a template scenario."""

import re
from dataclasses import replace
from math import pi
from typing import Final

import numpy as np

from bongsu.exercise.scenario import Scenario, ScenarioFlight, ScenarioSensor
from bongsu.exercise.scenario_flights import published_scenario_flight
from bongsu.physics.geodesic_lines import geodesic_direct
from bongsu.vocabulary.published_flight import PublishedFlight
from bongsu.vocabulary.units import UtcNs, after_seconds

LEAD_S: Final = 30.0  # the scenario starts this long before the launch
ABEAM_M: Final = 100_000.0  # of the fall point, where a ship sees the last kilometres
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def scenario_for_flight(
    flight: PublishedFlight, template: Scenario, *, seed: int | None = None
) -> Scenario:
    """The template's nations, links, sensors and places around one published flight.

    What moves with the flight is made up, as the sensors are: each sensor marked
    `near_fall_point` goes 100 km abeam (to the right) of the fall point that the published
    range and bearing give, at its own height, land or sea. The flight keeps its published
    instant; where only a day was published it is launched at 00:00 UTC of that day, and
    where not even a day was, at the template's own time. Places stay: those that the ground
    track does not come near are reported as not reached.
    Raises LocalMisuse where a figure that makes the flight was not published, or where the
    flight is known not to be ballistic.
    """
    flown = published_scenario_flight(flight, launch_delay_s=LEAD_S)
    launch_at = _launch_at(flight, template)
    return replace(
        template,
        name=f"EXERCISE: the published flight {flight.id}",
        seed=template.seed if seed is None else seed,
        start=after_seconds(launch_at, -LEAD_S),
        flights=(flown,),
        sensors=tuple(_placed(sensor, flown) for sensor in template.sensors),
    )


def _launch_at(flight: PublishedFlight, template: Scenario) -> UtcNs:
    if flight.launched_at is not None:
        return flight.launched_at
    if _DAY.fullmatch(flight.date_utc):
        return UtcNs(int(np.datetime64(flight.date_utc, "ns").astype(np.int64)))
    return template.launch_at(template.flights[0])


def _placed(sensor: ScenarioSensor, flight: ScenarioFlight) -> ScenarioSensor:
    if not sensor.near_fall_point:
        return sensor
    latitude, longitude, onward = geodesic_direct(
        flight.latitude_rad, flight.longitude_rad, flight.bearing_rad, flight.range_m
    )
    latitude, longitude, _ = geodesic_direct(latitude, longitude, onward + 0.5 * pi, ABEAM_M)
    site = replace(sensor.site, latitude_rad=float(latitude), longitude_rad=float(longitude))
    return replace(sensor, site=site)
