"""Real ascents are the oracle: two Falcon 9 flights as their webcasts showed them."""

import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    LONG_SHOT,
    SHORT_SHOT,
    TWO_STAGES,
    Figures,
    burnout_s,
    flown,
)

from bongsu.tracking.boost.ascents import Look, look_of
from bongsu.tracking.outlook.launcher_share import MOST, Staging, launcher_share, staging_of
from bongsu.vocabulary.estimates import ObjectClass

# Seconds after the launch, degrees of climb, speed (m/s), height (km): NROL-76, Orbcomm OG2.
FALCON_9 = [
    (100.0, 60.0, 797.0, 27.4),
    (120.0, 56.5, 1_185.0, 44.2),
    (139.0, 54.5, 1_670.0, 66.3),
    (100.0, 64.9, 745.0, 26.0),
    (139.0, 66.6, 1_538.0, 65.4),
    (200.0, 64.4, 1_574.0, 154.0),
    (300.0, 49.5, 1_839.0, 294.9),
    (400.0, 32.4, 2_729.0, 436.7),
]
CUT_OFFS = [(140.0, 54.5, 1_685.0, 67.8), (145.0, 67.6, 1_670.0, 74.4)]
VAGUE = np.diag([1e3**2] * 3 + [30.0**2] * 3)  # infrared alone at a hundred seconds
LONG_RANGE = Figures(object_class=ObjectClass.ICBM, apogee_m=1_200e3, range_m=9_000e3)


@pytest.mark.parametrize(("since_s", "climb_deg", "speed_mps", "height_km"), FALCON_9)
def test_a_real_launcher_is_taken_for_one_more_probably_than_not(
    since_s: float, climb_deg: float, speed_mps: float, height_km: float
) -> None:
    look = Look(
        since_launch_s=since_s,
        components=np.array([np.radians(climb_deg), np.log(speed_mps), np.log(1e3 * height_km)]),
        covariance=np.zeros((3, 3)),
    )
    assert 0.5 < launcher_share(look) <= MOST


def test_a_lofted_missile_is_told_from_a_launcher_at_a_hundred_seconds() -> None:
    look = look_of(flown(TWO_STAGES).state_at(100.0), VAGUE, 100.0)
    assert launcher_share(look) < 0.05


def test_a_climb_unlike_anything_generic_decides_nothing() -> None:
    odd = Look(
        since_launch_s=100.0,
        components=np.array([-0.5, np.log(7_000.0), np.log(900e3)]),
        covariance=np.zeros((3, 3)),
    )
    assert 0.1 < launcher_share(odd) < 0.5


def test_a_look_before_the_launch_or_long_after_every_boost_decides_nothing() -> None:
    for since_s in (-5.0, 5_000.0):
        look = look_of(flown(TWO_STAGES).state_at(100.0), VAGUE, since_s)
        assert 0.1 < launcher_share(look) < 0.5


@pytest.mark.parametrize(("since_s", "climb_deg", "speed_mps", "height_km"), CUT_OFFS)
def test_a_real_launcher_whose_first_stage_ends_may_well_go_on(
    since_s: float, climb_deg: float, speed_mps: float, height_km: float
) -> None:
    look = Look(
        since_launch_s=since_s,
        components=np.array([np.radians(climb_deg), np.log(speed_mps), np.log(1e3 * height_km)]),
        covariance=np.zeros((3, 3)),
    )
    assert staging_of(look).share > 0.8
    assert staging_of(look).share_after(60.0) < 0.01  # nothing coasts so long so low


@pytest.mark.parametrize("figures", [LONG_SHOT, SHORT_SHOT, TWO_STAGES])
def test_a_missile_whose_last_engine_goes_out_is_no_launcher(figures: Figures) -> None:
    flight = flown(figures)
    end_s = burnout_s(flight)
    assert staging_of(look_of(flight.state_at(end_s), VAGUE, end_s)).share < 0.05


def test_a_launcher_that_lights_no_stage_gets_less_probable_with_time() -> None:
    staging = Staging(share=0.6, coast_s=25.0)
    shares = [staging.share_after(seconds) for seconds in (0.0, 10.0, 60.0, 300.0)]
    assert shares[0] == pytest.approx(0.6)
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 1e-4


def test_the_spread_of_a_look_is_that_of_scattered_states() -> None:
    """20,000 draws; first order holds the standard deviations within 5 %."""
    state, rng = flown(LONG_RANGE).state_at(110.0), np.random.default_rng(3)
    draws = rng.multivariate_normal(state, VAGUE, 20_000)
    looks = np.array([look_of(draw, VAGUE, 110.0).components for draw in draws])
    stated = np.sqrt(np.diagonal(look_of(state, VAGUE, 110.0).covariance))
    assert looks.std(axis=0) == pytest.approx(stated, rel=0.05)
