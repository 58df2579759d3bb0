import numpy as np

from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking.confusion import Confusion
from bongsu.tracking.track_table import Rows, no_rows


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
    confusion.blur(pair(50.0))
    later = pair(6_000.0)
    confusion.blur(later)
    for sigma in sigma_along_m(later):
        assert 0.7 * 6_000.0 < sigma < 0.72 * 6_000.0


def test_tracks_that_never_met_are_left_alone() -> None:
    rows = pair(20e3)
    Confusion().blur(rows)
    assert sigma_along_m(rows) == [100.0, 100.0]


def test_only_boosted_tracks_part_with_stages() -> None:
    rows = pair(50.0, boosted=False)
    Confusion().blur(rows)
    assert sigma_along_m(rows) == [100.0, 100.0]


def test_in_the_air_drag_tells_them_apart() -> None:
    confusion = Confusion()
    confusion.blur(pair(50.0))
    low = pair(30e3, height_m=60e3)
    confusion.blur(low)
    assert sigma_along_m(low) == [100.0, 100.0]


def test_what_is_gone_confuses_nobody() -> None:
    confusion = Confusion()
    confusion.blur(pair(50.0))
    alone = pair(50.0)[:1].copy()
    confusion.blur(alone)
    assert sigma_along_m(alone) == [100.0]
    apart = pair(6_000.0)
    confusion.blur(apart)
    assert sigma_along_m(apart) == [100.0, 100.0]
