"""Burnout and staging: hypotheses that an engine stopped, or that the next stage was lit.

Every so often each group of burning hypotheses parts with the share that may have burnt out
since, or gone over to its next stage. The data decide: an infrared sensor that sees nothing,
a radar that measures less acceleration.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS
from bongsu.tracking.boost.mixture import moments
from bongsu.tracking.boost.model import thrust_acceleration_mps2
from bongsu.tracking.boost.prior import drag_figures
from bongsu.tracking.boost.state import (
    INCIDENCE,
    LAUNCH_TIME,
    LOG_EXHAUST_SPEED,
    POSITION,
    TIME_TO_EMPTY,
    VELOCITY,
    Hypotheses,
)

EARLY_HAZARD_PS: Final = 0.003  # of an engine that stops before its generic time
LATE_HAZARD_PS: Final = 0.10  # past it
HAZARD_WIDTH: Final = 0.08  # of the generic time: how softly the one goes over into the other
RELIGHT_PS: Final = 0.15  # of a stage that coasts before the next one is lit
LONGEST_COAST_S: Final = 20.0
STAGED_SHARE: Final = 0.7  # of stages that end with others above them: lit at once

NEXT_STAGE_SIGMAS: Final = {TIME_TO_EMPTY: 0.15, LOG_EXHAUST_SPEED: 0.15, INCIDENCE: 0.06}
LEAST_PARTING_SHARE: Final = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Groups:
    """Rows that share track, profile and stage."""

    of_row: Indices  # (n,), -1 where not in any
    rows: Indices  # (k,), one row of each group

    @property
    def count(self) -> int:
        return len(self.rows)


def with_transitions(bank: Hypotheses, elapsed_s: float, now_s: Floats) -> Hypotheses:
    """The bank joined by what may have happened in the last elapsed_s seconds.

    now_s: (tracks,), the instant since each track's reference time.
    """
    if not len(bank) or elapsed_s <= 0.0:
        return bank
    ending = _end_share(bank, now_s, elapsed_s)
    lighting = _relight_share(bank, elapsed_s)
    staged = np.where(_has_next_stage(bank), STAGED_SHARE, 0.0)
    stopped = _parted(bank, bank.burning, ending * (1.0 - staged), elapsed_s, next_stage=False)
    went_over = _parted(bank, bank.burning, ending * staged, elapsed_s, next_stage=True)
    relit = _parted(bank, ~bank.burning, lighting, elapsed_s, next_stage=True)
    left = np.log1p(-np.where(bank.burning, ending, lighting))
    rest = replace(bank, log_weight=bank.log_weight + left)
    return rest.joined(stopped).joined(went_over).joined(relit)


def _has_next_stage(bank: Hypotheses) -> Mask:
    last = np.array([len(profile.stages) - 1 for profile, _ in GENERIC_BOOSTS])
    return np.asarray(bank.stage < last[bank.profile])


def _end_share(bank: Hypotheses, now_s: Floats, elapsed_s: float) -> Floats:
    """Probability of each burning row that its engine stopped within the time."""
    end = _stage_end_s(bank)
    burnt = now_s[bank.track] - bank.state[:, LAUNCH_TIME]
    late = 0.5 * (1.0 + np.tanh((burnt - 0.93 * end) / (HAZARD_WIDTH * end)))
    hazard = EARLY_HAZARD_PS + (LATE_HAZARD_PS - EARLY_HAZARD_PS) * late
    return np.asarray(-np.expm1(-hazard * elapsed_s) * bank.burning)


def _stage_end_s(bank: Hypotheses) -> Floats:
    """Generic time since launch at which the row's stage ends."""
    ends = np.zeros((len(GENERIC_BOOSTS), 8))
    for index, (profile, _) in enumerate(GENERIC_BOOSTS):
        lengths = [stage.coast_before_s + stage.burn_time_s for stage in profile.stages]
        ends[index, : len(lengths)] = np.cumsum(lengths)
    return np.asarray(ends[bank.profile, bank.stage])


def _relight_share(bank: Hypotheses, elapsed_s: float) -> Floats:
    may = ~bank.burning & _has_next_stage(bank)
    return np.asarray(-np.expm1(-RELIGHT_PS * elapsed_s) * may)


