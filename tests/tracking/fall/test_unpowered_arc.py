"""Oracles: numerical falls through J2 gravity, and closed orbits of known shape."""

import numpy as np
import pytest
from tests.tracking.made_up_boosts import LONG_SHOT, burnout_s, flown

from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.fall import propagate_to_impact
from bongsu.physics.gravity import MU_M3PS2
from bongsu.physics.motion import rotating_frame_mps2
from bongsu.physics.runge_kutta import rk4_step
from bongsu.tracking.fall.unpowered_arc import (
    apogee_radius_m,
    apsides_m,
    arc_end,
    inertial_velocity,
    leaving_velocity_mps,
)


@pytest.mark.parametrize("after_burnout_s", [1.0, 300.0, 900.0])
def test_a_closed_fall_is_within_ten_kilometres_and_seven_seconds_of_a_full_one(
    after_burnout_s: float,
) -> None:
    flight = flown(LONG_SHOT)
    state = flight.state_at(burnout_s(flight) + after_burnout_s)
    full = propagate_to_impact(state[None])
    closed = arc_end(state[None, :3], state[None, 3:])
    apart_rad = np.arccos(
        full.position_ecef_m[0]
        @ closed.position_ecef_m[0]
        / (np.linalg.norm(full.position_ecef_m) * np.linalg.norm(closed.position_ecef_m))
    )
    assert MEAN_RADIUS_M * apart_rad < 10e3
    assert abs(full.time_s[0] - closed.time_s[0]) < 7.0


def test_what_goes_straight_up_comes_down_to_the_west() -> None:
    position = np.array([[MEAN_RADIUS_M, 0.0, 0.0]])
    end = arc_end(position, np.array([[3_000.0, 0.0, 0.0]]))
    assert end.position_ecef_m[0, 1] < -1e3
    # Two thirds of rotation times the highest point times the time of flight, for low shots.
    lag_m = 4.0 / 3.0 * 7.292e-5 * 9.8 * (end.time_s[0] / 2.0) ** 3
    assert end.position_ecef_m[0, 1] == pytest.approx(-lag_m, rel=0.25)


def test_an_arc_is_followed_back_to_the_velocity_with_which_it_left_the_ground() -> None:
    """Flown for five minutes through J2 gravity in the turning frame, which the arc leaves out."""
    left = np.array([[MEAN_RADIUS_M, 0.0, 0.0, 4_000.0, 1_000.0, -2_000.0]])
    state = left
    for _ in range(300):
        state = rk4_step(state, 1.0, rotating_frame_mps2)
    end = arc_end(state[:, :3], state[:, 3:], backward=True)
    velocity = leaving_velocity_mps(state[:, :3], state[:, 3:], end)
    assert np.linalg.norm(velocity[0] - left[0, 3:]) < 20.0
    assert end.time_s[0] == pytest.approx(300.0, abs=3.0)


def test_what_orbits_or_escapes_never_comes_down() -> None:
    position = np.tile([MEAN_RADIUS_M + 300e3, 0.0, 0.0], (2, 1))
    end = arc_end(position, np.array([[0.0, 7_400.0, 0.0], [0.0, 11_500.0, 0.0]]))
    assert np.isnan(end.time_s).all()
    assert np.isnan(end.position_ecef_m).all()


def test_what_is_below_the_ground_already_has_no_end() -> None:
    end = arc_end(np.array([[MEAN_RADIUS_M - 5e3, 0.0, 0.0]]), np.array([[-100.0, 0.0, 0.0]]))
    assert np.isnan(end.time_s).all()


def test_apsides_of_an_ellipse_are_those_it_was_made_from() -> None:
    nearest, farthest = 6_600e3, 9_000e3
    speed = np.sqrt(MU_M3PS2 * (2.0 / nearest - 2.0 / (nearest + farthest)))
    found = apsides_m(np.array([[nearest, 0.0, 0.0]]), np.array([[0.0, speed, 0.0]]))
    np.testing.assert_allclose(found, [[farthest], [nearest]], rtol=1e-9)


def test_the_apogee_of_a_turning_frame_counts_the_turning() -> None:
    position = np.array([[7_000e3, 0.0, 0.0]])
    circular = np.sqrt(MU_M3PS2 / 7_000e3)
    relative = np.array([[0.0, circular - 7.292115e-5 * 7_000e3, 0.0]])
    assert apogee_radius_m(position, relative)[0] == pytest.approx(7_000e3, rel=1e-6)
    np.testing.assert_allclose(inertial_velocity(position, relative), [[0.0, circular, 0.0]])
