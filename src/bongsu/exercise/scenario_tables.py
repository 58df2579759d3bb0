"""From the tables of a scenario file to the words that everybody uses: SI and radians."""

from math import radians

from bongsu.exercise.scenario import Link, Place, ScenarioSensor
from bongsu.exercise.scenario_format import (
    LinkTable,
    PlaceTable,
    ScenarioInfrared,
    ScenarioRadar,
)
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.sensor_tables import site_of
from bongsu.vocabulary.units import NationId


def sensor_of(table: ScenarioRadar | ScenarioInfrared) -> ScenarioSensor:
    return ScenarioSensor(
        site=site_of(table),
        scan_offset_s=table.scan_offset_s,
        delay_s=table.delay_s,
        near_fall_point=isinstance(table, ScenarioRadar) and table.near_fall_point,
    )


def link_of(table: LinkTable) -> Link:
    first, second = table.between
    return Link(first=NationId(first), second=NationId(second))


def place_of(table: PlaceTable) -> Place:
    return Place(
        name=table.name,
        nation=NationId(table.nation),
        point=GeoPoint(
            latitude_rad=radians(table.latitude_deg),
            longitude_rad=radians(table.longitude_deg),
        ),
        radius_m=table.radius_km * 1e3,
    )