def _parted(
    bank: Hypotheses, rows: Mask, share: Floats, elapsed_s: float, *, next_stage: bool
) -> Hypotheses:
    """New rows: each group's part with its engine stopped, or with the next stage burning."""
    rows = rows & (share > 0.0) & (bank.log_weight + np.log(np.maximum(share, 1e-300)) > _LEAST)
    groups = _grouped(bank, rows)
    parting = replace(bank, log_weight=bank.log_weight + np.log(np.maximum(share, 1e-300)))
    merged = moments(parting, groups.of_row, groups.count)
    thrust = moments_of_thrust(bank, groups, np.exp(parting.log_weight))
    like = bank.taken(groups.rows)
    state, covariance = merged.state.copy(), merged.covariance.copy()
    stage = like.stage + (1 if next_stage else 0)
    if next_stage:
        thrust = thrust - _ignition_thrust_mps2(like.profile, stage)
    _lose_midway(state, covariance, thrust, elapsed_s)
    born = replace(
        like,
        state=state,
        covariance=covariance,
        log_weight=np.log(np.maximum(merged.weight, 1e-300)),
        burning=np.full(groups.count, next_stage),
        stage=stage,
    )
    return lit(born) if next_stage else born


def _grouped(bank: Hypotheses, rows: Mask) -> _Groups:
    key = (bank.track * len(GENERIC_BOOSTS) + bank.profile) * 8 + bank.stage
    of_row = np.full(len(bank), -1, dtype=np.intp)
    kept = np.flatnonzero(rows)
    _, first, inverse = np.unique(key[kept], return_index=True, return_inverse=True)
    of_row[kept] = inverse
    return _Groups(of_row=of_row, rows=kept[first])


def moments_of_thrust(bank: Hypotheses, groups: _Groups, weight: Floats) -> Floats:
    """Mean thrust per mass of each group (k,), m/s^2."""
    used = groups.of_row >= 0
    group = groups.of_row[used]
    total = np.bincount(group, weight[used], minlength=groups.count)
    sums = np.bincount(
        group, (weight * thrust_acceleration_mps2(bank))[used], minlength=groups.count
    )
    return np.asarray(sums / np.maximum(total, 1e-300))


def _ignition_thrust_mps2(profile: Indices, stage: Indices) -> Floats:
    pairs = zip(profile.tolist(), stage.tolist(), strict=True)
    return np.array(
        [
            GENERIC_BOOSTS[kind][0].stages[number].ignition_acceleration_mps2
            for kind, number in pairs
        ]
    )


def _lose_midway(state: Floats, covariance: Floats, thrust: Floats, elapsed_s: float) -> None:
    """Take back thrust that may not have been: it ended at any time of the last elapsed_s.

    With s the time since, evenly spread: velocity loses a s, position a s^2 / 2.
    """
    velocity = state[:, VELOCITY]
    along = velocity / np.maximum(norm(velocity), 1.0)[:, None]
    state[:, VELOCITY] -= (thrust * elapsed_s / 2.0)[:, None] * along
    state[:, POSITION] -= (thrust * elapsed_s**2 / 6.0)[:, None] * along
    outer = (thrust**2)[:, None, None] * along[:, :, None] * along[:, None, :]
    covariance[:, VELOCITY, VELOCITY] += outer * (elapsed_s**2 / 12.0)
    covariance[:, POSITION, VELOCITY] += outer * (elapsed_s**3 / 24.0)
    covariance[:, VELOCITY, POSITION] += outer * (elapsed_s**3 / 24.0)
    covariance[:, POSITION, POSITION] += outer * (elapsed_s**4 / 45.0)


def lit(born: Hypotheses) -> Hypotheses:
    """Give rows the engine of their stage, with the scatter of what is not known of it."""
    state, covariance = born.state.copy(), born.covariance.copy()
    drag, loss = born.drag_time_m2spkg.copy(), born.sea_level_loss.copy()
    for row in range(len(born)):
        profile = GENERIC_BOOSTS[born.profile[row]][0]
        stage = profile.stages[born.stage[row]]
        empty_s = stage.burn_time_s / stage.propellant_fraction
        state[row, TIME_TO_EMPTY] = empty_s
        state[row, LOG_EXHAUST_SPEED] = np.log(stage.ignition_acceleration_mps2 * empty_s)
        drag[row], loss[row] = drag_figures(int(born.profile[row]), int(born.stage[row]))
    for column, sigma in NEXT_STAGE_SIGMAS.items():
        scale = state[:, TIME_TO_EMPTY] if column == TIME_TO_EMPTY else 1.0
        covariance[:, column, :] = 0.0
        covariance[:, :, column] = 0.0
        covariance[:, column, column] = (sigma * scale) ** 2
    return replace(
        born, state=state, covariance=covariance, drag_time_m2spkg=drag, sea_level_loss=loss
    )


_LEAST: Final = float(np.log(LEAST_PARTING_SHARE))
