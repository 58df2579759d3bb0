"""Every sensor's offsets as one Gaussian, from windows of tracks that several of them saw.

The prior is bounded: a sensor's offsets are a few of its own sigmas, no more. What was learnt fades
within the hour, so that a slow drift is followed. Offsets are significant where this Gaussian alone
says so, whatever the other sensors' are. What is taken out is then estimated anew with the others
held for well aligned: else what two sensors have in common, which nobody sees, would spoil all.

A window that contradicts what is known is not
used; the second one in a row makes its sensor suspicious, and from then on nothing of it is
followed, until it agrees again. Where it takes only one sensor to explain the contradiction, it is
that one; where any of them would, all are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.registration.bias_window import BiasInformation
from bongsu.tracking.registration.sensing import Sensed
from bongsu.vocabulary.sensor_bias import SensorBias

PRIOR_SIGMAS: Final = 5.0  # of an offset, in the sensor's own
ALIGNED_SIGMAS: Final = 0.1  # of an offset of a sensor that is held for well aligned
FARTHEST_SIGMAS: Final = 4.0  # of the prior: beyond it is no misalignment
FADES_IN_S: Final = 3_600.0
SIGNIFICANT: Final = {2: 13.8, 3: 16.3}  # 99.9 % of chi-square
STAYS_OUT: Final = 0.5  # of that, once it is taken out: no flapping
CONTRADICTS: Final = 3.72  # sigmas: 99.99 %, see `_limit`
AGREES_AGAIN: Final = 3  # windows in a row
CONTRADICTIONS: Final = 2  # in a row
CONTRADICTED = "its offsets change faster than a sensor's do: not followed"
BEYOND = "its offsets are beyond any misalignment: not followed"
ONE_OF = "one of {} has offsets that change faster than a sensor's do: none is followed"


@dataclass(slots=True)
class _State:
    """What is held of one sensor."""

    taken_out: bool = False
    known: bool = False  # something was ever learnt of it
    contradicted: int = 0  # windows in a row
    agreed: int = 0  # windows in a row, while under suspicion
    suspicion: str | None = None


class BiasBook:
    """Offsets of all sensors of one tracker."""

    def __init__(self, sensors: Sequence[Sensed]) -> None:
        self._sensors = tuple(sensors)
        sigma = np.concatenate([one.sigma for one in sensors]) * PRIOR_SIGMAS
        self._prior_sigma = sigma
        self._information = np.zeros((len(sigma), len(sigma)))
        self._vector = np.zeros(len(sigma))
        self._covariance = np.diag(sigma**2)
        self._offsets = np.zeros(len(sigma))
        self._at_ns: int | None = None
        self._states = [_State() for _ in sensors]
        self.correction = np.zeros(len(sigma))  # to be taken off plots; zeros for nothing
        self.left_covariance: Floats | None = None  # of what is left then; None where nothing is

    def learn(self, told: BiasInformation, at_ns: int) -> None:
        """Use what a window says, unless it contradicts what is known."""
        inside = [
            index for index, one in enumerate(self._sensors) if one.first in told.places.tolist()
        ]
        self._fade(at_ns)
        guilty = self._contradicting(told, inside)
        if guilty:
            self._blame(guilty)
            return
        if not self._acquitted(inside):
            return
        self._information[np.ix_(told.places, told.places)] += told.information
        self._vector[told.places] += told.vector
        self._solve()
        for index in inside:
            self._judge(index)
        self._take_out()

    def stated(self) -> tuple[SensorBias, ...]:
        """The offsets of every sensor of which anything was learnt."""
        sigmas = np.sqrt(np.diagonal(self._covariance))
        return tuple(
            SensorBias(
                sensor_id=one.site.sensor_id,
                kind=one.site.kind,
                offsets=tuple(self._offsets[one.offsets].tolist()),
                sigmas=tuple(sigmas[one.offsets].tolist()),
                correction=tuple(self.correction[one.offsets].tolist()),
                suspicion=state.suspicion,
            )
            for one, state in zip(self._sensors, self._states, strict=True)
            if state.known or state.suspicion is not None
        )

    def _fade(self, at_ns: int) -> None:
        since_s = 0.0 if self._at_ns is None else max(at_ns - self._at_ns, 0) * 1e-9
        self._at_ns = at_ns if self._at_ns is None else max(at_ns, self._at_ns)
        share = float(np.exp(-since_s / FADES_IN_S))
        self._information *= share
        self._vector *= share
        self._solve()

    def _solve(self) -> None:
        self._covariance = self._posterior(self._prior_sigma)
        self._offsets = self._covariance @ self._vector

    def _posterior(self, prior_sigma: Floats) -> Floats:
        """Covariance of all offsets (k, k), each with its own prior."""
        scale = np.outer(prior_sigma, prior_sigma)
        scaled = scale * self._information + np.eye(len(prior_sigma))
        return np.asarray(np.linalg.inv(scaled) * scale)

    def _take_out(self) -> None:
        """What is significant, with all other sensors held for well aligned."""
        sigma = self._prior_sigma * (ALIGNED_SIGMAS / PRIOR_SIGMAS)
        out = np.zeros(len(sigma), dtype=np.bool_)
        for one, state in zip(self._sensors, self._states, strict=True):
            if state.taken_out:
                out[one.offsets] = True
        sigma[out] = self._prior_sigma[out]
        covariance = self._posterior(sigma)
        self.correction = np.where(out, covariance @ self._vector, 0.0)
        self.left_covariance = covariance if out.any() else None

    def _contradicting(self, told: BiasInformation, inside: Sequence[int]) -> list[int]:
        """The sensors that a contradiction points at, none where there is none.

        Of two sensors nobody can tell which it is.
        """
        if not self._contradicts(told, free=None):
            return []
        if len(inside) < 3:
            return list(inside)
        alone = [
            index
            for index in inside
            if not self._contradicts(told, free=self._sensors[index].offsets)
        ]
        return alone or list(inside)

    def _contradicts(self, told: BiasInformation, *, free: slice | None) -> bool:
        """Whether a window is beyond 99.99 % of what the known offsets let expect.

        free: places of offsets that are taken for unknown.
        """
        scale = self._prior_sigma[told.places]
        spread = self._covariance[np.ix_(told.places, told.places)] / np.outer(scale, scale)
        known = self._offsets[told.places]
        information = told.information * np.outer(scale, scale)
        surprise = scale * (told.vector - told.information @ known)
        if free is not None:
            loose = _within(told.places, free)
            spread = spread + np.diag(np.where(loose, 1e6, 0.0))
        values, axes = np.linalg.eigh(information)
        clear = values > 1e-2  # less says nothing beside the prior
        if not clear.any():
            return False
        turned = axes[:, clear].T
        expected = np.diag(1.0 / values[clear]) + turned @ spread @ turned.T
        along = (turned @ surprise) / values[clear]
        squared = float(along @ np.linalg.solve(expected, along))
        return squared > _limit(int(clear.sum()))

    def _blame(self, guilty: Sequence[int]) -> None:
        names = ", ".join(self._sensors[index].site.sensor_id for index in guilty)
        words = CONTRADICTED if len(guilty) == 1 else ONE_OF.format(names)
        for index in guilty:
            state = self._states[index]
            state.contradicted += 1
            state.agreed = 0
            if state.contradicted >= CONTRADICTIONS:
                state.suspicion = words

    def _acquitted(self, inside: Sequence[int]) -> bool:
        """Whether nobody in a window that agrees is under suspicion any more."""
        for index in inside:
            state = self._states[index]
            state.contradicted = 0
            if state.suspicion is not None:
                state.agreed += 1
                if state.agreed >= AGREES_AGAIN:
                    state.suspicion, state.agreed = None, 0
        return all(self._states[index].suspicion is None for index in inside)

    def _judge(self, index: int) -> None:
        """Whether a sensor's offsets are significant; say where no sensor can have them."""
        one, state = self._sensors[index], self._states[index]
        state.known = True
        offsets = self._offsets[one.offsets]
        if (np.abs(offsets) > FARTHEST_SIGMAS * self._prior_sigma[one.offsets]).any():
            state.suspicion = BEYOND
            return
        spread = self._covariance[one.offsets, one.offsets]
        squared = float(offsets @ np.linalg.solve(spread, offsets))
        limit = SIGNIFICANT[len(offsets)] * (STAYS_OUT if state.taken_out else 1.0)
        state.taken_out = squared > limit


def _within(places: Indices, free: slice) -> Floats:
    return np.asarray((places >= free.start) & (places < free.stop))


def _limit(freedom: int) -> float:
    """99.99 % of chi-square. Source: Wilson and Hilferty, Proc. Nat. Acad. Sci. 17 (1931)."""
    part = 2.0 / (9.0 * freedom)
    return float(freedom * (1.0 - part + CONTRADICTS * part**0.5) ** 3)
