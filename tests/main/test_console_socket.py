"""The console's own place to listen: answers go out at once, a taken place is said in words."""

import asyncio
import socket

import pytest

from bongsu.main.console_process import listening_at
from bongsu.vocabulary.errors import LocalMisuse

HOST = "127.0.0.1"


def test_an_answer_never_waits_for_the_asker_to_acknowledge_its_first_piece() -> None:
    async def story() -> None:
        delays: list[int] = []

        async def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            of = writer.get_extra_info("socket")
            delays.append(of.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening_at(HOST, 0) as listening:
            server = await asyncio.start_server(accepted, sock=listening)
            async with server:
                port = server.sockets[0].getsockname()[1]
                reader, writer = await asyncio.open_connection(HOST, port)
                assert await reader.read() == b""
                writer.close()
        assert delays == [1]

    asyncio.run(story())


def test_a_place_that_is_taken_is_said_with_what_to_do() -> None:
    with listening_at(HOST, 0) as taken, pytest.raises(LocalMisuse, match="cannot listen") as error:
        listening_at(HOST, taken.getsockname()[1])
    assert "--port" in error.value.remedy
