"""The words of powered flight: stages and pitch programmes, which belong to a class of object.

What differs from flight to flight (energy, pitch, azimuth) is not here: it is fitted to the
published apogee, range and bearing.
"""

from dataclasses import dataclass
from math import log1p

from bongsu.vocabulary.errors import LocalMisuse


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostStage:
    """One stage: constant thrust while the mass falls evenly.

    The acceleration at ignition is that of vacuum thrust before scaling; at sea level a part
    `sea_level_loss` of the thrust is missing. `ballistic_coefficient_kgpm2` is m / (Cd A) of
    the whole stack at ignition, at the drag coefficient of high Mach numbers.
    """

    burn_time_s: float
    ignition_acceleration_mps2: float
    propellant_fraction: float  # of the stack's mass at ignition
    ballistic_coefficient_kgpm2: float
    sea_level_loss: float = 0.0
    coast_before_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostProfile:
    """Stages, the shape of the pitch programme, and the bodies that fall afterwards.

    The angle of the thrust from the vertical of the launch place is the final pitch of the
    flight times `pitch_fractions`, straight lines over the knots `pitch_times_s`; the last
    fraction holds.
    """

    name: str
    stages: tuple[BoostStage, ...]
    pitch_times_s: tuple[float, ...]
    pitch_fractions: tuple[float, ...]
    reentry_ballistic_coefficient_kgpm2: float
    spent_stage_ballistic_coefficient_kgpm2: float  # tumbling

    def __post_init__(self) -> None:
        steady = all(
            early < late
            for early, late in zip(self.pitch_times_s, self.pitch_times_s[1:], strict=False)
        )
        if not (self.stages and len(self.pitch_times_s) == len(self.pitch_fractions) >= 1):
            raise LocalMisuse(
                f"Boost profile {self.name} lacks stages or a fraction per pitch knot",
                remedy="Give at least one stage, and as many pitch fractions as times",
            )
        if not steady:
            raise LocalMisuse(
                f"Boost profile {self.name} has pitch knots out of order",
                remedy="Give strictly rising pitch times",
            )
        for stage in self.stages:
            if not (0.0 < stage.propellant_fraction < 1.0 and stage.burn_time_s > 0.0):
                raise LocalMisuse(
                    f"Boost profile {self.name} has a stage without a burn",
                    remedy="Give a burn time above 0 s and a propellant fraction in (0, 1)",
                )

    @property
    def burnout_s(self) -> float:
        """Time from launch to the end of the last burn, before any scaling."""
        return sum(stage.coast_before_s + stage.burn_time_s for stage in self.stages)

    @property
    def ideal_speed_mps(self) -> float:
        """Speed gained in a vacuum without gravity, before any scaling (rocket equation)."""
        return sum(
            stage.ignition_acceleration_mps2
            * stage.burn_time_s
            * -log1p(-stage.propellant_fraction)
            / stage.propellant_fraction
            for stage in self.stages
        )
