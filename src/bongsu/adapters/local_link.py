"""Links between the processes of one node: length-prefixed messages over Unix or TCP sockets.

An address is "unix:PATH" or "tcp:HOST:PORT". Messages are signed by whoever made them, so this
file only moves bytes: it bounds their size, how many wait and how many peers connect. A sender
that finds nobody tries again until its own bound of waiting messages is full, and counts what it
then drops. What the system had already taken when the far end died is lost; every batch carries
a sequence, so that shows.
"""

import asyncio
import contextlib
import socket
import stat
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

MAXIMUM_MESSAGE_BYTES = 4 * 1024 * 1024
MAXIMUM_CONNECTIONS = 128
MAXIMUM_WAITING_MESSAGES = 1024
RETRY_AFTER_S = 0.2
LENGTH = struct.Struct(">I")

Handler = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Address:
    """A path, or a host and port."""

    path: Path | None
    host: str = ""
    port: int = 0


class LocalListener:
    """Accepts connections and hands every message to one handler, one message at a time each.

    A peer that sends faster than the handler takes is slowed down by its own socket. A message
    over the size bound, or one that the handler refuses with PeerViolation, ends the connection;
    that and connections beyond the bound are counted in `refused`.
    """

    def __init__(self, address: str, handler: Handler) -> None:
        self._name = address
        self._address = _parse(address)
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.refused = 0

    async def open(self) -> None:
        """Start listening. Raises LocalMisuse when the address can't be had."""
        try:
            if self._address.path is None:
                self._server = await asyncio.start_server(
                    self._accept, self._address.host, self._address.port
                )
            else:
                bound = bound_socket(self._address.path)
                self._server = await asyncio.start_unix_server(self._accept, sock=bound)
        except OSError as error:
            raise LocalMisuse(
                f"cannot listen on {self._name}: {error}",
                remedy="Name an address that is free and, if a path, short and in a folder of ours",
            ) from error

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is None:
            return
        self._server.close()
        for connection in tuple(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        if self._address.path is not None:
            self._address.path.unlink(missing_ok=True)
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MAXIMUM_CONNECTIONS:
            self.refused += 1
            writer.close()
            return
        self._connections.add(task)
        try:
            await self._read_all(reader)
        except PeerViolation:
            self.refused += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the peer went away: it will connect again
        except asyncio.CancelledError:
            return  # we are closing
        finally:
            self._connections.discard(task)
            writer.close()

    async def _read_all(self, reader: asyncio.StreamReader) -> None:
        while True:
            (size,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
            if size > MAXIMUM_MESSAGE_BYTES:
                raise PeerViolation(
                    f"a message of {size} bytes on {self._name}",
                    remedy=f"Send at most {MAXIMUM_MESSAGE_BYTES} bytes",
                )
            await self._handler(await reader.readexactly(size))


class LocalSender:
    """Sends messages to one address in order, connecting again as often as it takes.

    `dropped` counts messages that fell out of the bound.
    """

    def __init__(self, address: str) -> None:
        self._name = address
        self._address = _parse(address)
        self._waiting: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._sent = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    def open(self) -> None:
        """Start connecting."""
        self._task = asyncio.get_running_loop().create_task(self._send_all())

    def send(self, message: bytes) -> None:
        """Queue a message; when too many wait the oldest is dropped and counted."""
        if len(message) > MAXIMUM_MESSAGE_BYTES:
            raise LocalMisuse(
                f"a message of {len(message)} bytes for {self._name}",
                remedy=f"Send at most {MAXIMUM_MESSAGE_BYTES} bytes",
            )
        if len(self._waiting) >= MAXIMUM_WAITING_MESSAGES:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(message)
        self._arrived.set()

    async def drain(self, timeout_s: float) -> bool:
        """Wait, bounded, until the system has taken everything; False when something waits."""
        try:
            async with asyncio.timeout(timeout_s):
                while self._waiting:
                    self._sent.clear()
                    await self._sent.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Stop; what still waits is not sent."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _send_all(self) -> None:
        while True:
            # Nobody may be there (yet), or the host name may name nobody.
            with contextlib.suppress(OSError, UnicodeError):
                await self._send_over(*await self._connect())
            await asyncio.sleep(RETRY_AFTER_S)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.path is not None:
            return await asyncio.open_unix_connection(self._address.path)
        return await asyncio.open_connection(self._address.host, self._address.port)

    async def _send_over(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The system takes each message before the next: what it did not take is sent again.
        writer.transport.set_write_buffer_limits(high=0)
        # The far end never writes: a read that ends says that it went away while we were idle.
        gone = asyncio.create_task(reader.read(1))
        try:
            while not gone.done():
                self._arrived.clear()
                await self._send_waiting(writer)
                await self._news_or(gone)
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
            writer.close()

    async def _send_waiting(self, writer: asyncio.StreamWriter) -> None:
        while self._waiting:
            message = self._waiting[0]
            writer.write(LENGTH.pack(len(message)) + message)
            await writer.drain()
            if self._waiting and self._waiting[0] is message:  # else it was dropped meanwhile
                self._waiting.popleft()
            self._sent.set()

    async def _news_or(self, gone: asyncio.Task[bytes]) -> None:
        arrived = asyncio.create_task(self._arrived.wait())
        try:
            await asyncio.wait({gone, arrived}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrived.cancel()


def bound_socket(path: Path) -> socket.socket:
    """A socket at `path` that only its owner may connect to; one left over is replaced."""
    if path.exists():
        _remove_left_over(path)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        bound.bind(str(path))
        path.chmod(0o600)  # before it listens
    except OSError:
        bound.close()
        raise
    return bound


def _remove_left_over(path: Path) -> None:
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise FileExistsError(f"{path} is a file")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(str(path)) == 0:
            raise FileExistsError("another process listens there")
    path.unlink()


def _parse(address: str) -> _Address:
    kind, _, rest = address.partition(":")
    if kind == "unix" and rest and "\0" not in rest:
        return _Address(Path(rest))
    host, _, port = rest.rpartition(":")
    if kind == "tcp" and host and port.isdecimal() and 0 < int(port) < 65536:
        return _Address(None, host, int(port))
    raise LocalMisuse(f"{address!r} is no address", remedy='Write "unix:PATH" or "tcp:HOST:PORT"')
