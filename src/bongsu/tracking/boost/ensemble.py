"""What a tracker believes of boosts before it has seen one: generic flights, widely scattered.

Generic profiles of every class are flown with scattered thrust, pitch and burn times. The
ensemble says how height, speed, time and distance from the launch place hang together; it is
neither any type's figures nor those of the flight at hand.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from bongsu.physics.arrays import dot, norm
from bongsu.physics.boost import BoostControls, LaunchPlace, PoweredFlight, fly_boost
from bongsu.physics.boost_profile import BoostProfile
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.frames import enu_axes
from bongsu.physics.generic_figures import (
    MEDIUM_LIQUID,
    MEDIUM_SOLID,
    ONE_STAGE_LIQUID,
    SHORT_LIQUID,
    SHORT_SOLID,
    THREE_STAGE_SOLID,
    TWO_STAGE_LIQUID,
)
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.vocabulary.estimates import ObjectClass

GENERIC_BOOSTS: Final = (
    (SHORT_SOLID, ObjectClass.SRBM),
    (SHORT_LIQUID, ObjectClass.SRBM),
    (MEDIUM_LIQUID, ObjectClass.MRBM),
    (MEDIUM_SOLID, ObjectClass.MRBM),
    (ONE_STAGE_LIQUID, ObjectClass.IRBM),
    (TWO_STAGE_LIQUID, ObjectClass.ICBM),
    (THREE_STAGE_SOLID, ObjectClass.ICBM),
)

# Flown from middle latitudes to the north; the Earth's rotation moves a boost by far less
# than the scatter does.
PLACE: Final = LaunchPlace(latitude_rad=np.radians(40.0), longitude_rad=0.0)
STEP_S: Final = 4.0  # against 1 s: heights within 120 m
GRID_STEP_S: Final = 1.0
DRAG_SHAPE: Final = 1.6  # of the drag coefficient in the transonic climb against high Mach

STRETCHES: Final = (0.88, 1.0, 1.14)  # of the burn times, at the same gain of speed
VARIATIONS: Final = 32  # of thrust and pitch, for each stretch
THRUST_SCALES: Final = (0.75, 1.35)
LOWEST_LIFT_OFF_MPS2: Final = 12.5
PITCHES_RAD: Final = (np.radians(2.0), np.radians(86.0))  # depressed shots fly at 80
STEEPER: Final = 1.4  # power of an even spread: tests are often flown steeply
STEEP_RAD: Final = float(np.radians(20.0))
PLASTIC: Final = 1.324717957244746  # its powers spread points evenly over a square


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostSamples:
    """Members at chosen instants, (m,) each; see `BoostEnsemble`."""

    time_s: Floats
    height_m: Floats
    downrange_m: Floats
    climb_mps: Floats
    level_mps: Floats
    time_to_empty_s: Floats
    log_exhaust_speed: Floats
    incidence_rad: Floats
    stage: Indices
    burning: Mask
    profile: Indices
    steep: Mask

    def only(self, keep: Mask) -> "BoostSamples":
        return replace(self, **{name: getattr(self, name)[keep] for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostEnsemble:
    """M generic boosts on a common time grid of T instants since launch."""

    time_s: Floats  # (T,)
    height_m: Floats  # (T, M)
    downrange_m: Floats  # (T, M) along the ground
    climb_mps: Floats  # (T, M)
    level_mps: Floats  # (T, M) horizontal speed
    time_to_empty_s: Floats  # (T, M)
    log_exhaust_speed: Floats  # (T, M)
    incidence_rad: Floats  # (T, M)
    stage: Indices  # (T, M), counted from 0
    burning: Mask  # (T, M)
    profile: Indices  # (M,) index into GENERIC_BOOSTS
    steep: Mask  # (M,) flown to a great height over a short range
    burnout_s: Floats  # (M,)

    def sampled(self, index: Floats, member: Indices) -> BoostSamples:
        """Members (m,) at grid instants (m,) that need not be whole; those beyond are left out."""
        inside = (index >= 0.0) & (index <= len(self.time_s) - 1)
        index, member = index[inside], member[inside]
        early = np.minimum(index.astype(np.intp), len(self.time_s) - 2)
        part = index - early

        def between(values: Floats) -> Floats:
            first, second = values[early, member], values[early + 1, member]
            return np.asarray(first + part * (second - first))

        return BoostSamples(
            time_s=self.time_s[early] + part * (self.time_s[1] - self.time_s[0]),
            height_m=between(self.height_m),
            downrange_m=between(self.downrange_m),
            climb_mps=between(self.climb_mps),
            level_mps=between(self.level_mps),
            time_to_empty_s=between(self.time_to_empty_s),
            log_exhaust_speed=between(self.log_exhaust_speed),
            incidence_rad=between(self.incidence_rad),
            stage=self.stage[early, member],
            burning=self.burning[early, member],
            profile=self.profile[member],
            steep=self.steep[member],
        )

    def at_height(self, height_m: float) -> Indices:
        """The instant at which each member first reaches a height; T where none ever does."""
        above = self.height_m >= height_m
        reached = above.any(axis=0)
        return np.where(reached, np.argmax(above, axis=0), len(self.time_s)).astype(np.intp)

    @property
    def burnout_index(self) -> Indices:
        """The last grid instant (M,) of each member's boost."""
        step_s = float(self.time_s[1] - self.time_s[0])
        return np.floor(self.burnout_s / step_s).astype(np.intp)


