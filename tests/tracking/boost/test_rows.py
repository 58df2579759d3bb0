from dataclasses import replace

import numpy as np
import pytest
from tests.tracking.made_up_hypotheses import one_at

from bongsu.tracking.boost.bank import BURNT_OUT_SHARE, BoostBank
from bongsu.tracking.boost.model import BoostNoise
from bongsu.tracking.boost.prior import FirstSight
from bongsu.tracking.boost.rows import LIT_AGAIN_SHARE, write_boosted
from bongsu.tracking.flight.track_table import FREE_FLIGHT, no_rows
from bongsu.tracking.infrared.eye import BOOST
from bongsu.tracking.launch.reference_place import reference_under

BETWEEN = 0.5 * (BURNT_OUT_SHARE + LIT_AGAIN_SHARE)


def bank_that_burns(share: float) -> BoostBank:
    """One track with two hypotheses: burning with that share, else out."""
    one = one_at(100.0)
    burning = replace(one, log_weight=np.log([share]))
    out = replace(one, burning=np.array([False]), log_weight=np.log([1.0 - share]))
    bank = BoostBank(BoostNoise())
    sight = FirstSight(hypotheses=burning.joined(out), reference=reference_under(one.state[0, :3]))
    bank.begin(1, sight, reference_ns=0, at_ns=100_000_000_000)
    return bank


@pytest.mark.parametrize(
    ("was", "share", "says"),
    [
        (BOOST, BETWEEN, BOOST),
        (FREE_FLIGHT, BETWEEN, FREE_FLIGHT),
        (BOOST, 0.5 * BURNT_OUT_SHARE, FREE_FLIGHT),
        (FREE_FLIGHT, 2.0 * LIT_AGAIN_SHARE, BOOST),
    ],
)
def test_to_burn_again_takes_more_than_to_go_on_burning(was: int, share: float, says: int) -> None:
    rows = no_rows(1)
    rows["number"], rows["phase"] = 1, was
    write_boosted(rows, bank_that_burns(share), looked=True)
    assert rows["phase"][0] == says


def test_without_a_look_no_track_burns_again() -> None:
    rows = no_rows(1)
    rows["number"], rows["phase"] = 1, FREE_FLIGHT
    write_boosted(rows, bank_that_burns(0.9))
    assert rows["phase"][0] == FREE_FLIGHT
