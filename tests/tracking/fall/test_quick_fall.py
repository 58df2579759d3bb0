"""Oracle: the physics room's fall."""

import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    LONG_SHOT,
    SHORT_SHOT,
    TWO_STAGES,
    Figures,
    burnout_s,
    flown,
)

from bongsu.physics.fall import propagate_to_impact
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking.fall.quick_fall import quick_fall

COEFFICIENTS = np.array([3_000.0, 6_000.0, 12_000.0])


@pytest.mark.parametrize("figures", [LONG_SHOT, SHORT_SHOT, TWO_STAGES])
@pytest.mark.parametrize("part", [0.0, 0.5, 0.95])
def test_it_falls_like_the_slow_one(figures: Figures, part: float) -> None:
    flight = flown(figures)
    begun_s = burnout_s(flight)
    state = np.tile(flight.state_at(begun_s + part * (flight.duration_s - begun_s)), (3, 1))
    slow = propagate_to_impact(state, ballistic_coefficient_kgpm2=COEFFICIENTS)
    quick = quick_fall(state, COEFFICIENTS, maximum_time_s=5_400.0)
    assert quick.reached.all()
    apart_m = np.linalg.norm(quick.position_ecef_m - slow.position_ecef_m, axis=1)
    assert apart_m.max() < 30.0
    assert np.abs(quick.time_s - slow.time_s).max() < 0.1


def test_what_stays_up_or_is_down_already_is_not_reached() -> None:
    place = geodetic_to_ecef(0.0, 0.0, np.array([500e3, -100.0]))
    state = np.concatenate([place, [[0.0, 7_200.0, 0.0], [0.0, 0.0, -10.0]]], axis=1)
    landings = quick_fall(state, np.full(2, 6_000.0), maximum_time_s=600.0)
    assert landings.reached.tolist() == [False, False]
    assert landings.time_s.tolist() == [600.0, 0.0]


@pytest.mark.parametrize("climb_deg", [-85.0, -45.0, -15.0, -3.0, 20.0, 50.0])
@pytest.mark.parametrize("height_m", [20e3, 50e3])
@pytest.mark.parametrize("speed_mps", [3_000.0, 6_000.0])
def test_every_way_through_the_air_is_as_right(
    climb_deg: float, height_m: float, speed_mps: float
) -> None:
    place, climb = (np.radians(40.0), np.radians(130.0)), np.radians(climb_deg)
    east, _, up = enu_axes(*place)
    velocity = speed_mps * (np.sin(climb) * up + np.cos(climb) * east)
    state = np.tile(np.concatenate([geodetic_to_ecef(*place, height_m), velocity]), (3, 1))
    slow = propagate_to_impact(state, ballistic_coefficient_kgpm2=COEFFICIENTS)
    quick = quick_fall(state, COEFFICIENTS, maximum_time_s=5_400.0)
    apart_m = np.linalg.norm(quick.position_ecef_m - slow.position_ecef_m, axis=1)
    assert apart_m.max() < 30.0
    assert np.abs(quick.time_s - slow.time_s).max() < 0.1
