"""What the engines of a true flight did, read off its thrust: exhaust speed and time to empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.trajectory import Trajectory

THIN_AIR_M: Final = 30e3  # above it the air takes less than 0.2 % of the thrust
FEWEST_SAMPLES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFigures:
    """One stage's burn; times are seconds after the launch."""

    ignition_s: float
    burnout_s: float
    exhaust_speed_mps: float  # effective, in vacuum
    empty_s: float  # when all mass would be burnt at that mass flow


def engine_figures(path: Trajectory) -> Sequence[EngineFigures]:
    """The burns of a flight, in their order."""
    stages = sorted(set(path.stage[path.burning].tolist()))
    return tuple(_figures(path, stage) for stage in stages)


def incidence_rad(path: Trajectory, time_s: float) -> float:
    """Angle of the thrust above the velocity, in the vertical plane; zero without thrust."""
    index = max(int(np.searchsorted(path.time_s, time_s, side="right")) - 1, 0)
    thrust, state = path.thrust_acceleration_ecef_mps2[index], path.state_ecef[index]
    if not path.burning[index] or not thrust.any() or np.linalg.norm(state[3:]) < 1.0:
        return 0.0
    along = state[3:] / np.linalg.norm(state[3:])
    up = state[:3] / np.linalg.norm(state[:3])
    lifted = up - (up @ along) * along
    normal = lifted / max(float(np.linalg.norm(lifted)), 1e-9)
    return float(np.arctan2(thrust @ normal, thrust @ along))


def _figures(path: Trajectory, stage: int) -> EngineFigures:
    """With constant mass flow the inverse of the thrust per mass falls evenly to zero."""
    samples = np.flatnonzero(path.burning & (path.stage == stage))
    thin = samples[height_above_ellipsoid_m(path.state_ecef[samples, :3]) > THIN_AIR_M]
    used = thin if len(thin) >= FEWEST_SAMPLES else samples[-FEWEST_SAMPLES:]
    inverse: Floats = 1.0 / np.linalg.norm(path.thrust_acceleration_ecef_mps2[used], axis=1)
    slope, start = np.polyfit(path.time_s[used], inverse, 1)
    return EngineFigures(
        ignition_s=float(path.time_s[samples[0]]),
        burnout_s=float(path.time_s[samples[-1] + 1]),
        exhaust_speed_mps=float(-1.0 / slope),
        empty_s=float(-start / slope),
    )
