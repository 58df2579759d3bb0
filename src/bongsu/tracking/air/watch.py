"""Which tracks fly in the air, and what the rows of the table say of them.

A confirmed track in the air that is no aircraft and has no engine enters the bank; from then on
its row is written from there, like that of a boosted track. It leaves when it is high again, or
unseen for long; then it flies on as the table moves it.
"""

from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.physics.geodesy import climb_mps, height_above_ellipsoid_m
from bongsu.tracking.air.bank import AirBank
from bongsu.tracking.arrays import Floats, Mask, Serials
from bongsu.tracking.boost.rows import rows_of
from bongsu.tracking.flight.filtering import Sensing
from bongsu.tracking.flight.manoeuvre import MANOEUVRE_NOISE_M2PS3, is_not_ballistic
from bongsu.tracking.flight.track_table import FREE_FLIGHT, GLIDE, REENTRY, Rows, is_confirmed
from bongsu.tracking.radar.measurement import Radar
from bongsu.vocabulary.units import NS_PER_S

ENTERS_BELOW_M: Final = 100e3
LEAVES_ABOVE_M: Final = 200e3  # a skip that goes higher is free flight
LOWEST_M: Final = 1_000.0
SLOWEST_MPS: Final = 600.0  # of a track that enters where aircraft fly
AIRCRAFT_BELOW_M: Final = 18e3
UNSEEN_NS: Final = 30 * NS_PER_S
BALLISTIC_NOISE_M2PS3: Final = 1e-4


class AirWatch:
    """Keeps the tracks in the air of one tracker, at the instant of its table."""

    def __init__(self) -> None:
        self._bank = AirBank()

    @property
    def numbers(self) -> Serials:
        """The tracks that are followed here."""
        return self._bank.numbers

    def copy(self) -> "AirWatch":
        """Another one with the same tracks, to look ahead with."""
        other = AirWatch()
        other._bank = self._bank
        return other

    def move(self, rows: Rows, duration_s: float, *, to_ns: int) -> None:
        """Move the bank to an instant to which the rows were moved already, and write them."""
        if len(self._bank.numbers) == 0:
            return
        self._forget(rows, to_ns)
        self._bank = self._bank.moved(duration_s)
        self._write(rows)

    def take_radar(
        self,
        rows: Rows,
        radar: Radar,
        plots: Floats,
        serials: Serials,
        *,
        sensing: Sensing,
        rates: Floats | None,
        since_s: float,
        boosted: Serials,
    ) -> None:
        """Use the plots (m, 3) of one scan that the rows have taken, then look who enters.

        serials: (m,), rising by one from plot to plot. rates: (m,), range rates. since_s: how
        long before the rows' instant. boosted: numbers of the tracks that may burn.
        """
        if len(self._bank.numbers):
            self._bank = self._bank.only(~np.isin(self._bank.numbers, boosted))
            self._forget(rows, None)
        if len(self._bank.numbers) and len(serials):
            newest = rows["plots"][rows_of(rows, self._bank.numbers), 0] - serials[0]
            given = np.flatnonzero((newest >= 0) & (newest < len(serials)))
            chosen = newest[given]
            self._bank = self._bank.updated(given, plots[chosen], radar, sensing)
            if rates is not None:
                self._bank = self._bank.updated_by_range_rate(
                    given, rates[chosen], radar, since_s=since_s
                )
        self._enter(rows, boosted)
        self._write(rows)

    def _enter(self, rows: Rows, boosted: Serials) -> None:
        position = rows["state"][:, :3]
        low = np.vecdot(position, position) < (6_378_137.0 + ENTERS_BELOW_M) ** 2
        if not low.any():
            return
        known = np.isin(rows["number"], np.concatenate([boosted, self._bank.numbers]))
        entering = np.flatnonzero(low & is_confirmed(rows) & ~known)
        entering = entering[_falls_from_far(rows["state"][entering])]
        fresh = rows[entering]
        gliding = is_not_ballistic(fresh) & (fresh["phase"] == GLIDE)
        self._bank = self._bank.joined(
            fresh["number"], fresh["state"], fresh["covariance"], gliding
        )

    def _forget(self, rows: Rows, at_ns: int | None) -> None:
        """Let go of tracks that the table dropped, that are high, or unseen for long."""
        there = np.isin(self._bank.numbers, rows["number"])
        self._bank = self._bank.only(there)
        if at_ns is None or len(self._bank.numbers) == 0:
            return
        index = rows_of(rows, self._bank.numbers)
        unseen = at_ns - rows["last_observed_ns"][index] > UNSEEN_NS
        height = height_above_ellipsoid_m(self._bank.moments().state[:, :3])
        high = height > LEAVES_ABOVE_M
        rows["phase"][index[high]] = FREE_FLIGHT
        gone = unseen | high | (height < LOWEST_M)
        self._bank = self._bank.only(~gone)

    def _write(self, rows: Rows) -> None:
        index = rows_of(rows, self._bank.numbers)
        if len(index) == 0:
            return
        moments = self._bank.moments()
        rows["state"][index], rows["covariance"][index] = moments
        gliding = self._bank.gliding
        falling = climb_mps(moments.state[:, :3], moments.state[:, 3:]) < 0.0
        falls = falling | (rows["phase"][index] == REENTRY)
        rows["phase"][index] = np.where(gliding, GLIDE, np.where(falls, REENTRY, FREE_FLIGHT))
        rows["acceleration_noise"][index] = np.where(
            gliding, MANOEUVRE_NOISE_M2PS3, BALLISTIC_NOISE_M2PS3
        )
        rows["misfit"][index] = 0.0


def _falls_from_far(state: Floats) -> Mask:
    """Which states (n, 6) are of no aircraft: fast, high, or falling steeply."""
    position, velocity = state[:, :3], state[:, 3:]
    height, speed = height_above_ellipsoid_m(position), norm(velocity)
    steep = climb_mps(position, velocity) < -0.5 * speed
    inside = (height < ENTERS_BELOW_M) & (height > LOWEST_M)
    return np.asarray(inside & ((speed > SLOWEST_MPS) | (height > AIRCRAFT_BELOW_M) | steep))
