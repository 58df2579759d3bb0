"""The tracks in the air, each under both models, with how far each model is believed.

An interacting multiple model: before a look the models exchange what they know as far as the
object may have changed its way of flying meanwhile; the plot then says which fits. Where there
is too little air for lift to show, nothing changes and nothing is learnt.
Source: Blom and Bar-Shalom, IEEE Trans. Automatic Control 33 (1988).
"""

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np

from bongsu.physics.arrays import norm, unit
from bongsu.tracking.air.motion import (
    COMPONENTS,
    DRAG,
    FIRST_DRAG,
    LIFT,
    MOTION,
    SIGMA_FIRST_DRAG,
    SIGMA_LIFT,
    drag_of,
    moved,
)
from bongsu.tracking.arrays import Floats, Indices, Mask, Serials
from bongsu.tracking.flight.filtering import Sensing, innovations, update
from bongsu.tracking.gaussian import log_density
from bongsu.tracking.radar.measurement import Radar, linear_within_m, residuals
from bongsu.tracking.radar.range_rate import updated_by_range_rate

BALLISTIC, ON_LIFT, MODELS = 0, 1, 2
LIFT_AT_FIRST: Final = 0.1  # probability of a track that falls into the air
TAKES_LIFT_AFTER_S: Final = 1_000.0  # on average
LEAVES_LIFT_AFTER_S: Final = 1_000.0
LEAST_DRAG_MPS2: Final = 0.3  # below it lift would not show
MOST_TOLD_BY_A_PLOT: Final = 3.0  # log-likelihood ratio: it may be another object's, or clutter
UNNOTICED_S: Final = 30.0  # for so long a boosted track may have flown without its own drag
SURELY_ON_LIFT: Final = 0.99
SLOWEST_GLIDE_MPS: Final = 400.0  # a slower body is carried along by the wind
SURELY_BALLISTIC: Final = 0.99


