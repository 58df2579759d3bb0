import numpy as np
import pytest
from numpy.typing import NDArray

from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.physics.lift import LiftFigures, flight_on_lift
from bongsu.physics.runge_kutta import rk4_step
from bongsu.tracking.air.motion import LIFT_MEMORY_S, drag_of, moved

Floats = NDArray[np.float64]
BALLISTIC, ON_LIFT = np.array([False]), np.array([True])
POSITION = geodetic_to_ecef(0.7, 0.4, 35e3)
VELOCITY = np.array([600.0, 2_500.0, -400.0]) @ enu_axes(0.7, 0.4)


def state_with(*, drag: float, rise: float = 0.0, turn: float = 0.0) -> Floats:
    return np.concatenate([POSITION, VELOCITY, [drag, rise, turn]])[None]


def test_it_flies_as_the_physics_room_flies_a_body_of_that_drag_and_lift() -> None:
    """Half the middling drag, and 2.6 times that in lift, banked to the right by 0.6."""
    figures = LiftFigures(
        lift_to_drag=2.6, ballistic_coefficient_kgpm2=10_000.0, bank_rad=0.6, skips=True
    )
    exact = np.concatenate([POSITION, VELOCITY])
    for _ in range(300):
        exact = rk4_step(exact, 0.01, flight_on_lift(figures))
    lift = 2.6 * 0.5
    start = state_with(drag=0.5, rise=lift * np.cos(0.6), turn=lift * np.sin(0.6))
    after, _ = moved(start, np.zeros((1, 9, 9)), BALLISTIC, 3.0)
    np.testing.assert_allclose(after[0, :3], exact[:3], atol=0.1)
    np.testing.assert_allclose(after[0, 3:6], exact[3:], atol=0.1)


def test_what_is_not_known_spreads_as_the_flow_spreads_it() -> None:
    """Against states that really start there: one sigma of each component, a second of flight."""
    start = state_with(drag=1.2, rise=0.4, turn=-0.3)
    sigma = np.array([100.0] * 3 + [5.0] * 3 + [0.1] * 3)
    before = np.diag(sigma**2)[None]
    after, spread = moved(start, before, BALLISTIC, 1.0)
    _, noise = moved(start, np.zeros((1, 9, 9)), BALLISTIC, 1.0)
    columns = []
    for axis in range(9):
        offset = np.zeros(9)
        offset[axis] = 1e-3 * sigma[axis]
        there, _ = moved(start + offset, before, BALLISTIC, 1.0)
        columns.append((there - after)[0] / 1e-3)
    expected = np.array(columns).T @ np.array(columns)
    scale = np.sqrt(np.diagonal(expected))
    learnt = (spread - noise)[0]
    np.testing.assert_allclose(
        learnt / np.outer(scale, scale), expected / np.outer(scale, scale), atol=1e-3
    )


def test_lift_is_forgotten_by_the_model_of_lift_alone() -> None:
    start = state_with(drag=1.0, rise=1.0)
    kept, _ = moved(start, np.zeros((1, 9, 9)), BALLISTIC, LIFT_MEMORY_S)
    faded, spread = moved(start, np.zeros((1, 9, 9)), ON_LIFT, LIFT_MEMORY_S)
    assert kept[0, 7] == pytest.approx(1.0)
    assert faded[0, 7] == pytest.approx(np.exp(-1.0))
    assert spread[0, 7, 7] > 1.0


def test_a_ballistic_fall_is_surer_across_its_way_than_a_flight_on_lift() -> None:
    start, nothing = state_with(drag=1.0), np.zeros((1, 9, 9))
    _, falling = moved(start, nothing, BALLISTIC, 5.0)
    _, gliding = moved(start, nothing, ON_LIFT, 5.0)
    ahead = VELOCITY / np.linalg.norm(VELOCITY)
    aside = np.cross(ahead, POSITION / np.linalg.norm(POSITION))
    assert aside @ gliding[0, :3, :3] @ aside > 10.0 * (aside @ falling[0, :3, :3] @ aside)


def test_drag_is_never_less_than_some() -> None:
    assert drag_of(state_with(drag=-3.0))[0] > 0.0
