"""Oracle: a true flight that no member of the ensemble has flown."""

import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    CLOUDS_M,
    EYE,
    LAUNCH_PLACE,
    LONG_SHOT,
    SHORT_SHOT,
    Figures,
    flown,
    measured,
)

from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.trajectory import Trajectory
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS, generic_ensemble
from bongsu.tracking.boost.mixture import moments
from bongsu.tracking.boost.prior import (
    FirstSight,
    drag_figures,
    first_infrared_sight,
    first_sight_of_state,
)
from bongsu.tracking.boost.state import LAUNCH_PLACE as LAUNCH_COLUMNS
from bongsu.tracking.boost.state import LAUNCH_TIME, MOTION
from bongsu.tracking.infrared.measurement import InfraredView
from bongsu.tracking.launch.reference_place import reference_under

VIEW = InfraredView.of(EYE)
ENSEMBLE = generic_ensemble()


def out_of_the_clouds_s(flight: Trajectory) -> float:
    heights = ecef_to_geodetic(flight.state_ecef[:, :3])[2]
    return float(np.interp(CLOUDS_M, heights[:60], flight.time_s[:60])) + 0.5


def seen_first(figures: Figures) -> tuple[FirstSight, Trajectory, float]:
    flight = flown(figures)
    seconds = out_of_the_clouds_s(flight)
    angles = measured(EYE, flight.state_at(seconds)[:3])
    return first_infrared_sight(ENSEMBLE, VIEW, angles, 1.3), flight, seconds


@pytest.mark.parametrize("figures", [LONG_SHOT, SHORT_SHOT])
def test_one_line_of_sight_holds_the_truth_within_three_sigma(figures: Figures) -> None:
    sight, flight, seconds = seen_first(figures)
    bank = sight.hypotheses
    found = moments(bank, np.zeros(len(bank), dtype=np.intp), 1)
    sigma = np.sqrt(np.diagonal(found.covariance[0]))
    assert (np.abs(found.state[0, MOTION] - flight.state_at(seconds)) < 3.0 * sigma[MOTION]).all()
    place = geodetic_to_ecef(LAUNCH_PLACE.latitude_rad, LAUNCH_PLACE.longitude_rad, 0.0)
    miss = found.state[0, LAUNCH_COLUMNS] - sight.reference.enu_m(place)[:2]
    assert (np.abs(miss) < 3.0 * sigma[LAUNCH_COLUMNS]).all()
    assert abs(found.state[0, LAUNCH_TIME] + seconds) < 3.0 * sigma[LAUNCH_TIME]


def test_every_class_and_every_direction_is_in_the_first_hypotheses() -> None:
    bank = seen_first(LONG_SHOT)[0].hypotheses
    assert set(bank.profile.tolist()) == set(range(len(GENERIC_BOOSTS)))
    assert np.exp(bank.log_weight).sum() == pytest.approx(1.0)
    east = (bank.state[:, 3:6] @ reference_under(bank.state[0, :3]).axes_enu[0]) > 0.0
    assert 0.3 < east.mean() < 0.7
    assert np.linalg.eigvalsh(bank.covariance).min() > 0.0


def test_the_position_is_known_along_the_line_of_sight_by_the_height_of_the_clouds() -> None:
    bank = seen_first(LONG_SHOT)[0].hypotheses
    heights = ecef_to_geodetic(bank.state[:, :3])[2]
    assert (heights > CLOUDS_M - 300.0).all()
    assert (heights < CLOUDS_M + 900.0).all()


def test_a_direction_not_looked_at_for_long_leaves_the_height_open() -> None:
    flight = flown(LONG_SHOT)
    angles = measured(EYE, flight.state_at(110.0)[:3])
    sight = first_infrared_sight(ENSEMBLE, VIEW, angles, 300.0)
    bank = sight.hypotheses
    found = moments(bank, np.zeros(len(bank), dtype=np.intp), 1)
    miss = found.state[0, :3] - flight.state_at(110.0)[:3]
    assert miss @ np.linalg.solve(found.covariance[0, :3, :3], miss) < 16.3
    assert np.sqrt(np.trace(found.covariance[0, :3, :3])) > 20e3


def test_a_known_motion_says_where_it_came_from_if_it_burns() -> None:
    flight = flown(LONG_SHOT)
    state = flight.state_at(100.0)
    spread = np.diag([100.0**2] * 3 + [30.0**2] * 3)
    sight = first_sight_of_state(ENSEMBLE, state, spread, engine_out=0.4)
    assert sight is not None
    bank = sight.hypotheses
    weight = np.exp(bank.log_weight)
    assert weight[~bank.burning].sum() == pytest.approx(0.4)
    assert np.array_equal(bank.state[~bank.burning][0, MOTION], state)
    burning = bank.taken(bank.burning)
    found = moments(burning, np.zeros(len(burning), dtype=np.intp), 1)
    place = geodetic_to_ecef(LAUNCH_PLACE.latitude_rad, LAUNCH_PLACE.longitude_rad, 0.0)
    miss = found.state[0, LAUNCH_COLUMNS] - sight.reference.enu_m(place)[:2]
    assert np.linalg.norm(miss) < 25e3
    covariance = found.covariance[0, LAUNCH_COLUMNS, LAUNCH_COLUMNS]
    assert miss @ np.linalg.solve(covariance, miss) < 13.8


def test_where_no_engine_burns_there_is_nothing_to_say() -> None:
    state = flown(LONG_SHOT).state_at(600.0)
    state[:3] *= 1.3  # 2,900 km up
    assert first_sight_of_state(ENSEMBLE, state, np.eye(6) * 1e4, engine_out=0.5) is None


def test_a_reference_leads_there_and_back() -> None:
    reference = reference_under(flown(LONG_SHOT).state_at(50.0)[:3])
    place = np.array([1_000.0, -2_000.0, 300.0])
    np.testing.assert_allclose(reference.enu_m(reference.ecef_m(place)), place, atol=1e-6)


def test_drag_and_losses_are_those_of_the_stage() -> None:
    drag, loss = drag_figures(4, 0)
    stage = GENERIC_BOOSTS[4][0].stages[0]
    assert loss == stage.sea_level_loss
    # Fresh from the pad, mass over drag area is the ballistic coefficient over the drag's shape.
    empty_s = stage.burn_time_s / stage.propellant_fraction
    assert drag / empty_s == pytest.approx(1.6 / stage.ballistic_coefficient_kgpm2)
