"""Zenoh as message engine: a router that neighbours call, two clients of each that we call.

The engine is trusted with nothing; how it is used only keeps it quick and quiet. Urgent messages
have connections and threads of their own, so that they wait for no bulk. Congestion drops and
never blocks; `put` never runs on the event loop; callbacks run inside the engine's own thread and
only hand bytes on; a session that has stuck is replaced.

A key names the next node, and a relay passes on what is for others, for a bounded number of hops:
an urgent message between two nodes that call the same relay goes through its router, everything
else through its queues. Routers never meet, because routers that reconnect may stay deaf
(docs/decisions/0007-message-engine.md).
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import zenoh

from bongsu.adapters.engines.zenoh_access import direct_readers
from bongsu.adapters.engines.zenoh_configuration import calling, listening
from bongsu.adapters.engines.zenoh_hearing import Hearing
from bongsu.adapters.engines.zenoh_keys import MAXIMUM_HOPS, Routed, lane_of, pattern, routed
from bongsu.adapters.engines.zenoh_line import CLOSED_WITHIN_S, Line
from bongsu.adapters.engines.zenoh_outlet import Outlet
from bongsu.adapters.engines.zenoh_settings import (
    Neighbour,
    TlsFiles,
    ZenohSettings,
    require_usable,
)
from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId

__all__ = ["Neighbour", "TlsFiles", "ZenohEngine", "ZenohSettings"]

Received = Callable[[NodeId, str, bytes], None]
_Taken = Callable[[zenoh.Sample], None]


class ZenohEngine:
    """Implements `node.ports.MessageEngine`.

    `dropped` counts messages that were not sent, `refused` messages that were neither handed nor
    passed on.
    """

    def __init__(self, settings: ZenohSettings) -> None:
        self._settings = settings
        self._routes = settings.routes()
        self._received: Received | None = None
        self._closing = threading.Event()
        self._listener = Line(self._open_listener)
        self._called = {
            (neighbour.node, lane): Line(
                partial(self._open_call, neighbour, lane), partial(self._meets, neighbour)
            )
            for neighbour in settings.neighbours
            if neighbour.is_called
            for lane in Lane
        }
        self._outlets = {
            (neighbour.node, lane): Outlet(
                self._line_to(neighbour, lane),
                settings.prefix,
                neighbour.node,
                lane,
            )
            for neighbour in settings.neighbours
            for lane in Lane
        }
        self._hearing = Hearing()
        self._unroutable = 0
        self.refused = 0

    @property
    def dropped(self) -> int:
        """How many messages found no route, no room or no session."""
        return self._unroutable + sum(outlet.dropped for outlet in self._outlets.values())

    def open(self, received: Received) -> None:
        """Start the gateway. It succeeds without any link: who is absent is for the node to see.

        Raises LocalMisuse when it was opened before, when the address is taken or a TLS file is
        unusable.
        """
        if self._received is not None or self._closing.is_set():
            raise LocalMisuse("an engine was opened twice", remedy="Make a new one")
        require_usable(self._settings)
        self._received = received
        if self._settings.listen:
            try:
                self._listener.open_now()
            except zenoh.ZError as error:
                raise LocalMisuse(
                    f"the message engine does not open: {error}",
                    remedy="Check [engine] listen and the TLS files; is the port taken?",
                ) from error
        for line in self._called.values():
            line.open_sometime()
        for outlet in self._outlets.values():
            outlet.start()

    def send(self, to: NodeId, channel: str, payload: bytes) -> bool:
        """Queue bytes for a node; False when there is no room or no way, and nothing was queued.

        Raises LocalMisuse for a payload over `MAXIMUM_PAYLOAD_BYTES`.
        """
        if len(payload) > MAXIMUM_PAYLOAD_BYTES:
            raise LocalMisuse(
                f"a message of {len(payload)} bytes to {to}",
                remedy=f"Cut it into messages of at most {MAXIMUM_PAYLOAD_BYTES} bytes",
            )
        outlet = self._outlet(to, lane_of(channel))
        if outlet is None:
            self._unroutable += 1
            return False
        message = Routed(lane_of(channel), MAXIMUM_HOPS, self._settings.node, to, channel)
        return outlet.queue(message, payload)

    def reopen(self, partner: NodeId | None = None) -> None:
        """Replace the sessions that lead to a silent partner, or all, each on its own thread.

        Those that bring messages of others meanwhile are mostly spared. Asked twice, done once.
        """
        if partner is None:
            for line in self._lines():
                line.reopen()
            return
        neighbour = self._routes.get(partner)
        if neighbour is None:
            return
        calls = neighbour.node if neighbour.is_called else None
        if self._hearing.are_stuck(calls, partner):
            for lane in Lane:
                self._line_to(neighbour, lane).reopen()

    def close(self) -> None:
        """Send what waits, then close; both within a bound, for a dead link may hold them up."""
        if self._closing.is_set():
            return
        self._closing.set()
        for ending in (self._outlets.values(), self._lines()):
            for one in ending:
                one.end()
            within_s = CLOSED_WITHIN_S
            for one in ending:
                if not one.has_ended(within_s):
                    within_s = 0.0  # the others had that time as well

    def _lines(self) -> list[Line]:
        return [*([self._listener] if self._settings.listen else []), *self._called.values()]

    def _line_to(self, neighbour: Neighbour, lane: Lane) -> Line:
        return self._called.get((neighbour.node, lane), self._listener)

    def _outlet(self, to: NodeId, lane: Lane) -> Outlet | None:
        neighbour = self._routes.get(to)
        return None if neighbour is None else self._outlets[neighbour.node, lane]

    def _open_listener(self) -> zenoh.Session:
        session = zenoh.open(listening(self._settings))
        key = pattern(self._settings.prefix, "*", self._settings.node)
        _subscribe(session, key, partial(self._take, None))
        return session

    def _open_call(self, neighbour: Neighbour, lane: Lane) -> zenoh.Session:
        """Subscribed to our own messages on this lane, and to what we take from the relay."""
        session = zenoh.open(calling(self._settings, neighbour))
        prefix, take = self._settings.prefix, partial(self._take, neighbour.node)
        _subscribe(session, pattern(prefix, lane.value, self._settings.node), take)
        if lane is Lane.URGENT:
            for reader in direct_readers(self._settings, neighbour):
                key = pattern(prefix, lane.value, neighbour.node, reader=reader)
                _subscribe(session, key, take)
        return session

    def _meets(self, neighbour: Neighbour) -> bool:
        """Whether both lanes of a call lead to one and the same session of the neighbour.

        A call that comes while a listening session closes may be left with what remains of it:
        alive, and deaf. On the urgent lane that is silence, and the node asks for a fresh one.
        """
        ends = {
            str(zid)
            for lane in Lane
            if (line := self._called[neighbour.node, lane]).session is not None
            for zid in line.session.info.routers_zid()
        }
        return len(ends) < 2

    def _take(self, called: NodeId | None, sample: zenoh.Sample) -> None:
        """A message came over our call to a neighbour, or to where we listen (None)."""
        received = self._received
        if received is None or self._closing.is_set():
            return
        way = routed(str(sample.key_expr))
        if (
            way is None
            or sample.kind != zenoh.SampleKind.PUT
            or len(sample.payload) > MAXIMUM_PAYLOAD_BYTES
        ):
            self.refused += 1
            return
        self._hearing.note(called, way.sender)
        if way.reader == self._settings.node:
            received(way.sender, way.channel, sample.payload.to_bytes())
        elif called is not None or not self._is_taken_from_router(way):
            self._pass_on(way, sample)

    def _is_taken_from_router(self, way: Routed) -> bool:
        """Whether a neighbour that calls us takes it directly from our router."""
        neighbour = self._routes.get(way.reader)
        return way.lane is Lane.URGENT and neighbour is not None and not neighbour.is_called

    def _pass_on(self, way: Routed, sample: zenoh.Sample) -> None:
        """Between nodes that both lie behind our neighbours, and not in circles."""
        outlet = self._outlet(way.reader, way.lane)
        if way.hops < 2 or outlet is None or way.sender not in self._routes:
            self.refused += 1
            return
        outlet.queue(way._replace(hops=way.hops - 1), sample.payload.to_bytes(), passed_on=True)


def _subscribe(session: zenoh.Session, key: str, take: _Taken) -> None:
    # `indirect=False`: called on the engine's own thread, one hand-off less.
    handler: Any = zenoh.handlers.Callback(take, indirect=False)
    session.declare_subscriber(key, handler)
