"""Sums over a bank of hypotheses: weights within each track, moments, and what may be dropped."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.boost_state import SIZE, Hypotheses

LEAST_SHARE: Final = 1e-6  # of a track's weight; a hypothesis below it is dropped
MOST_PER_TRACK: Final = 24


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
    mean = np.zeros((count, SIZE))
    np.add.at(mean, group, share[:, None] * state)
    apart = state - mean[group]
    spread = np.zeros((count, SIZE, SIZE))
    within = covariance + apart[:, :, None] * apart[:, None, :]
    np.add.at(spread, group, share[:, None, None] * within)
    return Moments(state=mean, covariance=spread, weight=total)


def pruned(bank: Hypotheses, tracks: int) -> Hypotheses:
    """Without negligible rows, at most MOST_PER_TRACK for each track, weights summing to 1."""
    if not len(bank):
        return bank
    bank = normalised(bank, tracks)
    order = np.lexsort((-bank.log_weight, bank.track))
    track = bank.track[order]
    starts = np.flatnonzero(np.concatenate([[True], track[1:] != track[:-1]]))
    rank = np.arange(len(track)) - np.repeat(starts, np.diff([*starts, len(track)]))
    keep = (rank < MOST_PER_TRACK) & (bank.log_weight[order] > np.log(LEAST_SHARE))
    return normalised(bank.taken(order[keep]), tracks)


def share_of(bank: Hypotheses, rows: Mask, tracks: int) -> Floats:
    """Part of each track's weight that lies on the given rows, (tracks,)."""
    weight = np.exp(bank.log_weight[rows])
    return np.asarray(np.bincount(bank.track[rows], weight, minlength=tracks), dtype=np.float64)
