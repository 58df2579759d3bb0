"""A whole flight as a table over time: what the sensors of a made-up world look at."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.physics.arrays import Floats, FloatsLike, Mask
from bongsu.physics.boost import (
    UNPERTURBED,
    BoostControls,
    LaunchPlace,
    Perturbation,
    fly_boost,
)
from bongsu.physics.boost_profile import BoostProfile
from bongsu.physics.fall import sampled_fall
from bongsu.physics.geodesy import ecef_to_geodetic, height_above_ellipsoid_m
from bongsu.physics.motion import free_flight_of
from bongsu.physics.runge_kutta import Acceleration
from bongsu.physics.wind import WindProfile, free_flight_in_wind
from bongsu.vocabulary.errors import LocalMisuse

LONGEST_SAMPLE_S: Final = 10.0  # cubic lines between such samples err by < 1 mm in free flight
SEPARATION_MPS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """One body at T instants, rising, not evenly spaced: dense where forces change.

    `stage` (1, 2, ...; 0 in free flight), `burning` and the thrust hold from their sample on.
    """

    time_s: Floats  # (T,) since launch
    state_ecef: Floats  # (T, 6)
    thrust_acceleration_ecef_mps2: Floats  # (T, 3)
    stage: NDArray[np.int_]  # (T,)
    burning: Mask  # (T,)
    landed: bool  # False where it stays up beyond the longest time asked for

    @property
    def duration_s(self) -> float:
        """Time since launch of the last sample: of impact, if it landed."""
        return float(self.time_s[-1])

    def state_at(self, time_s: FloatsLike) -> Floats:
        """ECEF states (..., 6) at times since launch (...); NaN before and after the flight."""
        time = np.asarray(time_s, dtype=np.float64)
        late = np.clip(np.searchsorted(self.time_s, time, side="right"), 1, len(self.time_s) - 1)
        start, span = self.time_s[late - 1], self.time_s[late] - self.time_s[late - 1]
        state = _hermite(self.state_ecef[late - 1], self.state_ecef[late], time - start, span)
        state[(time < self.time_s[0]) | (time > self.time_s[-1])] = np.nan
        return state

    def burning_at(self, time_s: FloatsLike) -> Mask:
        """Whether an engine burns at times since launch (...); False outside the flight."""
        time = np.asarray(time_s, dtype=np.float64)
        index = np.searchsorted(self.time_s, time, side="right") - 1
        inside = (index >= 0) & (time <= self.time_s[-1])
        return np.asarray(inside & self.burning[np.clip(index, 0, None)])

    def apogee_m(self) -> float:
        """Greatest height above the ellipsoid."""
        heights = ecef_to_geodetic(self.state_ecef[:, :3])[2]
        top = int(np.argmax(heights))
        first, last = self.time_s[max(top - 1, 0)], self.time_s[min(top + 1, len(heights) - 1)]
        near = self.state_at(np.linspace(first, last, 201))
        return float(np.max(ecef_to_geodetic(near[:, :3])[2]))


def fly(
    profile: BoostProfile,
    controls: BoostControls,
    place: LaunchPlace,
    *,
    perturbation: Perturbation = UNPERTURBED,
    maximum_time_s: float = 7200.0,
    step_s: float = 1.0,
) -> Trajectory:
    """One flight from launch to impact.

    controls: (1,) each. Raises LocalMisuse where they hold more than one flight, where the
    perturbation does not fit the profile, and where the thrust does not lift the vehicle.
    """
    if len(controls.thrust_scale) != 1:
        raise LocalMisuse(
            f"A trajectory holds one flight, not {len(controls.thrust_scale)}",
            remedy="Pick one row of the controls",
        )
    powered = fly_boost(profile, controls, place, perturbation=perturbation, step_s=step_s)
    if height_above_ellipsoid_m(powered.state_ecef[-1, 0, :3]) <= place.height_m:
        raise LocalMisuse(
            "The vehicle never rises from its launch place",
            remedy="Give it more thrust, or less scatter of it",
        )
    burnout_s = float(powered.time_s[-1, 0])
    time, state, landed = sampled_fall(
        powered.state_ecef[-1, 0],
        _free_flight(profile.reentry_ballistic_coefficient_kgpm2, perturbation.wind),
        maximum_time_s=maximum_time_s - burnout_s,
        longest_step_s=LONGEST_SAMPLE_S,
    )
    falling = len(time)
    thrust = powered.thrust_acceleration_ecef_mps2[:-1, 0]
    return Trajectory(
        time_s=np.concatenate([powered.time_s[:-1, 0], burnout_s + time]),
        state_ecef=np.concatenate([powered.state_ecef[:-1, 0], state]),
        thrust_acceleration_ecef_mps2=np.concatenate([thrust, np.zeros((falling, 3))]),
        stage=np.concatenate([powered.stage[:-1], np.zeros(falling, dtype=np.int_)]),
        burning=np.concatenate([powered.burning[:-1], np.zeros(falling, dtype=np.bool_)]),
        landed=landed,
    )


def fly_spent_stage(
    profile: BoostProfile,
    flight: Trajectory,
    *,
    stage: int = 1,
    wind: WindProfile | None = None,
    maximum_time_s: float = 7200.0,
) -> Trajectory:
    """What falls off when a stage has burnt out: from separation to the ground, tumbling.

    It starts 3 m/s slower than the rest. Times count from the launch of `flight`.
    Raises LocalMisuse where the flight has no such stage.
    """
    burns = np.flatnonzero((flight.stage == stage) & flight.burning)
    if not burns.size:
        raise LocalMisuse(
            f"The flight has no burn of stage {stage}",
            remedy=f"Ask for a stage from 1 to {len(profile.stages)}",
        )
    cut = int(burns[-1]) + 1
    start = np.array(flight.state_ecef[cut])
    thrust = flight.thrust_acceleration_ecef_mps2[cut - 1]
    start[3:] -= SEPARATION_MPS * thrust / np.linalg.norm(thrust)
    time, state, landed = sampled_fall(
        start,
        _free_flight(profile.spent_stage_ballistic_coefficient_kgpm2, wind),
        maximum_time_s=maximum_time_s,
        longest_step_s=LONGEST_SAMPLE_S,
    )
    return Trajectory(
        time_s=flight.time_s[cut] + time,
        state_ecef=state,
        thrust_acceleration_ecef_mps2=np.zeros((len(time), 3)),
        stage=np.zeros(len(time), dtype=np.int_),
        burning=np.zeros(len(time), dtype=np.bool_),
        landed=landed,
    )


def _free_flight(coefficient: float, wind: WindProfile | None) -> Acceleration:
    return free_flight_of(coefficient) if wind is None else free_flight_in_wind(coefficient, wind)


def _hermite(early: Floats, late: Floats, elapsed_s: Floats, span_s: Floats) -> Floats:
    """Cubic lines through two positions and velocities, (..., 6) each; their slope is velocity."""
    span, part = span_s[..., None], (elapsed_s / span_s)[..., None]
    step = late[..., :3] - early[..., :3]
    start, end = span * early[..., 3:], span * late[..., 3:]
    second, third = 3.0 * step - 2.0 * start - end, start + end - 2.0 * step
    position = early[..., :3] + part * (start + part * (second + part * third))
    velocity = (start + part * (2.0 * second + 3.0 * part * third)) / span
    return np.concatenate([position, velocity], axis=-1)
