"""Burnouts of missiles by the thousand, and estimates of them."""

import numpy as np

from bongsu.exercise.flown_truth import scattered
from bongsu.exercise.satellite_launch import perigee_m
from bongsu.physics.arrays import Floats
from bongsu.physics.boost import BoostControls, LaunchPlace, fly_boost
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS

EACH_VEHICLE = 30
STEP_S = 4.0
THRUSTS = (0.9, 1.5)  # of the generic figures: up to what very nearly goes round
STEEPEST_RAD, FLATTEST_RAD = float(np.radians(3.0)), float(np.radians(85.0))
COMES_DOWN_M = 0.0  # the highest perigee of a missile
SIGMA_POSITION_S = 10.0  # a velocity known to 1 m/s goes with a place known to 10 m


def burnouts_of_missiles(number: int, rng: np.random.Generator) -> Floats:
    """States (number, 6) ECEF of missiles, of every generic kind, that come down again."""
    found: list[Floats] = []
    while sum(map(len, found)) < number:
        profile = scattered(GENERIC_BOOSTS[int(rng.integers(len(GENERIC_BOOSTS)))][0], rng)
        controls = BoostControls(
            thrust_scale=rng.uniform(*THRUSTS, EACH_VEHICLE),
            burn_scale=np.ones(EACH_VEHICLE),
            final_pitch_rad=rng.uniform(STEEPEST_RAD, FLATTEST_RAD, EACH_VEHICLE),
            azimuth_rad=rng.uniform(0.0, 2.0 * np.pi, EACH_VEHICLE),
        )
        place = LaunchPlace(latitude_rad=float(rng.uniform(-1.0, 1.0)), longitude_rad=0.0)
        end = fly_boost(profile, controls, place, step_s=STEP_S).state_ecef[-1]
        found.append(end[perigee_m(end) < COMES_DOWN_M])
    return np.concatenate(found)[:number]


def seen_with(truth: Floats, sigma_mps: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Estimates (n, 6) of states, and their covariances (n, 6, 6)."""
    sigma = np.array([SIGMA_POSITION_S * sigma_mps] * 3 + [sigma_mps] * 3)
    seen = truth + rng.standard_normal(truth.shape) * sigma
    return seen, np.repeat(np.diag(sigma**2)[None], len(truth), axis=0)
