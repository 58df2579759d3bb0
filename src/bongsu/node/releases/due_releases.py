"""Releases that wait for their time: read from the log, handed over when they are due.

The log holds them all; at hand are those due first, within a bound. None is handed over early:
where records state the machine's own time, a clock that was set forward is not believed alone, the
monotonic clock has to have come as far. (An exercise's clock follows the monotonic one already.)
After a restart only the machine's time is left to go by.
"""

import asyncio
import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count

from bongsu.node.ports import PendingRelease, Store
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs, NodeId, RecordId, UtcNs

MAXIMUM_AT_HAND = 65_536
LOOKED_UP_AT_ONCE = 1_024
MAXIMUM_EARLY = 1_024  # looked at in vain at a time
LOOKED_AT_EVERY_S = 0.05

Key = tuple[RecordId, NodeId]


@dataclass(frozen=True, slots=True)
class DueRelease:
    """It is time to decide what this reader gets of this record."""

    record_id: RecordId
    reader: NodeId
    lane: Lane

    @property
    def key(self) -> Key:
        return self.record_id, self.reader


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    due_at: UtcNs
    number: int
    not_before: MonotonicNs
    release: DueRelease


class DueReleases:
    """What waits, the one due first first. Lives on the node's loop."""

    def __init__(self, services: Services, hand_over: Callable[[DueRelease], bool]) -> None:
        """`hand_over` says false where it has no room; the release is offered again."""
        self._services = services
        self._hand_over = hand_over
        self._heap: list[_Waiting] = []
        self._keys: set[Key] = set()  # at hand, or handed over and not settled yet
        self._numbers = count()
        self._more_in_log = True  # after a restart all of them are

    @property
    def waiting(self) -> int:
        """How many are at hand."""
        return len(self._heap)

    def stored(self, rows: Iterable[PendingRelease], lane: Lane) -> None:
        """These are on disk from now on; what is due already is handed over at once."""
        for row in rows:
            self._take(row, lane)
        self._hand_over_due()

    def postponed(self, row: PendingRelease, lane: Lane) -> None:
        """It was due, and is to wait for longer by the guideline now in force."""
        self._keys.discard((row.record_id, row.reader))
        self._take(row, lane)

    def settled(self, releases: Iterable[DueRelease]) -> None:
        """What became of these is on disk."""
        for release in releases:
            self._keys.discard(release.key)

    async def hand_over_all(self) -> None:
        """Run until cancelled."""
        while True:
            if self._more_in_log and len(self._heap) < MAXIMUM_AT_HAND // 2:
                await self._read_log()
            self._hand_over_due()
            await asyncio.sleep(LOOKED_AT_EVERY_S)

    async def _read_log(self) -> None:
        beside, store = self._services.beside, self._services.store
        try:
            rows = await beside(store.pending, limit=MAXIMUM_AT_HAND)
            self._more_in_log = len(rows) == MAXIMUM_AT_HAND
            fresh = [row for row in rows if (row.record_id, row.reader) not in self._keys]
            for first in range(0, len(fresh), LOOKED_UP_AT_ONCE):
                part = fresh[first : first + LOOKED_UP_AT_ONCE]
                lanes = await beside(_lanes_of, store, part)
                for row, lane in zip(part, lanes, strict=True):
                    self._take(row, lane)
        except Unavailable:
            self._more_in_log = True  # told by whoever writes to it; it is tried again

    def _take(self, row: PendingRelease, lane: Lane) -> None:
        release = DueRelease(row.record_id, row.reader, lane)
        if release.key in self._keys:
            return
        if len(self._heap) >= MAXIMUM_AT_HAND:
            self._leave_to_log()
        self._keys.add(release.key)
        not_before = self._monotonic_of(row.due_at)
        heapq.heappush(self._heap, _Waiting(row.due_at, next(self._numbers), not_before, release))

    def _leave_to_log(self) -> None:
        """The half that is due last is read again later."""
        kept = heapq.nsmallest(MAXIMUM_AT_HAND // 2, self._heap)
        self._keys -= {waiting.release.key for waiting in self._heap}
        self._keys |= {waiting.release.key for waiting in kept}
        self._heap = kept
        self._more_in_log = True

    def _monotonic_of(self, due_at: UtcNs) -> MonotonicNs:
        clock = self._services.clock
        if self._services.me.realm is not Realm.LIVE:
            return clock.monotonic()
        return MonotonicNs(clock.monotonic() + max(0, due_at - clock.utc()))

    def _hand_over_due(self) -> None:
        if not self._heap:
            return
        utc, monotonic = self._services.clock.utc(), self._services.clock.monotonic()
        early: list[_Waiting] = []
        while self._heap and self._heap[0].due_at <= utc and len(early) < MAXIMUM_EARLY:
            waiting = heapq.heappop(self._heap)
            if waiting.not_before > monotonic:
                early.append(waiting)  # the machine's clock was set forward
            elif not self._hand_over(waiting.release):
                early.append(waiting)
                break
        for waiting in early:
            heapq.heappush(self._heap, waiting)


def _lanes_of(store: Store, rows: Iterable[PendingRelease]) -> list[Lane]:
    """By the kind of each record; one that is not here any more is settled on either way."""
    found = (store.record(row.record_id) for row in rows)
    return [Lane.BULK if row is None else form_of(RecordKind(row.kind)).lane for row in found]
