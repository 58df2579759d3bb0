"""Powered flight: a stack of stages, pitched over by a programme, in wind and thinning air."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.physics.arrays import Floats, Mask
from bongsu.physics.atmosphere import (
    SEA_LEVEL_PRESSURE_PA,
    density_kgpm3,
    pressure_pa,
    speed_of_sound_mps,
)
from bongsu.physics.boost_profile import BoostProfile, BoostStage
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import geodetic_to_ecef, height_above_ellipsoid_m
from bongsu.physics.motion import rotating_frame_mps2
from bongsu.physics.runge_kutta import TimedAcceleration, rk4_timed_step
from bongsu.physics.wind import WindProfile
from bongsu.vocabulary.errors import LocalMisuse

BOOST_STEP_S: Final = 1.0
SHORTEST_STEP_S: Final = 0.01

# Drag coefficient against that of high Mach numbers: a generic slender body.
DRAG_MACH: Final = np.array([0.0, 0.6, 0.9, 1.1, 1.5, 2.0, 3.0, 5.0])
DRAG_FACTOR: Final = np.array([1.2, 1.2, 1.6, 2.2, 2.0, 1.7, 1.3, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPlace:
    latitude_rad: float
    longitude_rad: float
    height_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostControls:
    """What a fit finds for each of N flights: (N,) each."""

    thrust_scale: Floats
    burn_scale: Floats  # of every burn time: below 1 where the engine was cut off early
    final_pitch_rad: Floats  # from the vertical
    azimuth_rad: Floats  # of the thrust, clockwise from true north


@dataclass(frozen=True, slots=True, kw_only=True)
class Perturbation:
    """What a made-up truth holds and a tracker does not know."""

    thrust_factors: tuple[float, ...] = ()  # one per stage; empty means 1
    wind: WindProfile | None = None


UNPERTURBED: Final = Perturbation()


@dataclass(frozen=True, slots=True, kw_only=True)
class PoweredFlight:
    """N flights sampled at T instants from launch to burnout.

    `stage` (1, 2, ...) and `burning` hold from their sample to the next one.
    """

    time_s: Floats  # (T, N) since launch
    state_ecef: Floats  # (T, N, 6)
    thrust_acceleration_ecef_mps2: Floats  # (T, N, 3) from the sample on
    stage: NDArray[np.int_]  # (T,)
    burning: Mask  # (T,)


@dataclass(frozen=True, slots=True)
class _Segment:
    """Part of the powered flight of N rows: one burn, or the coast before it."""

    stage: int  # counted from 1
    burning: bool
    start_s: Floats  # (N,)
    length_s: Floats  # (N,)


class _Vehicle:
    """The forces on N flights of one profile; made once, asked at every step."""

    def __init__(
        self,
        profile: BoostProfile,
        controls: BoostControls,
        place: LaunchPlace,
        perturbation: Perturbation,
    ) -> None:
        self.profile = profile
        self.controls = controls
        self.wind = perturbation.wind
        self.factors = perturbation.thrust_factors or (1.0,) * len(profile.stages)
        self.axes = enu_axes(place.latitude_rad, place.longitude_rad)
        sine, cosine = np.sin(controls.azimuth_rad), np.cos(controls.azimuth_rad)
        self.ahead = np.outer(sine, self.axes[0]) + np.outer(cosine, self.axes[1])

    def thrust_mps2(self, segment: _Segment, time_s: Floats, height_m: Floats) -> Floats:
        """Thrust per mass, (N, 3), along the pitch programme."""
        stage = self.profile.stages[segment.stage - 1]
        mass = _mass_fraction(stage, segment, time_s)
        rarefied = 1.0 - stage.sea_level_loss * pressure_pa(height_m) / SEA_LEVEL_PRESSURE_PA
        scale = self.controls.thrust_scale * self.factors[segment.stage - 1]
        magnitude = stage.ignition_acceleration_mps2 * scale * rarefied / mass
        pitch = self.controls.final_pitch_rad * np.interp(
            time_s / self.controls.burn_scale,
            self.profile.pitch_times_s,
            self.profile.pitch_fractions,
        )
        direction = np.cos(pitch)[:, None] * self.axes[2] + np.sin(pitch)[:, None] * self.ahead
        thrust: Floats = magnitude[:, None] * direction
        return thrust

    def drag_mps2(self, segment: _Segment, time_s: Floats, height_m: Floats, air: Floats) -> Floats:
        """Drag per mass, (N, 3), against the motion `air` through the air."""
        stage = self.profile.stages[segment.stage - 1]
        speed = np.sqrt(np.einsum("...i,...i->...", air, air))
        shape = np.interp(speed / speed_of_sound_mps(height_m), DRAG_MACH, DRAG_FACTOR)
        coefficient = stage.ballistic_coefficient_kgpm2 * _mass_fraction(stage, segment, time_s)
        factor = -0.5 * density_kgpm3(height_m) * speed * shape / coefficient
        drag: Floats = factor[:, None] * air
        return drag

    def acceleration(self, segment: _Segment) -> TimedAcceleration:
        """All forces of one segment, for the integrator."""

        def total(time_s: Floats, position: Floats, velocity: Floats) -> Floats:
            height = height_above_ellipsoid_m(position)
            force = rotating_frame_mps2(position, velocity)
            air = velocity
            if self.wind is not None:
                air = velocity - self.wind.velocity_ecef_mps(position, height)
            force += self.drag_mps2(segment, time_s, height, air)
            if segment.burning:
                force += self.thrust_mps2(segment, time_s, height)
            return force

        return total


def fly_boost(
    profile: BoostProfile,
    controls: BoostControls,
    place: LaunchPlace,
    *,
    perturbation: Perturbation = UNPERTURBED,
    step_s: float = BOOST_STEP_S,
) -> PoweredFlight:
    """Powered flight of N variations from rest at the launch place to the last burnout.

    controls: (N,) each. Steps are equal within a burn, no longer than step_s, and meet the
    ends of burns exactly. Raises LocalMisuse where the thrust factors do not match the stages,
    or the step is below 0.01 s.
    """
    if not step_s >= SHORTEST_STEP_S:
        raise LocalMisuse(
            f"A boost cannot be flown in steps of {step_s} s",
            remedy=f"Use steps of {SHORTEST_STEP_S} s or more",
        )
    if perturbation.thrust_factors and len(perturbation.thrust_factors) != len(profile.stages):
        raise LocalMisuse(
            f"{len(perturbation.thrust_factors)} thrust factors for a profile of "
            f"{len(profile.stages)} stages",
            remedy="Give one factor per stage, or none",
        )
    vehicle = _Vehicle(profile, controls, place, perturbation)
    count = len(controls.thrust_scale)
    start = geodetic_to_ecef(place.latitude_rad, place.longitude_rad, place.height_m)
    state = np.concatenate([np.tile(start, (count, 1)), np.zeros((count, 3))], axis=1)
    samples: list[_Sample] = []
    for segment in _segments(profile, controls):
        state = _fly_segment(vehicle, segment, state, step_s, samples)
    last = samples[-1]
    end_s = last.segment.start_s + last.segment.length_s
    return PoweredFlight(
        time_s=np.array([*(sample.time_s for sample in samples), end_s]),
        state_ecef=np.array([*(sample.state for sample in samples), state]),
        thrust_acceleration_ecef_mps2=np.array(
            [*(sample.thrust for sample in samples), np.zeros((count, 3))]
        ),
        stage=np.array([*(sample.segment.stage for sample in samples), last.segment.stage]),
        burning=np.array([*(sample.segment.burning for sample in samples), False]),
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    segment: _Segment
    time_s: Floats
    state: Floats
    thrust: Floats


def _fly_segment(
    vehicle: _Vehicle, segment: _Segment, state: Floats, step_s: float, samples: list[_Sample]
) -> Floats:
    acceleration = vehicle.acceleration(segment)
    steps = max(1, int(np.ceil(np.max(segment.length_s) / step_s - 1e-9)))
    dt = segment.length_s / steps
    for step in range(steps):
        time_s = segment.start_s + step * dt
        thrust = np.zeros_like(state[:, :3])
        if segment.burning:
            height = height_above_ellipsoid_m(state[:, :3])
            thrust = vehicle.thrust_mps2(segment, time_s, height)
        samples.append(_Sample(segment, time_s, state, thrust))
        state = rk4_timed_step(state, time_s, dt, acceleration)
    return state


def _segments(profile: BoostProfile, controls: BoostControls) -> list[_Segment]:
    segments: list[_Segment] = []
    start = np.zeros_like(controls.burn_scale)
    for number, stage in enumerate(profile.stages, 1):
        for length_s, burning in ((stage.coast_before_s, False), (stage.burn_time_s, True)):
            length = length_s * controls.burn_scale
            if length_s > 0.0:
                segments.append(_Segment(number, burning, start, length))
            start = start + length
    return segments


def _mass_fraction(stage: BoostStage, segment: _Segment, time_s: Floats) -> Floats:
    """Mass of the stack against that at the stage's ignition."""
    if not segment.burning:
        return np.ones_like(time_s)
    burnt: Floats = stage.propellant_fraction * (time_s - segment.start_s) / stage.burn_time_s
    return 1.0 - burnt
