"""What a scenario will show, before anyone plays it: flights, who sees what when, places."""

from collections.abc import Iterable
from math import degrees
from typing import Any

from bongsu.console.measures import utc_text
from bongsu.exercise.coverage import Sight, sights
from bongsu.exercise.flight_figures import flight_figures
from bongsu.exercise.flown_truth import truth_of
from bongsu.exercise.passages import Passage, PassageKind, passages
from bongsu.exercise.scenario import Scenario, ScenarioFlight, ScenarioSensor
from bongsu.exercise.truth import Truth
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import seconds_between


def scenario_summary(scenario: Scenario) -> dict[str, Any]:
    """The scenario flown, as JSON: degrees, km, and seconds after each flight's launch.

    Raises LocalMisuse where a flight cannot be flown.
    """
    truth = truth_of(scenario)
    return {
        "realm": scenario.realm.value,
        "name": scenario.name,
        "seed": scenario.seed,
        "start_utc": utc_text(scenario.start),
        "nations": [{"id": n.nation, "node": n.node} for n in scenario.nations],
        "links": [[link.first, link.second] for link in scenario.links],
        "flights": [_flight(flight, truth) for flight in scenario.flights],
        "sensors": list(_sensors(scenario, truth)),
        "places": [_place(passage) for passage in passages(scenario.places, truth)],
    }


def _flight(flight: ScenarioFlight, truth: Truth) -> dict[str, Any]:
    figures = flight_figures(truth.payload(flight.flight_id))
    return {
        "id": flight.flight_id,
        "class": flight.object_class.value,
        "launch_utc": utc_text(figures.launched_at),
        "apogee_km": round(figures.apogee_m / 1e3, 1),
        "range_km": round(figures.range_m / 1e3, 1),
        "flight_time_s": round(figures.flight_time_s, 1),
        "published_flight_time_s": flight.published_flight_time_s,
        "ends_of_burning_s": [round(end, 1) for end in figures.ends_of_burning_s],
        "falls_at_deg": [
            round(degrees(figures.impact_point.latitude_rad), 3),
            round(degrees(figures.impact_point.longitude_rad), 3),
        ],
    }


def _sensors(scenario: Scenario, truth: Truth) -> Iterable[dict[str, Any]]:
    seen = sights(scenario, truth)
    for sensor in scenario.sensors:
        own = [sight for sight in seen if sight.sensor == sensor]
        yield {**_site(sensor), "in_sight": [_sight(sight, truth) for sight in own]}


def _site(sensor: ScenarioSensor) -> dict[str, Any]:
    site = sensor.site
    radar = site.kind is SensorKind.RADAR
    return {
        "id": site.sensor_id,
        "nation": site.nation,
        "kind": site.kind.value,
        "latitude_deg": round(degrees(site.latitude_rad), 3),
        "longitude_deg": round(degrees(site.longitude_rad), 3),
        "scan_interval_s": site.scan_interval_s,
        "maximum_range_km": site.maximum_range_m / 1e3 if radar else None,
    }


def _sight(sight: Sight, truth: Truth) -> dict[str, Any]:
    launched_at = truth.payload(sight.flight_id).launched_at
    return {
        "flight": sight.flight_id,
        "object": sight.object_name,
        "intervals_s": [
            [round(seconds_between(instant, launched_at), 1) for instant in interval]
            for interval in sight.intervals
        ],
        "scans": sight.scans,
    }


def _place(passage: Passage) -> dict[str, Any]:
    reached = passage.kind is not PassageKind.NOT_REACHED
    return {
        "name": passage.place.name,
        "nation": passage.place.nation,
        "flight": passage.flight_id,
        "object": passage.object_name,
        "outcome": passage.kind.value,
        "at_s": round(seconds_between(passage.at, passage.launched_at), 1) if reached else None,
        "distance_km": round(passage.distance_m / 1e3, 1),
    }