@cache
def generic_ensemble() -> BoostEnsemble:
    """Every generic profile in all its variations: 0.25 s of work, done once in a process."""
    flown = [
        (index, _stretched(profile, stretch))
        for index, (profile, _) in enumerate(GENERIC_BOOSTS)
        for stretch in STRETCHES
    ]
    longest = max(profile.burnout_s for _, profile in flown)
    time_s = np.arange(0.0, longest + GRID_STEP_S, GRID_STEP_S)
    parts = [_members(index, profile, time_s) for index, profile in flown]
    over_time = {
        name: np.concatenate([getattr(part, name) for part in parts], axis=1)
        for name in BoostEnsemble.__slots__
        if name not in ("time_s", "profile", "steep", "burnout_s")
    }
    return BoostEnsemble(
        time_s=time_s,
        profile=np.concatenate([part.profile for part in parts]),
        steep=np.concatenate([part.steep for part in parts]),
        burnout_s=np.concatenate([part.burnout_s for part in parts]),
        **over_time,
    )


def _stretched(profile: BoostProfile, stretch: float) -> BoostProfile:
    """The same gain of speed over a longer or shorter burn."""
    return replace(
        profile,
        stages=tuple(
            replace(
                stage,
                burn_time_s=stage.burn_time_s * stretch,
                ignition_acceleration_mps2=stage.ignition_acceleration_mps2 / stretch,
            )
            for stage in profile.stages
        ),
        pitch_times_s=tuple(time * stretch for time in profile.pitch_times_s),
    )


def _controls(profile: BoostProfile) -> BoostControls:
    """Thrust and pitch spread evenly over their square; what cannot rise is left out."""
    number = np.arange(1, VARIATIONS + 1)
    first, second = (number / PLASTIC) % 1.0, (number / PLASTIC**2) % 1.0
    lowest = LOWEST_LIFT_OFF_MPS2 / profile.stages[0].ignition_acceleration_mps2
    least, most = max(THRUST_SCALES[0], lowest), max(THRUST_SCALES[1], 1.1 * lowest)
    return BoostControls(
        thrust_scale=least + first * (most - least),
        burn_scale=np.ones(VARIATIONS),
        final_pitch_rad=PITCHES_RAD[0] + second**STEEPER * (PITCHES_RAD[1] - PITCHES_RAD[0]),
        azimuth_rad=np.zeros(VARIATIONS),
    )


