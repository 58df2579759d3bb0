"""What waits to be put for one neighbour on one lane, and the thread that puts it.

`put` may wait for a link that is slow or dead, so that every neighbour and lane has a thread of
its own: nobody waits for somebody else's link.
"""

import threading
from collections import deque
from collections.abc import Callable

import zenoh

from bongsu.adapters.engines.zenoh_keys import Routed
from bongsu.adapters.engines.zenoh_line import Line
from bongsu.records.lane import Lane
from bongsu.vocabulary.units import NodeId

MAXIMUM_WAITING_MESSAGES = 2_048
MAXIMUM_WAITING_BYTES = 64 * 1024 * 1024
PASSED_ON_SHARE = 2  # what others send fills at most the half: it leaves room for what we send

_Waiting = tuple[Routed, bytes]


class Outlet:
    """Bounded. `dropped` counts what found no room, and what found no session."""

    def __init__(self, line: Line, prefix: str, neighbour: NodeId, lane: Lane) -> None:
        self.dropped = 0
        self._line = line
        self._key_of: Callable[[Routed], str] = lambda routed: routed.key(prefix, neighbour)
        self._urgent = lane is Lane.URGENT
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(
            target=self._put_all, name=f"bongsu-{lane.value}", daemon=True
        )

    def start(self) -> None:
        """Begin to put."""
        self._thread.start()

    def queue(self, routed: Routed, payload: bytes, *, passed_on: bool = False) -> bool:
        """Queue a message; False where there is no room for it, and it was not queued."""
        share = PASSED_ON_SHARE if passed_on else 1
        with self._changed:
            if (
                self._closing
                or len(self._waiting) >= MAXIMUM_WAITING_MESSAGES // share
                or self._bytes + len(payload) > MAXIMUM_WAITING_BYTES // share
            ):
                self.dropped += 1
                return False
            self._waiting.append((routed, payload))
            self._bytes += len(payload)
            self._changed.notify()
        return True

    def end(self) -> None:
        """Take nothing more, and put what waits."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def has_ended(self, within_s: float) -> bool:
        """Wait until everything was put; a dead link may hold it up, and it returns False."""
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _put_all(self) -> None:
        while (message := self._next()) is not None:
            self._put(*message)

    def _next(self) -> _Waiting | None:
        with self._changed:
            while not self._waiting:
                if self._closing:
                    return None
                self._changed.wait()
            routed, payload = self._waiting.popleft()
            self._bytes -= len(payload)
            return routed, payload

    def _put(self, routed: Routed, payload: bytes) -> None:
        session = self._line.session
        if session is None:
            self.dropped += 1
            return
        try:
            session.put(
                self._key_of(routed),
                payload,
                congestion_control=zenoh.CongestionControl.DROP,
                priority=zenoh.Priority.REAL_TIME if self._urgent else zenoh.Priority.DATA,
                express=self._urgent,
            )
        except zenoh.ZError:
            self.dropped += 1
            self._line.reopen()
