import numpy as np
import pytest

from bongsu.tracking.pairs.parting_speed import SIGMA_LOG, USUAL_MPS, PartingSpeed

SIGMA_M = 30.0
COSINE = 0.6


def learnt(true_mps: float, seconds: int, seed: int) -> PartingSpeed:
    """One difference a second, of plots that were dealt out by chance."""
    rng, speed = np.random.default_rng(seed), PartingSpeed()
    for since_s in range(1, seconds + 1):
        noise = SIGMA_M * float(np.diff(rng.standard_normal(2))[0])
        apart = float(rng.choice([-1.0, 1.0])) * (true_mps * COSINE * since_s + noise)
        speed.note(apart, lever_s=COSINE * since_s, sigma_m=SIGMA_M)
    return speed


@pytest.mark.parametrize("true_mps", [1.0, 3.0, 6.0, 25.0])
def test_differences_of_either_sign_tell_how_fast_two_objects_part(true_mps: float) -> None:
    """With signs known, least squares gives a sigma of 42 m / (0.6 * 272 s) = 0.26 m/s."""
    speed = learnt(true_mps, 60, seed=1)
    assert speed.mean_mps == pytest.approx(true_mps, abs=0.8)
    assert 0.2 < speed.sigma_mps < 0.4


def test_its_sigma_is_honest() -> None:
    """Mean of 400 squared errors over stated ones, from the speeds that it expects."""
    rng = np.random.default_rng(2)
    squared = []
    for run in range(400):
        true_mps = USUAL_MPS * float(np.exp(SIGMA_LOG * np.clip(rng.standard_normal(), -1.5, 1.5)))
        speed = learnt(true_mps, 40, seed=run)
        squared.append(((speed.mean_mps - true_mps) / speed.sigma_mps) ** 2)
    assert 0.8 < np.mean(squared) < 1.25


def test_across_the_line_of_sight_nothing_is_learnt() -> None:
    speed, before = PartingSpeed(), PartingSpeed()
    for apart in (20.0, -60.0, 45.0):
        speed.note(apart, lever_s=0.0, sigma_m=SIGMA_M)
    assert speed.mean_mps == pytest.approx(before.mean_mps)
    assert speed.sigma_mps == pytest.approx(before.sigma_mps)
