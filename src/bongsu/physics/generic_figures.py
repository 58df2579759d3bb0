"""Generic boost figures by class of object, and which class a published type belongs to.

They are round numbers of the kind that open literature gives for a whole class, one burn time
per class; they belong to no single type. Only the number of stages and the kind of propellant
of a type, as public sources state them, choose among them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bongsu.physics.boost_profile import BoostProfile, BoostStage
from bongsu.vocabulary.estimates import ObjectClass

_RISE_S: Final = 5.0  # straight up, clear of the pad

SHORT_SOLID: Final = BoostProfile(
    name="one stage, solid, 60 s",
    stages=(
        BoostStage(
            burn_time_s=60.0,
            ignition_acceleration_mps2=25.0,
            propellant_fraction=0.70,
            ballistic_coefficient_kgpm2=25_000.0,
            sea_level_loss=0.08,
        ),
    ),
    pitch_times_s=(_RISE_S, 40.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=6_000.0,
    spent_stage_ballistic_coefficient_kgpm2=600.0,
)
SHORT_LIQUID: Final = BoostProfile(
    name="one stage, liquid, 85 s",
    stages=(
        BoostStage(
            burn_time_s=85.0,
            ignition_acceleration_mps2=19.0,
            propellant_fraction=0.72,
            ballistic_coefficient_kgpm2=30_000.0,
            sea_level_loss=0.10,
        ),
    ),
    pitch_times_s=(_RISE_S, 60.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=5_000.0,
    spent_stage_ballistic_coefficient_kgpm2=600.0,
)
MEDIUM_LIQUID: Final = BoostProfile(
    name="one stage, liquid, 100 s",
    stages=(
        BoostStage(
            burn_time_s=100.0,
            ignition_acceleration_mps2=20.0,
            propellant_fraction=0.78,
            ballistic_coefficient_kgpm2=40_000.0,
            sea_level_loss=0.10,
        ),
    ),
    pitch_times_s=(_RISE_S, 70.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=5_000.0,
    spent_stage_ballistic_coefficient_kgpm2=600.0,
)
MEDIUM_SOLID: Final = BoostProfile(
    name="two stages, solid, 2 x 60 s",
    stages=(
        BoostStage(
            burn_time_s=60.0,
            ignition_acceleration_mps2=22.0,
            propellant_fraction=0.60,
            ballistic_coefficient_kgpm2=40_000.0,
            sea_level_loss=0.08,
        ),
        BoostStage(
            burn_time_s=60.0,
            ignition_acceleration_mps2=20.0,
            propellant_fraction=0.65,
            ballistic_coefficient_kgpm2=16_000.0,
        ),
    ),
    pitch_times_s=(_RISE_S, 70.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=6_000.0,
    spent_stage_ballistic_coefficient_kgpm2=600.0,
)
ONE_STAGE_LIQUID: Final = BoostProfile(
    name="one stage, liquid, 145 s",
    stages=(
        BoostStage(
            burn_time_s=145.0,
            ignition_acceleration_mps2=17.0,
            propellant_fraction=0.86,
            ballistic_coefficient_kgpm2=60_000.0,
            sea_level_loss=0.10,
        ),
    ),
    pitch_times_s=(_RISE_S, 100.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=6_000.0,
    spent_stage_ballistic_coefficient_kgpm2=800.0,
)
TWO_STAGE_LIQUID: Final = BoostProfile(
    name="two stages, liquid, 130 + 170 s",
    stages=(
        BoostStage(
            burn_time_s=130.0,
            ignition_acceleration_mps2=14.5,
            propellant_fraction=0.75,
            ballistic_coefficient_kgpm2=80_000.0,
            sea_level_loss=0.10,
        ),
        BoostStage(
            burn_time_s=170.0,
            ignition_acceleration_mps2=14.0,
            propellant_fraction=0.82,
            ballistic_coefficient_kgpm2=24_000.0,
        ),
    ),
    pitch_times_s=(_RISE_S, 120.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=8_000.0,
    spent_stage_ballistic_coefficient_kgpm2=800.0,
)
THREE_STAGE_SOLID: Final = BoostProfile(
    name="three stages, solid, 3 x 62 s",
    stages=(
        BoostStage(
            burn_time_s=62.0,
            ignition_acceleration_mps2=24.0,
            propellant_fraction=0.60,
            ballistic_coefficient_kgpm2=60_000.0,
            sea_level_loss=0.08,
        ),
        BoostStage(
            burn_time_s=62.0,
            ignition_acceleration_mps2=24.0,
            propellant_fraction=0.62,
            ballistic_coefficient_kgpm2=24_000.0,
        ),
        BoostStage(
            burn_time_s=62.0,
            ignition_acceleration_mps2=22.0,
            propellant_fraction=0.70,
            ballistic_coefficient_kgpm2=12_000.0,
        ),
    ),
    pitch_times_s=(_RISE_S, 70.0),
    pitch_fractions=(0.0, 1.0),
    reentry_ballistic_coefficient_kgpm2=8_000.0,
    spent_stage_ballistic_coefficient_kgpm2=800.0,
)

PROFILE_BY_CLASS: Final[Mapping[ObjectClass, BoostProfile]] = MappingProxyType(
    {
        ObjectClass.SRBM: SHORT_SOLID,
        ObjectClass.MRBM: MEDIUM_LIQUID,
        ObjectClass.IRBM: ONE_STAGE_LIQUID,
        ObjectClass.ICBM: TWO_STAGE_LIQUID,
    }
)

# Stages and propellant as the CNS / NTI test database and CSIS Missile Threat describe the types.
PROFILE_BY_TYPE: Final[Mapping[str, BoostProfile]] = MappingProxyType(
    {
        "Scud-B": SHORT_LIQUID,
        "Scud-B MaRV": SHORT_LIQUID,
        "Scud-C": SHORT_LIQUID,
        "ER Scud": MEDIUM_LIQUID,
        "Nodong": MEDIUM_LIQUID,
        "Pukguksong-1": MEDIUM_SOLID,
        "Pukguksong-2": MEDIUM_SOLID,
        "Musudan": ONE_STAGE_LIQUID,
        "Hwasong-12": ONE_STAGE_LIQUID,
        "New IRBM 2022": ONE_STAGE_LIQUID,
        "Hwasong-14": TWO_STAGE_LIQUID,
        "Hwasong-15": TWO_STAGE_LIQUID,
        "Hwasong-17": TWO_STAGE_LIQUID,
        "Hwasong-18": THREE_STAGE_SOLID,
    }
)
