"""Oracles: Vallado's Kepler example, conserved quantities, an inertial integration."""

import numpy as np
import pytest

from bongsu.physics.arrays import Floats
from bongsu.physics.frames import EARTH_ROTATION_RADPS, ecef_to_eci, enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.gravity import MU_M3PS2, gravity_j2_mps2
from bongsu.physics.motion import (
    free_flight_acceleration_ecef_mps2,
    free_flight_jacobian_ecef,
)
from bongsu.physics.propagation import (
    propagate,
    propagate_to_apogee,
    propagate_to_impact,
    rk4_step,
    transition_matrix,
)
from bongsu.vocabulary.errors import LocalMisuse


def launched(height_m: float, *velocity_enu_mps: float) -> Floats:
    """State over 39 degrees north, 125 degrees east."""
    position = geodetic_to_ecef(np.radians(39.0), np.radians(125.0), height_m)
    axes = enu_axes(np.radians(39.0), np.radians(125.0))
    return np.concatenate([position, np.array(velocity_enu_mps) @ axes])


def test_vallados_kepler_example_ends_within_a_metre() -> None:
    # Fundamentals of Astrodynamics, example 2-4: 40 minutes of two-body motion.
    state = np.array([1131.340, -2282.343, 6672.423, -5.64305, 4.30333, 2.42879]) * 1e3
    expected = np.array([-4219.7527, 4363.0292, -3958.7666, 3.689866, -1.916735, -6.112511]) * 1e3

    def two_body(position: Floats, _: Floats) -> Floats:
        pull: Floats = -MU_M3PS2 * position / np.linalg.norm(position) ** 3
        return pull

    for _ in range(480):
        state = rk4_step(state, 5.0, two_body)
    np.testing.assert_allclose(state[:3], expected[:3], atol=1.0)
    np.testing.assert_allclose(state[3:], expected[3:], atol=2e-3)


def test_the_rotating_frame_shows_the_same_flight_as_the_inertial_one() -> None:
    state = launched(100e3, 2_000.0, -1_000.0, 5_000.0)
    duration = 1_200.0
    end = propagate(state, duration, step_s=2.0)
    inertial = np.concatenate(ecef_to_eci(state[:3], state[3:], 0.0))
    for _ in range(600):
        inertial = rk4_step(inertial, 2.0, lambda position, _: gravity_j2_mps2(position))
    ours = np.concatenate(ecef_to_eci(end[:3], end[3:], EARTH_ROTATION_RADPS * duration))
    np.testing.assert_allclose(ours[:3], inertial[:3], atol=1e-3)
    np.testing.assert_allclose(ours[3:], inertial[3:], atol=1e-6)


def test_going_back_in_time_leads_to_the_start() -> None:
    state = np.stack([launched(200e3, 6_000.0, 0.0, 1_000.0), launched(150e3, 0.0, 500.0, 3e3)])
    durations = np.array([600.0, -300.0])
    back = propagate(propagate(state, durations), -durations)
    np.testing.assert_allclose(back, state, atol=1e-3)


def test_each_row_has_its_own_duration_and_ballistic_coefficient() -> None:
    state = np.stack([launched(30e3, 1_000.0, 0.0, 500.0)] * 2)
    light, heavy = propagate(state, [20.0, 40.0], ballistic_coefficient_kgpm2=[500.0, np.inf])
    alone = propagate(state[1], 40.0, step_s=0.9999)
    np.testing.assert_allclose(heavy, alone, atol=1e-3)
    assert np.linalg.norm(light[3:]) < np.linalg.norm(heavy[3:])


def test_a_body_falls_at_its_terminal_speed_near_the_ground() -> None:
    impacts = propagate_to_impact(
        launched(3_000.0, 0.0, 0.0, 0.0)[None], ballistic_coefficient_kgpm2=30.0
    )
    before = propagate(
        launched(3_000.0, 0.0, 0.0, 0.0),
        impacts.time_s[0] - 0.01,
        ballistic_coefficient_kgpm2=30.0,
        step_s=0.1,
    )
    # m g = rho v^2 / 2 * Cd A, with g = 9.80 m/s^2 at 39 degrees.
    assert np.linalg.norm(before[3:]) == pytest.approx(np.sqrt(2 * 9.80 * 30.0 / 1.225), rel=0.003)


