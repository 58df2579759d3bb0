"""Powered flight against two Falcon 9 first stages, read off webcasts once a second.

Fitted are three generic figures of each ascent (thrust per mass at ignition, propellant
fraction, final pitch); burn time and the straight pitch programme are given. Speed is taken as
Earth-relative; altitude comes in steps of 0.1 km low down and 1 km high up. The downrange
distance in the files is its author's integral and not compared.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from bongsu.physics.arrays import Floats
from bongsu.physics.boost import BoostControls, LaunchPlace, fly_boost
from bongsu.physics.boost_profile import BoostProfile, BoostStage
from bongsu.physics.geodesy import ecef_to_geodetic

TELEMETRY = Path(__file__).parents[2].parent / "shared" / "reference" / "telemetry"
CANAVERAL = LaunchPlace(latitude_rad=np.radians(28.6), longitude_rad=np.radians(-80.6))
FIRST_SECOND = 5
ITERATIONS = 6
STEPS = np.array([0.01, 0.001, 0.001])

SPEED_RMS_MPS, SPEED_WORST_MPS = 10.0, 35.0
HEIGHT_RMS_M, HEIGHT_WORST_M = 150.0, 400.0


class Ascent(NamedTuple):
    name: str
    cutoff_s: float


class Measured(NamedTuple):
    time_s: Floats
    speed_mps: Floats
    height_m: Floats


def measured(ascent: Ascent) -> Measured:
    path = TELEMETRY / f"{ascent.name}_analysed_1hz.json"
    if not path.is_file():
        pytest.skip(f"no telemetry at {path}: it is not part of this repository")
    columns = json.loads(path.read_text(encoding="utf-8"))
    rows = slice(FIRST_SECOND, int(ascent.cutoff_s))
    time, speed, altitude = (
        np.array(columns[name][rows], dtype=np.float64) for name in ("time", "velocity", "altitude")
    )
    return Measured(time, speed, altitude * 1e3)


def flown(figures: Floats, ascent: Ascent, time_s: Floats) -> tuple[Floats, Floats]:
    """Speed and height at the given times."""
    stage = BoostStage(
        burn_time_s=ascent.cutoff_s,
        ignition_acceleration_mps2=float(figures[0]),
        propellant_fraction=float(figures[1]),
        ballistic_coefficient_kgpm2=60_000.0,
        sea_level_loss=0.08,
    )
    profile = BoostProfile(
        name="medium launcher, first stage",
        stages=(stage,),
        pitch_times_s=(10.0, ascent.cutoff_s),
        pitch_fractions=(0.0, 1.0),
        reentry_ballistic_coefficient_kgpm2=5_000.0,
        spent_stage_ballistic_coefficient_kgpm2=1_000.0,
    )
    controls = BoostControls(
        thrust_scale=np.ones(1),
        burn_scale=np.ones(1),
        final_pitch_rad=figures[2:],
        azimuth_rad=np.radians([45.0]),
    )
    flight = fly_boost(profile, controls, CANAVERAL)
    speed = np.linalg.norm(flight.state_ecef[:, 0, 3:], axis=-1)
    height = ecef_to_geodetic(flight.state_ecef[:, 0, :3])[2]
    at = flight.time_s[:, 0]
    return np.interp(time_s, at, speed), np.interp(time_s, at, height)


def residuals(figures: Floats, ascent: Ascent, seen: Measured) -> tuple[Floats, Floats]:
    speed, height = flown(figures, ascent, seen.time_s)
    return speed - seen.speed_mps, height - seen.height_m


@cache
def fitted(ascent: Ascent) -> Floats:
    """Least squares, speed weighed by 20 m/s and height by 500 m."""
    seen = measured(ascent)

    def weighed(figures: Floats) -> Floats:
        speed, height = residuals(figures, ascent, seen)
        return np.concatenate([speed / 20.0, height / 500.0])

    figures = np.array([15.0, 0.7, 0.6])
    for _ in range(ITERATIONS):
        here = weighed(figures)
        slopes = [(weighed(figures + move) - here) / np.max(move) for move in np.diag(STEPS)]
        figures = figures - np.linalg.lstsq(np.stack(slopes, axis=1), here, rcond=None)[0]
    return figures


@pytest.mark.parametrize(
    "ascent", [Ascent("nrol76", 140.0), Ascent("orbcommog2", 145.0)], ids=lambda one: one.name
)
def test_speed_and_height_follow_the_webcast_to_the_cutoff(ascent: Ascent) -> None:
    seen = measured(ascent)
    figures = fitted(ascent)
    speed, height = residuals(figures, ascent, seen)
    assert np.sqrt(np.mean(speed**2)) < SPEED_RMS_MPS
    assert np.max(np.abs(speed)) < SPEED_WORST_MPS
    assert np.sqrt(np.mean(height**2)) < HEIGHT_RMS_M
    assert np.max(np.abs(height)) < HEIGHT_WORST_M


@pytest.mark.parametrize(
    "ascent", [Ascent("nrol76", 140.0), Ascent("orbcommog2", 145.0)], ids=lambda one: one.name
)
def test_the_fitted_figures_are_those_of_a_real_launcher(ascent: Ascent) -> None:
    acceleration, fraction, pitch = fitted(ascent)
    # Public figures: 8.2 MN in vacuum over 549 t; about 370 t of propellant until cutoff.
    assert acceleration == pytest.approx(8.2e6 / 549e3, rel=0.1)
    assert fraction == pytest.approx(0.67, abs=0.06)
    assert 20.0 < np.degrees(pitch) < 50.0
