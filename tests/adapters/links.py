"""Gateways on loopback: unused ports, inboxes that wait, certificates, and a link one can cut."""

import contextlib
import queue
import select
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

import zenoh

from bongsu.adapters.engines.zenoh_engine import Neighbour, TlsFiles, ZenohEngine, ZenohSettings
from bongsu.adapters.engines.zenoh_hearing import Hearing
from bongsu.adapters.engines.zenoh_line import Line
from bongsu.adapters.keys.private_files import make_private_folder
from bongsu.adapters.keys.tls_certificates import (
    NODE_CERTIFICATE_FILE,
    NODE_KEY_FILE,
    authority_file,
    make_tls_authority,
    make_tls_certificate,
)
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NodeId, UtcNs

PATIENCE_S = 30.0
LOOK_AGAIN_S = 0.05
ARE_YOU_THERE = "are you there"
KR, US, JP, AU = NodeId("KR-1"), NodeId("US-1"), NodeId("JP-1"), NodeId("AU-1")
LONG_AGO = UtcNs(1_600_000_000 * NS_PER_S)
LONG_AFTER = UtcNs(4_000_000_000 * NS_PER_S)

Message = tuple[NodeId, str, bytes]


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Gateway:
    """An engine with an inbox of (sender, channel, payload)."""

    engine: ZenohEngine
    node: NodeId
    inbox: "queue.Queue[Message]" = field(default_factory=queue.Queue)

    def open(self) -> "Gateway":
        self.engine.open(lambda *message: self.inbox.put(message))
        return self

    def sends_until_heard(self, other: "Gateway") -> None:
        """A link takes a moment to stand, on each lane: say something until it arrives."""
        for channel in ("head", "bulk"):
            self.says_until_heard(other, channel)

    def says_until_heard(self, other: "Gateway", channel: str) -> list[Message]:
        """What the other heard before it."""
        heard: list[Message] = []
        for number in range(round(PATIENCE_S / LOOK_AGAIN_S)):
            word = (self.node, channel, f"{ARE_YOU_THERE} {id(heard)} {number}".encode())
            self.engine.send(other.node, channel, word[2])
            with contextlib.suppress(queue.Empty):
                while (message := other.inbox.get(timeout=LOOK_AGAIN_S)) != word:
                    heard.append(message)
                return heard
        raise AssertionError(f"{other.node} heard no {channel} of {self.node}")

    @property
    def session(self) -> zenoh.Session:
        """Its urgent link to a node that it calls, or else where it listens: for hostile keys."""
        session = self.line.session
        assert session is not None
        return session

    @property
    def line(self) -> Line:
        called = self.engine._called
        return next((called[key] for key in called if key[1] is Lane.URGENT), self.engine._listener)

    def falls_silent(self, partner: NodeId) -> None:
        """Nobody is heard any more, and the node asks for fresh sessions on the way to one."""
        self.engine._hearing = Hearing()
        self.engine.reopen(partner)

    def replaces(self, before: zenoh.Session) -> None:
        """Reopening happens on the engine's own thread: look until another session stands."""
        for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
            if self.line.session not in (None, before):
                return
            threading.Event().wait(LOOK_AGAIN_S)
        raise AssertionError(f"{self.node} still has the session that it was to replace")

    def next_payload(self) -> bytes:
        """The next message that is no word of `sends_until_heard`."""
        while True:
            _, _, payload = self.inbox.get(timeout=PATIENCE_S)
            if not payload.startswith(ARE_YOU_THERE.encode()):
                return payload


class Certificates:
    """A made-up federation's link certificates, one authority for each nation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authorities = folder / "authorities.pem"
        self._authorities.touch()

    def of(self, node: NodeId, *, trusted: bool = True) -> TlsFiles:
        """A node's files; where it is not `trusted` nobody knows its authority."""
        private = make_private_folder(self._folder / node)
        nation = nation_of(node)
        make_tls_authority(
            private,
            private,
            nation=nation,
            realm=Realm.EXERCISE,
            not_before=LONG_AGO,
            not_after=LONG_AFTER,
        )
        authority = private / authority_file(nation)
        make_tls_certificate(
            private,
            node=node,
            hosts=(),
            root_folder=private,
            authority=authority,
            not_before=LONG_AGO,
            not_after=LONG_AFTER,
        )
        if trusted:
            with self._authorities.open("ab") as known:
                known.write(authority.read_bytes())
        return TlsFiles(
            certificate=private / NODE_CERTIFICATE_FILE,
            private_key=private / NODE_KEY_FILE,
            authorities=self._authorities,
        )


def settings(
    node: NodeId,
    *,
    listen: str | None,
    neighbours: tuple[Neighbour, ...] = (),
    tls: TlsFiles | None = None,
    realm: Realm = Realm.EXERCISE,
) -> ZenohSettings:
    return ZenohSettings(
        node=node,
        realm=realm,
        listen=() if listen is None else (listen,),
        neighbours=neighbours,
        tls=tls,
    )


def neighbour(node: NodeId, *carries_for: NodeId, at: str | None = None) -> Neighbour:
    """A neighbour that calls us, or that we call `at` an endpoint."""
    connect = () if at is None else (at,)
    return Neighbour(node=node, carries_for=frozenset(carries_for), connect=connect)


class Cable:
    """Passes bytes on to `port` until it is cut; then it takes bytes and delivers none."""

    def __init__(self, port: int) -> None:
        self._far_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._is_cut = threading.Event()
        self._closed = threading.Event()
        self.given_up = threading.Event()  # an end closed its connection while the cable was cut
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        self.given_up.clear()
        self._is_cut.set()

    def mend(self) -> None:
        self._is_cut.clear()

    def close(self) -> None:
        self._closed.set()
        self._thread.join(PATIENCE_S)
        for end in (*self._pairs, self._listener):
            end.close()

    def _carry(self) -> None:
        while not self._closed.is_set():
            ready, _, _ = select.select([self._listener, *self._pairs], [], [], LOOK_AGAIN_S)
            for end in ready:
                if end is self._listener:
                    self._accept()
                elif end in self._pairs:
                    self._pass_on(end)

    def _accept(self) -> None:
        near, _ = self._listener.accept()
        if self._is_cut.is_set():
            near.close()
            return
        far = socket.create_connection(("127.0.0.1", self._far_port))
        self._pairs[near], self._pairs[far] = far, near

    def _pass_on(self, end: socket.socket) -> None:
        other = self._pairs[end]
        try:
            data = end.recv(1 << 16)
            if data and not self._is_cut.is_set():
                other.sendall(data)
        except OSError:
            data = b""
        if not data:
            for one in (end, other):
                self._pairs.pop(one, None)
                one.close()
            if self._is_cut.is_set():
                self.given_up.set()