def _members(index: int, profile: BoostProfile, time_s: Floats) -> BoostEnsemble:
    controls = _controls(profile)
    flight = fly_boost(profile, controls, PLACE, step_s=STEP_S)
    shape = _resampled(flight, time_s)
    stage, since_ignition, burning = _staging(profile, time_s)
    empty_at_ignition = np.array(
        [one.burn_time_s / one.propellant_fraction for one in profile.stages]
    )
    ignition = np.array([one.ignition_acceleration_mps2 for one in profile.stages])
    exhaust = np.log(ignition * empty_at_ignition)[stage][:, None] + np.log(controls.thrust_scale)
    empty = (empty_at_ignition[stage] - since_ignition)[:, None]
    like = np.ones((1, VARIATIONS))
    return BoostEnsemble(
        time_s=time_s,
        time_to_empty_s=empty * like,
        log_exhaust_speed=exhaust,
        stage=np.repeat(stage[:, None], VARIATIONS, axis=1),
        burning=np.repeat(burning[:, None], VARIATIONS, axis=1),
        profile=np.full(VARIATIONS, index, dtype=np.intp),
        steep=controls.final_pitch_rad < STEEP_RAD,
        burnout_s=np.full(VARIATIONS, profile.burnout_s),
        **shape,
    )


def _staging(profile: BoostProfile, time_s: Floats) -> tuple[Indices, Floats, Mask]:
    """Stage, time since its ignition, and whether it burns, at each instant (T,)."""
    lengths = np.array([one.burn_time_s for one in profile.stages])
    coasts = np.array([one.coast_before_s for one in profile.stages])
    ignitions = np.cumsum(lengths + coasts) - lengths
    stage = np.maximum(np.searchsorted(ignitions, time_s, side="right") - 1, 0)
    since = np.maximum(time_s - ignitions[stage], 0.0)
    burning = (since < lengths[stage]) & (time_s >= ignitions[stage])
    return stage.astype(np.intp), np.minimum(since, lengths[stage]), burning


def _resampled(flight: PoweredFlight, time_s: Floats) -> dict[str, Floats]:
    """The shape of each boost in its vertical plane on the common grid, (T, M) each."""
    position, velocity = flight.state_ecef[..., :3], flight.state_ecef[..., 3:]
    latitude, longitude, height = ecef_to_geodetic(position)
    up = enu_axes(latitude, longitude)[..., 2, :]
    climb = dot(velocity, up)
    level = norm(velocity - climb[..., None] * up)
    start = geodetic_to_ecef(PLACE.latitude_rad, PLACE.longitude_rad, 0.0)
    chord = norm(position / norm(position)[..., None] - start / np.linalg.norm(start))
    columns = {
        "height_m": height,
        "downrange_m": MEAN_RADIUS_M * 2.0 * np.arcsin(np.minimum(chord / 2.0, 1.0)),
        "climb_mps": climb,
        "level_mps": level,
        "incidence_rad": _incidence_rad(flight.thrust_acceleration_ecef_mps2, velocity, up),
    }
    members = range(height.shape[1])
    return {
        name: np.stack([np.interp(time_s, flight.time_s[:, m], values[:, m]) for m in members], 1)
        for name, values in columns.items()
    }


def _incidence_rad(thrust: Floats, velocity: Floats, up: Floats) -> Floats:
    """Angle of the thrust above the velocity, zero where either is missing; (T, M)."""
    speed, size = norm(velocity), norm(thrust)
    defined = (speed > 1.0) & (size > 0.0)
    along = velocity / np.where(defined, speed, 1.0)[..., None]
    pointing = thrust / np.where(defined, size, 1.0)[..., None]
    lifted = up - dot(up, along)[..., None] * along
    length = norm(lifted)
    normal = lifted / np.where(length > 0.0, length, 1.0)[..., None]
    angle = np.arctan2(dot(pointing, normal), dot(pointing, along))
    return np.where(defined, angle, 0.0)
