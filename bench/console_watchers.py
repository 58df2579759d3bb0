"""Many consoles at one server: each listens, and asks for the picture whenever a page would.

python -m bench.console_watchers PORT COUNT: until it is ended, then how many pictures came.
They stand for browsers on other machines, so they take what processor time the rest leaves.
"""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from typing import Final

HOST: Final = "127.0.0.1"
LOWEST = 19
ASKS_EVERY_S = 1.0
READY = "all listen"


class Watcher:
    """One page: while a question is under way, further news are one more question."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._news = asyncio.Event()
        self.pictures = 0

    async def watch(self, listening: asyncio.Semaphore) -> None:
        """Listen and ask, until cancelled; `listening` is given back once it does."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(listening))
            group.create_task(self._ask())

    async def _listen(self, listening: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        await self._send(writer, "/api/v1/stream")
        listening.release()
        while line := await reader.readline():
            if line.startswith(b"event:"):
                self._news.set()
        writer.close()
        raise ConnectionError("the stream ended")

    async def _ask(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ASKS_EVERY_S):
                    await self._news.wait()
            self._news.clear()
            await self._send(writer, "/watch")
            await _body(reader)
            self.pictures += 1

    async def _send(self, writer: StreamWriter, path: str) -> None:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{self._port}\r\n\r\n".encode())
        await writer.drain()


async def _body(reader: StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise ConnectionError(head.decode())
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length))


async def main(port: int, count: int) -> None:
    os.nice(LOWEST)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    watchers = [Watcher(port) for _ in range(count)]
    listening = asyncio.Semaphore(0)
    tasks = [asyncio.ensure_future(one.watch(listening)) for one in watchers]
    for _ in watchers:
        await listening.acquire()
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    stop = asyncio.ensure_future(ended.wait())
    done, _ = await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in done - {stop}:
        task.result()  # a watcher that ended did so by an error
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    sys.stdout.write(f"{sum(one.pictures for one in watchers)}\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
