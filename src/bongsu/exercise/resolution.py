"""What a radar cannot tell apart: objects in one cell are one plot, and one object may be two.

Two echoes nearer than the radar's resolution in range, azimuth and elevation, all three, come
back as one, in between: nearer to the stronger, and which is stronger changes from scan to
scan (Swerling's first case: strengths are exponential). An echo that straddles two cells may
be reported in both.
"""

from typing import NamedTuple

import numpy as np

from bongsu.physics.arrays import Floats

Places = np.ndarray[tuple[int], np.dtype[np.intp]]
FULL_TURN = 2.0 * np.pi
FARTHEST_CELLS = 1.5  # from an object to the second plot of it; the nearest is 1


class Resolved(NamedTuple):
    """Echoes as the radar tells them apart, (g,) of them."""

    measured: Floats  # (g, 3), range, azimuth, elevation without noise
    strongest: Places  # (g,), which of the objects dominates each


def as_resolved(measured: Floats, strength: Floats, resolution: Floats) -> Resolved:
    """Merge what lies in one cell about the strongest echo.

    measured: (k, 3), without noise; strength: (k,), above 0; resolution: (3,), the cell.
    """
    left = (-strength).argsort(kind="stable")
    places, strongest = [], []
    while len(left):
        leader = left[0]
        away = _apart(measured[left], measured[leader])
        within = np.asarray((np.abs(away) < resolution).all(axis=1))
        within[0] = True
        weight = strength[left[within]]
        places.append(measured[leader] + weight @ away[within] / weight.sum())
        strongest.append(leader)
        left = left[~within]
    return Resolved(
        measured=np.array(places).reshape(-1, 3), strongest=np.array(strongest, dtype=np.intp)
    )


def second_plots(
    measured: Floats, resolution: Floats, probability: float, rng: np.random.Generator
) -> tuple[Floats, Places]:
    """Echoes that are reported twice: where the second ones lie (s, 3), and whose they are (s,).

    measured: (g, 3). Each lies 1 to 1.5 cells off, in one of the three components.
    """
    chance = rng.random(len(measured))
    component = rng.integers(0, 3, len(measured))
    cells = rng.uniform(1.0, FARTHEST_CELLS, len(measured)) * rng.choice([-1, 1], len(measured))
    twice = np.flatnonzero(chance < probability)
    second = measured[twice].copy()
    second[np.arange(len(twice)), component[twice]] += cells[twice] * resolution[component[twice]]
    return second, twice


def _apart(measured: Floats, other: Floats) -> Floats:
    difference: Floats = measured - other
    difference[:, 1] -= FULL_TURN * np.rint(difference[:, 1] / FULL_TURN)
    return difference
