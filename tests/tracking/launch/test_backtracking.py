"""Oracle: true flights, seen only after their engines stopped."""

from dataclasses import astuple, replace

import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    LAUNCH_AT,
    LAUNCH_PLACE,
    LONG_SHOT,
    SHORT_SHOT,
    TWO_STAGES,
    Figures,
    at,
    burnout_s,
    flown,
    ground_point,
    since_launch_s,
)

from bongsu.physics.geodesy import geodesic_inverse, geodetic_to_ecef
from bongsu.tracking.boost.ensemble import generic_ensemble
from bongsu.tracking.launch.backtracking import backtracked_launches, offsets_of
from bongsu.vocabulary.estimates import LaunchEstimate
from bongsu.vocabulary.units import UtcNs

OFFSETS = offsets_of(generic_ensemble())
SPREAD = np.diag([300.0**2] * 3 + [5.0**2] * 3)


def launch_of(
    figures: Figures, after_burnout_s: float, spread: np.ndarray = SPREAD
) -> LaunchEstimate | None:
    flight = flown(figures)
    seconds = burnout_s(flight) + after_burnout_s
    return launch_from(flight.state_at(seconds), spread, at(seconds))


def launch_from(
    state: np.ndarray, spread: np.ndarray = SPREAD, instant: UtcNs = LAUNCH_AT
) -> LaunchEstimate | None:
    (launch,) = backtracked_launches(state[None], spread[None], OFFSETS, instant)
    return launch


@pytest.mark.parametrize("figures", [LONG_SHOT, SHORT_SHOT, TWO_STAGES])
@pytest.mark.parametrize("after_burnout_s", [5.0, 100.0])
def test_a_launch_nobody_saw_lies_in_its_area(figures: Figures, after_burnout_s: float) -> None:
    launch = launch_of(figures, after_burnout_s)
    assert launch is not None
    distance, azimuth, _ = geodesic_inverse(
        launch.point.latitude_rad,
        launch.point.longitude_rad,
        LAUNCH_PLACE.latitude_rad,
        LAUNCH_PLACE.longitude_rad,
    )
    turn = float(azimuth) - launch.ellipse.azimuth_rad
    along = float(distance) * np.cos(turn) / launch.ellipse.semi_major_m
    across = float(distance) * np.sin(turn) / launch.ellipse.semi_minor_m
    assert np.hypot(along, across) < 1.0
    assert 15e3 < launch.ellipse.semi_major_m < 150e3
    assert abs(since_launch_s(launch.at)) < 3.0 * launch.sigma_time_s
    assert np.radians(55.0) < launch.azimuth_rad < np.radians(95.0)


@pytest.mark.parametrize("after_burnout_s", [5.0, 100.0, 300.0, 900.0])
@pytest.mark.parametrize("bearing_deg", [0.0, 90.0, 180.0, 270.0])
def test_the_earth_turning_under_a_steep_shot_does_not_turn_its_azimuth(
    bearing_deg: float, after_burnout_s: float
) -> None:
    """It turned by up to 15 degrees in a quarter of an hour when the way to the state was told."""
    figures = replace(TWO_STAGES, bearing_rad=float(np.radians(bearing_deg)))
    launch = launch_of(figures, after_burnout_s)
    assert launch is not None
    off = launch.azimuth_rad - azimuth_to_burnout_rad(figures)
    off = (off + np.pi) % (2.0 * np.pi) - np.pi
    assert abs(off) < np.radians(2.5)
    assert abs(off) < 2.0 * launch.sigma_azimuth_rad
    assert launch.sigma_azimuth_rad < np.radians(8.0)


def azimuth_to_burnout_rad(figures: Figures) -> float:
    flight = flown(figures)
    below = ground_point(flight.state_at(burnout_s(flight))[:3])
    _, azimuth, _ = geodesic_inverse(
        LAUNCH_PLACE.latitude_rad,
        LAUNCH_PLACE.longitude_rad,
        below.latitude_rad,
        below.longitude_rad,
    )
    return float(azimuth)


def test_a_vague_state_makes_a_vaguer_launch_or_none() -> None:
    sure, vague = launch_of(LONG_SHOT, 100.0), launch_of(LONG_SHOT, 100.0, 25.0 * SPREAD)
    assert sure is not None
    assert vague is not None
    assert vague.ellipse.semi_minor_m > sure.ellipse.semi_minor_m
    assert launch_of(LONG_SHOT, 100.0, 1e6 * SPREAD) is None


def test_what_was_never_launched_from_the_ground_has_no_launch() -> None:
    orbit = np.concatenate([geodetic_to_ecef(0.0, 0.0, 500e3), [0.0, 7_130.0, 0.0]])
    assert launch_from(orbit) is None


def test_what_flies_like_no_generic_boost_has_no_launch() -> None:
    aircraft = np.concatenate([geodetic_to_ecef(0.0, 0.0, 11e3), [60.0, 200.0, 0.0]])
    assert launch_from(aircraft) is None


def test_launches_of_many_are_those_of_each() -> None:
    orbit = np.concatenate([geodetic_to_ecef(0.0, 0.0, 500e3), [0.0, 7_130.0, 0.0]])
    flights = (LONG_SHOT, SHORT_SHOT, TWO_STAGES)
    seen = [flown(figures).state_at(burnout_s(flown(figures)) + 50.0) for figures in flights]
    states = np.stack([seen[0], orbit, *seen[1:]])
    spreads = SPREAD * np.array([1.0, 1.0, 4.0, 9.0])[:, None, None]
    launches = backtracked_launches(states, spreads, OFFSETS, LAUNCH_AT)
    alone = [launch_from(*pair) for pair in zip(states, spreads, strict=True)]
    assert [launch is None for launch in launches] == [False, True, False, False]
    assert [figures_of(launch) for launch in launches] == [
        pytest.approx(figures_of(launch), rel=1e-9) for launch in alone
    ]


def figures_of(launch: LaunchEstimate | None) -> tuple[float, ...]:
    if launch is None:
        return ()
    place, area = astuple(launch.point), astuple(launch.ellipse)
    return (*place, *area, launch.at, launch.sigma_time_s, launch.azimuth_rad)
