"""Zenoh as message engine: one embedded router-mode gateway per node, over mutual TLS.

The engine is trusted with nothing; these settings only keep it quick and quiet. What was
measured of Zenoh decides them (docs/decisions/0007-message-engine.md): congestion drops and never
blocks, `put` runs on a thread of its own and never on the event loop, callbacks run inside the
engine's own thread and only hand bytes on, multicast scouting, gossip and shared memory are off,
and access is denied by default and granted by certificate name.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import zenoh

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

MAXIMUM_WAITING_MESSAGES = 4096
MAXIMUM_PAYLOAD_BYTES = 8 * 1024 * 1024
LEASE_MS = 2_000
WAIT_BEFORE_DROP_US = 50_000
WAIT_BEFORE_DROP_FRAGMENTS_US = 200_000
URGENT_CHANNELS = frozenset({"urgent", "head", "receipt", "ask"})

Received = Callable[[NodeId, str, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """PEM files of this node's link certificate, and of every partner nation's authority."""

    certificate: Path
    private_key: Path
    authorities: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A node with a direct link, and the nodes whose messages may come over that link."""

    node: NodeId
    carries_for: frozenset[NodeId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZenohSettings:
    """What one gateway needs to know; endpoints are like "tls/127.0.0.1:7447"."""

    node: NodeId
    realm: Realm
    listen: tuple[str, ...]
    connect: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    tls: TlsFiles | None = None


@dataclass(slots=True)
class _Outgoing:
    messages: "queue.Queue[tuple[str, bytes, bool] | None]" = field(
        default_factory=lambda: queue.Queue(MAXIMUM_WAITING_MESSAGES)
    )
    dropped: int = 0


class ZenohEngine:
    """Implements `node.ports.MessageEngine`."""

    def __init__(self, settings: ZenohSettings) -> None:
        self._settings = settings
        self._outgoing = _Outgoing()
        self._session: zenoh.Session | None = None
        self._received: Received | None = None
        self._sender = threading.Thread(target=self._send_all, name="bongsu-engine", daemon=True)
        self._reopening = threading.Event()
        self._closed = False

    def open(self, received: Received) -> None:
        """Start the gateway. It succeeds without any link: who is absent is for the node to see.

        Raises LocalMisuse when the address is taken or a TLS file is unusable.
        """
        self._received = received
        self._session = self._open_session()
        self._sender.start()

    def send(self, to: NodeId, channel: str, payload: bytes) -> bool:
        """Queue bytes for a node; False when the queue is full, and nothing was queued."""
        key = f"{self._prefix}/{self._settings.node}/{to}/{channel}"
        try:
            self._outgoing.messages.put_nowait((key, payload, channel in URGENT_CHANNELS))
        except queue.Full:
            self._outgoing.dropped += 1
            return False
        return True

    def reopen(self) -> None:
        """Replace the session by a new one, on the sender's thread; asked twice, done once."""
        self._reopening.set()

    def close(self) -> None:
        """Send what waits (bounded), then close. A dead link may hold `close` up: it is bounded."""
        if self._closed:
            return
        self._closed = True
        self._outgoing.messages.put(None)
        self._sender.join(timeout=5.0)

    @property
    def _prefix(self) -> str:
        return f"bongsu/{self._settings.realm.value}"

    def _open_session(self) -> zenoh.Session:
        try:
            session = zenoh.open(_configuration(self._settings, self._prefix))
        except zenoh.ZError as error:
            raise LocalMisuse(
                f"the message engine does not open: {error}",
                remedy="Check [engine] listen, connect and the TLS files; is the port taken?",
            ) from error
        # `indirect=False`: called on the engine's own thread, one hand-off less.
        handler: Any = zenoh.handlers.Callback(self._on_sample, indirect=False)
        session.declare_subscriber(f"{self._prefix}/*/{self._settings.node}/*", handler)
        return session

    def _on_sample(self, sample: zenoh.Sample) -> None:
        if len(sample.payload) > MAXIMUM_PAYLOAD_BYTES or self._received is None:
            return
        _, _, sender, _, channel = str(sample.key_expr).split("/")
        self._received(NodeId(sender), channel, sample.payload.to_bytes())

    def _send_all(self) -> None:
        while (message := self._outgoing.messages.get()) is not None:
            if self._reopening.is_set():
                self._replace_session()
            self._put(*message)
        self._close_session()

    def _put(self, key: str, payload: bytes, urgent: bool) -> None:
        if self._session is None:
            self._outgoing.dropped += 1  # the log catches up once a session stands again
            return
        try:
            self._session.put(
                key,
                payload,
                congestion_control=zenoh.CongestionControl.DROP,
                priority=zenoh.Priority.REAL_TIME if urgent else zenoh.Priority.DATA,
                express=urgent,
            )
        except zenoh.ZError:
            self._outgoing.dropped += 1
            self._reopening.set()

    def _replace_session(self) -> None:
        self._reopening.clear()
        self._close_session()
        try:
            self._session = self._open_session()
        except LocalMisuse:
            self._reopening.set()  # the port may still be held by the old session: next message

    def _close_session(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        try:
            session.close()  # type: ignore[no-untyped-call]
        except zenoh.ZError:
            self._outgoing.dropped += 1  # a dead link may refuse to close; nothing is left to do


def _configuration(settings: ZenohSettings, prefix: str) -> zenoh.Config:
    if settings.tls is None and any(e.startswith("tls/") for e in settings.listen):
        raise LocalMisuse("TLS endpoints without TLS files", remedy="Name them in [engine.tls]")
    values: dict[str, object] = {
        "mode": "router",
        "listen": {"endpoints": list(settings.listen), "exit_on_failure": True},
        "connect": {
            "endpoints": list(settings.connect),
            "timeout_ms": -1,
            "exit_on_failure": False,
            "retry": {"period_init_ms": 100, "period_max_ms": 1000, "period_increase_factor": 2},
        },
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
        "transport": {
            "shared_memory": {"enabled": False},
            "unicast": {"open_timeout": 3000, "accept_timeout": 3000},
            "link": {
                "rx": {"max_message_size": MAXIMUM_PAYLOAD_BYTES},
                "tx": {
                    "lease": LEASE_MS,
                    "queue": {
                        "congestion_control": {
                            "drop": {
                                "wait_before_drop": WAIT_BEFORE_DROP_US,
                                "max_wait_before_drop_fragments": WAIT_BEFORE_DROP_FRAGMENTS_US,
                            }
                        }
                    },
                },
            },
        },
    }
    if settings.tls is not None:
        values["access_control"] = _access_control(settings, prefix)
        _with_tls(values, settings.tls)
    return zenoh.Config.from_json5(msgspec.json.encode(values).decode())


def _with_tls(values: dict[str, Any], tls: TlsFiles) -> None:
    for name in ("certificate", "private_key", "authorities"):
        path: Path = getattr(tls, name)
        if not path.is_file():
            raise LocalMisuse(f"no TLS {name} at {path}", remedy="Make keys with: bongsu keys init")
    values["transport"]["link"]["protocols"] = ["tls"]
    values["transport"]["link"]["tls"] = {
        "root_ca_certificate": str(tls.authorities),
        "listen_certificate": str(tls.certificate),
        "listen_private_key": str(tls.private_key),
        "connect_certificate": str(tls.certificate),
        "connect_private_key": str(tls.private_key),
        "enable_mtls": True,
        "verify_name_on_connect": True,
        "close_link_on_expiration": True,
    }


def _access_control(settings: ZenohSettings, prefix: str) -> dict[str, object]:
    """Deny by default; a neighbour may bring what it sends itself or carries for others."""
    out_of_here = f"{prefix}/*/*/*"
    rules: list[dict[str, object]] = [
        {
            "id": "out",
            "messages": ["put", "declare_subscriber"],
            "flows": ["egress"],
            "permission": "allow",
            "key_exprs": [out_of_here],
        },
        {
            "id": "interest",
            "messages": ["declare_subscriber"],
            "flows": ["ingress"],
            "permission": "allow",
            "key_exprs": [out_of_here],
        },
    ]
    subjects: list[dict[str, object]] = []
    policies: list[dict[str, object]] = []
    for neighbour in settings.neighbours:
        senders: Sequence[str] = sorted({neighbour.node, *neighbour.carries_for})
        rules.append(
            {
                "id": f"in-{neighbour.node}",
                "messages": ["put"],
                "flows": ["ingress"],
                "permission": "allow",
                "key_exprs": [f"{prefix}/{sender}/*/*" for sender in senders],
            }
        )
        subjects.append({"id": neighbour.node, "cert_common_names": [neighbour.node]})
        policies.append(
            {"rules": ["out", "interest", f"in-{neighbour.node}"], "subjects": [neighbour.node]}
        )
    return {
        "enabled": True,
        "default_permission": "deny",
        "rules": rules,
        "subjects": subjects,
        "policies": policies,
    }
