"""Pairs that part while no plot tells which is whose: one middle, two objects beside it.

When an engine stops, the spent stage lets go of what it carried, with some metres per second:
for a minute or more both are within the noise of one another. Plots given to either by chance
would teach both tracks wrongly. So the pair has one state, that of the middle, which learns from
the mean of both plots with twice the weight of one; how fast the two part is learnt apart
(`parting_speed`), and what is stated of each lies half the way to its side. The older track is
the one ahead: a stage falls behind. Once their ranges tell them apart each goes its own way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from bongsu.physics.arrays import unit
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.tracking.arrays import Floats, Mask
from bongsu.tracking.boost.bank import BoostBank
from bongsu.tracking.flight.manoeuvre import is_not_ballistic
from bongsu.tracking.flight.track_table import FREE_FLIGHT, Rows
from bongsu.tracking.pairs.confusion import AIR_M, is_near
from bongsu.tracking.pairs.parting_speed import PartingSpeed
from bongsu.tracking.radar.measurement import Radar
from bongsu.vocabulary.units import NS_PER_S

AT_BURNOUT_S: Final = 6.0  # of the instant at which an engine is believed out
TOLD_APART_SIGMAS: Final = 7.0  # of the difference of two ranges: further than a gate reaches
LONGEST_S: Final = 240.0
SIGMA_ACROSS_MPS: Final = 0.3  # of the parting, across the flight
SHARED_COLUMNS: Final = ("state", "covariance", "acceleration_noise", "misfit", "phase")


class Pair(NamedTuple):
    """Two tracks by number, the one ahead first."""

    ahead: int
    behind: int


@dataclass(slots=True, kw_only=True)
class _Parting:
    began_ns: int
    speed: PartingSpeed = field(default_factory=PartingSpeed)

    def since_s(self, at_ns: int) -> float:
        return max((at_ns - self.began_ns) / NS_PER_S, 0.0)

    def apart_m(self, at_ns: int) -> float:
        return self.speed.mean_mps * self.since_s(at_ns)


class Split(NamedTuple):
    """A pair as one scan sees it."""

    rows: tuple[int, int]  # in the table, of the one ahead and the one behind
    half_m: Floats  # (3,) ECEF, the expected way from their middle to the one ahead
    pair: Pair


class PartedPairs:
    """The pairs of one tracker that no plot tells apart yet."""

    def __init__(self) -> None:
        self._partings: dict[Pair, _Parting] = {}
        self.told_apart: frozenset[Pair] = frozenset()

    @property
    def all_pairs(self) -> frozenset[tuple[int, int]]:
        """Those that part, and those that were told apart since."""
        return self.told_apart.union(self._partings)

    def begin(self, rows: Rows, bank: BoostBank) -> None:
        """Take in tracks that were first seen where and when a boosted one's engine stopped."""
        held = {number for pair in self._partings for number in pair}
        held |= {number for pair in self.told_apart for number in pair}
        for track in bank.tracks:
            if track.burnt_out_ns is None or track.number in held:
                continue
            row = int(np.flatnonzero(rows["number"] == track.number)[0])
            if not _flies_freely(rows[[row]])[0]:
                continue
            since_ns = np.abs(rows["first_observed_ns"] - track.burnt_out_ns)
            fresh = (rows["number"] > track.number) & (since_ns < AT_BURNOUT_S * NS_PER_S)
            fresh &= ~np.isin(rows["number"], list(held))
            for other in np.flatnonzero(fresh)[is_near(rows, row, np.flatnonzero(fresh))][:1]:
                pair = Pair(track.number, int(rows["number"][other]))
                self._partings[pair] = _Parting(began_ns=int(rows["first_observed_ns"][other]))
                bank.forget(np.array([pair.behind], dtype=np.int64))
                held |= set(pair)

    def splits(self, rows: Rows, at_ns: int) -> Sequence[Split]:
        """The pairs that are in the table, at an instant."""
        return tuple(
            Split(
                rows=(ahead, behind),
                half_m=0.5 * parting.apart_m(at_ns) * unit(rows["state"][ahead, 3:]),
                pair=pair,
            )
            for pair, parting, ahead, behind in self._placed(rows)
        )

    def learn(
        self, rows: Rows, radar: Radar, apart_m: Sequence[tuple[Pair, float]], at_ns: int
    ) -> None:
        """Take the differences of range that pairs showed in one scan."""
        places = {pair: ahead for pair, _, ahead, _ in self._placed(rows)}
        for pair, apart in apart_m:
            parting = self._partings.get(pair)
            if parting is not None and pair in places:
                lever_s = _lever_s(rows, places[pair], radar, parting, at_ns)
                parting.speed.note(apart, lever_s=lever_s, sigma_m=float(radar.variance[0] ** 0.5))

    def hold(self, rows: Rows, radar: Radar, bank: BoostBank, at_ns: int) -> None:
        """Keep both rows of each pair at its middle; let go of those that are told apart.

        Pairs of which one is gone, burns again or does not fly freely are none any more. As long
        as the bank holds one, its row follows the bank, and that knows the middle only.
        """
        if not self._partings and not self.told_apart:
            return
        enough_m = TOLD_APART_SIGMAS * float(np.sqrt(2.0 * radar.variance[0]))
        going_on = {}
        free = _flies_freely(rows)
        for pair, parting, ahead, behind in self._placed(rows):
            for column in SHARED_COLUMNS:
                rows[column][behind] = rows[column][ahead]
            apart_m = parting.speed.mean_mps * _lever_s(rows, ahead, radar, parting, at_ns)
            if not free[ahead]:
                continue
            near = abs(apart_m) < enough_m and parting.since_s(at_ns) < LONGEST_S
            if near or pair.ahead in bank.numbers:
                going_on[pair] = parting
            else:
                _set_apart(rows, ahead, behind, parting, at_ns)
                self.told_apart |= {pair}
        self._partings = going_on
        numbers = set(rows["number"].tolist())
        self.told_apart = frozenset(pair for pair in self.told_apart if numbers.issuperset(pair))

    def set_apart(self, rows: Rows, at_ns: int) -> None:
        """Move the rows of each pair, in place, from the middle to where each should be."""
        for _, parting, ahead, behind in self._placed(rows):
            rows["state"][behind] = rows["state"][ahead]
            rows["covariance"][behind] = rows["covariance"][ahead]
            _set_apart(rows, ahead, behind, parting, at_ns)

    def _placed(self, rows: Rows) -> Iterator[tuple[Pair, _Parting, int, int]]:
        """Pairs of which both rows are in the table, with their places."""
        if not self._partings:
            return
        place = {number: row for row, number in enumerate(rows["number"].tolist()) if number}
        for pair, parting in self._partings.items():
            if pair.ahead in place and pair.behind in place:
                yield pair, parting, place[pair.ahead], place[pair.behind]


