"""Oracle: true flights, seen only after their engines stopped."""

import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    LAUNCH_PLACE,
    LONG_SHOT,
    SHORT_SHOT,
    TWO_STAGES,
    Figures,
    at,
    burnout_s,
    flown,
    since_launch_s,
)

from bongsu.physics.geodesy import geodesic_inverse, geodetic_to_ecef
from bongsu.tracking.boost_ensemble import generic_ensemble
from bongsu.tracking.launch_backtracking import backtracked_launch, offsets_of
from bongsu.vocabulary.estimates import LaunchEstimate

OFFSETS = offsets_of(generic_ensemble())
SPREAD = np.diag([300.0**2] * 3 + [5.0**2] * 3)


def launch_of(
    figures: Figures, after_burnout_s: float, spread: np.ndarray = SPREAD
) -> LaunchEstimate | None:
    flight = flown(figures)
    seconds = burnout_s(flight) + after_burnout_s
    return backtracked_launch(flight.state_at(seconds), spread, OFFSETS, at(seconds))


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


def test_a_vague_state_makes_a_vaguer_launch_or_none() -> None:
    sure, vague = launch_of(LONG_SHOT, 100.0), launch_of(LONG_SHOT, 100.0, 25.0 * SPREAD)
    assert sure is not None
    assert vague is not None
    assert vague.ellipse.semi_minor_m > sure.ellipse.semi_minor_m
    assert launch_of(LONG_SHOT, 100.0, 1e6 * SPREAD) is None


def test_what_was_never_launched_from_the_ground_has_no_launch() -> None:
    orbit = np.concatenate([geodetic_to_ecef(0.0, 0.0, 500e3), [0.0, 7_130.0, 0.0]])
    assert backtracked_launch(orbit, SPREAD, OFFSETS, at(0.0)) is None


def test_what_flies_like_no_generic_boost_has_no_launch() -> None:
    aircraft = np.concatenate([geodetic_to_ecef(0.0, 0.0, 11e3), [60.0, 200.0, 0.0]])
    assert backtracked_launch(aircraft, SPREAD, OFFSETS, at(0.0)) is None
