"""Finds sensors' offsets by tracks that two and more of them see, beside the tracker's filter.

Nothing happens for a tracker of one sensor. A few windows are open at a time (`bias_window`); all
of them are moved to each scan at once, along free flight from where the track was when its window
opened. Plots are taken as they were measured, so that what is taken out of them elsewhere never
comes back as news. Late scans are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Serials
from bongsu.tracking.boost.rows import rows_of
from bongsu.tracking.flight.free_flight import move
from bongsu.tracking.flight.manoeuvre import is_not_ballistic
from bongsu.tracking.flight.track_table import FREE_FLIGHT, PHASES, Rows, variance_of_position_m2
from bongsu.tracking.registration.bias_book import BiasBook
from bongsu.tracking.registration.bias_effects import BiasEffects
from bongsu.tracking.registration.bias_window import BiasWindow
from bongsu.tracking.registration.sensing import Sensed, sensed
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.sensor_bias import SensorBias
from bongsu.vocabulary.track import Phase
from bongsu.vocabulary.units import NS_PER_S, SensorId

MAXIMUM_WINDOWS: Final = 4
FREE_WINDOW_S: Final = 30.0
POWERED_WINDOW_S: Final = 8.0
LARGEST_SIGMA_M: Final = 5_000.0  # of a track whose window may open: beyond it nothing is linear
LOWEST_RADIUS_M: Final = 6_378_137.0 + 100e3  # below it the air counts
BOOST: Final = PHASES.index(Phase.BOOST)


@dataclass(slots=True)
class _Open:
    """A window with its reference path: where it is, and how that hangs on its begin."""

    window: BiasWindow
    state: Floats  # (6,)
    transition: Floats  # (6, 6)


class Registration:
    """Offsets of a tracker's sensors; written by the tracker, scan by scan."""

    def __init__(self, sites: Sequence[SensorSite]) -> None:
        self._sensors = sensed(sites)
        self._index = {one.site.sensor_id: row for row, one in enumerate(self._sensors)}
        self._infrared = sum(
            1 << row
            for row, one in enumerate(self._sensors)
            if one.site.kind is SensorKind.INFRARED
        )
        self._book = BiasBook(self._sensors) if len(self._sensors) > 1 else None
        self._effects = BiasEffects(self._sensors)
        self._open: dict[int, _Open] = {}  # by the track's number
        self._at_ns = 0
        self._newest = 0  # the track whose window was opened last

    def corrected(self, sensor_id: SensorId, plots: Floats) -> Floats:
        """The sensor's plots (m, c) without its known offsets; the same where there are none."""
        if self._book is None:
            return plots
        correction = self._book.correction[self._sensors[self._index[sensor_id]].offsets]
        if not correction.any():
            return plots
        better = plots.copy()
        better[:, : len(correction)] -= correction
        return better

    def take(
        self,
        sensor_id: SensorId,
        observed_ns: int,
        rows: Rows,
        numbers: Serials,
        plots: Floats,
        *,
        held: Serials,
    ) -> None:
        """A scan at the table's own instant gave the tracks `numbers` (k,) these plots (k, c).

        held: numbers of the tracks that a bank has, of boosts or of flight in the air.

        Where what is taken off plots changes, rows are moved, in place: see `BiasEffects`.
        """
        if self._book is None or observed_ns < self._at_ns:
            return
        self._move(observed_ns)
        one = self._sensors[self._index[sensor_id]]
        self._effects.take(one, rows, rows_of(rows, numbers), held=held)
        if len(numbers) and len(self._open) < MAXIMUM_WINDOWS:
            self._begin(rows, numbers, observed_ns)
        if self._open:
            self._look(one, numbers, plots, observed_ns)
            self._close(rows, observed_ns)

    def widen(self, rows: Rows) -> None:
        """Widen what is stated of rows at the table's instant, in place, for offsets taken out."""
        left = None if self._book is None else self._book.left_covariance
        if left is not None:
            self._effects.widen(rows, left)

    def stated(self) -> tuple[SensorBias, ...]:
        """What is known of sensors' offsets."""
        return () if self._book is None else self._book.stated()

    def _move(self, to_ns: int) -> None:
        duration_s = (to_ns - self._at_ns) / NS_PER_S
        self._at_ns = to_ns
        self._effects.move(duration_s)
        if duration_s > FREE_WINDOW_S:
            self._open.clear()  # nothing was seen for so long
        if not self._open or duration_s == 0.0:
            return
        every = list(self._open.values())
        moved, transition = move(np.array([one.state for one in every]), duration_s)
        for one, state, further in zip(every, moved, transition, strict=True):
            one.state, one.transition = state, further @ one.transition

    def _begin(self, rows: Rows, numbers: Serials, at_ns: int) -> None:
        """Open windows on tracks that several sensors see and that are known well enough.

        After the last one that was opened its next ones have their turn.
        """
        seen = rows_of(rows, numbers)
        bits = rows["sensors"][seen]
        seen = seen[(bits & (bits - 1)) != 0]
        turn = np.lexsort((rows["number"][seen], rows["number"][seen] <= self._newest))
        for at in seen[turn].tolist():
            if len(self._open) >= MAXIMUM_WINDOWS:
                return
            row = rows[at : at + 1]
            number, powered = int(row["number"][0]), self._is_powered(row)
            if number not in self._open and _is_known(row) and (powered or _is_free(row)):
                self._newest = number
                self._open[number] = _Open(
                    BiasWindow(number, opened_ns=at_ns, is_powered=powered),
                    row["state"][0].copy(),
                    np.eye(6),
                )

    def _is_powered(self, row: Rows) -> bool:
        """Whether an engine burns, and an infrared sensor sees it."""
        return bool(row["phase"][0] == BOOST and row["sensors"][0] & self._infrared)

    def _look(self, one: Sensed, numbers: Serials, plots: Floats, at_ns: int) -> None:
        """Sum the plots of tracks with an open window up."""
        mine = [row for row, number in enumerate(numbers.tolist()) if number in self._open]
        if not mine:
            return
        windows = [self._open[number] for number in numbers[mine].tolist()]
        places = np.array([window.state[:3] for window in windows])
        expected, jacobian = one.expecting(places)
        left = one.residuals(plots[mine][:, : len(one.sigma)], expected)
        for window, residual, derivative in zip(windows, left, jacobian, strict=True):
            window.window.take(
                one,
                residual,
                derivative,
                window.transition[:3],
                after_s=(at_ns - window.window.opened_ns) / NS_PER_S,
            )

    def _close(self, rows: Rows, at_ns: int) -> None:
        """Learn from windows whose time is over; let go of those that something else moves."""
        book = self._book
        if book is None:
            return
        for number, one in list(self._open.items()):
            row = rows[np.flatnonzero(rows["number"] == number)[:1]]
            if not _goes_on(one.window, row):
                del self._open[number]
                continue
            longest_s = POWERED_WINDOW_S if one.window.is_powered else FREE_WINDOW_S
            if (at_ns - one.window.opened_ns) / NS_PER_S < longest_s:
                continue
            del self._open[number]
            told = one.window.told()
            if told is not None and told.fits:
                before = book.correction
                book.learn(told, at_ns)
                change = book.correction - before
                if change.any():
                    self._effects.correct(rows, change)


def _goes_on(window: BiasWindow, row: Rows) -> bool:
    """Whether the track, one row or none, still moves as its window supposes."""
    if len(row) == 0:
        return False
    return bool(row["phase"][0] == BOOST) if window.is_powered else _is_free(row)


def _is_free(row: Rows) -> bool:
    """Whether gravity alone moves it."""
    place = row["state"][0, :3]
    high = np.vecdot(place, place) > LOWEST_RADIUS_M**2
    return bool(high and row["phase"][0] == FREE_FLIGHT and not is_not_ballistic(row)[0])


def _is_known(row: Rows) -> bool:
    return bool(variance_of_position_m2(row)[0] < LARGEST_SIGMA_M**2)
