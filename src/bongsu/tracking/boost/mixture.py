"""Sums over a bank of hypotheses: weights within each track, moments, and what may be dropped."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.boost.state import MOTION, POSITION, Hypotheses

LEAST_SHARE: Final = 1e-6  # of a track's weight; a hypothesis below it is dropped
LARGEST_SIGMA_M: Final = 2_000e3
MOST_PER_TRACK: Final = 40
MOST_KINDS: Final = 64  # of profiles, and of stages in one
ALIKE_SQUARED: Final = 3.0  # of six: by chance a point is further away in four cases of five


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Mean and covariance of each of k groups of hypotheses, and the groups' weights."""

    state: Floats  # (k, SIZE)
    covariance: Floats  # (k, SIZE, SIZE)
    weight: Floats  # (k,), as the sum of the given weights


def log_sums(log_weight: Floats, group: Indices, count: int) -> Floats:
    """ln of the sum of weights in each of `count` groups, -inf where a group is empty."""
    top = np.full(count, -np.inf)
    np.maximum.at(top, group, log_weight)
    safe = np.where(np.isfinite(top), top, 0.0)
    sums = np.bincount(group, np.exp(log_weight - safe[group]), minlength=count)
    with np.errstate(divide="ignore"):
        return np.asarray(safe + np.log(sums))


def normalised(bank: Hypotheses, tracks: int) -> Hypotheses:
    """Weights of each track summing to 1."""
    total = log_sums(bank.log_weight, bank.track, tracks)
    return replace(bank, log_weight=bank.log_weight - total[bank.track])


def moments(bank: Hypotheses, group: Indices, count: int) -> Moments:
    """Moment-matched Gaussian of each group (rows with group -1 are left out).

    Empty groups get zero weight, state and covariance.
    """
    used = group >= 0
    group, weight = group[used], np.exp(bank.log_weight[used])
    state, covariance = bank.state[used], bank.covariance[used]
    total = np.asarray(np.bincount(group, weight, minlength=count), dtype=np.float64)
    share = weight / np.where(total > 0.0, total, 1.0)[group]
    mean = _sums(share[:, None] * state, group, count)
    apart = state - mean[group]
    within = covariance + apart[:, :, None] * apart[:, None, :]
    spread = _sums(share[:, None, None] * within, group, count)
    return Moments(state=mean, covariance=spread, weight=total)


def _sums(values: Floats, group: Indices, count: int) -> Floats:
    """Sums of rows (n, ...) by group (n,); much faster than adding row by row."""
    sums = np.zeros((count, *values.shape[1:]))
    if len(group):
        order = np.argsort(group, kind="stable")
        present, start = np.unique(group[order], return_index=True)
        sums[present] = np.add.reduceat(values[order], start, axis=0)
    return sums


def pruned(bank: Hypotheses, tracks: int) -> Hypotheses:
    """Like rows merged, negligible and senseless ones dropped, weights of each track summing to 1.

    At most MOST_PER_TRACK rows stay for each track, and the best of every kind among them. A
    track whose rows are all senseless loses them.
    """
    bank = bank.taken(_is_sane(bank))
    if not len(bank):
        return bank
    bank = merged(normalised(bank, tracks))
    best = _best_of_kind(bank)
    order = np.lexsort((-bank.log_weight, ~best, bank.track))
    track = bank.track[order]
    starts = np.flatnonzero(np.concatenate([[True], track[1:] != track[:-1]]))
    rank = np.arange(len(track)) - np.repeat(starts, np.diff([*starts, len(track)]))
    keep = (rank < MOST_PER_TRACK) & (bank.log_weight[order] > np.log(LEAST_SHARE))
    return normalised(bank.taken(order[keep]), tracks)


def _is_sane(bank: Hypotheses) -> Mask:
    """Rows that are finite and say at least which side of the Earth they are on."""
    finite = np.isfinite(bank.state).all(axis=1) & np.isfinite(bank.covariance).all(axis=(1, 2))
    variance = np.trace(bank.covariance[:, POSITION, POSITION], axis1=1, axis2=2)
    return np.asarray(finite & np.isfinite(bank.log_weight) & (variance < LARGEST_SIGMA_M**2))


def kinds(bank: Hypotheses) -> Indices:
    """A number for each row (n,), equal where track, profile, stage and engine are."""
    number = (bank.track * MOST_KINDS + bank.profile) * MOST_KINDS + bank.stage
    return np.asarray(2 * number + bank.burning)


def merged(bank: Hypotheses) -> Hypotheses:
    """Rows of one kind made one, where their states are alike.

    Rows are alike when each lies within ALIKE_SQUARED of their common mean, by its own
    covariance of position and velocity.
    """
    _, first, group, count = np.unique(
        kinds(bank), return_index=True, return_inverse=True, return_counts=True
    )
    if count.max() == 1:
        return bank
    common = moments(bank, group, len(first))
    apart = (bank.state - common.state[group])[:, MOTION]
    solved = np.linalg.solve(bank.covariance[:, MOTION, MOTION], apart[..., None])[..., 0]
    squared = np.einsum("ni,ni->n", apart, solved)
    alike = np.ones(len(first), dtype=np.bool_)
    np.logical_and.at(alike, group, squared < ALIKE_SQUARED)
    alike &= count > 1
    if not alike.any():
        return bank
    chosen = first[alike]
    one = replace(
        bank.taken(chosen),
        state=common.state[alike],
        covariance=common.covariance[alike],
        log_weight=np.log(common.weight[alike]),
    )
    return bank.taken(~alike[group]).joined(one)


def _best_of_kind(bank: Hypotheses) -> Mask:
    """The heaviest row of each kind."""
    order = np.lexsort((-bank.log_weight, kinds(bank)))
    kind = kinds(bank)[order]
    best = np.zeros(len(bank), dtype=np.bool_)
    best[order[np.concatenate([[True], kind[1:] != kind[:-1]])]] = True
    return best


def share_of(bank: Hypotheses, rows: Mask, tracks: int) -> Floats:
    """Part of each track's weight that lies on the given rows, (tracks,)."""
    weight = np.exp(bank.log_weight[rows])
    return np.asarray(np.bincount(bank.track[rows], weight, minlength=tracks), dtype=np.float64)
