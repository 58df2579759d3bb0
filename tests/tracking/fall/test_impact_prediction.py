"""Oracle: the physics room's own falls, one by one."""

import numpy as np
from tests.tracking.made_up_boosts import LONG_SHOT, burnout_s, flown

from bongsu.physics.fall import propagate_to_impact
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.tracking.fall.impact_prediction import (
    BALLISTIC_COEFFICIENT_KGPM2,
    SIGMA_LOG_BALLISTIC_COEFFICIENT,
    Forecasts,
    forecast,
    survey,
)


def state_after(seconds: float) -> np.ndarray:
    flight = flown(LONG_SHOT)
    return flight.state_at(burnout_s(flight) + seconds)[None]


def spread(sigma_m: float, sigma_mps: float) -> np.ndarray:
    return np.diag([sigma_m**2] * 3 + [sigma_mps**2] * 3)[None]


def misses(found: Forecasts, impacts: np.ndarray) -> np.ndarray:
    """East and north of places (m, 3) from the first row's predicted place."""
    center = found.places_ecef_m()[0]
    latitude, longitude, _ = ecef_to_geodetic(center)
    return np.asarray((impacts - center) @ enu_axes(latitude, longitude)[:2].T)


def test_a_sure_state_falls_where_a_full_fall_says() -> None:
    state = state_after(60.0)
    found = forecast(state, spread(1.0, 0.01), survey(state))
    full = propagate_to_impact(state, ballistic_coefficient_kgpm2=BALLISTIC_COEFFICIENT_KGPM2)
    assert found.falls.tolist() == [True]
    assert np.linalg.norm(misses(found, full.position_ecef_m)) < 200.0
    assert abs(found.mean[0, 2] - full.time_s[0]) < 1.0


def test_the_stated_apogee_is_that_of_the_flight() -> None:
    state = state_after(1.0)
    found = forecast(state, spread(1.0, 0.01), survey(state))
    sigma = np.sqrt(found.covariance[0, 3, 3])
    assert abs(found.mean[0, 3] - flown(LONG_SHOT).apogee_m()) < 3.0 * sigma
    assert sigma < 5e3


def test_the_stated_area_and_time_are_those_of_a_thousand_falls() -> None:
    state = state_after(30.0)
    covariance = spread(200.0, 5.0)
    found = forecast(state, covariance, survey(state))
    rng = np.random.default_rng(5)
    states = rng.multivariate_normal(state[0], covariance[0], 1_000)
    coefficients = BALLISTIC_COEFFICIENT_KGPM2 * np.exp(
        SIGMA_LOG_BALLISTIC_COEFFICIENT * rng.standard_normal(1_000)
    )
    full = propagate_to_impact(states, ballistic_coefficient_kgpm2=coefficients)
    places = misses(found, full.position_ecef_m)
    drawn = np.cov(np.column_stack([places, full.time_s]).T)
    np.testing.assert_allclose(
        np.sqrt(np.diag(found.covariance[0, :3, :3])), np.sqrt(np.diag(drawn)), rtol=0.12
    )
    solved = np.linalg.solve(found.covariance[0, :2, :2], places.T)
    inside = np.mean(np.einsum("ij,ji->j", solved, places) < 5.991)
    assert 0.93 < inside < 0.97


def test_a_survey_holds_while_the_estimate_moves_on() -> None:
    state, later = state_after(30.0), state_after(60.0)
    old = forecast(later, spread(1.0, 0.01), survey(state))
    new = forecast(later, spread(1.0, 0.01), survey(later))
    assert np.linalg.norm(misses(old, new.places_ecef_m())) < 500.0


def test_what_stays_up_does_not_fall() -> None:
    place = geodetic_to_ecef(0.0, 0.0, 400e3)
    state = np.concatenate([place, [0.0, 7_300.0, 0.0]])[None]
    found = forecast(state, spread(10.0, 0.1), survey(state))
    assert found.falls.tolist() == [False]
    assert np.isfinite(found.mean).all()


def test_a_state_that_may_stay_up_is_not_said_to_fall() -> None:
    state = state_after(1.0)
    assert forecast(state, spread(1e3, 3_500.0), survey(state)).falls.tolist() == [False]


def test_an_uncertain_velocity_makes_the_area_longer_than_wide() -> None:
    state = state_after(30.0)
    found = forecast(state, spread(10.0, 5.0), survey(state))
    small, large = np.sqrt(np.linalg.eigvalsh(found.covariance[0, :2, :2]))
    assert large > 1.5 * small
