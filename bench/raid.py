"""Made-up raids: many objects in free flight before one radar, for `bongsu track`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.exercise.resolution import Places, as_resolved, second_plots
from bongsu.physics.frames import ecef_to_enu, enu_axes, enu_to_ecef
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.propagation import propagate

Numbers = NDArray[np.float64]

SITE_LLH: Final = (np.radians(50.0), np.radians(10.0), 200.0)
SIGMA: Final = np.array([30.0, 1e-3, 1e-3])  # m, rad, rad
DETECTION_PROBABILITY: Final = 0.9
SCAN_S: Final = 1.0
RISEN_S: Final = 120.0  # after the end of thrust
BORN_BY_SCAN: Final = 15
MARGIN: Final = np.array([50e3, 0.05, 0.05])  # of the clutter's box round all objects
SPEED_MPS: Final = 2_700.0
CLIMB_RAD: Final = np.radians(42.0)
FALSE_PLOT: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Raid:
    """A raid; the arrays follow from these figures alone.

    The objects rise 1,000 km east of the radar, from an area of spread times twice the spread,
    within a minute of one another, and fall about it. clutter: mean number of false plots a scan.
    """

    targets: int
    scans: int
    clutter: float = 20.0
    spread_m: float = 200e3
    stagger_s: float = 60.0  # between the first and the last end of thrust
    unlike: float = 1.0  # of the differences of speed and climb; 0: all alike
    resolution: tuple[float, float, float] = (0.0, 0.0, 0.0)  # of the radar; zeros: perfect
    split_probability: float = 0.0
    seed: int = 0

    def write(self, path: Path) -> None:
        """Plots, their owners and the truth, in the columns of docs/plots.md."""
        rng = np.random.default_rng([self.seed, self.targets])
        truth = self._flown(rng)
        every = np.stack([_measured(at) for at in truth])
        low = np.nanmin(every, axis=(0, 1)) - MARGIN
        high = np.nanmax(every, axis=(0, 1)) + MARGIN
        plots, scan, owner = [], [], []
        for number, there in enumerate(every):
            seen = np.isfinite(there[:, 0]) & (rng.random(self.targets) < DETECTION_PROBABILITY)
            exact, own = self._told_apart(there, np.flatnonzero(seen), rng)
            real = exact + rng.standard_normal((len(own), 3)) * SIGMA
            false = rng.uniform(low, high, (rng.poisson(self.clutter), 3))
            order = rng.permutation(len(real) + len(false))
            plots.append(np.concatenate([real, false])[order])
            owner.append(np.concatenate([own, np.full(len(false), FALSE_PLOT)])[order])
            scan.append(np.full(len(order), number))
        np.savez(
            path,
            det=np.concatenate(plots),
            det_scan=np.concatenate(scan),
            det_truth=np.concatenate(owner),
            truth_enu=truth,
            sigma=SIGMA,
            radar_llh=np.array(SITE_LLH),
            dt=SCAN_S,
        )

    def _told_apart(
        self, there: Numbers, seen: Places, rng: np.random.Generator
    ) -> tuple[Numbers, Places]:
        """What the radar makes of the objects it sees (k,): plots (g, 3), and whose they are."""
        cell = np.array(self.resolution)
        if not cell.any():
            return there[seen], seen
        resolved = as_resolved(there[seen], rng.exponential(size=len(seen)), cell)
        second, twice = second_plots(resolved.measured, cell, self.split_probability, rng)
        own = seen[resolved.strongest]
        return np.concatenate([resolved.measured, second]), np.concatenate([own, own[twice]])

    def _flown(self, rng: np.random.Generator) -> Numbers:
        """Places (scans, targets, 3) in the radar's frame, NaN before an object's first scan."""
        state = propagate(
            self._launched(rng), RISEN_S + rng.uniform(0.0, self.stagger_s, self.targets)
        )
        first = rng.integers(0, BORN_BY_SCAN, self.targets)
        first[: max(self.targets // 2, 1)] = 0
        truth = np.full((self.scans, self.targets, 3), np.nan)
        for number in range(self.scans):
            there = ecef_to_enu(state[:, :3], *SITE_LLH)
            truth[number, first <= number] = there[first <= number]
            state = propagate(state, SCAN_S)
        return truth

    def _launched(self, rng: np.random.Generator) -> Numbers:
        """States (targets, 6), ECEF, at the end of thrust: all of them towards the radar."""
        east = 900e3 + self.spread_m * rng.uniform(-0.5, 0.5, self.targets)
        north = 200e3 + 2.0 * self.spread_m * rng.uniform(-0.5, 0.5, self.targets)
        place = enu_to_ecef(np.stack([east, north, np.zeros_like(east)], axis=-1), *SITE_LLH)
        up = place / np.linalg.norm(place, axis=-1, keepdims=True)
        place = place + up * (70e3 - height_above_ellipsoid_m(place))[:, None]
        aside = 0.3 * self.spread_m * rng.uniform(-1.0, 1.0, (self.targets, 2))
        towards = np.stack([60e3 + aside[:, 0] - east, aside[:, 1] - north], axis=-1)
        course = np.zeros_like(place)
        course[:, :2] = towards / np.linalg.norm(towards, axis=-1, keepdims=True)
        level = course @ enu_axes(*SITE_LLH[:2])
        level -= np.vecdot(level, up)[:, None] * up
        climb = CLIMB_RAD + self.unlike * rng.uniform(-0.1, 0.1, self.targets)
        speed = SPEED_MPS * (1.0 + self.unlike * rng.uniform(-0.03, 0.03, self.targets))
        velocity = np.cos(climb)[:, None] * level / np.linalg.norm(level, axis=-1, keepdims=True)
        velocity += np.sin(climb)[:, None] * up
        return np.concatenate([place, speed[:, None] * velocity], axis=-1)


def _measured(enu: Numbers) -> Numbers:
    """Slant range, azimuth and elevation (n, 3) of places in the radar's frame (n, 3)."""
    ground = np.hypot(enu[:, 0], enu[:, 1])
    return np.stack(
        [
            np.hypot(ground, enu[:, 2]),
            np.arctan2(enu[:, 0], enu[:, 1]),
            np.arctan2(enu[:, 2], ground),
        ],
        axis=-1,
    )
