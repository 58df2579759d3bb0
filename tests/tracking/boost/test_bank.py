from functools import partial

import numpy as np
import pytest
from tests.tracking.made_up_boosts import EYE, LONG_SHOT, flown, measured
from tests.tracking.made_up_hypotheses import hypotheses, one_at, true_state

from bongsu.tracking.boost.bank import FORGOTTEN_AFTER_S, LONGEST_SILENCE_S, BoostBank
from bongsu.tracking.boost.model import BoostNoise
from bongsu.tracking.boost.prior import FirstSight
from bongsu.tracking.boost.state import MOTION
from bongsu.tracking.boost.update import PlotModel
from bongsu.tracking.infrared.measurement import InfraredView, angles_of
from bongsu.tracking.launch.reference_place import reference_under
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S

VIEW = InfraredView.of(EYE)
MODEL = PlotModel(
    sensing=partial(angles_of, VIEW), residuals=np.subtract, noise=np.diag(np.square(EYE.sigmas))
)
START_S = 100.0


def ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)


def bank_with(*numbers: int) -> BoostBank:
    """Tracks of one true hypothesis each, begun at START_S."""
    bank = BoostBank(BoostNoise())
    for number in numbers:
        one = one_at(START_S)
        sight = FirstSight(hypotheses=one, reference=reference_under(one.state[0, :3]))
        bank.begin(number, sight, reference_ns=0, at_ns=ns(START_S))
    return bank


def look(bank: BoostBank, seconds: float, *seen: bool, since_s: float = 0.0) -> None:
    """One infrared scan of the truth; `seen` tells which tracks got their plot."""
    plots = measured(EYE, flown(LONG_SHOT).state_at(seconds - since_s)[:3])[None]
    bank.look(
        MODEL,
        VIEW,
        np.array([0 if got else -1 for got in seen], dtype=np.intp),
        plots,
        detection_probability=0.95,
        clutter_density=1e-3,
        since_s=since_s,
    )


def test_a_track_seen_burning_burns_and_keeps_its_state() -> None:
    bank = bank_with(7)
    for seconds in (101.0, 102.0, 103.0):
        bank.move(ns(seconds))
        look(bank, seconds, True)
    assert bank.numbers.tolist() == [7]
    assert bank.burning_share()[0] > 0.999
    miss = bank.moments().state[0, MOTION] - flown(LONG_SHOT).state_at(103.0)
    assert np.linalg.norm(miss[:3]) < 500.0
    assert bank.tracks[0].launch is not None


def test_an_engine_that_is_not_seen_any_more_is_out_within_a_few_scans() -> None:
    bank = bank_with(1)
    bank.move(ns(140.0))
    look(bank, 140.0, True)
    misses = 0
    while bank.tracks[0].burnt_out_ns is None:
        misses += 1
        bank.move(ns(140.0 + misses))
        look(bank, 140.0 + misses, False)
    assert 2 <= misses <= 4


def test_one_missed_scan_is_no_burnout() -> None:
    bank = bank_with(1)
    bank.move(ns(101.0))
    look(bank, 101.0, False)
    assert bank.tracks[0].burnt_out_ns is None
    assert bank.burning_share()[0] > 0.8


def test_what_is_out_for_long_is_spent_and_can_be_forgotten() -> None:
    bank = bank_with(3, 4)
    seconds = START_S
    while seconds < START_S + 20.0 + FORGOTTEN_AFTER_S:
        seconds += 1.0
        bank.move(ns(seconds))
        look(bank, seconds, False, False)
    assert bank.spent().tolist() == [3, 4]
    bank.forget(np.array([3, 99]))
    assert bank.numbers.tolist() == [4]
    assert set(bank.hypotheses.track.tolist()) == {0}
    assert bank.moments().state.shape == (1, 12)


def test_looking_ahead_changes_nothing_in_the_bank() -> None:
    bank = bank_with(1)
    before = bank.moments().state
    later = bank.copy()
    later.move(ns(START_S + 5.0))
    assert np.array_equal(bank.moments().state, before)
    moved_m = np.linalg.norm((later.moments().state - before)[0, :3])
    assert moved_m > 5.0 * 1_500.0


def test_a_burning_track_that_is_given_up_is_lost_not_burnt_out() -> None:
    bank = bank_with(5)
    until_ns = bank.followed_until_ns(ns(START_S + 500.0))
    assert until_ns == ns(START_S + LONGEST_SILENCE_S)
    bank.move(until_ns)
    bank.lose()
    assert bank.numbers.tolist() == []
    assert bank.lost == {5}
    bank.found(np.array([5]))
    assert bank.lost == frozenset()


def test_engines_are_not_followed_unseen_for_ever() -> None:
    with pytest.raises(LocalMisuse, match="without a look"):
        bank_with(1).move(ns(START_S + 2.0 * LONGEST_SILENCE_S))


def test_unseen_an_engine_may_have_stopped_at_any_time() -> None:
    bank = bank_with(1)
    bank.move(ns(START_S + LONGEST_SILENCE_S))
    assert 0.01 < bank.burning_share()[0] < 0.9
    assert np.sqrt(np.trace(bank.moments().covariance[0, :3, :3])) > 10e3


def test_a_late_scan_is_used_at_its_own_instant() -> None:
    punctual, late = bank_with(1), bank_with(1)
    for bank in (punctual, late):
        bank.move(ns(102.0))
    look(punctual, 102.0, True)
    look(late, 102.0, True, since_s=0.8)
    for bank in (punctual, late):
        miss = bank.moments().state[0, :3] - flown(LONG_SHOT).state_at(102.0)[:3]
        assert np.linalg.norm(miss) < 300.0


def test_a_track_that_begins_late_is_moved_to_the_others() -> None:
    bank = bank_with(1)
    bank.move(ns(105.0))
    one = hypotheses(true_state(flown(LONG_SHOT), 104.0)[None])
    sight = FirstSight(hypotheses=one, reference=reference_under(one.state[0, :3]))
    bank.begin(2, sight, reference_ns=0, at_ns=ns(104.0))
    assert bank.numbers.tolist() == [1, 2]
    miss = bank.moments().state[1, :3] - flown(LONG_SHOT).state_at(105.0)[:3]
    assert np.linalg.norm(miss) < 50.0


def test_profiles_have_a_probability_for_each_track() -> None:
    weights = bank_with(1, 2).profile_weights()
    assert weights.shape == (2, 7)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    assert weights[0, 4] == 1.0