class Moments(NamedTuple):
    """Mean (k, 6) and covariance (k, 6, 6) over both models."""

    state: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class AirBank:
    """k tracks at one instant; rows in the order of `numbers`."""

    numbers: Serials = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    state: Floats = field(default_factory=lambda: np.zeros((0, MODELS, COMPONENTS)))
    covariance: Floats = field(
        default_factory=lambda: np.zeros((0, MODELS, COMPONENTS, COMPONENTS))
    )
    weight: Floats = field(default_factory=lambda: np.zeros((0, MODELS)))
    gliding: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def joined(
        self, numbers: Serials, state: Floats, covariance: Floats, gliding: Mask
    ) -> "AirBank":
        """With tracks of states (m, 6) and covariances (m, 6, 6); gliding: (m,), flew on lift."""
        count = len(numbers)
        if count == 0:
            return self
        full = np.zeros((count, COMPONENTS))
        full[:, MOTION], full[:, DRAG] = state, FIRST_DRAG
        spread = np.zeros((count, COMPONENTS, COMPONENTS))
        spread[:, MOTION, MOTION] = covariance
        spread[:, DRAG, DRAG] = SIGMA_FIRST_DRAG**2
        spread[:, MOTION, MOTION] += _of_unknown_drag(full)
        on_lift = np.where(gliding, SURELY_ON_LIFT, LIFT_AT_FIRST)
        return AirBank(
            numbers=np.concatenate([self.numbers, numbers]),
            state=np.concatenate([self.state, np.stack([full, full], axis=1)]),
            covariance=np.concatenate(
                [self.covariance, np.stack([spread, _with_any_lift(spread)], axis=1)]
            ),
            weight=np.concatenate([self.weight, np.stack([1.0 - on_lift, on_lift], axis=1)]),
            gliding=np.concatenate([self.gliding, gliding]),
        )

    def only(self, keep: Mask) -> "AirBank":
        """The tracks where `keep` (k,) is set."""
        if keep.all():
            return self
        return AirBank(
            numbers=self.numbers[keep],
            state=self.state[keep],
            covariance=self.covariance[keep],
            weight=self.weight[keep],
            gliding=self.gliding[keep],
        )

    def moved(self, duration_s: float) -> "AirBank":
        """All tracks that much later."""
        if len(self.numbers) == 0 or duration_s <= 0.0:
            return self
        mixed = self._mixed(duration_s)
        on_lift = np.tile(np.array([False, True]), len(self.numbers))
        state, covariance = moved(
            mixed.state.reshape(-1, COMPONENTS),
            mixed.covariance.reshape(-1, COMPONENTS, COMPONENTS),
            on_lift,
            duration_s,
        )
        return replace(mixed, state=state.reshape(self.state.shape), covariance=_shaped(covariance))

    def updated(self, rows: Indices, plots: Floats, radar: Radar, sensing: Sensing) -> "AirBank":
        """With plots (m, 3) given to the tracks in `rows` (m,)."""
        if len(rows) == 0:
            return self
        state = self.state[rows].reshape(-1, COMPONENTS)
        covariance = self.covariance[rows].reshape(-1, COMPONENTS, COMPONENTS)
        measured = np.repeat(plots, MODELS, axis=0)

        def of_motion(states: Floats) -> tuple[Floats, Floats]:
            return sensing(states[:, MOTION])

        innovation = innovations(of_motion, state, covariance, radar.noise)
        fit = log_density(residuals(measured, innovation.expected.plots), innovation.covariance)
        state, covariance = update(
            state,
            covariance,
            innovation.expected,
            measured,
            sensing=of_motion,
            noise=radar.noise,
            linear_within_m=linear_within_m(radar, measured),
        )
        return self._with(rows, state, _shaped(covariance), fit.reshape(-1, MODELS))

    def updated_by_range_rate(
        self, rows: Indices, rates: Floats, radar: Radar, *, since_s: float
    ) -> "AirBank":
        """With range rates (m,) of the tracks in `rows` (m,); NaN changes nothing."""
        state, covariance = updated_by_range_rate(
            self.state[rows].reshape(-1, COMPONENTS),
            self.covariance[rows].reshape(-1, COMPONENTS, COMPONENTS),
            np.repeat(rates, MODELS),
            radar,
            since_s=since_s,
        )
        all_states, spreads = self.state.copy(), self.covariance.copy()
        all_states[rows] = state.reshape(-1, MODELS, COMPONENTS)
        spreads[rows] = _shaped(covariance)
        return replace(self, state=all_states, covariance=spreads)

    def moments(self) -> Moments:
        """What both models say together."""
        state, covariance = self.state[..., MOTION], self.covariance[..., MOTION, MOTION]
        mean = np.einsum("km,kmi->ki", self.weight, state)
        off = state - mean[:, None]
        spread = np.einsum("km,kmij->kij", self.weight, covariance)
        spread += np.einsum("km,kmi,kmj->kij", self.weight, off, off)
        return Moments(mean, spread)

    def _with(self, rows: Indices, state: Floats, covariance: Floats, fit: Floats) -> "AirBank":
        all_states, spreads = self.state.copy(), self.covariance.copy()
        weight, gliding = self.weight.copy(), self.gliding.copy()
        all_states[rows] = state.reshape(-1, MODELS, COMPONENTS)
        spreads[rows] = covariance
        told = np.maximum(fit - fit.max(axis=1, keepdims=True), -MOST_TOLD_BY_A_PLOT)
        likelier = weight[rows] * np.exp(told)
        weight[rows] = share = likelier / likelier.sum(axis=1, keepdims=True)
        fast = norm(all_states[rows, ON_LIFT, 3:6]) > SLOWEST_GLIDE_MPS
        gliding[rows] |= (share[:, ON_LIFT] > SURELY_ON_LIFT) & fast
        gliding[rows] &= share[:, BALLISTIC] < SURELY_BALLISTIC
        return replace(self, state=all_states, covariance=spreads, weight=weight, gliding=gliding)

    def _mixed(self, duration_s: float) -> "AirBank":
        """What each model knows when the object may have changed its way within the time."""
        thick = drag_of(self.state).max(axis=1) > LEAST_DRAG_MPS2
        takes = thick * (1.0 - np.exp(-duration_s / TAKES_LIFT_AFTER_S))
        leaves = thick * (1.0 - np.exp(-duration_s / LEAVES_LIFT_AFTER_S))
        change = np.stack([1.0 - takes, takes, leaves, 1.0 - leaves], axis=1).reshape(-1, 2, 2)
        joint = self.weight[:, :, None] * change  # (k, from, to)
        weight = joint.sum(axis=1)
        share = joint / np.maximum(weight, 1e-300)[:, None, :]
        without, spread_without = _without_lift(self.state, self.covariance)
        loose = self.covariance.copy()
        loose[:, BALLISTIC] = _with_any_lift(loose[:, BALLISTIC])
        ballistic = _merged(share[:, :, BALLISTIC], without, spread_without)
        on_lift = _merged(share[:, :, ON_LIFT], self.state, loose)
        return replace(
            self,
            state=np.stack([ballistic[0], on_lift[0]], axis=1),
            covariance=np.stack([ballistic[1], on_lift[1]], axis=1),
            weight=weight,
        )


def _of_unknown_drag(state: Floats) -> Floats:
    """Spread (k, 6, 6) of motions that flew for a while with a drag that nobody reckoned with."""
    amount = SIGMA_FIRST_DRAG / FIRST_DRAG * drag_of(state)
    ahead = amount[:, None] * unit(state[:, 3:6])
    off = np.concatenate([ahead * UNNOTICED_S**2 / 2.0, ahead * UNNOTICED_S], axis=1)
    return np.asarray(off[:, :, None] * off[:, None, :])


def _merged(share: Floats, state: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance over the models (k, m) of states (k, m, 9)."""
    mean = np.einsum("km,kmi->ki", share, state)
    off = state - mean[:, None]
    spread = np.einsum("km,kmij->kij", share, covariance)
    return mean, spread + np.einsum("km,kmi,kmj->kij", share, off, off)


def _without_lift(state: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    bare, spread = state.copy(), covariance.copy()
    bare[..., LIFT] = 0.0
    spread[..., LIFT, :] = 0.0
    spread[..., :, LIFT] = 0.0
    return bare, spread


def _with_any_lift(covariance: Floats) -> Floats:
    loose = covariance.copy()
    for axis in range(LIFT.start, LIFT.stop):
        loose[..., axis, axis] = SIGMA_LIFT**2
    return loose


def _shaped(covariance: Floats) -> Floats:
    return covariance.reshape(-1, MODELS, COMPONENTS, COMPONENTS)
