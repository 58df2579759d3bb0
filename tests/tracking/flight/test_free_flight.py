import numpy as np
import pytest
from tests.tracking.made_up_arcs import arcs

from bongsu.physics.propagation import propagate
from bongsu.tracking.flight.free_flight import move
from bongsu.vocabulary.errors import LocalMisuse


@pytest.mark.parametrize(
    ("duration_s", "position_m", "velocity_mps"),
    [
        (1.0, 3e-6, 3e-6),
        (-1.0, 3e-6, 3e-6),
        (10.0, 0.01, 2e-3),
        (-10.0, 0.01, 2e-3),
        (95.0, 0.5, 0.02),
    ],
)
def test_a_step_agrees_with_a_fine_integration(
    duration_s: float, position_m: float, velocity_mps: float
) -> None:
    states = arcs(20)
    moved, _ = move(states, duration_s)
    fine = propagate(states, duration_s, step_s=0.05)
    assert np.abs(moved - fine)[:, :3].max() < position_m
    assert np.abs(moved - fine)[:, 3:].max() < velocity_mps


@pytest.mark.parametrize("duration_s", [1.0, -4.0, 30.0])
def test_the_transition_is_the_derivative_of_the_motion(duration_s: float) -> None:
    state = arcs(1)
    _, transition = move(state, duration_s)
    steps = np.diag([50.0] * 3 + [0.5] * 3)
    ahead, _ = move(state + steps, duration_s)
    behind, _ = move(state - steps, duration_s)
    numeric = ((ahead - behind) / (2.0 * np.diag(steps))[:, None]).T
    scale = np.outer([1.0] * 3 + [1e-2] * 3, [1.0] * 3 + [1e2] * 3)
    assert np.abs((transition[0] - numeric) / scale).max() < 1e-4


def test_there_and_back_is_where_it_was() -> None:
    states = arcs(5)
    there, _ = move(states, 7.0)
    back, _ = move(there, -7.0)
    assert np.abs(back - states)[:, :3].max() < 0.01


def test_no_tracks_move_to_no_tracks() -> None:
    moved, transition = move(np.zeros((0, 6)), 1.0)
    assert moved.shape == (0, 6)
    assert transition.shape == (0, 6, 6)


def test_a_move_of_many_hours_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="cannot be moved"):
        move(arcs(1), 86_400.0)
