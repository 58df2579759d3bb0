"""Real sessions on loopback: who hears whom, what is refused, and that nothing ever hangs."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import zenoh
from tests.adapters.links import (
    AU,
    JP,
    KR,
    PATIENCE_S,
    US,
    Cable,
    Certificates,
    Gateway,
    neighbour,
    settings,
    unused_port,
)

from bongsu.adapters.engines import zenoh_configuration, zenoh_engine, zenoh_line, zenoh_outlet
from bongsu.adapters.engines.zenoh_engine import Neighbour, ZenohEngine, ZenohSettings
from bongsu.adapters.engines.zenoh_outlet import MAXIMUM_WAITING_MESSAGES
from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId


@dataclass
class Federation:
    """KR and JP have no direct link: the US carries for both."""

    kr: Gateway
    us: Gateway
    jp: Gateway

    def is_linked(self) -> None:
        for one, other in ((self.kr, self.jp), (self.jp, self.kr), (self.us, self.kr)):
            one.sends_until_heard(other)
        self.us.sends_until_heard(self.jp)
        self.kr.sends_until_heard(self.us)
        self.jp.sends_until_heard(self.us)


@pytest.fixture
def stage() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def opened(stage: ExitStack, engine: ZenohEngine, node: NodeId) -> Gateway:
    stage.callback(engine.close)
    return Gateway(engine, node).open()


def federation(stage: ExitStack, certificates: Certificates | None) -> Federation:
    kind = "tcp" if certificates is None else "tls"
    hub = f"{kind}/localhost:{unused_port()}"
    gateways = {}
    for node, listen, neighbours in (
        (US, hub, (neighbour(KR), neighbour(JP))),
        (KR, None, (neighbour(US, JP, at=hub),)),
        (JP, f"{kind}/127.0.0.1:0", (neighbour(US, KR, at=hub),)),
    ):
        tls = None if certificates is None else certificates.of(node)
        gateways[node] = settings(node, listen=listen, neighbours=neighbours, tls=tls)
    kr, us, jp = (opened(stage, ZenohEngine(gateways[node]), node) for node in (KR, US, JP))
    return Federation(kr, us, jp)


def put(session: zenoh.Session, key: str, payload: bytes) -> None:
    """One session, whatever the lane: in the order in which they are put."""
    session.put(f"bongsu/exercise/{key}", payload)


@pytest.fixture
def plain(stage: ExitStack) -> Federation:
    return federation(stage, None)


@pytest.fixture
def secured(stage: ExitStack, tmp_path: Path) -> Federation:
    return federation(stage, Certificates(tmp_path))


@pytest.mark.parametrize("kind", ["plain", "secured"])
def test_three_nodes_hear_each_other_through_the_one_in_the_middle(
    kind: str, request: pytest.FixtureRequest
) -> None:
    nodes: Federation = request.getfixturevalue(kind)
    nodes.is_linked()
    for number in range(200):
        assert nodes.kr.engine.send(JP, "urgent", f"{number}".encode())
    assert [nodes.jp.next_payload() for _ in range(200)] == [f"{n}".encode() for n in range(200)]
    nodes.jp.engine.send(KR, "receipt", b"thank you")
    assert nodes.kr.next_payload() == b"thank you"
    nodes.kr.engine.send(US, "bulk", b"to the relay itself")
    assert nodes.us.next_payload() == b"to the relay itself"  # and nothing of what it carried


@pytest.mark.parametrize("connects", ["the relays", "the ends", "towards AU", "towards KR"])
def test_a_chain_of_relays_works_whoever_of_two_neighbours_connects(
    stage: ExitStack, tmp_path: Path, connects: str
) -> None:
    """KR, US, JP, AU in a row: everything between the ends passes two relays, on both lanes."""
    ends = chain(stage, Certificates(tmp_path), connects)
    for channel in ("urgent", "bulk"):
        for one, other in ((KR, AU), (AU, KR), (US, AU), (KR, JP)):
            ends[one].sends_until_heard(ends[other])
            ends[one].engine.send(other, channel, f"{channel} of {one}".encode())
            assert ends[other].next_payload() == f"{channel} of {one}".encode()
    assert [end.engine.refused for end in ends.values()] == [0, 0, 0, 0]


CHAIN = (KR, US, JP, AU)
CALLS = {
    "the relays": {(US, KR), (JP, US), (JP, AU)},
    "the ends": {(KR, US), (JP, US), (AU, JP)},
    "towards AU": {(KR, US), (US, JP), (JP, AU)},
    "towards KR": {(AU, JP), (JP, US), (US, KR)},
}


def chain(stage: ExitStack, certificates: Certificates, connects: str) -> dict[NodeId, Gateway]:
    endpoints = {node: f"tls/localhost:{unused_port()}" for node in CHAIN}
    files = {node: certificates.of(node) for node in CHAIN}  # all, before anyone reads them
    ends = {}
    for place, node in enumerate(CHAIN):
        neighbours = []
        for other, beyond in (
            (CHAIN[place - 1] if place else None, CHAIN[: max(0, place - 1)]),
            (CHAIN[place + 1] if place < 3 else None, CHAIN[place + 2 :]),
        ):
            if other is not None:
                at = endpoints[other] if (node, other) in CALLS[connects] else None
                neighbours.append(neighbour(other, *beyond, at=at))
        gateway = settings(
            node,
            listen=endpoints[node],
            neighbours=tuple(neighbours),
            tls=files[node],
        )
        ends[node] = opened(stage, ZenohEngine(gateway), node)
    return ends


def test_a_sender_name_that_a_links_certificate_may_not_carry_is_refused(
    secured: Federation,
) -> None:
    secured.is_linked()
    kr = secured.kr.session
    put(kr, "urgent/US-1/4/JP-1/US-1/head", b"in the name of JP")
    put(kr, "urgent/US-1/4/US-1/US-1/head", b"in the name of US")
    put(kr, "urgent/US-1/4/JP-1/JP-1/head", b"in the name of JP, to be passed on")
    put(kr, "urgent/US-1/4/US-1/JP-1/head", b"in the name of US, to be passed on")
    put(kr, "urgent/JP-1/4/US-1/JP-1/head", b"in the name of US, past the relay")
    put(kr, "bulk/US-1/4/US-1/JP-1/bulk", b"in the name of US, to be passed on")
    put(kr, "urgent/US-1/4/KR-1/US-1/head", b"in its own name")
    assert secured.us.next_payload() == b"in its own name"
    secured.us.engine.send(JP, "head", b"what JP hears next")
    assert secured.jp.next_payload() == b"what JP hears next"


def test_a_neighbour_does_not_get_what_is_for_others(secured: Federation) -> None:
    secured.is_linked()
    heard: list[bytes] = []
    for key in ("**", "urgent/JP-1/**", "urgent/US-1/**", "bulk/JP-1/**", "bulk/US-1/**"):
        secured.kr.session.declare_subscriber(
            f"bongsu/exercise/{key}", lambda sample: heard.append(sample.payload.to_bytes())
        )
    secured.kr.sends_until_heard(secured.us)  # and with it the wish to hear everything
    for channel in ("head", "bulk"):
        for one, other in ((secured.us, secured.jp), (secured.jp, secured.us)):
            one.engine.send(other.node, channel, b"for its reader alone")
            assert other.next_payload() == b"for its reader alone"
    secured.us.engine.send(KR, "head", b"for KR")
    assert secured.kr.next_payload() == b"for KR"
    assert b"for its reader alone" not in heard


@pytest.mark.parametrize(
    "key",
    [
        "bulk/US-1/1/KR-1/JP-1/bulk",  # no hop left
        "bulk/US-1/0/KR-1/JP-1/bulk",
        "bulk/US-1/99/KR-1/JP-1/bulk",
        "bulk/US-1/x/KR-1/JP-1/bulk",
        "bulk/US-1/4/KR-1/XX-1/bulk",  # to nobody that the relay knows
        "bulk/US-1/4/XX-1/JP-1/bulk",
        "bulk/US-1/4/KR-1/JP-1/head",  # on the other lane
        "urgent/US-1/4/KR-1/XX-1/head",
        "urgent/US-1/4/KR-1/US-1/bulk",
    ],
)
def test_a_relay_passes_on_what_its_routes_know_and_not_in_circles(
    plain: Federation, key: str
) -> None:
    plain.is_linked()
    put(plain.kr.session, key, b"astray")
    put(plain.kr.session, "bulk/US-1/4/KR-1/JP-1/bulk", b"on its way")
    assert plain.jp.next_payload() == b"on its way"
    assert plain.us.engine.refused == 1


def test_what_a_relay_passes_on_leaves_room_for_what_it_sends_itself(
    plain: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.is_linked()
    monkeypatch.setattr(zenoh_outlet, "PASSED_ON_SHARE", zenoh_outlet.MAXIMUM_WAITING_MESSAGES + 1)
    plain.kr.engine.send(JP, "bulk", b"passed on")
    plain.kr.engine.send(US, "bulk", b"for the relay")
    assert plain.us.next_payload() == b"for the relay"
    assert plain.us.engine.dropped == 1
    plain.us.engine.send(JP, "head", b"its own")
    assert plain.jp.next_payload() == b"its own"


@pytest.mark.parametrize("stranger", ["with no certificate", "of an unknown authority"])
def test_a_stranger_gets_no_link(stage: ExitStack, tmp_path: Path, stranger: str) -> None:
    certificates = Certificates(tmp_path)
    port = unused_port()
    tls = certificates.of(US)
    opened(
        stage,
        ZenohEngine(
            settings(US, listen=f"tls/localhost:{port}", neighbours=(neighbour(KR),), tls=tls)
        ),
        US,
    )
    context = ssl.create_default_context(cafile=tls.authorities)
    if stranger == "of an unknown authority":
        unknown = certificates.of(KR, trusted=False)
        context.load_cert_chain(unknown.certificate, unknown.private_key)
    with (
        socket.create_connection(("localhost", port), timeout=PATIENCE_S) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as link,
        pytest.raises((ssl.SSLError, ConnectionResetError)),
    ):
        link.recv(1)


def test_the_two_realms_do_not_hear_each_other(plain: Federation) -> None:
    plain.is_linked()
    plain.kr.session.put("bongsu/live/urgent/US-1/4/KR-1/US-1/head", b"live")
    plain.kr.engine.send(US, "head", b"exercise")
    assert plain.us.next_payload() == b"exercise"


def test_a_payload_over_the_bound_or_a_deletion_is_not_handed_on(
    plain: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.is_linked()
    monkeypatch.setattr(zenoh_engine, "MAXIMUM_PAYLOAD_BYTES", 1_000)
    key = "bongsu/exercise/urgent/US-1/4/KR-1/US-1/head"
    plain.kr.session.put(key, bytes(1_001))
    plain.kr.session.delete(key)
    plain.kr.session.put(key, bytes(1_000))
    assert plain.us.next_payload() == bytes(1_000)
    assert plain.us.engine.refused == 2


def test_the_largest_frame_arrives_whole(plain: Federation) -> None:
    plain.is_linked()
    largest = bytes(range(256)) * (MAXIMUM_PAYLOAD_BYTES // 256)
    plain.kr.engine.send(JP, "bulk", largest)
    assert plain.jp.next_payload() == largest
    with pytest.raises(LocalMisuse, match="Cut it"):
        plain.kr.engine.send(JP, "bulk", largest + bytes(1))


def test_a_full_queue_says_so_and_drops_the_newest() -> None:
    engine = ZenohEngine(settings(KR, listen="tcp/127.0.0.1:0", neighbours=(neighbour(US),)))
    sent = [engine.send(US, "bulk", b"x") for _ in range(MAXIMUM_WAITING_MESSAGES + 2)]
    assert sent == [True] * MAXIMUM_WAITING_MESSAGES + [False, False]
    assert engine.dropped == 2
    assert engine.send(US, "urgent", b"it has a queue of its own")
    assert not engine.send(JP, "urgent", b"nobody leads there")
    assert engine.dropped == 3
    engine.reopen(US)
    engine.close()  # it was never opened, and nobody waits for it
    assert not engine.send(US, "bulk", b"x")


@pytest.mark.parametrize("who", ["kr", "us"])
def test_whoever_reopens_its_sessions_nobody_stays_deaf(plain: Federation, who: str) -> None:
    one: Gateway = getattr(plain, who)
    for _ in range(4):
        plain.is_linked()
        before = one.session
        for _ in range(2):  # once more while it is being done
            one.falls_silent(JP if who == "kr" else KR)
        one.replaces(before)
    plain.is_linked()


def test_a_lane_that_was_left_with_an_old_session_of_the_neighbour_finds_the_new_one(
    stage: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zenoh_line, "CHECKED_EVERY_S", 0.05)
    old, new = (f"tcp/127.0.0.1:{unused_port()}" for _ in range(2))
    _, us = (
        opened(stage, ZenohEngine(settings(US, listen=at, neighbours=(neighbour(KR),))), US)
        for at in (old, new)
    )
    gateway = settings(KR, listen=None, neighbours=(neighbour(US, at=new),))
    first = iter([replace(gateway.neighbours[0], connect=(old,))])

    def calling(of: ZenohSettings, called: Neighbour) -> zenoh.Config:
        """Whichever lane is opened first meets the session that should be gone."""
        return zenoh_configuration.calling(of, next(first, called))

    monkeypatch.setattr(zenoh_engine, "calling", calling)
    kr = opened(stage, ZenohEngine(gateway), KR)
    kr.sends_until_heard(us)
    us.sends_until_heard(kr)
    assert next(first, None) is None


def test_a_session_that_fails_is_replaced_and_what_it_lost_is_counted(plain: Federation) -> None:
    plain.is_linked()
    plain.us.session.close()  # type: ignore[no-untyped-call]
    plain.us.sends_until_heard(plain.kr)
    assert plain.us.engine.dropped >= 1


def test_who_connects_waits_for_who_listens(stage: ExitStack) -> None:
    hub = f"tcp/127.0.0.1:{unused_port()}"
    kr = opened(
        stage, ZenohEngine(settings(KR, listen=None, neighbours=(neighbour(US, at=hub),))), KR
    )
    kr.engine.send(US, "head", b"into the void")
    us = opened(stage, ZenohEngine(settings(US, listen=hub, neighbours=(neighbour(KR),))), US)
    kr.sends_until_heard(us)
    us.sends_until_heard(kr)


def test_a_new_session_waits_for_its_port(stage: ExitStack) -> None:
    port = unused_port()
    hub = f"tcp/127.0.0.1:{port}"
    us = opened(stage, ZenohEngine(settings(US, listen=hub, neighbours=(neighbour(KR),))), US)
    kr = opened(
        stage, ZenohEngine(settings(KR, listen=None, neighbours=(neighbour(US, at=hub),))), KR
    )
    kr.sends_until_heard(us)
    us.session.close()  # type: ignore[no-untyped-call]
    with socket.create_server(("127.0.0.1", port)):
        us.engine.reopen(KR)
        us.engine.send(KR, "head", b"while the port is taken")
    kr.sends_until_heard(us)


def test_closing_does_not_hang_on_a_session_that_never_closes(
    stage: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zenoh_line, "CLOSED_WITHIN_S", 0.05)
    engine = ZenohEngine(settings(KR, listen="tcp/127.0.0.1:0"))
    engine.open(lambda *_: None)
    line, released = engine._listener, threading.Event()
    stage.callback(line.session.close)  # type: ignore[union-attr]
    stage.callback(released.set)
    line.session = _Stuck(released)  # type: ignore[assignment]
    engine.close()
    engine.close()
    assert line.session is None


class _Stuck:
    """A session that waits for ever when it is closed."""

    def __init__(self, released: threading.Event) -> None:
        self._released = released

    def close(self) -> None:
        self._released.wait(PATIENCE_S)
        raise zenoh.ZError("a dead link")


def test_a_port_that_is_taken_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        engine = ZenohEngine(settings(KR, listen=f"tcp/127.0.0.1:{port}"))
        with pytest.raises(LocalMisuse, match="is the port taken"):
            engine.open(lambda *_: None)
        engine.close()


@pytest.mark.parametrize(
    ("listen", "with_tls", "realm"),
    [
        ("tcp/127.0.0.1:0", False, Realm.LIVE),  # live is never plain
        ("tcp/127.0.0.1:0", True, Realm.EXERCISE),  # no downgrade beside certificates
        ("tls/127.0.0.1:0", False, Realm.EXERCISE),
        ("udp/127.0.0.1:0", False, Realm.EXERCISE),
    ],
)
def test_endpoints_that_do_not_fit_the_certificates_or_the_realm_are_refused(
    tmp_path: Path, listen: str, with_tls: bool, realm: Realm
) -> None:
    tls = Certificates(tmp_path).of(KR) if with_tls else None
    engine = ZenohEngine(settings(KR, listen=listen, tls=tls, realm=realm))
    with pytest.raises(LocalMisuse, match="endpoints"):
        engine.open(lambda *_: None)


def test_a_neighbour_that_nobody_calls_is_said() -> None:
    engine = ZenohEngine(settings(KR, listen=None, neighbours=(neighbour(US),)))
    with pytest.raises(LocalMisuse, match="KR-1 neither calls US-1 nor listens for it"):
        engine.open(lambda *_: None)


def test_a_certificate_that_is_missing_or_unreadable_is_said(tmp_path: Path) -> None:
    tls = Certificates(tmp_path).of(KR)
    engine = ZenohEngine(
        settings(KR, listen="tls/127.0.0.1:0", tls=replace(tls, certificate=tmp_path / "none"))
    )
    with pytest.raises(LocalMisuse, match="no TLS certificate"):
        engine.open(lambda *_: None)
    tls.private_key.write_text("no key")
    engine = ZenohEngine(settings(KR, listen="tls/127.0.0.1:0", tls=tls))
    with pytest.raises(LocalMisuse, match="no use"):
        engine.open(lambda *_: None)


def test_a_link_that_was_cut_under_load_carries_on_after_it_is_mended(
    stage: ExitStack, tmp_path: Path
) -> None:
    """Seconds after a reconnect is when blocking congestion control was seen to stand still."""
    certificates = Certificates(tmp_path)
    port = unused_port()
    us_tls, kr_tls = certificates.of(US), certificates.of(KR)
    us = opened(
        stage,
        ZenohEngine(
            settings(US, listen=f"tls/localhost:{port}", neighbours=(neighbour(KR),), tls=us_tls)
        ),
        US,
    )
    cable = Cable(port)
    stage.callback(cable.close)
    through = f"tls/localhost:{cable.port}"
    kr = opened(
        stage,
        ZenohEngine(
            settings(
                KR,
                listen="tls/127.0.0.1:0",
                neighbours=(neighbour(US, at=through),),
                tls=kr_tls,
            )
        ),
        KR,
    )
    kr.sends_until_heard(us)
    stop = threading.Event()

    def load() -> None:
        while not stop.wait(0.001):
            kr.engine.send(US, "bulk", bytes(20_000))

    loader = threading.Thread(target=load, daemon=True)
    loader.start()
    stage.callback(loader.join, PATIENCE_S)
    stage.callback(stop.set)
    us.next_payload()
    cable.cut()
    assert cable.given_up.wait(PATIENCE_S)
    cable.mend()
    us.sends_until_heard(kr)
    while not us.inbox.empty():
        us.inbox.get_nowait()
    for _ in range(4_000):  # at the load's pace longer than that took
        us.next_payload()
