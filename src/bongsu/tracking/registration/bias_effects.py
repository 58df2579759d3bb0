"""What offsets do to each track: how its state hangs on them, plot by plot.

The tracker's filter knows of no offsets. Beside it, for each track, the derivative of its state by
every sensor's offsets is carried along, with the gains that the filter used. When offsets become
known, tracks are moved as if their plots had been corrected from the start; and what is left of
uncertainty about them widens what is stated.

Tracks that a bank has had, of boosts or of flight in the air, are others' work: how they hang on
offsets is not known. They are made less sure instead, as far as the change could have moved them,
and the next plots settle it. A range rate has no offset here, and its pull is left out.

Source: Friedland, Treatment of bias in recursive filtering, IEEE Trans. AC 14 (1969).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask, Serials
from bongsu.tracking.flight.track_table import Rows
from bongsu.tracking.registration.sensing import Sensed

MAXIMUM_TRACKS: Final = 500
AHEAD_S: Final = 1.0


class BiasEffects:
    """Derivatives (n, 6, k) of n tracks by k offsets, in the order of the tracks' numbers."""

    def __init__(self, sensors: Sequence[Sensed]) -> None:
        self._sensors = tuple(sensors)
        self._numbers: Serials = np.zeros(0, dtype=np.int64)
        self._effect: Floats = np.zeros((0, 6, sum(len(one.sigma) for one in sensors)))
        self._owed: dict[int, Floats] = {}  # by number, of tracks that a bank has or had
        self._is_owing = False

    def move(self, duration_s: float) -> None:
        """Carry them on in time: in straight lines, which is good to 1 % over a minute."""
        self._effect[:, :3] += duration_s * self._effect[:, 3:]

    def take(self, one: Sensed, rows: Rows, updated: Indices, *, held: Serials) -> None:
        """The filter updated these rows of the table by plots of this sensor.

        held: numbers of the tracks that a bank has now.
        """
        self._keep(rows)
        self._settle(rows, held)
        updated = self._entered(rows, updated)
        if len(updated) == 0:
            return
        places = self._places(rows["number"][updated])
        _, jacobian = one.expecting(rows["state"][updated, :3])
        # The gain that led to the covariance which the row has now.
        gain = rows["covariance"][updated][:, :, :3] @ (jacobian.transpose(0, 2, 1) / one.sigma**2)
        effect = self._effect[places]
        change = gain @ (jacobian @ effect[:, :3])
        change[:, :, one.offsets] += gain
        self._effect[places] = effect - change

    def correct(self, rows: Rows, change: Floats) -> None:
        """Move tracks, in place, as if `change` (k,) had been taken off all their plots."""
        at, places = self._known(rows)
        rows["state"][at] += self._effect[places] @ change
        for number in self._owed:
            self._owed[number] = self._owed[number] + change
        self._is_owing = bool(self._owed)

    def widen(self, rows: Rows, covariance: Floats) -> None:
        """Widen what is stated of rows, in place, for offsets with covariance (k, k)."""
        at, places = self._known(rows)
        effect = self._effect[places]
        rows["covariance"][at] += effect @ covariance @ effect.transpose(0, 2, 1)

    def _keep(self, rows: Rows) -> None:
        """Forget tracks that the table dropped, once they are many: numbers never come again."""
        if len(self._numbers) <= len(rows):
            return
        kept = np.isin(self._numbers, rows["number"])
        if not kept.all():
            self._numbers, self._effect = self._numbers[kept], self._effect[kept]

    def _settle(self, rows: Rows, held: Serials) -> None:
        """Note what banks have; make less sure what they gave back once offsets have changed."""
        for number in held.tolist():
            self._owed.setdefault(number, np.zeros(self._effect.shape[2]))
        if len(held):
            self._forget(held)
        if len(self._owed) > len(rows):
            self._owed = {
                number: self._owed[number]
                for number in self._owed.keys() & set(rows["number"].tolist())
            }
        if not self._is_owing:
            return
        self._is_owing = False
        for number in [number for number, owed in self._owed.items() if owed.any()]:
            at = np.flatnonzero(rows["number"] == number)
            if number in held:
                self._is_owing = True
            elif len(at):
                row = rows[at[0] : at[0] + 1]
                row["covariance"] += self._spread(row, self._owed.pop(number))

    def _forget(self, numbers: Serials) -> None:
        kept = ~np.isin(self._numbers, numbers)
        if not kept.all():
            self._numbers, self._effect = self._numbers[kept], self._effect[kept]

    def _spread(self, row: Rows, change: Floats) -> Floats:
        """Covariance (6, 6) of not knowing how a change of the offsets (k,) moves a row (1,).

        As far as it would if each sensor alone had made it, place and velocity for themselves.
        """
        spread = np.zeros((6, 6))
        for index, one in enumerate(self._sensors):
            if row["sensors"][0] >> index & 1:
                off = _shift(one, row["state"])[0] * change[one.offsets]
                spread[:3, :3] += off[:3] @ off[:3].T
                spread[3:, 3:] += off[3:] @ off[3:].T
        return spread

    def _made(self, row: Rows) -> Floats:
        """How a row (1,) hangs on offsets (6, k) where its sensors made it of one place."""
        place, velocity = row["state"][:, :3], row["state"][:, 3:]
        now = self._weighed(row, place)
        later = self._weighed(row, place + AHEAD_S * velocity)
        return np.concatenate([now, (later - now) / AHEAD_S])

    def _weighed(self, row: Rows, place: Floats) -> Floats:
        """Derivatives (3, k) of the place that the row's sensors agree on, by their offsets."""
        information = np.zeros((3, 3))
        pulls = np.zeros((3, self._effect.shape[2]))
        for index, one in enumerate(self._sensors):
            if row["sensors"][0] >> index & 1:
                jacobian = one.expecting(place)[1][0]
                weighted = jacobian.T / one.sigma**2
                information += weighted @ jacobian
                pulls[:, one.offsets] = weighted
        return np.asarray(-np.linalg.pinv(information, rcond=1e-9, hermitian=True) @ pulls)

    def _entered(self, rows: Rows, updated: Indices) -> Indices:
        """Take in tracks that are new, as their sensors made them; the rows that were known."""
        known = self._has(rows["number"][updated])
        new = updated[~known]
        if self._owed:
            new = new[~np.isin(rows["number"][new], list(self._owed))]
        new = new[: max(MAXIMUM_TRACKS - len(self._numbers), 0)]
        if len(new):
            effect = np.array([self._made(rows[row : row + 1]) for row in new.tolist()])
            numbers = np.concatenate([self._numbers, rows["number"][new]])
            order = numbers.argsort(kind="stable")
            self._numbers = numbers[order]
            self._effect = np.concatenate([self._effect, effect])[order]
        return np.asarray(updated[known])

    def _has(self, numbers: Serials) -> Mask:
        """Which of these tracks are here."""
        if len(self._numbers) == 0:
            return np.zeros(len(numbers), dtype=np.bool_)
        places = np.minimum(self._places(numbers), len(self._numbers) - 1)
        return np.asarray(self._numbers[places] == numbers)

    def _places(self, numbers: Serials) -> Indices:
        return np.asarray(np.searchsorted(self._numbers, numbers))

    def _known(self, rows: Rows) -> tuple[Indices, Indices]:
        """Rows whose tracks are here, and where."""
        at = np.flatnonzero(self._has(rows["number"]))
        return at, self._places(rows["number"][at])


def _shift(one: Sensed, state: Floats) -> Floats:
    """How far (n, 6, d) states that one sensor alone made would move with its offsets."""
    place, velocity = state[:, :3], state[:, 3:]
    now = np.linalg.pinv(one.expecting(place)[1])
    later = np.linalg.pinv(one.expecting(place + AHEAD_S * velocity)[1])
    return np.concatenate([now, (later - now) / AHEAD_S], axis=1)
