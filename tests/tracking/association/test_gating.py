import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.tracking.association import gating
from bongsu.tracking.association.gating import GATE_SQUARED, gate, stretches
from bongsu.tracking.flight.filtering import Expected, Innovations, inverse_of_symmetric


def innovations_of(expected: np.ndarray, spread: np.ndarray) -> Innovations:
    information, determinant = inverse_of_symmetric(spread)
    empty = np.zeros((len(expected), 3, 3))
    return Innovations(
        expected=Expected(expected, empty, np.zeros((len(expected), 6, 3)), information),
        covariance=spread,
        log_determinant=np.log(determinant * (2.0 * np.pi) ** 3),
    )


def crowd(seed: int, tracks: int, plots: int) -> tuple[Innovations, np.ndarray]:
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((tracks, 3, 3)) * np.array([100.0, 2e-3, 2e-3])
    spread = root.transpose(0, 2, 1) @ root + np.diag([10.0, 1e-4, 1e-4]) ** 2
    low, high = np.array([5e5, -np.pi, 0.1]), np.array([5.02e5, np.pi, 0.12])
    places = rng.uniform(low, high, (plots, 3))
    return innovations_of(rng.uniform(low, high, (tracks, 3)), spread), places[
        places[:, 0].argsort()
    ]


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 15), st.integers(0, 60))
def test_every_pair_inside_the_gate_is_found_and_no_other(
    seed: int, tracks: int, plots: int
) -> None:
    innovation, places = crowd(seed, tracks, plots)
    residual = places[None] - innovation.expected.plots[:, None]
    residual[..., 1] = (residual[..., 1] + np.pi) % (2.0 * np.pi) - np.pi
    solved = np.linalg.solve(innovation.covariance[:, None], residual[..., None])[..., 0]
    squared = (residual * solved).sum(axis=-1)
    found = gate(innovation, places)
    assert set(zip(found.track.tolist(), found.plot.tolist(), strict=True)) == set(
        zip(*(part.tolist() for part in (squared < GATE_SQUARED).nonzero()), strict=True)
    )
    assert found.squared == pytest.approx(squared[found.track, found.plot], rel=1e-6, abs=1e-9)


def test_the_density_of_a_pair_is_the_gaussian_one() -> None:
    spread = np.diag([100.0, 1e-6, 4e-6])[None]
    innovation = innovations_of(np.array([[5e5, 1.0, 0.5]]), spread)
    found = gate(innovation, np.array([[5e5 + 10.0, 1.001, 0.502]]))
    peak = -0.5 * np.log(np.linalg.det(2.0 * np.pi * spread[0]))
    assert found.log_density == pytest.approx([peak - 1.5])


def test_gates_that_hold_everything_are_left_out_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gating, "MAXIMUM_PAIRS", 5)
    ranges = np.arange(10.0)
    track, plot = stretches(ranges, np.array([-1.0, 2.5, 6.5]), np.array([99.0, 4.5, 7.5]))
    assert list(zip(track.tolist(), plot.tolist(), strict=True)) == [(1, 3), (1, 4), (2, 7)]
