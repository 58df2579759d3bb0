"""The rows of boosted tracks, which follow the bank and not free flight."""

from typing import Final

import numpy as np

from bongsu.tracking.arrays import Indices, Serials
from bongsu.tracking.boost.bank import BURNT_OUT_SHARE, BoostBank
from bongsu.tracking.boost.state import MOTION
from bongsu.tracking.flight.prediction import predict_rows
from bongsu.tracking.flight.track_table import FREE_FLIGHT, Rows
from bongsu.tracking.infrared.eye import BOOST
from bongsu.vocabulary.units import NS_PER_S

LEAST_NOISE_M2PS3: Final = 1e-4  # of a row whose covariance comes from the bank
LIT_AGAIN_SHARE: Final = 0.05  # of weight on hypotheses that burn: more than to go on burning
PATIENCE_NS: Final = 5_400 * NS_PER_S  # a missile that no sensor sees any more still comes down


def follow(rows: Rows, bank: BoostBank, to_ns: int) -> None:
    """Move the bank and the rows of its tracks to an instant that the other rows are at.

    After a silence longer than engines are followed unseen, the tracks fly on without thrust
    and the bank gives them up.
    """
    forget_dropped(rows, bank)
    until_ns = bank.followed_until_ns(to_ns)
    bank.move(until_ns)
    write_boosted(rows, bank)
    if until_ns < to_ns and bank.tracks:
        index = rows_of(rows, bank.numbers)
        coasting = rows[index]
        predict_rows(coasting, (to_ns - until_ns) / NS_PER_S)
        rows[index] = coasting
        bank.lose()


def forget_dropped(rows: Rows, bank: BoostBank) -> None:
    """Let go of tracks that the table has dropped."""
    if bank.tracks:
        bank.forget(np.setdiff1d(bank.numbers, rows["number"]))


def write_boosted(rows: Rows, bank: BoostBank, *, looked: bool = False) -> None:
    """State, covariance and phase of the boosted tracks' rows, from the bank.

    Only a look, never the mere passing of time, makes a track burn again.
    """
    index = rows_of(rows, bank.numbers)
    if len(index) == 0:
        return
    moments = bank.moments()
    rows["state"][index] = moments.state[:, MOTION]
    rows["covariance"][index] = moments.covariance[:, MOTION, MOTION]
    burned = rows["phase"][index] == BOOST
    lit_again = LIT_AGAIN_SHARE if looked else 1.0
    burning = bank.burning_share() > np.where(burned, BURNT_OUT_SHARE, lit_again)
    rows["phase"][index] = np.where(burning, BOOST, FREE_FLIGHT)
    rows["acceleration_noise"][index] = LEAST_NOISE_M2PS3
    rows["patience_ns"][index] = PATIENCE_NS


def rows_of(rows: Rows, numbers: Serials) -> Indices:
    """Rows of the tracks with these numbers, in their order; all of them are in the table."""
    order = np.argsort(rows["number"], kind="stable")
    return np.asarray(order[np.searchsorted(rows["number"], numbers, sorter=order)])
