from collections.abc import Mapping

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

from bongsu.physics.frames import EARTH_ROTATION_RADPS
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.physics.gravity import MU_M3PS2
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS
from bongsu.tracking.outlook.classification import (
    boost_shares,
    combined,
    free_flight_shares,
    stated,
)
from bongsu.tracking.outlook.launcher_share import MOST
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind

SURE = np.diag([100.0**2] * 3 + [2.0**2] * 3)[None]


def kinds(index: int) -> np.ndarray:
    weights = np.full(len(GENERIC_BOOSTS), 1e-3)
    weights[index] = 1.0
    return weights


@pytest.mark.parametrize("figures", [LONG_SHOT, SHORT_SHOT, TWO_STAGES])
def test_energy_names_the_class_also_of_a_lofted_shot(figures: Figures) -> None:
    flight = flown(figures)
    state = flight.state_at(burnout_s(flight) + 10.0)[None]
    (shares,) = free_flight_shares(state, SURE)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert max(shares, key=shares.__getitem__) is figures.object_class


def test_a_vague_energy_leaves_several_classes() -> None:
    flight = flown(LONG_SHOT)
    state = flight.state_at(burnout_s(flight) + 10.0)[None]
    vague = np.diag([5e3**2] * 3 + [600.0**2] * 3)[None]
    (shares,) = free_flight_shares(state, vague)
    assert max(shares.values()) < 0.8


def test_what_hardly_moves_has_the_smallest_reach() -> None:
    still = np.concatenate([geodetic_to_ecef(0.7, 2.2, 0.0), np.zeros(3)])[None]
    (shares,) = free_flight_shares(still, SURE)
    assert shares[ObjectClass.SRBM] > 0.94
    assert shares[ObjectClass.MRBM] > 0.04  # a missile may be flown short of what it can reach


def test_an_orbit_above_the_air_is_a_satellite_launchers() -> None:
    place = geodetic_to_ecef(0.0, 0.0, 500e3)
    orbit = np.concatenate([place, [0.0, 7_130.0, 0.0]])[None]
    (shares,) = free_flight_shares(orbit, SURE)
    assert shares[ObjectClass.SLV] > 0.99


def shares_at(perigee_m: float, sigma_mps: float) -> dict[ObjectClass, float]:
    """Of an object at an apogee of 300 km that comes down to that perigee."""
    radius, lowest = 6_378_137.0 + 300e3, 6_371_000.0 + perigee_m
    speed = np.sqrt(2.0 * MU_M3PS2 * lowest / (radius * (radius + lowest)))
    turning = EARTH_ROTATION_RADPS * radius
    state = np.array([[radius, 0.0, 0.0, 0.0, speed - turning, 0.0]])
    covariance = np.diag([100.0**2] * 3 + [sigma_mps**2] * 3)[None]
    (shares,) = free_flight_shares(state, covariance)
    return dict(shares)


def kind_of(shares: Mapping[ObjectClass, float]) -> LaunchKind | None:
    return launch_kind(stated(shares))


def test_an_orbit_is_named_only_where_its_perigee_clears_the_air_at_three_sigma() -> None:
    """Near 300 km a metre per second is 3.4 km of perigee: 15 m/s are 52 km, 25 are 86."""
    sure, unsure = shares_at(290e3, 15.0), shares_at(290e3, 25.0)
    assert sure[ObjectClass.SLV] > 0.998
    assert kind_of(sure) is LaunchKind.SATELLITE_LAUNCHER
    assert unsure[ObjectClass.SLV] > 0.9
    assert kind_of(unsure) is LaunchKind.UNDETERMINED


def test_no_climb_however_like_a_launchers_makes_an_orbit() -> None:
    climbed = boost_shares(kinds(5), MOST)
    for perigee_m, sigma_mps in ((-2_000e3, 15.0), (100e3, 15.0), (290e3, 25.0)):
        shares = combined(shares_at(perigee_m, sigma_mps), climbed, MOST)
        assert sum(shares.values()) == pytest.approx(1.0)
        assert kind_of(shares) is LaunchKind.UNDETERMINED
    assert kind_of(climbed) is LaunchKind.UNDETERMINED


def test_what_may_be_a_launcher_between_two_stages_stays_undetermined() -> None:
    (energy,) = free_flight_shares(flown(LONG_SHOT).state_at(200.0)[None], SURE)
    boost = boost_shares(kinds(5), 0.5)
    assert kind_of(combined(energy, boost, 0.5)) is LaunchKind.UNDETERMINED
    assert kind_of(combined(energy, boost, 0.01)) is LaunchKind.MISSILE
    assert kind_of(combined(energy, {}, 0.0)) is LaunchKind.MISSILE  # a boost nobody saw


def test_of_a_thousand_long_range_missiles_none_is_called_a_satellite_launcher() -> None:
    """The fastest are 100 m/s short of a circle; 40 m/s of scatter on each axis are 140 km."""
    rng = np.random.default_rng(11)
    radius = 6_378_137.0 + rng.uniform(150e3, 400e3, 1_000)
    circular = np.sqrt(MU_M3PS2 / radius)
    speed = circular - rng.uniform(100.0, 600.0, 1_000)
    climb = rng.uniform(0.0, 0.05, 1_000)
    zero = np.zeros(1_000)
    truth = np.column_stack(
        [
            radius,
            zero,
            zero,
            speed * np.sin(climb),
            speed * np.cos(climb) - EARTH_ROTATION_RADPS * radius,
            zero,
        ]
    )
    sigma = np.array([300.0] * 3 + [40.0] * 3)
    seen = truth + rng.standard_normal(truth.shape) * sigma
    shares = free_flight_shares(seen, np.repeat(np.diag(sigma**2)[None], 1_000, axis=0))
    assert not [one for one in shares if kind_of(one) is LaunchKind.SATELLITE_LAUNCHER]


def test_no_missile_is_called_a_satellite_launcher_in_free_flight() -> None:
    for figures in (LONG_SHOT, SHORT_SHOT, TWO_STAGES):
        flight = flown(figures)
        (shares,) = free_flight_shares(flight.state_at(burnout_s(flight) + 1.0)[None], SURE)
        assert shares[ObjectClass.SLV] < 1e-6


def test_in_boost_the_generic_profiles_vote() -> None:
    shares = boost_shares(kinds(4), 0.2)
    assert max(shares, key=shares.__getitem__) is ObjectClass.IRBM
    assert shares[ObjectClass.SLV] == pytest.approx(0.2)
    assert sum(shares.values()) == pytest.approx(1.0)


def test_a_boost_that_was_seen_decides_between_neighbouring_classes() -> None:
    energy = {
        ObjectClass.SLV: 0.0,
        ObjectClass.SRBM: 0.0,
        ObjectClass.MRBM: 0.0,
        ObjectClass.IRBM: 0.4,
        ObjectClass.ICBM: 0.6,
    }
    boost = boost_shares(kinds(4), 0.0)
    assert combined(energy, {}, 0.0)[ObjectClass.ICBM] == pytest.approx(0.6)
    assert combined(energy, boost, 0.0)[ObjectClass.IRBM] > 0.6
    assert sum(combined(energy, boost, 0.0).values()) == pytest.approx(1.0)


def test_classes_are_stated_likeliest_first_without_the_negligible() -> None:
    found = stated({ObjectClass.IRBM: 0.3, ObjectClass.ICBM: 0.699, ObjectClass.SRBM: 0.001})
    assert [one.object_class for one in found] == [ObjectClass.ICBM, ObjectClass.IRBM]
    assert sum(one.probability for one in found) == pytest.approx(1.0)
