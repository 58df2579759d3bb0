import numpy as np
import pytest
from tests.tracking.made_up_boosts import LONG_SHOT, flown
from tests.tracking.made_up_hypotheses import ONE_STAGE, TWO_STAGES, hypotheses, true_state

from bongsu.tracking.boost.model import thrust_acceleration_mps2
from bongsu.tracking.boost.state import Hypotheses
from bongsu.tracking.boost.transitions import with_transitions

TRUTH = true_state(flown(LONG_SHOT), 100.0)[None]


def weight(bank: Hypotheses, rows: np.ndarray) -> float:
    return float(np.exp(bank.log_weight[rows]).sum())


def test_weights_are_kept_whole() -> None:
    bank = with_transitions(hypotheses(TRUTH), 1.0, np.array([100.0]))
    assert np.exp(bank.log_weight).sum() == pytest.approx(1.0)


def test_an_engine_stops_rarely_early_and_often_past_its_time() -> None:
    early = with_transitions(hypotheses(TRUTH), 1.0, np.array([60.0]))
    late = with_transitions(hypotheses(TRUTH), 1.0, np.array([160.0]))
    assert weight(early, ~early.burning) < 0.01
    assert 0.05 < weight(late, ~late.burning) < 0.15


def test_a_stop_takes_back_half_of_what_the_last_second_gave() -> None:
    before = hypotheses(TRUTH)
    after = with_transitions(before, 1.0, np.array([160.0]))
    stopped = after.taken(~after.burning)
    thrust = thrust_acceleration_mps2(before)[0]
    slower = np.linalg.norm(TRUTH[0, 3:6]) - np.linalg.norm(stopped.state[0, 3:6])
    assert slower == pytest.approx(0.5 * thrust, rel=1e-6)
    along = TRUTH[0, 3:6] / np.linalg.norm(TRUTH[0, 3:6])
    wider = along @ (stopped.covariance[0] - before.covariance[0])[3:6, 3:6] @ along
    assert wider == pytest.approx(thrust**2 / 12.0, rel=1e-6)
    assert stopped.state[0, 9:].tolist() == TRUTH[0, 9:].tolist()


def test_a_last_stage_only_stops() -> None:
    bank = with_transitions(hypotheses(TRUTH, profile=[ONE_STAGE]), 1.0, np.array([160.0]))
    assert bank.stage.tolist() == [0, 0]


def test_a_first_stage_stops_or_goes_over_to_the_next() -> None:
    bank = with_transitions(hypotheses(TRUTH, profile=[TWO_STAGES]), 1.0, np.array([140.0]))
    gone_over = bank.burning & (bank.stage == 1)
    assert weight(bank, gone_over) > weight(bank, ~bank.burning) > 0.01
    lit = bank.taken(gone_over)
    assert thrust_acceleration_mps2(lit)[0] == pytest.approx(14.0, rel=0.01)
    assert lit.covariance[0, 6, 6] > 20.0**2
    assert lit.covariance[0, 6, 7] == 0.0


def test_a_stage_that_coasts_may_light_the_next() -> None:
    coasting = hypotheses(TRUTH, profile=[TWO_STAGES], burning=[False])
    bank = with_transitions(coasting, 1.0, np.array([140.0]))
    assert weight(bank, bank.burning & (bank.stage == 1)) == pytest.approx(0.14, abs=0.01)


def test_rows_of_one_kind_part_together() -> None:
    many = hypotheses(np.tile(TRUTH, (5, 1)), track=[0, 0, 0, 1, 1])
    bank = with_transitions(many, 1.0, np.array([160.0, 160.0]))
    assert np.count_nonzero(~bank.burning) == 2


def test_in_no_time_nothing_happens() -> None:
    bank = hypotheses(TRUTH)
    assert with_transitions(bank, 0.0, np.array([160.0])) is bank
    assert len(with_transitions(Hypotheses.none(), 1.0, np.zeros(0))) == 0