def _flies_freely(rows: Rows) -> Mask:
    """Rows (n,) without thrust, above the air that parts objects by what they are."""
    high = height_above_ellipsoid_m(rows["state"][:, :3]) > AIR_M
    return np.asarray((rows["phase"] == FREE_FLIGHT) & ~is_not_ballistic(rows) & high)


def _lever_s(rows: Rows, row: int, radar: Radar, parting: _Parting, at_ns: int) -> float:
    """Time since the parting, times the cosine between flight and line of sight."""
    state = rows["state"][row]
    sight = unit(state[:3] - radar.origin_ecef_m)
    return parting.since_s(at_ns) * float(sight @ unit(state[3:]))


def _set_apart(rows: Rows, ahead: int, behind: int, parting: _Parting, at_ns: int) -> None:
    since_s = parting.since_s(at_ns)
    along = unit(rows["state"][ahead, 3:])
    half = 0.5 * np.concatenate([along * since_s, along])
    spread = parting.speed.sigma_mps**2 * np.outer(half, half)
    sideways = (0.5 * SIGMA_ACROSS_MPS) ** 2 * (np.eye(3) - np.outer(along, along))
    spread += np.kron([[since_s**2, since_s], [since_s, 1.0]], sideways)
    for row, side in ((ahead, 1.0), (behind, -1.0)):
        rows["state"][row] += side * parting.speed.mean_mps * half
        rows["covariance"][row] += spread
