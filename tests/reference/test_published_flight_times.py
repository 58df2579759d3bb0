"""The flight model against published flights: time is never fitted, apogee and range are."""

from statistics import median

import pytest

from bongsu.adapters.plots.published_flights import published_flights
from bongsu.physics.boost_fit import FittedFlight, fit_flight
from bongsu.physics.flight_time_floor import least_ballistic_apogee_m
from bongsu.physics.generic_figures import PROFILE_BY_TYPE
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.published_flight import PublishedFlight

LONG_RANGE = (ObjectClass.IRBM, ObjectClass.ICBM)
FITTABLE = [
    flight
    for flight in published_flights()
    if flight.apogee_m is not None
    and flight.range_m is not None
    and flight.bearing_rad is not None
    and flight.object_class is not ObjectClass.SLV
    and flight.apogee_m >= least_ballistic_apogee_m(flight.range_m)
]
TIMED = [
    flight
    for flight in FITTABLE
    if flight.flight_time_s is not None
    and flight.object_class in LONG_RANGE
    and flight.outcome.startswith("success")
]


def fitted(flight: PublishedFlight) -> FittedFlight:
    assert flight.apogee_m is not None
    assert flight.range_m is not None
    assert flight.bearing_rad is not None
    return fit_flight(
        object_class=flight.object_class,
        apogee_m=flight.apogee_m,
        range_m=flight.range_m,
        latitude_rad=flight.latitude_rad,
        longitude_rad=flight.longitude_rad,
        bearing_rad=flight.bearing_rad,
        profile=PROFILE_BY_TYPE.get(flight.type),
    )


def test_flight_times_agree_within_four_per_cent_and_the_median_within_one_and_a_half() -> None:
    assert len(TIMED) == 6
    misses = {}
    for flight in TIMED:
        assert flight.flight_time_s is not None
        misses[flight.id] = abs(fitted(flight).flight_time_s / flight.flight_time_s - 1.0)
    assert max(misses.values()) <= 0.04, misses
    assert median(misses.values()) <= 0.015, misses


def different(flights: list[PublishedFlight]) -> list[PublishedFlight]:
    """Salvos are published with the same figures for each round: one of them is enough."""
    return list(
        {
            (PROFILE_BY_TYPE.get(one.type, one.object_class), one.apogee_m, one.range_m): one
            for one in flights
        }.values()
    )


@pytest.mark.parametrize("flight", different(FITTABLE), ids=lambda flight: flight.id)
def test_every_ballistic_flight_of_the_list_is_fitted_to_half_a_per_cent(
    flight: PublishedFlight,
) -> None:
    found = fitted(flight)
    assert found.apogee_m == pytest.approx(flight.apogee_m, rel=0.005)
    assert found.range_m == pytest.approx(flight.range_m, rel=0.005)
