import numpy as np
import pytest

from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS, generic_ensemble
from bongsu.vocabulary.estimates import ObjectClass

ENSEMBLE = generic_ensemble()


def test_it_is_flown_once() -> None:
    assert generic_ensemble() is ENSEMBLE


def test_every_missile_class_is_in_it() -> None:
    classes = {kind for _, kind in GENERIC_BOOSTS}
    assert classes == set(ObjectClass) - {ObjectClass.SLV}
    assert set(ENSEMBLE.profile.tolist()) == set(range(len(GENERIC_BOOSTS)))


def test_all_of_it_starts_at_rest_on_the_ground_and_rises() -> None:
    np.testing.assert_allclose(ENSEMBLE.height_m[0], 0.0, atol=1.0)
    assert (np.diff(ENSEMBLE.height_m[:40], axis=0) > 0.0).all()
    np.testing.assert_allclose(ENSEMBLE.downrange_m[0], 0.0, atol=1.0)


def test_speed_is_the_slope_of_height() -> None:
    slope = np.gradient(ENSEMBLE.height_m, ENSEMBLE.time_s, axis=0)[20:40]
    np.testing.assert_allclose(slope, ENSEMBLE.climb_mps[20:40], rtol=0.06, atol=10.0)


def test_time_to_empty_counts_down_while_a_stage_burns() -> None:
    steps = np.diff(ENSEMBLE.time_to_empty_s[10:40], axis=0)
    np.testing.assert_allclose(steps, -1.0, atol=1e-9)


def test_steep_members_go_less_far_than_high() -> None:
    at_end = (ENSEMBLE.burnout_index, np.arange(len(ENSEMBLE.profile)))
    steepness = ENSEMBLE.climb_mps[at_end] / np.maximum(ENSEMBLE.level_mps[at_end], 1.0)
    assert np.median(steepness[ENSEMBLE.steep]) > 3.0 * np.median(steepness[~ENSEMBLE.steep])


def test_samples_lie_between_the_grid_and_leave_out_what_is_beyond_it() -> None:
    member = np.array([3, 3, 3])
    samples = ENSEMBLE.sampled(np.array([30.0, 30.5, 1e6]), member)
    assert len(samples.height_m) == 2
    middle = 0.5 * (ENSEMBLE.height_m[30, 3] + ENSEMBLE.height_m[31, 3])
    assert samples.height_m[1] == pytest.approx(middle)
    assert samples.time_s.tolist() == [30.0, 30.5]


def test_the_instant_of_a_height_is_the_first_above_it() -> None:
    reached = ENSEMBLE.at_height(10e3)
    members = np.arange(len(reached))
    known = reached < len(ENSEMBLE.time_s)
    assert (ENSEMBLE.height_m[reached[known], members[known]] >= 10e3).all()
    assert (ENSEMBLE.height_m[reached[known] - 1, members[known]] < 10e3).all()
    assert (ENSEMBLE.at_height(1e9) == len(ENSEMBLE.time_s)).all()


def test_depressed_shots_are_among_the_members() -> None:
    """Published ones reach 30 to 50 km over 230 to 350 km: they climb at 51 to 53 degrees there.

    Where none flew like them, launch ellipses held half of what they said.
    """
    when = ENSEMBLE.at_height(8_300.0)
    members = np.flatnonzero((when < len(ENSEMBLE.time_s)) & (ENSEMBLE.profile == 0))
    level = ENSEMBLE.level_mps[when[members], members]
    climb = ENSEMBLE.climb_mps[when[members], members]
    assert np.count_nonzero(np.arctan2(climb, level) < np.radians(51.0)) > 18
