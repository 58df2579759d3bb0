"""Zenoh as message engine: a router that neighbours connect to, a client of each we connect to.

The engine is trusted with nothing; how it is used only keeps it quick and quiet. Congestion drops
and never blocks; `put` runs on a thread of its own and never on the event loop; callbacks run
inside the engine's own thread and only hand bytes on; a session that has stuck is replaced.

Zenoh carries a message over one link at a time: the key names the next node, and a relay passes
on what is for others, along the routes of its configuration and for a bounded number of hops. Its
own routing between routers is not used, because routers that reconnect may stay deaf
(docs/decisions/0007-message-engine.md).
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import zenoh

from bongsu.adapters.zenoh_line import CLOSED_WITHIN_S, Line
from bongsu.adapters.zenoh_settings import (
    MAXIMUM_PAYLOAD_BYTES,
    Neighbour,
    TlsFiles,
    ZenohSettings,
    calling,
    listening,
    require_usable,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId

__all__ = ["MAXIMUM_PAYLOAD_BYTES", "Neighbour", "TlsFiles", "ZenohEngine", "ZenohSettings"]

MAXIMUM_WAITING_MESSAGES = 4_096
MAXIMUM_WAITING_TO_PASS_ON = 2_048  # what others send leaves room for what we send
MAXIMUM_HOPS = 4
_HOPS = frozenset(str(number) for number in range(1, MAXIMUM_HOPS + 1))
URGENT_CHANNELS = frozenset({"urgent", "head", "receipt", "ask", "keys"})

Received = Callable[[NodeId, str, bytes], None]


class _Outgoing(NamedTuple):
    hops: int
    sender: NodeId
    reader: NodeId
    channel: str
    payload: bytes


class ZenohEngine:
    """Implements `node.ports.MessageEngine`.

    `dropped` counts messages that were not sent, `refused` messages that were neither handed nor
    passed on.
    """

    def __init__(self, settings: ZenohSettings) -> None:
        self._settings = settings
        self._routes = settings.routes()
        self._waiting: queue.Queue[_Outgoing | None] = queue.Queue(MAXIMUM_WAITING_MESSAGES)
        self._received: Received | None = None
        self._listener = Line(partial(self._opened, partial(listening, settings)))
        self._callers = [
            Line(partial(self._opened, partial(calling, settings, endpoint)))
            for endpoint in settings.connect
        ]
        self._lines = [*([self._listener] if settings.listen else []), *self._callers]
        self._sender = threading.Thread(target=self._send_all, name="bongsu-engine", daemon=True)
        self._closing = threading.Event()
        self.dropped = 0
        self.refused = 0

    def open(self, received: Received) -> None:
        """Start the gateway. It succeeds without any link: who is absent is for the node to see.

        Raises LocalMisuse when the address is taken or a TLS file is unusable.
        """
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
        for caller in self._callers:
            caller.open_sometime()
        self._sender.start()

    def send(self, to: NodeId, channel: str, payload: bytes) -> bool:
        """Queue bytes for a node; False when the queue is full or closed, and nothing was queued.

        Raises LocalMisuse for a payload over `MAXIMUM_PAYLOAD_BYTES`.
        """
        if len(payload) > MAXIMUM_PAYLOAD_BYTES:
            raise LocalMisuse(
                f"a message of {len(payload)} bytes to {to}",
                remedy=f"Cut it into messages of at most {MAXIMUM_PAYLOAD_BYTES} bytes",
            )
        return self._queued(_Outgoing(MAXIMUM_HOPS, self._settings.node, to, channel, payload))

    def reopen(self) -> None:
        """Replace every session by a new one, each on its own thread; asked twice, done once."""
        for line in self._lines:
            line.reopen()

    def close(self) -> None:
        """Send what waits, then close; both within a bound, for a dead link may hold them up."""
        if self._closing.is_set():
            return
        self._closing.set()
        with suppress(queue.Full):  # with so much to send the sender is awake
            self._waiting.put_nowait(None)
        if self._sender.is_alive():
            self._sender.join(CLOSED_WITHIN_S)
        for line in self._lines:
            line.end()
        for line in self._lines:
            line.wait()

    def _queued(self, message: _Outgoing) -> bool:
        if self._closing.is_set():
            return False
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            self.dropped += 1
            return False
        return True

    def _opened(self, configuration: Callable[[], zenoh.Config]) -> zenoh.Session:
        session = zenoh.open(configuration())
        # `indirect=False`: called on the engine's own thread, one hand-off less.
        handler: Any = zenoh.handlers.Callback(self._on_sample, indirect=False)
        key = f"{self._settings.prefix}/{self._settings.node}/*/*/*/*"
        session.declare_subscriber(key, handler)
        return session

    def _on_sample(self, sample: zenoh.Sample) -> None:
        received = self._received
        if received is None or self._closing.is_set():
            return
        if sample.kind != zenoh.SampleKind.PUT or len(sample.payload) > MAXIMUM_PAYLOAD_BYTES:
            self.refused += 1
            return
        hops, sender, reader, channel = str(sample.key_expr).split("/")[3:]
        payload = sample.payload.to_bytes()
        if reader == self._settings.node:
            received(NodeId(sender), channel, payload)
        else:
            self._pass_on(hops, NodeId(sender), NodeId(reader), channel, payload)

    def _pass_on(
        self, hops: str, sender: NodeId, reader: NodeId, channel: str, payload: bytes
    ) -> None:
        """Between nodes that both lie behind our neighbours, and not in circles."""
        left = int(hops) - 1 if hops in _HOPS else 0
        if left < 1 or not {sender, reader} <= self._routes.keys():
            self.refused += 1
        elif self._waiting.qsize() >= MAXIMUM_WAITING_TO_PASS_ON:
            self.dropped += 1
        else:
            self._queued(_Outgoing(left, sender, reader, channel, payload))

    def _send_all(self) -> None:
        while not (self._closing.is_set() and self._waiting.empty()):
            message = self._waiting.get()
            if message is not None:
                self._put(message)

    def _put(self, message: _Outgoing) -> None:
        """On every line: only the one that leads to the next node has somebody who listens."""
        hop = self._routes.get(message.reader, message.reader)
        key = f"{self._settings.prefix}/{hop}/{message.hops}/{message.sender}"
        urgent = message.channel in URGENT_CHANNELS
        put_on = 0
        for line in self._lines:
            session = line.session
            if session is None:
                continue
            try:
                session.put(
                    f"{key}/{message.reader}/{message.channel}",
                    message.payload,
                    congestion_control=zenoh.CongestionControl.DROP,
                    priority=zenoh.Priority.REAL_TIME if urgent else zenoh.Priority.DATA,
                    express=urgent,
                )
                put_on += 1
            except zenoh.ZError:
                line.reopen()
        if not put_on:
            self.dropped += 1
