import numpy as np
import pytest

from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking.flight.track_table import Rows, no_rows
from bongsu.tracking.pairs.confusion import Confusion


def pair(apart_m: float, *, height_m: float = 300e3, boosted: bool = True) -> Rows:
    """Two tracks along one orbit, their positions known to 100 m."""
    rows = no_rows(2)
    place = geodetic_to_ecef(0.7, 2.2, height_m)
    rows["number"] = [1, 2]
    rows["state"][:, :3] = place
    rows["state"][1, 2] += apart_m
    rows["state"][:, 3:] = [0.0, 0.0, 4_000.0]
    rows["covariance"] = np.diag([1e4] * 3 + [25.0] * 3)
    rows["patience_ns"] = [10**9 if boosted else 0, 0]
    return rows


def sigma_along_m(rows: Rows) -> list[float]:
    return [float(np.sqrt(covariance[2, 2])) for covariance in rows["covariance"]]


def test_two_tracks_in_one_place_may_be_each_other_ever_after() -> None:
    confusion = Confusion()
    confusion.note(pair(50.0))
    later = pair(6_000.0)
    confusion.blur(later)
    for sigma in sigma_along_m(later):
        assert sigma == pytest.approx(np.sqrt(0.75) * 6_000.0, rel=0.01)


def test_tracks_that_never_met_are_left_alone() -> None:
    rows = pair(4_500.0)
    confusion = Confusion()
    confusion.note(rows)
    confusion.blur(rows)
    assert sigma_along_m(rows) == [100.0, 100.0]


def test_only_boosted_tracks_part_with_stages() -> None:
    rows = pair(50.0, boosted=False)
    confusion = Confusion()
    confusion.note(rows)
    confusion.blur(rows)
    assert sigma_along_m(rows) == [100.0, 100.0]


def test_in_the_air_drag_tells_them_apart() -> None:
    confusion = Confusion()
    confusion.note(pair(50.0))
    low = pair(30e3, height_m=60e3)
    confusion.blur(low)
    assert sigma_along_m(low) == [100.0, 100.0]


def test_what_is_gone_confuses_nobody() -> None:
    confusion = Confusion()
    confusion.note(pair(50.0))
    alone = pair(50.0)[:1].copy()
    confusion.blur(alone)
    assert sigma_along_m(alone) == [100.0]
    apart = pair(6_000.0)
    confusion.blur(apart)
    assert sigma_along_m(apart) == [100.0, 100.0]


def test_kin_share_their_patience_and_know_each_other() -> None:
    rows, confusion = pair(50.0), Confusion()
    confusion.note(rows)
    assert rows["patience_ns"].tolist() == [10**9, 10**9]
    assert confusion.kin(rows) == {1: (2,), 2: (1,)}
    assert confusion.kin(rows[:1]) == {}


def test_what_is_vague_or_fast_is_no_kin() -> None:
    confusion, vague, fast = Confusion(), pair(50.0), pair(50.0)
    vague["covariance"][1] *= 1e4
    fast["covariance"][1, 3:, 3:] *= 1e4
    fast["state"][1, 3] += 300.0
    for rows in (vague, fast):
        confusion.note(rows)
        assert confusion.kin(rows) == {}
