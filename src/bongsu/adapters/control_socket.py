"""A node's control socket: one JSON request, one JSON answer, for its owner on its machine only.

The socket is a Unix one that only its owner may connect to; who may open it may command the
node. Sizes, connections and waits are bounded on both ends.
"""

import asyncio
import socket
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bongsu.adapters.local_link import bound_socket
from bongsu.node.control import Control
from bongsu.vocabulary.errors import BongsuError, LocalMisuse, PeerViolation, Unavailable

MAXIMUM_REQUEST_BYTES = 1024 * 1024
MAXIMUM_ANSWER_BYTES = 64 * 1024 * 1024
MAXIMUM_CONNECTIONS = 16
ASKED_WITHIN_S = 10.0
ANSWERED_WITHIN_S = 60.0

_FAULTS: dict[str, type[BongsuError]] = {
    "misuse": LocalMisuse,
    "violation": PeerViolation,
    "unavailable": Unavailable,
}


class _Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    command: str
    body: dict[str, object]


class _Refusal(msgspec.Struct, frozen=True):
    fault: str
    what: str
    remedy: str


class _Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    result: object = None
    refusal: _Refusal | None = None


class ControlSocket:
    """Listens for its node's owner; every request is answered, a bad one with its reason."""

    def __init__(self, path: Path, control: Control) -> None:
        self._path = path
        self._control = control
        self._server: asyncio.Server | None = None
        self._answering: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Start listening. Raises LocalMisuse when the path can't be had."""
        try:
            self._server = await asyncio.start_unix_server(
                self._accept, sock=bound_socket(self._path), limit=MAXIMUM_REQUEST_BYTES
            )
        except OSError as error:
            raise LocalMisuse(
                f"cannot listen on {self._path}: {error}",
                remedy="Name a short path in a folder of ours under [control] of the node's file",
            ) from error

    async def close(self) -> None:
        """Stop listening; what is being answered ends here."""
        if self._server is None:
            return
        self._server.close()
        for task in tuple(self._answering):
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)
        self._path.unlink(missing_ok=True)
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._answering) >= MAXIMUM_CONNECTIONS:
            writer.close()
            return
        self._answering.add(task)
        try:
            async with asyncio.timeout(ASKED_WITHIN_S):
                line = await reader.readuntil(b"\n")
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                writer.write(msgspec.json.encode(await self._answer(line)) + b"\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, TimeoutError):
            return  # whoever asked went away, or never asked
        finally:
            self._answering.discard(task)
            writer.close()

    async def _answer(self, line: bytes) -> _Answer:
        try:
            request = msgspec.json.decode(line, type=_Request)
            return _Answer(result=await self._control.call(request.command, request.body))
        except BongsuError as error:
            fault = next(name for name, kind in _FAULTS.items() if isinstance(error, kind))
            return _Answer(refusal=_Refusal(fault, error.what, error.remedy))
        except msgspec.MsgspecError as error:
            return _Answer(refusal=_Refusal("misuse", f"no request: {error}", "Send one JSON line"))


def ask_node(
    path: Path,
    command: str,
    body: Mapping[str, object] | None = None,
    *,
    within_s: float = ANSWERED_WITHIN_S,
) -> object:
    """The running node's answer as plain JSON values.

    Raises what the node answered with, or Unavailable where no node listens or answers in time.
    """
    request = msgspec.json.encode(_Request(command, dict(body or {}))) + b"\n"
    if len(request) > MAXIMUM_REQUEST_BYTES:
        raise LocalMisuse(f"a request of {len(request)} bytes", remedy="Ask for less at once")
    try:
        data = _exchanged(path, request, within_s)
        answer = msgspec.json.decode(data, type=_Answer)
    except (OSError, msgspec.MsgspecError) as error:
        raise Unavailable(
            f"no node answers at {path}: {error}",
            remedy="Start it with: bongsu node --config FILE",
        ) from error
    if answer.refusal is not None:
        refusal = answer.refusal
        raise _FAULTS.get(refusal.fault, LocalMisuse)(refusal.what, remedy=refusal.remedy)
    return answer.result


def _exchanged(path: Path, request: bytes, within_s: float) -> bytes:
    answer = bytearray()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(within_s)
        connection.connect(str(path))
        connection.sendall(request)
        while piece := connection.recv(65_536):
            answer += piece
            if len(answer) > MAXIMUM_ANSWER_BYTES:
                raise OSError(f"its answer exceeds {MAXIMUM_ANSWER_BYTES} bytes")
    return bytes(answer)
