"""How launchers of satellites climb, beside how missiles do: what tells the one from the other.

Generic launchers are flown with scattered steering, and kept where they nearly go round. At
one time after the launch they are alike in speed, height and steepness, because each wants
the same orbit speed; missiles are not. The share of either near an estimate is its likelihood.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from bongsu.physics.arrays import dot, norm
from bongsu.physics.boost import BoostControls, PoweredFlight, fly_boost
from bongsu.physics.boost_profile import BoostProfile, BoostStage
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.launcher_figures import GENERIC_LAUNCHERS, ascent_profile
from bongsu.tracking.arrays import Floats, Mask
from bongsu.tracking.boost.ensemble import GRID_STEP_S, PLACE, BoostEnsemble, generic_ensemble
from bongsu.tracking.fall.unpowered_arc import apsides_m, inertial_velocity

FIRST_SHARES: Final = (0.22, 0.29, 0.36, 0.43, 0.50)  # of the final pitch, after the first stage
MIDDLE_SHARE: Final = 0.85
STRETCHES: Final = (0.93, 1.07)  # of the burn times
THRUSTS: Final = np.linspace(0.88, 1.20, 6)
PITCHES_RAD: Final = np.radians(np.linspace(94.0, 130.0, 7))
AZIMUTH_RAD: Final = float(np.radians(60.0))  # with some of the Earth's turning, not all
STEP_S: Final = 8.0  # speeds within 5 m/s of steps of 1 s
NEARLY_ROUND_M: Final = (-300e3, 2_500e3)  # lowest perigee, highest apogee: alike while they climb

EARLIEST_END_S: Final = 1.0
LOWEST_M: Final = 1e3
SLOWEST_MPS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbs:
    """M boosts on a grid of T instants since launch, GRID_STEP_S apart."""

    looks: Floats  # (T, M, 3) elevation of the velocity (rad), ln of speed, ln of height
    flies: Mask  # (T, M) before the last burnout, above LOWEST_M
    ends: Floats  # (E, 4) looks and ln of the time where free flight began, for a while or for good

    def share_flying(self, since_launch_s: float) -> float:
        """Part of the boosts that has not burnt out by then."""
        row = self._row(since_launch_s)
        return 0.0 if row is None else float(self.flies[row].mean())

    def likeness(self, look: "Look", kernel: Floats) -> float:
        """Density of the boosts at a look, each smeared by a kernel (3, 3) and its spread."""
        row = self._row(look.since_launch_s)
        if row is None:
            return 0.0
        apart = self.looks[row][self.flies[row]] - look.components
        return _sum_of_densities(apart, kernel + look.covariance) / self._members

    def likeness_of_end(self, look: "Look", kernel: Floats) -> float:
        """Density (also by ln time) of boosts whose engine goes out there; kernel (4, 4)."""
        spread = kernel.copy()
        spread[:3, :3] += look.covariance
        place = np.append(look.components, np.log(max(look.since_launch_s, EARLIEST_END_S)))
        return _sum_of_densities(self.ends - place, spread) / self._members

    @property
    def _members(self) -> int:
        return len(self.flies[0])

    def _row(self, since_launch_s: float) -> int | None:
        row = round(since_launch_s / GRID_STEP_S)
        return row if 0 <= row < len(self.flies) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a boosted object climbs: the components of `Climbs.looks` with their spread."""

    since_launch_s: float
    components: Floats  # (3,)
    covariance: Floats  # (3, 3)

    @property
    def height_m(self) -> float:
        return float(np.exp(self.components[2]))


@cache
def generic_ascents() -> Climbs:
    """Generic launchers on their way: 0.2 s of work, done once in a process."""
    flown = [
        (profile, fly_boost(profile, _controls(), PLACE, step_s=STEP_S))
        for stages in GENERIC_LAUNCHERS
        for number, share in enumerate(FIRST_SHARES)
        for profile in [_profile(stages, share, STRETCHES[number % len(STRETCHES)])]
    ]
    longest = max(profile.burnout_s for profile, _ in flown)
    time_s = np.arange(0.0, longest + GRID_STEP_S, GRID_STEP_S)
    parts = [_ascents(profile, flight, time_s) for profile, flight in flown]
    return Climbs(
        looks=np.concatenate([part.looks for part in parts], axis=1),
        flies=np.concatenate([part.flies for part in parts], axis=1),
        ends=np.concatenate([part.ends for part in parts]),
    )


@cache
def generic_climbs() -> Climbs:
    """The generic missiles in the same words."""
    return climbs_of(generic_ensemble())


