"""Links between the processes of one node: length-prefixed messages over Unix or TCP sockets.

An address is "unix:PATH" or "tcp:HOST:PORT". Messages are signed by whoever made them, so this
file only moves bytes: it bounds their size, how many wait and how many peers connect, and a
sender that finds nobody tries again until its own bound of waiting messages is full; what falls
out of the far end of that bound is counted.
"""

import asyncio
import contextlib
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

from bongsu.vocabulary.errors import LocalMisuse

MAXIMUM_MESSAGE_BYTES = 4 * 1024 * 1024
MAXIMUM_CONNECTIONS = 128
MAXIMUM_WAITING_MESSAGES = 1024
RETRY_AFTER_S = 0.2
LENGTH = struct.Struct(">I")

Handler = Callable[[bytes], Awaitable[None]]


class LocalListener:
    """Accepts connections and hands every message to one handler, one message at a time each.

    A peer that sends faster than the handler takes is slowed down by its own socket; a message
    over the size bound ends the connection and is counted in `refused`.
    """

    def __init__(self, address: str, handler: Handler) -> None:
        self._address = address
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.refused = 0

    async def open(self) -> None:
        """Start listening. Raises LocalMisuse when the address can't be had."""
        kind, path, host, port = _parse(self._address)
        try:
            if kind == "unix":
                Path(path).unlink(missing_ok=True)
                self._server = await asyncio.start_unix_server(self._accept, path)
                Path(path).chmod(0o600)
            else:
                self._server = await asyncio.start_server(self._accept, host, port)
        except OSError as error:
            raise LocalMisuse(
                f"cannot listen on {self._address}: {error}", remedy="Name a free address"
            ) from error

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MAXIMUM_CONNECTIONS:
            self.refused += 1
            writer.close()
            return
        self._connections.add(task)
        try:
            await self._read_all(reader)
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
                self.refused += 1
                return
            await self._handler(await reader.readexactly(size))


class LocalSender:
    """Sends messages to one address in order, connecting again as often as it takes."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._waiting: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    def open(self) -> None:
        """Start connecting. Raises LocalMisuse for an address that can't be read."""
        _parse(self._address)
        self._task = asyncio.get_running_loop().create_task(self._send_all())

    def send(self, message: bytes) -> None:
        """Queue a message; when too many wait the oldest is dropped and counted."""
        if len(message) > MAXIMUM_MESSAGE_BYTES:
            raise LocalMisuse(
                f"a message of {len(message)} bytes for {self._address}",
                remedy=f"Send at most {MAXIMUM_MESSAGE_BYTES} bytes",
            )
        if len(self._waiting) >= MAXIMUM_WAITING_MESSAGES:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(message)
        self._arrived.set()

    async def drain(self, timeout_s: float) -> bool:
        """Wait, bounded, until nothing waits; False when something still does."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._waiting:
                    await asyncio.sleep(0.01)
        return not self._waiting

    async def close(self) -> None:
        """Stop; what still waits is not sent."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _send_all(self) -> None:
        while True:
            try:
                reader, writer = await self._connect()
            except OSError:
                await asyncio.sleep(RETRY_AFTER_S)
                continue
            try:
                await self._send_over(reader, writer)
            except OSError:
                await asyncio.sleep(RETRY_AFTER_S)
            finally:
                writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        kind, path, host, port = _parse(self._address)
        if kind == "unix":
            return await asyncio.open_unix_connection(path)
        return await asyncio.open_connection(host, port)

    async def _send_over(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The far end never writes: a read that ends says that it went away while we were idle.
        gone = asyncio.ensure_future(reader.read(1))
        try:
            while not gone.done():
                while self._waiting:
                    message = self._waiting[0]
                    writer.write(LENGTH.pack(len(message)) + message)
                    await writer.drain()
                    # Only after it left: a message that met a dead socket is sent again, and the
                    # far end ignores what it had (every batch carries a sequence).
                    if self._waiting and self._waiting[0] is message:
                        self._waiting.popleft()
                self._arrived.clear()
                arrived = asyncio.ensure_future(self._arrived.wait())
                await asyncio.wait({gone, arrived}, return_when=asyncio.FIRST_COMPLETED)
                arrived.cancel()
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)


def _parse(address: str) -> tuple[str, str, str, int]:
    kind, _, rest = address.partition(":")
    if kind == "unix" and rest:
        return kind, rest, "", 0
    host, _, port = rest.rpartition(":")
    if kind == "tcp" and host and port.isdigit() and 0 < int(port) < 65536:
        return kind, "", host, int(port)
    raise LocalMisuse(f"{address!r} is no address", remedy='Write "unix:PATH" or "tcp:HOST:PORT"')
