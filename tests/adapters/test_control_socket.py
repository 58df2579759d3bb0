"""A node's control socket: private, bounded, and never silent about a refusal."""

import asyncio
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bongsu.adapters import control_socket
from bongsu.adapters.control_socket import ControlSocket, ask_node
from bongsu.node.control import Body, Control, NoBody, Offered
from bongsu.vocabulary.errors import BongsuError, LocalMisuse, PeerViolation, Unavailable

REMEDY = "Mend it"


class Which(Body, frozen=True, kw_only=True):
    which: str


async def _fail(body: Which) -> object:
    kinds: dict[str, type[BongsuError]] = {
        "misuse": LocalMisuse,
        "violation": PeerViolation,
        "unavailable": Unavailable,
    }
    raise kinds[body.which]("it failed", remedy=REMEDY)


async def _echo(_: NoBody) -> object:
    return {"said": [1, "two", None]}


CONTROL = Control({"fail": Offered(Which, _fail), "echo": Offered(NoBody, _echo)})


def _while_listening(path: Path, work: Callable[[], object]) -> object:
    async def whole() -> object:
        listener = ControlSocket(path, CONTROL)
        await listener.open()
        try:
            return await asyncio.to_thread(work)
        finally:
            await listener.close()

    return asyncio.run(whole())


def _raw(path: Path, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(30.0)
        connection.connect(str(path))
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
        return answer


def test_an_answer_comes_back_as_plain_values(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    assert _while_listening(path, lambda: ask_node(path, "echo")) == {"said": [1, "two", None]}
    assert not path.exists()


def test_only_the_owner_may_connect(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    mode = _while_listening(path, lambda: stat.S_IMODE(path.stat().st_mode))
    assert mode == 0o600


@pytest.mark.parametrize(
    ("which", "kind"),
    [("misuse", LocalMisuse), ("violation", PeerViolation), ("unavailable", Unavailable)],
)
def test_a_refusal_comes_back_as_what_it_was(
    tmp_path: Path, which: str, kind: type[BongsuError]
) -> None:
    path = tmp_path / "control.sock"
    with pytest.raises(kind, match="it failed") as refused:
        _while_listening(path, lambda: ask_node(path, "fail", {"which": which}))
    assert refused.value.remedy == REMEDY


@pytest.mark.parametrize("request_", [b"\n", b"{}\n", b"[1]\n", b"\xff\xfe\n", b'{"command":1}\n'])
def test_what_is_no_request_is_answered_with_the_reason(tmp_path: Path, request_: bytes) -> None:
    path = tmp_path / "control.sock"
    answer = _while_listening(path, lambda: _raw(path, request_))
    assert isinstance(answer, bytes)
    assert b"misuse" in answer


def test_a_request_beyond_the_bound_ends_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_socket, "MAXIMUM_REQUEST_BYTES", 1024)
    path = tmp_path / "control.sock"
    assert _while_listening(path, lambda: _raw(path, b"x" * 1025)) == b""
    with pytest.raises(LocalMisuse, match="request of"):
        ask_node(path, "echo", {"much": "x" * 1024})


def test_where_no_node_listens_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no node answers") as refused:
        ask_node(tmp_path / "control.sock", "echo")
    assert "bongsu node" in refused.value.remedy


def test_a_path_that_cannot_be_had_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    path.write_text("a file")
    with pytest.raises(LocalMisuse, match="cannot listen"):
        _while_listening(path, lambda: None)
    assert path.read_text() == "a file"
