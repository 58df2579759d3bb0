from functools import partial

import numpy as np
from tests.tracking.made_up_boosts import EYE, LONG_SHOT, RADAR, flown, measured
from tests.tracking.made_up_hypotheses import hypotheses, one_at, true_state

from bongsu.tracking.boost.state import SIZE
from bongsu.tracking.boost.update import PlotModel, seen_or_missed, updated
from bongsu.tracking.infrared.measurement import InfraredView, angles_of
from bongsu.tracking.radar.measurement import expected_plots, radar_of, residuals

TRUTH = true_state(flown(LONG_SHOT), 100.0)
INFRARED = PlotModel(
    sensing=partial(angles_of, InfraredView.of(EYE)),
    residuals=np.subtract,
    noise=np.diag(np.square(EYE.sigmas)),
)
BY_RADAR = PlotModel(
    sensing=partial(expected_plots, radar_of(RADAR)),
    residuals=residuals,
    noise=np.diag(np.square(RADAR.sigmas)),
)
ALL = np.ones(1, dtype=np.bool_)


def test_an_exact_plot_of_the_expected_place_moves_nothing_but_sharpens() -> None:
    bank = one_at(100.0)
    after = updated(bank, ALL, measured(RADAR, TRUTH[:3])[None], BY_RADAR)
    np.testing.assert_allclose(after.state, bank.state, atol=0.1)
    before = np.trace(bank.covariance[0, :3, :3])
    assert np.trace(after.covariance[0, :3, :3]) < 0.9 * before


def test_the_update_is_the_bayesian_one_where_everything_is_linear() -> None:
    jacobian = np.zeros((1, 1, 3))
    jacobian[0, 0, 0] = 1.0
    model = PlotModel(
        sensing=lambda position: (position[:, :1], np.repeat(jacobian, len(position), 0)),
        residuals=np.subtract,
        noise=np.array([[50.0**2]]),
    )
    bank = one_at(100.0)
    after = updated(bank, ALL, bank.state[:, :1] + 80.0, model)
    gain = 100.0**2 / (100.0**2 + 50.0**2)
    assert np.isclose(after.state[0, 0] - bank.state[0, 0], 80.0 * gain)
    assert np.isclose(after.covariance[0, 0, 0], 100.0**2 * (1.0 - gain))
    spread = 100.0**2 + 50.0**2
    density = -0.5 * (80.0**2 / spread + np.log(2.0 * np.pi * spread))
    assert np.isclose(after.log_weight[0] - bank.log_weight[0], density)


def test_a_plot_far_from_a_vague_state_brings_it_all_the_way() -> None:
    """A plain update would stop short, where the measurement is curved."""
    bank = one_at(100.0, sigma=300.0)
    state = bank.state.copy()
    state[0, :3] += [40e3, -30e3, 20e3]
    off = hypotheses(state, sigma=300.0)
    after = updated(off, ALL, measured(RADAR, TRUTH[:3])[None], BY_RADAR)
    miss = after.state[0, :3] - TRUTH[:3]
    assert miss @ np.linalg.solve(after.covariance[0, :3, :3], miss) < 9.0


def test_rows_without_a_plot_stay_as_they_are() -> None:
    bank = hypotheses(np.tile(TRUTH, (2, 1)))
    rows = np.array([True, False])
    after = updated(bank, rows, np.tile(measured(RADAR, TRUTH[:3]), (2, 1)), BY_RADAR)
    assert np.array_equal(after.state[1], bank.state[1])
    assert after.log_weight[1] == bank.log_weight[1]
    assert updated(bank, np.zeros(2, dtype=np.bool_), np.zeros((2, 3)), BY_RADAR) is bank


def test_covariances_stay_symmetric_and_positive() -> None:
    bank = one_at(100.0, sigma=100.0)
    for _ in range(50):
        bank = updated(bank, ALL, measured(EYE, TRUTH[:3])[None], INFRARED)
    np.testing.assert_allclose(bank.covariance, bank.covariance.transpose(0, 2, 1))
    assert np.linalg.eigvalsh(bank.covariance[0]).min() > 0.0
    assert bank.covariance.shape == (1, SIZE, SIZE)


def scanned(plot_of_track: int) -> np.ndarray:
    """Weights of a burning and a stopped hypothesis after an infrared scan."""
    bank = hypotheses(np.tile(TRUTH, (2, 1)), burning=[True, False])
    after = seen_or_missed(
        bank,
        bank.burning,
        np.array([plot_of_track]),
        measured(EYE, TRUTH[:3])[None] if plot_of_track >= 0 else np.zeros((0, 2)),
        INFRARED,
        0.9,
        1e-5,
    )
    weight = np.exp(after.log_weight - after.log_weight.max())
    return np.asarray(weight / weight.sum())


def test_silence_speaks_for_an_engine_that_stopped() -> None:
    np.testing.assert_allclose(scanned(-1), [0.1 / 1.1, 1.0 / 1.1])


def test_a_plot_speaks_for_an_engine_that_burns() -> None:
    assert scanned(0)[0] > 1.0 - 1e-9
