"""Oracle: where the true flight falls, which is always somewhere in its fan."""

import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    LAUNCH_PLACE,
    LONG_SHOT,
    SHORT_SHOT,
    TWO_STAGES,
    Figures,
    burnout_s,
    flown,
    ground_point,
)

from bongsu.physics.geodesy import geodesic_inverse
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS, generic_ensemble
from bongsu.tracking.fall.fan_prediction import boost_fan
from bongsu.vocabulary.estimates import Fan, GeoPoint

ENSEMBLE = generic_ensemble()
ALL_KINDS = np.full(len(GENERIC_BOOSTS), 1.0 / len(GENERIC_BOOSTS))
SPREAD = np.diag([1e3**2] * 3 + [50.0**2] * 3)


def fan_at(figures: Figures, seconds: float, kinds: np.ndarray = ALL_KINDS) -> Fan:
    state = flown(figures).state_at(seconds)
    return boost_fan(ENSEMBLE, state, SPREAD, kinds, LAUNCH_PLACE, np.radians(2.0))


def holds(fan: Fan, place: GeoPoint) -> bool:
    distance, azimuth, _ = geodesic_inverse(
        fan.origin.latitude_rad, fan.origin.longitude_rad, place.latitude_rad, place.longitude_rad
    )
    off = abs((float(azimuth) - fan.azimuth_rad + np.pi) % (2.0 * np.pi) - np.pi)
    near_enough = fan.minimum_range_m <= float(distance) <= fan.maximum_range_m
    return near_enough and off <= fan.half_width_rad


@pytest.mark.parametrize("figures", [LONG_SHOT, SHORT_SHOT, TWO_STAGES])
@pytest.mark.parametrize("before_burnout_s", [30.0, 5.0, 0.5])
def test_the_fan_holds_the_place_of_impact(figures: Figures, before_burnout_s: float) -> None:
    flight = flown(figures)
    impact = ground_point(flight.state_ecef[-1, :3])
    assert holds(fan_at(figures, burnout_s(flight) - before_burnout_s), impact)


def test_it_begins_where_an_engine_that_stops_at_once_lets_it_fall() -> None:
    early, late = fan_at(LONG_SHOT, 80.0), fan_at(LONG_SHOT, 140.0)
    assert early.minimum_range_m < 500e3 < late.minimum_range_m < 4_500e3


def test_knowing_the_kind_makes_it_shorter() -> None:
    short_ranged = np.zeros(len(GENERIC_BOOSTS))
    short_ranged[1] = 1.0
    assert fan_at(LONG_SHOT, 70.0, short_ranged).maximum_range_m < 2_000e3
    assert fan_at(LONG_SHOT, 70.0).maximum_range_m > 5_000e3


def test_a_kind_that_never_flew_so_is_not_a_reason_to_say_nothing() -> None:
    short_ranged = np.zeros(len(GENERIC_BOOSTS))
    short_ranged[0] = 1.0
    fan = fan_at(LONG_SHOT, 140.0, short_ranged)
    assert fan.minimum_range_m < fan.maximum_range_m
    assert np.isfinite(fan.half_width_rad)


def test_an_unknown_direction_is_a_full_circle() -> None:
    state = flown(LONG_SHOT).state_at(60.0)
    fan = boost_fan(ENSEMBLE, state, SPREAD, ALL_KINDS, LAUNCH_PLACE, np.radians(100.0))
    assert fan.half_width_rad == np.pi
