"""The bound of a flight against what plots can teach, and against a least-squares fit."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tracking.made_up_boosts import EYE, LAUNCH_AT, LAUNCH_PLACE, LONG_SHOT, RADAR, flown

from bongsu.exercise.engine_figures import engine_figures
from bongsu.exercise.flight_bound import FlightBound, flight_bounds
from bongsu.exercise.flown_truth import SIGMA_BALLISTIC_COEFFICIENT
from bongsu.exercise.known_flight import Sighting
from bongsu.exercise.sensor_geometry import measured_exactly
from bongsu.exercise.truth import TruthObject
from bongsu.physics.fall import propagate_to_impact
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.propagation import propagate
from bongsu.tracking.fall.impact_prediction import BALLISTIC_COEFFICIENT_KGPM2
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorSite

Floats = NDArray[np.float64]

AFTER_S = 60.0


@cache
def payload() -> TruthObject:
    return TruthObject(
        flight_id="F-1",
        name="payload",
        launched_at=LAUNCH_AT,
        launch_point=LAUNCH_PLACE,
        path=flown(LONG_SHOT),
    )


@cache
def burnout_s() -> float:
    return engine_figures(payload().path)[-1].burnout_s


def sightings(*sites: SensorSite) -> list[Sighting]:
    """One plot a second of each sensor that can see the payload."""
    found = []
    for site in sites:
        for seconds in np.arange(1.0, burnout_s() + AFTER_S).tolist():
            burning = payload().burns(seconds)
            position = payload().position_at(seconds)
            if site.cloud_height_m:
                seen = burning and float(height_above_ellipsoid_m(position)) > site.cloud_height_m
            else:
                seen = measured_exactly(site, position[None])[0, 2] > site.minimum_elevation_rad
            if seen:
                found.append(Sighting(time_s=seconds, site=site, unseen_s=1.3))
    return sorted(found, key=lambda sighting: sighting.time_s)


@cache
def bounds(*sites: SensorSite) -> tuple[FlightBound, ...]:
    moments = [120.0, burnout_s() + 1.0, burnout_s() + 30.0, burnout_s() + AFTER_S]
    return flight_bounds(payload(), sightings(*sites), moments)


def by_least_squares() -> Floats:
    """Covariance at the last moment from the one at the burnout and the radar's plots since."""
    end_s = burnout_s() + AFTER_S
    state = payload().path.state_at(end_s)
    steps = np.array([10.0] * 3 + [0.01] * 3)
    around = np.concatenate([state + np.diag(steps), state - np.diag(steps)])

    def slope(outcomes: Floats) -> Floats:
        return ((outcomes[:6] - outcomes[6:]) / (2.0 * steps[:, None])).T

    begun = slope(propagate(around, np.full(12, -AFTER_S)))
    (known,) = flight_bounds(payload(), sightings(RADAR), [burnout_s()])
    information = begun.T @ np.linalg.inv(known.motion) @ begun
    for sighting in sightings(RADAR):
        if sighting.time_s > burnout_s():
            then = propagate(around, np.full(12, sighting.time_s - end_s))
            plots = slope(measured_exactly(RADAR, then[:, :3])) / np.array([RADAR.sigmas]).T
            information += plots.T @ plots
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def sigma(covariance: Floats, columns: slice) -> float:
    return float(np.sqrt(np.trace(covariance[columns, columns])))


def test_after_burnout_the_bound_is_that_of_a_least_squares_fit() -> None:
    """Within 1 %: the filter's coast noise adds 0.1 m/s to some metres per second."""
    fitted, bound = by_least_squares(), bounds(RADAR)[-1].motion
    for columns in (slice(0, 3), slice(3, 6)):
        assert sigma(bound, columns) == pytest.approx(sigma(fitted, columns), rel=0.01)


def test_another_sensor_never_makes_the_bound_worse() -> None:
    for both, one in zip(bounds(EYE, RADAR), bounds(EYE), strict=True):
        assert both.launch_m < one.launch_m
        assert both.impact_m < one.impact_m


def test_the_impact_is_better_known_with_every_look_after_burnout() -> None:
    impacts = [bound.impact_m for bound in bounds(EYE, RADAR)[1:]]
    assert impacts == sorted(impacts, reverse=True)
    assert impacts[0] > 5.0 * impacts[-1]


def test_nothing_seen_in_free_flight_tells_the_drag_of_the_fall() -> None:
    first, last = bounds(EYE, RADAR)[2:]
    assert last.impact_air == pytest.approx(first.impact_air, rel=0.01)
    assert last.impact[2, 2] > last.impact_air[2, 2]


def test_who_knows_how_bodies_scatter_still_cannot_time_the_impact_of_one() -> None:
    """Beside full falls of the true state with coefficients one sigma up and down: within 10 %."""
    bound = bounds(EYE, RADAR)[-1]
    state = np.tile(payload().path.state_at(burnout_s() + AFTER_S), (2, 1))
    middle = BALLISTIC_COEFFICIENT_KGPM2
    either = middle * np.exp([-SIGMA_BALLISTIC_COEFFICIENT, SIGMA_BALLISTIC_COEFFICIENT])
    slower, faster = propagate_to_impact(state, ballistic_coefficient_kgpm2=either).time_s
    of_state = bound.impact[2, 2] - bound.impact_air[2, 2]
    floor_s = np.sqrt(of_state + (0.5 * (slower - faster)) ** 2)
    assert bound.impact_time_floor_s == pytest.approx(floor_s, rel=0.1)
    assert bound.impact_time_floor_s < bound.impact_time_s


def test_a_radar_of_twice_the_noise_knows_half_as_much() -> None:
    noisy = replace(RADAR, sigmas=tuple(2.0 * one for one in RADAR.sigmas))
    ratio = bounds(noisy)[-1].impact_m / bounds(RADAR)[-1].impact_m
    assert ratio == pytest.approx(2.0, rel=0.1)


def test_engine_figures_are_those_that_were_flown() -> None:
    (figures,) = engine_figures(payload().path)
    assert figures.empty_s == pytest.approx(
        figures.burnout_s / 0.86, rel=0.01
    )  # of generic figures
    thrust = np.linalg.norm(payload().path.thrust_acceleration_ecef_mps2, axis=1)
    last = np.flatnonzero(payload().path.burning)[-1]
    left_s = figures.empty_s - float(payload().path.time_s[last])
    assert figures.exhaust_speed_mps / left_s == pytest.approx(float(thrust[last]), rel=0.01)


def test_a_bound_without_plots_says_what_to_give() -> None:
    with pytest.raises(LocalMisuse, match="without a plot"):
        flight_bounds(payload(), [], [100.0])
