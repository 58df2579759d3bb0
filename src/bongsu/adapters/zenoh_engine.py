"""Zenoh as message engine: one embedded router-mode gateway per node, over mutual TLS.

The engine is trusted with nothing; how it is used only keeps it quick and quiet: congestion
drops and never blocks, `put` and `close` run on threads of their own and never on the event loop,
callbacks run inside the engine's own thread and only hand bytes on. A session that has stuck is
replaced by a new one (see `zenoh_settings` for the rest).

A router that reconnects to a restarted neighbour sometimes fails to tell it what it subscribes to,
and hears nothing from then on while everything looks well. So whenever the neighbours changed the
subscription is withdrawn and declared again, some times, because the first may come too early.
"""

import queue
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import zenoh

from bongsu.adapters.zenoh_settings import (
    MAXIMUM_PAYLOAD_BYTES,
    Neighbour,
    TlsFiles,
    ZenohSettings,
    configuration,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId

__all__ = ["MAXIMUM_PAYLOAD_BYTES", "Neighbour", "TlsFiles", "ZenohEngine", "ZenohSettings"]

MAXIMUM_WAITING_MESSAGES = 4_096
REOPEN_AGAIN_AFTER_S = 0.2
CLOSED_WITHIN_S = 2.0
LOOK_AT_NEIGHBOURS_EVERY_S = 0.5
DECLARED_AGAIN = 4  # times after the neighbours changed
URGENT_CHANNELS = frozenset({"urgent", "head", "receipt", "ask"})

Received = Callable[[NodeId, str, bytes], None]


class _Outgoing(NamedTuple):
    to: NodeId
    channel: str
    payload: bytes


class ZenohEngine:
    """Implements `node.ports.MessageEngine`.

    `dropped` counts messages that were not sent, `refused` messages that were not handed on.
    """

    def __init__(self, settings: ZenohSettings) -> None:
        self._settings = settings
        self._waiting: queue.Queue[_Outgoing | None] = queue.Queue(MAXIMUM_WAITING_MESSAGES)
        self._session: zenoh.Session | None = None
        self._subscriber: zenoh.Subscriber[None] | None = None
        self._neighbours: frozenset[str] = frozenset()
        self._to_declare_again = 0
        self._received: Received | None = None
        self._sender = threading.Thread(target=self._send_all, name="bongsu-engine", daemon=True)
        self._reopening = threading.Event()
        self._closing = threading.Event()
        self.dropped = 0
        self.refused = 0

    def open(self, received: Received) -> None:
        """Start the gateway. It succeeds without any link: who is absent is for the node to see.

        Raises LocalMisuse when the address is taken or a TLS file is unusable.
        """
        self._received = received
        self._session = self._open_session()
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
        if self._closing.is_set():
            return False
        try:
            self._waiting.put_nowait(_Outgoing(to, channel, payload))
        except queue.Full:
            self.dropped += 1
            return False
        return True

    def reopen(self) -> None:
        """Replace the session by a new one, on the sender's thread; asked twice, done once."""
        self._reopening.set()
        self._wake_sender()

    def close(self) -> None:
        """Send what waits, then close; both within a bound, for a dead link may hold them up."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._wake_sender()
        if self._sender.is_alive():
            self._sender.join(2.0 * CLOSED_WITHIN_S)

    def _wake_sender(self) -> None:
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return  # with so much to send it is awake

    def _open_session(self) -> zenoh.Session:
        try:
            session = zenoh.open(configuration(self._settings))
        except zenoh.ZError as error:
            raise LocalMisuse(
                f"the message engine does not open: {error}",
                remedy="Check [engine] listen, connect and the TLS files; is the port taken?",
            ) from error
        self._subscribe(session)
        return session

    def _subscribe(self, session: zenoh.Session) -> None:
        # `indirect=False`: called on the engine's own thread, one hand-off less.
        handler: Any = zenoh.handlers.Callback(self._on_sample, indirect=False)
        key = f"{self._settings.prefix}/*/{self._settings.node}/*"
        self._subscriber = session.declare_subscriber(key, handler)

    def _on_sample(self, sample: zenoh.Sample) -> None:
        received = self._received
        if received is None or self._closing.is_set():
            return
        if sample.kind != zenoh.SampleKind.PUT or len(sample.payload) > MAXIMUM_PAYLOAD_BYTES:
            self.refused += 1
            return
        _, _, sender, _, channel = str(sample.key_expr).split("/")
        received(NodeId(sender), channel, sample.payload.to_bytes())

    def _send_all(self) -> None:
        while not (self._closing.is_set() and self._waiting.empty()):
            message = self._next_message()
            if self._reopening.is_set():
                self._replace_session()
            if message is not None:
                self._put(message)
            if message is None or message.channel == "head":
                self._notice_neighbours()
        self._close_session()

    def _next_message(self) -> _Outgoing | None:
        try:
            return self._waiting.get(timeout=LOOK_AT_NEIGHBOURS_EVERY_S)
        except queue.Empty:
            return None

    def _put(self, message: _Outgoing) -> None:
        if self._session is None:
            self.dropped += 1
            return
        urgent = message.channel in URGENT_CHANNELS
        try:
            self._session.put(
                f"{self._settings.prefix}/{self._settings.node}/{message.to}/{message.channel}",
                message.payload,
                congestion_control=zenoh.CongestionControl.DROP,
                priority=zenoh.Priority.REAL_TIME if urgent else zenoh.Priority.DATA,
                express=urgent,
            )
        except zenoh.ZError:
            self.dropped += 1
            self._reopening.set()

    def _notice_neighbours(self) -> None:
        """Subscribe anew where the neighbours are not those of the last look."""
        session, subscriber = self._session, self._subscriber
        if session is None or subscriber is None:
            return
        try:
            now = frozenset(str(identity) for identity in session.info.routers_zid())
            if now != self._neighbours:
                self._neighbours, self._to_declare_again = now, DECLARED_AGAIN
            if self._to_declare_again and now:
                self._to_declare_again -= 1
                subscriber.undeclare()  # type: ignore[no-untyped-call]
                self._subscribe(session)
        except zenoh.ZError:
            self._reopening.set()

    def _replace_session(self) -> None:
        """Until it stands; the port may be held for a while by the session before."""
        self._close_session()
        while not self._closing.is_set():
            try:
                self._session = self._open_session()
            except LocalMisuse:
                self._closing.wait(REOPEN_AGAIN_AFTER_S)
            else:
                self._reopening.clear()
                return

    def _close_session(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        closing = threading.Thread(target=_close, args=(session,), daemon=True)
        closing.start()
        closing.join(CLOSED_WITHIN_S)


def _close(session: zenoh.Session) -> None:
    try:
        session.close()  # type: ignore[no-untyped-call]
    except zenoh.ZError:
        return  # a dead link may refuse to be closed; there is nothing left to do with it
