"""Boosts for tests: simple enough to be checked by hand."""

from dataclasses import replace

import numpy as np

from bongsu.physics.boost import BoostControls, LaunchPlace
from bongsu.physics.boost_profile import BoostProfile, BoostStage

PLACE = LaunchPlace(latitude_rad=np.radians(39.0), longitude_rad=np.radians(126.0))
AIRLESS_STAGE = BoostStage(
    burn_time_s=60.0,
    ignition_acceleration_mps2=30.0,
    propellant_fraction=0.6,
    ballistic_coefficient_kgpm2=1e12,
)
TWO_STAGES = BoostProfile(
    name="two stages for tests",
    stages=(AIRLESS_STAGE, replace(AIRLESS_STAGE, burn_time_s=40.0, coast_before_s=5.0)),
    pitch_times_s=(10.0, 50.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=5_000.0,
    spent_stage_ballistic_coefficient_kgpm2=400.0,
)


def controls(
    *, count: int = 1, pitch_deg: float = 20.0, azimuth_deg: float = 80.0
) -> BoostControls:
    return BoostControls(
        thrust_scale=np.ones(count),
        burn_scale=np.ones(count),
        final_pitch_rad=np.full(count, np.radians(pitch_deg)),
        azimuth_rad=np.full(count, np.radians(azimuth_deg)),
    )
