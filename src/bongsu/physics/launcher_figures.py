"""Generic figures of launchers of satellites, and how they pitch over on the way to an orbit.

Round numbers of the kind that open literature gives for a whole class of launchers, as in
`generic_figures`; they belong to no single type. A launcher pitches over further than a
missile and burns on until it goes round: what differs from flight to flight (thrust, how far
it leans at the end of the first stage and of the last) is given by whoever flies it.
"""

from typing import Final

from bongsu.physics.boost_profile import BoostProfile, BoostStage

_RISE_S: Final = 8.0  # straight up, clear of the pad

TWO_STAGE_LAUNCHER: Final = (
    BoostStage(
        burn_time_s=155.0,
        ignition_acceleration_mps2=14.0,
        propellant_fraction=0.75,
        ballistic_coefficient_kgpm2=60_000.0,
        sea_level_loss=0.10,
    ),
    BoostStage(
        burn_time_s=350.0,
        ignition_acceleration_mps2=8.0,
        propellant_fraction=0.82,
        ballistic_coefficient_kgpm2=20_000.0,
        coast_before_s=8.0,
    ),
)
RETURNING_LAUNCHER: Final = (  # whose first stage keeps propellant for its way back
    BoostStage(
        burn_time_s=140.0,
        ignition_acceleration_mps2=13.5,
        propellant_fraction=0.65,
        ballistic_coefficient_kgpm2=60_000.0,
        sea_level_loss=0.10,
    ),
    BoostStage(
        burn_time_s=390.0,
        ignition_acceleration_mps2=7.5,
        propellant_fraction=0.86,
        ballistic_coefficient_kgpm2=20_000.0,
        coast_before_s=10.0,
    ),
)
THREE_STAGE_LAUNCHER: Final = (
    BoostStage(
        burn_time_s=120.0,
        ignition_acceleration_mps2=15.0,
        propellant_fraction=0.72,
        ballistic_coefficient_kgpm2=60_000.0,
        sea_level_loss=0.10,
    ),
    BoostStage(
        burn_time_s=150.0,
        ignition_acceleration_mps2=13.0,
        propellant_fraction=0.72,
        ballistic_coefficient_kgpm2=20_000.0,
        coast_before_s=3.0,
    ),
    BoostStage(
        burn_time_s=300.0,
        ignition_acceleration_mps2=6.0,
        propellant_fraction=0.65,
        ballistic_coefficient_kgpm2=10_000.0,
        coast_before_s=3.0,
    ),
)
SOLID_LAUNCHER: Final = (
    BoostStage(
        burn_time_s=75.0,
        ignition_acceleration_mps2=22.0,
        propellant_fraction=0.63,
        ballistic_coefficient_kgpm2=60_000.0,
        sea_level_loss=0.08,
    ),
    BoostStage(
        burn_time_s=95.0,
        ignition_acceleration_mps2=20.0,
        propellant_fraction=0.68,
        ballistic_coefficient_kgpm2=24_000.0,
        coast_before_s=6.0,
    ),
    BoostStage(
        burn_time_s=125.0,
        ignition_acceleration_mps2=18.0,
        propellant_fraction=0.78,
        ballistic_coefficient_kgpm2=12_000.0,
        coast_before_s=60.0,
    ),
)
GENERIC_LAUNCHERS: Final = (
    TWO_STAGE_LAUNCHER,
    RETURNING_LAUNCHER,
    THREE_STAGE_LAUNCHER,
    SOLID_LAUNCHER,
)


def ascent_profile(
    stages: tuple[BoostStage, ...], *, first_share: float, middle_share: float
) -> BoostProfile:
    """A launcher whose thrust leans by shares of its final pitch.

    first_share: at the end of the first stage; middle_share: half-way from there to the end.
    """
    first_s = stages[0].coast_before_s + stages[0].burn_time_s
    end_s = sum(stage.coast_before_s + stage.burn_time_s for stage in stages)
    return BoostProfile(
        name=f"launcher of {len(stages)} stages",
        stages=stages,
        pitch_times_s=(_RISE_S, first_s, 0.5 * (first_s + end_s), end_s),
        pitch_fractions=(0.0, first_share, middle_share, 1.0),
        reentry_ballistic_coefficient_kgpm2=300.0,
        spent_stage_ballistic_coefficient_kgpm2=800.0,
    )
