"""A launch of a satellite that nobody was told of: a scattered launcher, flown into an orbit.

A generic launcher is scattered as one vehicle differs from its class, and flown with thrusts
and final pitches over a grid; one of those that go round above the air is the truth. So the
ascents differ as widely as the orbits and steering that a launcher can choose from.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from bongsu.exercise.chance import generator
from bongsu.exercise.flown_truth import wind_of
from bongsu.exercise.published_scenario import LEAD_S
from bongsu.exercise.truth import PAYLOAD, Truth, TruthObject
from bongsu.physics.arrays import Floats
from bongsu.physics.boost import BoostControls, LaunchPlace, Perturbation, fly_boost
from bongsu.physics.boost_profile import BoostProfile, BoostStage
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.launcher_figures import GENERIC_LAUNCHERS, ascent_profile
from bongsu.physics.trajectory import fly, fly_spent_stage
from bongsu.tracking.fall.unpowered_arc import apsides_m, inertial_velocity
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.units import UtcNs, after_seconds

SIGMA_THRUST: Final = 0.06  # of each stage, as a part of it; launchers differ more than missiles
SIGMA_IMPULSE: Final = 0.03
LARGEST_SCATTER: Final = 2.0  # sigmas
FIRST_SHARES: Final = (0.25, 0.50)  # of the final pitch, at the end of the first stage
MIDDLE_SHARES: Final = (0.75, 0.95)

THRUST_SCALES: Final = (0.85, 1.25)
FINAL_PITCHES_RAD: Final = (float(np.radians(90.0)), float(np.radians(132.0)))
GRID: Final = 24  # of thrusts, and of pitches
GRID_STEP_S: Final = 4.0
LOWEST_PERIGEE_M: Final = 150e3
HIGHEST_APOGEE_M: Final = 1_500e3
DRAWS: Final = 20
IN_ORBIT_S: Final = 300.0  # that are flown after the last burnout


def satellite_launch(
    seed: int, *, flight_id: str, launch_point: GeoPoint, azimuth_rad: float, start: UtcNs
) -> Truth:
    """The launcher with its payload and the stages that fall off; launched 30 s after the start.

    The same seed gives the same truth. Raises LocalMisuse where nothing drawn goes round.
    """
    rng = generator(seed, "launcher")
    place = LaunchPlace(
        latitude_rad=launch_point.latitude_rad, longitude_rad=launch_point.longitude_rad
    )
    wind = wind_of(seed)
    profile, controls = _drawn(rng, place, azimuth_rad)
    burnout_s = profile.burnout_s
    flown = fly(
        profile,
        controls,
        place,
        perturbation=Perturbation(wind=wind),
        maximum_time_s=burnout_s + IN_ORBIT_S,
    )
    falling = (
        (f"stage {stage}", fly_spent_stage(profile, flown, stage=stage, wind=wind))
        for stage in range(1, len(profile.stages))
    )
    bodies = tuple(
        TruthObject(
            flight_id=flight_id,
            name=name,
            launched_at=after_seconds(start, LEAD_S),
            launch_point=launch_point,
            path=path,
        )
        for name, path in ((PAYLOAD, flown), *falling)
    )
    return Truth(start=start, objects=bodies)


def perigee_m(state_ecef: Floats) -> Floats:
    """Lowest heights (...) above the mean sphere of the orbits that states (..., 6) are on."""
    position = state_ecef[..., :3]
    velocity = inertial_velocity(position, state_ecef[..., 3:])
    return np.asarray(apsides_m(position, velocity)[1] - MEAN_RADIUS_M)


def _drawn(
    rng: np.random.Generator, place: LaunchPlace, azimuth_rad: float
) -> tuple[BoostProfile, BoostControls]:
    """A scattered launcher with controls that take it into an orbit."""
    for _ in range(DRAWS):
        stages = GENERIC_LAUNCHERS[int(rng.integers(len(GENERIC_LAUNCHERS)))]
        profile = ascent_profile(
            tuple(_scattered(stage, rng) for stage in stages),
            first_share=float(rng.uniform(*FIRST_SHARES)),
            middle_share=float(rng.uniform(*MIDDLE_SHARES)),
        )
        controls = _grid(azimuth_rad)
        end = fly_boost(profile, controls, place, step_s=GRID_STEP_S).state_ecef[-1]
        rows = np.flatnonzero(_goes_round(end))
        if rows.size:
            return profile, _only(controls, int(rng.choice(rows)))
    raise LocalMisuse("No launcher that was drawn goes round", remedy="Choose another seed.")


def _scattered(stage: BoostStage, rng: np.random.Generator) -> BoostStage:
    """More thrust burns the same propellant sooner."""
    drawn = np.clip(rng.standard_normal(2), -LARGEST_SCATTER, LARGEST_SCATTER)
    thrust, impulse = np.exp(drawn * (SIGMA_THRUST, SIGMA_IMPULSE)).tolist()
    return replace(
        stage,
        ignition_acceleration_mps2=stage.ignition_acceleration_mps2 * thrust,
        burn_time_s=stage.burn_time_s * impulse / thrust,
    )


def _grid(azimuth_rad: float) -> BoostControls:
    thrust, pitch = np.meshgrid(
        np.linspace(*THRUST_SCALES, GRID), np.linspace(*FINAL_PITCHES_RAD, GRID)
    )
    return BoostControls(
        thrust_scale=thrust.ravel(),
        burn_scale=np.ones(GRID**2),
        final_pitch_rad=pitch.ravel(),
        azimuth_rad=np.full(GRID**2, azimuth_rad),
    )


def _goes_round(state_ecef: Floats) -> Floats:
    position = state_ecef[:, :3]
    velocity = inertial_velocity(position, state_ecef[:, 3:])
    farthest, nearest = apsides_m(position, velocity)
    above = nearest - MEAN_RADIUS_M > LOWEST_PERIGEE_M
    return np.asarray(above & (farthest - MEAN_RADIUS_M < HIGHEST_APOGEE_M))


def _only(controls: BoostControls, row: int) -> BoostControls:
    return BoostControls(
        thrust_scale=controls.thrust_scale[[row]],
        burn_scale=controls.burn_scale[[row]],
        final_pitch_rad=controls.final_pitch_rad[[row]],
        azimuth_rad=controls.azimuth_rad[[row]],
    )