@pytest.mark.parametrize("coefficient", [np.inf, 2_000.0])
def test_the_transition_matrix_is_the_slope_of_the_flow(coefficient: float) -> None:
    height, duration = (400e3, 60.0) if np.isinf(coefficient) else (45e3, 8.0)
    state = launched(height, 3_000.0, 1_000.0, -500.0)
    matrix = transition_matrix(state, duration, ballistic_coefficient_kgpm2=coefficient)
    steps = np.diag([10.0, 10.0, 10.0, 0.1, 0.1, 0.1])
    options = {"ballistic_coefficient_kgpm2": coefficient, "step_s": 0.25}
    ahead = propagate(state + steps, duration, **options)
    behind = propagate(state - steps, duration, **options)
    slopes = ((ahead - behind) / (2.0 * np.diag(steps))[:, None]).T
    scale = np.outer([1e4, 1e4, 1e4, 1e2, 1e2, 1e2], 1 / np.array([1e4, 1e4, 1e4, 1e2, 1e2, 1e2]))
    limit = 5e-7 if np.isinf(coefficient) else 3e-4
    assert np.max(np.abs(matrix - slopes) / scale) < limit


def test_the_transition_matrix_takes_a_batch_with_own_times() -> None:
    state = np.stack([launched(200e3, 1e3, 2e3, 3e3), launched(300e3, 3e3, 2e3, 1e3)])
    together = transition_matrix(state, [5.0, -4.0])
    np.testing.assert_allclose(together[1], transition_matrix(state[1], -4.0), atol=1e-12)


def test_the_jacobian_is_the_slope_of_the_acceleration_without_air() -> None:
    state = launched(200e3, 1e3, 2e3, 3e3)
    jacobian = free_flight_jacobian_ecef(state[:3], state[3:])
    step = np.array([0.0, 0.0, 0.0, 1.0, -2.0, 0.5])
    change = free_flight_acceleration_ecef_mps2(state[:3], state[3:] + step[3:], np.inf)
    change -= free_flight_acceleration_ecef_mps2(state[:3], state[3:], np.inf)
    np.testing.assert_allclose((jacobian @ step)[3:], change, atol=1e-12)


@pytest.mark.parametrize(
    "velocity", [(1_000.0, 500.0, 5_500.0), (6_000.0, 500.0, 2_500.0), (500.0, 0.0, 7_200.0)]
)
def test_impacts_and_apogees_agree_with_small_steps_to_two_metres(
    velocity: tuple[float, float, float],
) -> None:
    state = launched(100e3, *velocity)[None]
    impact = propagate_to_impact(state, ballistic_coefficient_kgpm2=3_000.0)
    apogee = propagate_to_apogee(state, ballistic_coefficient_kgpm2=3_000.0)
    options = {"ballistic_coefficient_kgpm2": 3_000.0, "step_s": 0.4}
    end = propagate(state, impact.time_s, **options)[:, :3]
    assert np.linalg.norm(end - impact.position_ecef_m) < 2.0
    assert abs(ecef_to_geodetic(impact.position_ecef_m)[2][0]) < 0.01
    top = propagate(state, apogee.time_s + np.array([[-5.0], [0.0], [5.0]]), **options)
    heights = ecef_to_geodetic(top[:, 0, :3])[2]
    assert heights[1] > max(heights[0], heights[2])
    # The quick height falls short of the geodetic one by 6e-6 of it.
    assert heights[1] == pytest.approx(apogee.height_m[0], abs=2.0 + 6e-6 * heights[1])
    assert impact.reached.all()
    assert apogee.reached.all()


def test_what_stays_up_or_starts_below_ground_is_not_reached() -> None:
    orbit = launched(400e3, 7_400.0, 0.0, 0.0)
    buried = launched(-500.0, 0.0, 0.0, 100.0)
    falling = launched(10e3, 0.0, 0.0, -50.0)
    impacts = propagate_to_impact(np.stack([orbit, buried, falling]), maximum_time_s=3_000.0)
    assert impacts.reached.tolist() == [False, False, True]
    assert np.isnan(impacts.time_s).tolist() == [True, True, False]
    assert np.isnan(impacts.position_ecef_m[:2]).all()


def test_an_apogee_that_is_not_reached_in_time_says_so() -> None:
    rising = np.stack([launched(100e3, 0.0, 0.0, 5_000.0), launched(100e3, 0.0, 0.0, -10.0)])
    apogees = propagate_to_apogee(rising, maximum_time_s=60.0)
    assert apogees.reached.tolist() == [False, True]
    assert apogees.time_s.tolist() == [60.0, 0.0]


def test_nan_states_and_endless_propagation_are_refused() -> None:
    state = launched(100e3, 0.0, 0.0, 0.0)
    with pytest.raises(LocalMisuse, match="NaN"):
        propagate(state, np.nan)
    with pytest.raises(LocalMisuse, match="NaN"):
        propagate_to_impact(np.full((1, 6), np.nan))
    with pytest.raises(LocalMisuse, match="too many steps"):
        propagate(state, 1e9, step_s=1.0)
    with pytest.raises(LocalMisuse, match="too many steps"):
        propagate(state, 1.0, step_s=0.0)