def climbs_of(ensemble: BoostEnsemble) -> Climbs:
    """The climbs of an ensemble of missiles."""
    speed = np.hypot(ensemble.climb_mps, ensemble.level_mps)
    flies = (ensemble.time_s[:, None] < ensemble.burnout_s) & (ensemble.height_m > LOWEST_M)
    elevation = np.arctan2(ensemble.climb_mps, ensemble.level_mps)
    looks = _looks(elevation, speed, ensemble.height_m)
    last = looks[ensemble.burnout_index, np.arange(len(ensemble.profile))]
    ends = np.column_stack([last, np.log(ensemble.burnout_s)])
    return Climbs(looks=looks, flies=flies, ends=ends)


def look_of(state: Floats, covariance: Floats, since_launch_s: float) -> Look:
    """How a state (6,) ECEF with covariance (6, 6) climbs, to first order."""
    position, velocity = state[:3], state[3:]
    radius, speed = float(np.linalg.norm(position)), float(np.linalg.norm(velocity))
    up, along = position / radius, velocity / max(speed, SLOWEST_MPS)
    sine = float(np.clip(up @ along, -1.0, 1.0))
    level = max(float(np.sqrt(1.0 - sine**2)), 0.05)
    height = max(float(height_above_ellipsoid_m(position)), LOWEST_M)
    slopes = np.zeros((3, 6))
    slopes[0, :3] = (along - sine * up) / (radius * level)
    slopes[0, 3:] = (up - sine * along) / (max(speed, SLOWEST_MPS) * level)
    slopes[1, 3:] = along / max(speed, SLOWEST_MPS)
    slopes[2, :3] = up / height
    return Look(
        since_launch_s=since_launch_s,
        components=_looks(np.arcsin(sine), np.asarray(speed), np.asarray(height)),
        covariance=slopes @ covariance @ slopes.T,
    )


def _sum_of_densities(apart: Floats, spread: Floats) -> float:
    """Sum over rows (m, k) of the normal density with the covariance (k, k)."""
    squared = np.einsum("mi,im->m", apart, np.linalg.solve(spread, apart.T))
    return float(np.exp(-0.5 * squared).sum() / np.sqrt(np.linalg.det(2.0 * np.pi * spread)))


def _looks(elevation_rad: Floats, speed_mps: Floats, height_m: Floats) -> Floats:
    return np.stack(
        [
            elevation_rad,
            np.log(np.maximum(speed_mps, SLOWEST_MPS)),
            np.log(np.maximum(height_m, LOWEST_M)),
        ],
        axis=-1,
    )


def _profile(stages: tuple[BoostStage, ...], share: float, stretch: float) -> BoostProfile:
    """A generic launcher with the same gain of speed over a longer or shorter burn."""
    stretched = tuple(
        replace(
            stage,
            burn_time_s=stage.burn_time_s * stretch,
            ignition_acceleration_mps2=stage.ignition_acceleration_mps2 / stretch,
        )
        for stage in stages
    )
    return ascent_profile(stretched, first_share=share, middle_share=MIDDLE_SHARE)


def _controls() -> BoostControls:
    thrust, pitch = (values.ravel() for values in np.meshgrid(THRUSTS, PITCHES_RAD))
    return BoostControls(
        thrust_scale=thrust,
        burn_scale=np.ones(len(thrust)),
        final_pitch_rad=pitch,
        azimuth_rad=np.full(len(thrust), AZIMUTH_RAD),
    )


def _ascents(profile: BoostProfile, flight: PoweredFlight, time_s: Floats) -> Climbs:
    """Those that nearly go round, on the common grid."""
    end = flight.state_ecef[-1]
    farthest, nearest = apsides_m(end[:, :3], inertial_velocity(end[:, :3], end[:, 3:]))
    lowest, highest = (MEAN_RADIUS_M + height for height in NEARLY_ROUND_M)
    kept = np.flatnonzero((nearest > lowest) & (farthest < highest))
    state, at = flight.state_ecef[:, kept], flight.time_s[:, 0]
    position, velocity = state[..., :3], state[..., 3:]
    speed = norm(velocity)
    sine = dot(position, velocity) / (norm(position) * np.maximum(speed, SLOWEST_MPS))
    columns = (np.arcsin(np.clip(sine, -1.0, 1.0)), speed, height_above_ellipsoid_m(position))
    gridded = [_resampled(values, at, time_s) for values in columns]
    flies = (time_s[:, None] < profile.burnout_s) & (gridded[2] > LOWEST_M)
    lengths = [stage.coast_before_s + stage.burn_time_s for stage in profile.stages]
    staged_s = np.cumsum(lengths)[:-1]  # where the last one ends an orbit begins
    staged = _looks(*(_resampled(values, at, staged_s) for values in columns)).reshape(-1, 3)
    ends = np.column_stack([staged, np.repeat(np.log(staged_s), len(kept))])
    return Climbs(looks=_looks(*gridded), flies=flies, ends=ends)


def _resampled(values: Floats, at_s: Floats, time_s: Floats) -> Floats:
    columns = [np.interp(time_s, at_s, values[:, column]) for column in range(values.shape[1])]
    return np.stack(columns, axis=1) if columns else np.zeros((len(time_s), 0))
