"""Which line of a node's news told of which record, as a console's stream says it."""

import asyncio
import json
from typing import Self

HOST = "127.0.0.1"


class NewsNumbers:
    """Listens while it is entered."""

    def __init__(self, port: int) -> None:
        self.of_record: dict[str, int] = {}
        self._port = port
        self._task: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        reader, self._writer = await asyncio.open_connection(HOST, self._port)
        host = f"Host: {HOST}:{self._port}"
        self._writer.write(f"GET /api/v1/stream HTTP/1.1\r\n{host}\r\n\r\n".encode())
        await reader.readuntil(b": beat")  # from now on it is told
        self._task = asyncio.create_task(self._read(reader))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        number, event = 0, ""
        while line := (await reader.readline()).decode():
            name, _, value = line.strip().partition(": ")
            if name == "id":
                number = int(value)
            elif name == "event":
                event = value
            elif name == "data" and event == "own_warning":
                self.of_record[str(json.loads(value)["record_id"])] = number
