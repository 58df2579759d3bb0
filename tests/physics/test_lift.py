import numpy as np
import pytest
from numpy.typing import NDArray
from tests.physics.made_up_boosts import PLACE, TWO_STAGES, controls

from bongsu.physics.arrays import norm
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.fall import sampled_fall
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.gravity import MU_M3PS2
from bongsu.physics.lift import LiftFigures, flight_on_lift, flown_on_lift, lift_directions
from bongsu.physics.trajectory import fly
from bongsu.vocabulary.errors import LocalMisuse

Floats = NDArray[np.float64]
LATITUDE_RAD, LONGITUDE_RAD = 0.5, 0.3


def descended(
    figures: LiftFigures, *, speed_mps: float, down_rad: float, height_m: float
) -> tuple[Floats, Floats]:
    """A body on its way north: heights and speeds, and the ground range (m) to its end."""
    course = speed_mps * np.array([0.0, np.cos(down_rad), -np.sin(down_rad)])
    position = geodetic_to_ecef(LATITUDE_RAD, LONGITUDE_RAD, height_m)
    velocity = course @ enu_axes(LATITUDE_RAD, LONGITUDE_RAD)
    _, states, landed = sampled_fall(
        np.concatenate([position, velocity]),
        flight_on_lift(figures),
        maximum_time_s=7_200.0,
        longest_step_s=10.0,
    )
    assert landed
    return states, ecef_to_geodetic(states[:, :3])[2]


def ground_range_m(states: Floats) -> float:
    first, last = states[0, :3], states[-1, :3]
    return float(MEAN_RADIUS_M * np.arccos(first @ last / (norm(first) * norm(last))))


@pytest.mark.parametrize("speed_mps", [3_000.0, 5_000.0, 6_000.0])
def test_a_glide_goes_as_far_as_the_published_formula_says(speed_mps: float) -> None:
    """Within 7 %: the formula has no air above the glide, no end, and an Earth that stands."""
    figures = LiftFigures(lift_to_drag=2.6)
    states, _ = descended(figures, speed_mps=speed_mps, down_rad=np.radians(0.5), height_m=55e3)
    radius_m = MEAN_RADIUS_M + 45e3
    ratio = speed_mps**2 * radius_m / MU_M3PS2
    formula_m = -0.5 * radius_m * 2.6 * np.log(1.0 - ratio)  # NACA Report 1382, equation for glide
    assert ground_range_m(states) == pytest.approx(formula_m, rel=0.07)


def test_a_body_that_keeps_its_lift_skips_and_one_that_lets_it_off_glides() -> None:
    steep = {"speed_mps": 4_000.0, "down_rad": np.radians(10.0), "height_m": 80e3}
    _, skipping = descended(LiftFigures(lift_to_drag=2.6, skips=True), **steep)
    _, gliding = descended(LiftFigures(lift_to_drag=2.6), **steep)
    lowest = int(np.argmin(skipping[: len(skipping) // 4]))
    assert skipping[lowest:].max() > skipping[lowest] + 30e3
    lowest = int(np.argmin(gliding[: len(gliding) // 4]))
    assert gliding[lowest:].max() < gliding[lowest] + 12e3


def test_banked_lift_turns_the_flight_to_that_side() -> None:
    for side in (1.0, -1.0):
        figures = LiftFigures(lift_to_drag=2.0, bank_rad=side * 0.8)
        states, _ = descended(figures, speed_mps=3_000.0, down_rad=0.02, height_m=50e3)
        east = ecef_to_geodetic(states[-1, :3])[1] - LONGITUDE_RAD
        assert side * float(east) > 0.02


def test_no_lift_is_a_ballistic_fall_and_lift_ends_where_it_is_said_to() -> None:
    start = {"speed_mps": 3_000.0, "down_rad": 0.1, "height_m": 50e3}
    none, _ = descended(LiftFigures(lift_to_drag=0.0), **start)
    never, _ = descended(LiftFigures(lift_to_drag=2.6, ends_at_mps=8_000.0), **start)
    some, _ = descended(LiftFigures(lift_to_drag=2.6, ends_at_mps=2_000.0), **start)
    whole, _ = descended(LiftFigures(lift_to_drag=2.6), **start)
    np.testing.assert_array_equal(none, never)
    assert ground_range_m(none) < ground_range_m(some) < ground_range_m(whole)


def test_lift_stands_across_the_flight_up_and_to_the_right() -> None:
    position = np.array([[6.4e6, 0.0, 0.0]])
    velocity = np.array([[-500.0, 3_000.0, 0.0]])  # east, going down
    upward, right = lift_directions(position, velocity)
    assert abs(float(upward[0] @ velocity[0])) < 1e-9
    assert upward[0, 0] > 0.9
    np.testing.assert_allclose(right[0], [0.0, 0.0, -1.0], atol=1e-12)  # south


def test_a_launched_vehicle_goes_on_lift_after_its_burnout() -> None:
    ballistic = fly(TWO_STAGES, controls(), PLACE)
    gliding = flown_on_lift(ballistic, LiftFigures(lift_to_drag=2.6))
    np.testing.assert_array_equal(gliding.time_s[:50], ballistic.time_s[:50])
    assert gliding.landed
    assert not gliding.burning[-1]
    apart = gliding.state_ecef[-1, :3] - ballistic.state_ecef[-1, :3]
    assert norm(apart) > 2e3  # the fall is steep, and there is not much air to glide in


def test_figures_of_no_body_are_refused() -> None:
    with pytest.raises(LocalMisuse, match="lift"):
        LiftFigures(lift_to_drag=float("nan"))
    with pytest.raises(LocalMisuse, match="lift"):
        LiftFigures(lift_to_drag=1.0, ballistic_coefficient_kgpm2=0.0)
