"""A scenario's flights: taken from the published list, or given figure by figure."""

from collections.abc import Mapping
from dataclasses import replace
from math import radians
from typing import Final

from bongsu.exercise.scenario import ScenarioFlight
from bongsu.exercise.scenario_format import FlightTable, LiftTable
from bongsu.exercise.scenario_refusal import refused
from bongsu.physics.flight_claims import Verdict, check_flight
from bongsu.physics.impulsive_arc import class_by_energy
from bongsu.physics.lift import LiftFigures
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.published_flight import PublishedFlight

LIST_REMEDY: Final = "`bongsu flight list` shows the published flights and what is known of each."

_FIGURES: Final = {
    "object_class": "class",
    "apogee_km": "apogee_km",
    "range_km": "range_km",
    "latitude_deg": "latitude_deg",
    "longitude_deg": "longitude_deg",
    "bearing_deg": "bearing_deg",
}


def flight_of(
    table: FlightTable, *, path: str, published: Mapping[str, PublishedFlight]
) -> ScenarioFlight:
    """The flight that a table of the scenario asks for; LocalMisuse names `path`."""
    given = [name for name in (*_FIGURES, "lift") if getattr(table, name) is not None]
    if table.published_id is None:
        return _explicit_flight(table, path=path)
    if given:
        raise refused(
            f"{path}.{_FIGURES.get(given[0], given[0])}",
            "stands beside published_id",
            remedy="Name a published flight or give its figures, not both.",
        )
    flight = published.get(table.published_id)
    if flight is None:
        raise refused(
            f"{path}.published_id",
            f"is {table.published_id!r}, which is no published flight",
            remedy=LIST_REMEDY,
        )
    return published_scenario_flight(
        flight, flight_id=table.id, launch_delay_s=table.launch_delay_s
    )


def published_scenario_flight(
    flight: PublishedFlight, *, launch_delay_s: float, flight_id: str | None = None
) -> ScenarioFlight:
    """A published flight as a scenario flies it; without a class, that of its energy.

    Raises LocalMisuse where a figure that makes the flight was never published, and where the
    published figures are those of no ballistic flight.
    """
    apogee_m, range_m, bearing_rad = flight.apogee_m, flight.range_m, flight.bearing_rad
    if apogee_m is None or range_m is None or bearing_rad is None:
        needed = {"apogee": apogee_m, "range": range_m, "bearing": bearing_rad}
        missing = ", ".join(name for name, value in needed.items() if value is None)
        raise LocalMisuse(f"Flight {flight.id} has no published {missing}", remedy=LIST_REMEDY)
    # The path alone is judged: without a time of flight no model is flown for the verdict.
    claim = check_flight(replace(flight, flight_time_s=None))
    if claim.verdict is Verdict.NOT_BALLISTIC:
        raise LocalMisuse(
            f"Flight {flight.id} is not ballistic: {claim.reason}", remedy=LIST_REMEDY
        )
    return ScenarioFlight(
        flight_id=flight_id or flight.id,
        object_class=flight.object_class or class_by_energy(apogee_m, range_m),
        apogee_m=apogee_m,
        range_m=range_m,
        latitude_rad=flight.latitude_rad,
        longitude_rad=flight.longitude_rad,
        bearing_rad=bearing_rad,
        launch_delay_s=launch_delay_s,
        published_id=flight.id,
        published_type=flight.type,
        published_flight_time_s=flight.flight_time_s,
    )


def _explicit_flight(table: FlightTable, *, path: str) -> ScenarioFlight:
    if (
        table.id is None
        or table.object_class is None
        or table.apogee_km is None
        or table.range_km is None
        or table.latitude_deg is None
        or table.longitude_deg is None
        or table.bearing_deg is None
    ):
        fields = {"id": "id", **_FIGURES}
        missing = next(name for field, name in fields.items() if getattr(table, field) is None)
        raise refused(
            f"{path}.{missing}",
            "is missing",
            remedy="Give published_id, or id and every figure of the flight.",
        )
    return ScenarioFlight(
        flight_id=table.id,
        object_class=ObjectClass(table.object_class),
        apogee_m=1e3 * table.apogee_km,
        range_m=1e3 * table.range_km,
        latitude_rad=radians(table.latitude_deg),
        longitude_rad=radians(table.longitude_deg),
        bearing_rad=radians(table.bearing_deg),
        launch_delay_s=table.launch_delay_s,
        lift=None if table.lift is None else _lift_of(table.lift),
    )


def _lift_of(table: LiftTable) -> LiftFigures:
    return LiftFigures(
        lift_to_drag=table.lift_to_drag,
        ballistic_coefficient_kgpm2=table.ballistic_coefficient_kgpm2,
        bank_rad=radians(table.bank_deg),
        skips=table.skips,
        ends_at_mps=table.ends_at_mps,
    )
