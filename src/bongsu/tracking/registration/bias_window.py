"""A stretch of one track: what its plots say of the sensors' offsets, whatever the object did.

The object's motion in the window is unknown, with no prior: what the sensors say of it is used up
here, and what is left speaks of their offsets alone. So no window leans on the tracker's estimates
(they only say where to linearise), and windows have nothing in common but the offsets.

Source: Lin, Bar-Shalom, Kirubarajan, Exact multisensor dynamic bias estimation with local tracks,
IEEE Trans. AES 40 (2004): differences of what sensors say of one object are measurements of bias;
here by least squares over a window, with the motion eliminated (Schur complement).
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.registration.sensing import Sensed

FREE_UNKNOWNS: Final = 6  # place and velocity
POWERED_UNKNOWNS: Final = 12  # acceleration beyond gravity, and its change, too
LEAST_PLOTS: Final = 3  # of each sensor
SURE_SIGMAS: Final = 3.09  # 99.9 %


class BiasInformation(NamedTuple):
    """What a window says of offsets: information (k, k) and vector (k,) at `places` of all.

    `misfit` is chi-square with `freedom`, of how well any motion and offsets explain the plots.
    """

    places: Indices
    information: Floats
    vector: Floats
    misfit: float
    freedom: int

    @property
    def fits(self) -> bool:
        """Whether one object with such a motion made the plots: 99.9 % of chi-square.

        Source: Wilson and Hilferty, Proc. Nat. Acad. Sci. 17 (1931).
        """
        if self.freedom < 1:
            return False
        part = 2.0 / (9.0 * self.freedom)
        return bool(self.misfit < self.freedom * (1.0 - part + SURE_SIGMAS * part**0.5) ** 3)


@dataclass(slots=True)
class _OfSensor:
    sensed: Sensed
    cross: Floats  # (p, d), of motion and offsets
    own: Floats  # (d,), diagonal
    vector: Floats  # (d,)
    plots: int = 0


class BiasWindow:
    """Sums up plots of one track. Written by its registration only."""

    def __init__(self, number: int, *, opened_ns: int, is_powered: bool) -> None:
        self.number = number
        self.opened_ns = opened_ns
        self.is_powered = is_powered
        unknowns = POWERED_UNKNOWNS if is_powered else FREE_UNKNOWNS
        self._motion = np.zeros((unknowns, unknowns))
        self._vector = np.zeros(unknowns)
        self._squares = 0.0
        self._measured = 0
        self._of: dict[int, _OfSensor] = {}

    def take(
        self, sensed: Sensed, residual: Floats, jacobian: Floats, basis: Floats, *, after_s: float
    ) -> None:
        """One plot, `after_s` into the window.

        residual (d,) against the reference path; jacobian (d, 3) by the place; basis (3, 6): the
        derivatives of the place by the state at the window's begin.
        """
        if self.is_powered:
            pushed = np.concatenate(
                [after_s**2 / 2.0 * np.eye(3), after_s**3 / 6.0 * np.eye(3)], axis=1
            )
            basis = np.concatenate([basis, pushed], axis=1)
        weight = 1.0 / sensed.sigma**2
        design = jacobian @ basis
        weighted = design.T * weight
        of = self._of.get(sensed.first)
        if of is None:
            none = np.zeros(len(weight))
            of = _OfSensor(
                sensed, np.zeros((len(self._vector), len(weight))), none.copy(), none.copy()
            )
            self._of[sensed.first] = of
        self._motion += weighted @ design
        self._vector += weighted @ residual
        self._squares += float(residual @ (weight * residual))
        self._measured += len(residual)
        of.cross += weighted
        of.own += weight
        of.vector += weight * residual
        of.plots += 1

    def told(self) -> BiasInformation | None:
        """What it says of offsets; None where fewer than two sensors said enough."""
        every = [self._of[first] for first in sorted(self._of)]
        if sum(of.plots >= LEAST_PLOTS for of in every) < 2:
            return None
        cross = np.concatenate([of.cross for of in every], axis=1)
        own = np.concatenate([of.own for of in every])
        vector = np.concatenate([of.vector for of in every])
        squares = np.diagonal(self._motion)
        if not (squares > 0.0).all():
            return None
        scale = 1.0 / np.sqrt(squares)
        try:
            root = np.linalg.cholesky(self._motion * np.outer(scale, scale))
        except np.linalg.LinAlgError:
            return None  # the plots leave the motion open
        half = np.linalg.solve(root, scale[:, None] * cross)
        seen = np.linalg.solve(root, scale * self._vector)
        information = np.diag(own) - half.T @ half
        left = vector - half.T @ seen
        explained, rank = _explained(information, left, own)
        return BiasInformation(
            places=np.concatenate(
                [np.arange(of.sensed.offsets.start, of.sensed.offsets.stop) for of in every]
            ),
            information=0.5 * (information + information.T),
            vector=left,
            misfit=self._squares - float(seen @ seen) - explained,
            freedom=self._measured - len(self._vector) - rank,
        )


def _explained(information: Floats, vector: Floats, own: Floats) -> tuple[float, int]:
    """Chi-square that the best offsets take away, and of how many directions."""
    scale = 1.0 / np.sqrt(own)
    values, axes = np.linalg.eigh(information * np.outer(scale, scale))
    clear = values > 1e-9
    along = axes[:, clear].T @ (scale * vector)
    return float(np.sum(along**2 / values[clear])), int(clear.sum())
