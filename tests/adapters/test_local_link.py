"""Messages between our own processes: in order, bounded, through restarts of either end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.adapters.links import unused_port

from bongsu.adapters import local_link
from bongsu.adapters.local_link import (
    LENGTH,
    MAXIMUM_MESSAGE_BYTES,
    MAXIMUM_WAITING_MESSAGES,
    LocalListener,
    LocalSender,
)
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

PATIENCE_S = 30.0


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_link, "RETRY_AFTER_S", 0.01)


@pytest.fixture(params=["unix", "tcp"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"unix:{tmp_path / 's'}" if request.param == "unix" else f"tcp:127.0.0.1:{unused_port()}"


class Ear:
    """A handler that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def __call__(self, message: bytes) -> None:
        self.heard.put_nowait(message)

    async def hears(self, count: int) -> list[bytes]:
        async with asyncio.timeout(PATIENCE_S):
            return [await self.heard.get() for _ in range(count)]


@asynccontextmanager
async def listening(address: str, handler: local_link.Handler) -> AsyncIterator[LocalListener]:
    listener = LocalListener(address, handler)
    await listener.open()
    try:
        yield listener
    finally:
        await listener.close()


@asynccontextmanager
async def sending(address: str) -> AsyncIterator[LocalSender]:
    sender = LocalSender(address)
    sender.open()
    try:
        yield sender
    finally:
        await sender.close()


async def raw(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    kind, _, rest = address.partition(":")
    if kind == "unix":
        return await asyncio.open_unix_connection(rest)
    host, _, port = rest.rpartition(":")
    return await asyncio.open_connection(host, int(port))


def play(scene: Coroutine[object, object, None]) -> None:
    asyncio.run(scene)


def test_messages_arrive_whole_and_in_order(address: str) -> None:
    async def scene() -> None:
        ear = Ear()
        messages = [bytes([n % 256]) * (n * 997 % 70_000) for n in range(300)]
        async with listening(address, ear), sending(address) as sender:
            for message in messages:
                sender.send(message)
            assert await ear.hears(300) == messages
            assert await sender.drain(PATIENCE_S)

    play(scene())


def test_the_largest_message_arrives_and_a_larger_one_is_our_own_mistake(address: str) -> None:
    async def scene() -> None:
        ear = Ear()
        async with listening(address, ear), sending(address) as sender:
            sender.send(bytes(MAXIMUM_MESSAGE_BYTES))
            assert await ear.hears(1) == [bytes(MAXIMUM_MESSAGE_BYTES)]
            with pytest.raises(LocalMisuse, match="Send at most"):
                sender.send(bytes(MAXIMUM_MESSAGE_BYTES + 1))

    play(scene())


def test_what_is_said_before_anybody_listens_is_heard_later(address: str) -> None:
    async def scene() -> None:
        ear = Ear()
        async with sending(address) as sender:
            sender.send(b"early")
            assert not await sender.drain(0.05)
            async with listening(address, ear):
                assert await ear.hears(1) == [b"early"]

    play(scene())


def test_a_listener_that_restarts_is_found_again(address: str) -> None:
    async def scene() -> None:
        async with sending(address) as sender:
            for life in range(3):
                ear = Ear()
                async with listening(address, ear):
                    word = f"life {life}".encode()
                    while ear.heard.empty():  # one may fall into the gap between two lives
                        sender.send(word)
                        with suppress(TimeoutError):
                            async with asyncio.timeout(0.05):
                                assert await ear.heard.get() == word
                                break

    play(scene())


def test_too_many_waiting_messages_push_out_the_oldest_and_are_counted(address: str) -> None:
    async def scene() -> None:
        ear = Ear()
        async with sending(address) as sender:
            for number in range(MAXIMUM_WAITING_MESSAGES + 5):
                sender.send(LENGTH.pack(number))
            assert sender.dropped == 5
            async with listening(address, ear):
                heard = await ear.hears(MAXIMUM_WAITING_MESSAGES)
        assert heard == [LENGTH.pack(n + 5) for n in range(MAXIMUM_WAITING_MESSAGES)]

    play(scene())


def test_an_oversize_message_ends_its_connection_and_no_other(address: str) -> None:
    async def scene() -> None:
        ear = Ear()
        async with listening(address, ear) as listener, sending(address) as sender:
            reader, writer = await raw(address)
            writer.write(LENGTH.pack(MAXIMUM_MESSAGE_BYTES + 1))
            assert await reader.read() == b""
            writer.close()
            assert listener.refused == 1
            sender.send(b"still here")
            assert await ear.hears(1) == [b"still here"]

    play(scene())


def test_a_message_that_the_handler_refuses_costs_its_sender_the_connection(address: str) -> None:
    async def refuse(_: bytes) -> None:
        raise PeerViolation("a forged batch", remedy="Keep it as evidence")

    async def scene() -> None:
        async with listening(address, refuse) as listener:
            reader, writer = await raw(address)
            writer.write(LENGTH.pack(1) + b"x")
            assert await reader.read() == b""
            writer.close()
            assert listener.refused == 1

    play(scene())


def test_half_a_message_is_nothing(address: str) -> None:
    async def scene() -> None:
        ear = Ear()
        async with listening(address, ear) as listener:
            for part in (b"\0\0", LENGTH.pack(9) + b"half"):
                reader, writer = await raw(address)
                writer.write(part)
                writer.write_eof()
                assert await reader.read() == b""
                writer.close()
            assert ear.heard.empty()
            assert listener.refused == 0

    play(scene())


def test_connections_are_bounded_and_counted(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_link, "MAXIMUM_CONNECTIONS", 2)

    async def scene() -> None:
        ear = Ear()
        async with listening(address, ear) as listener:
            kept = [await raw(address) for _ in range(2)]
            for _, writer in kept:
                writer.write(LENGTH.pack(2) + b"hi")
            assert await ear.hears(2) == [b"hi", b"hi"]
            reader, writer = await raw(address)
            assert await reader.read() == b""
            assert listener.refused == 1
            for _, open_writer in (*kept, (reader, writer)):
                open_writer.close()

    play(scene())


def test_a_slow_handler_slows_its_sender_down_and_loses_nothing(address: str) -> None:
    async def scene() -> None:
        gate = asyncio.Event()
        heard: list[int] = []
        done = asyncio.Event()

        async def slow(message: bytes) -> None:
            await gate.wait()
            heard.append(len(message))
            if len(heard) == 20:
                done.set()

        async with listening(address, slow), sending(address) as sender:
            for _ in range(20):
                sender.send(bytes(1_000_000))
            assert not await sender.drain(0.1)  # the sockets between hold less than that
            gate.set()
            async with asyncio.timeout(PATIENCE_S):
                await done.wait()
        assert heard == [1_000_000] * 20
        assert sender.dropped == 0

    play(scene())


def test_closing_does_not_wait_for_a_handler_or_a_peer(address: str) -> None:
    async def scene() -> None:
        started = asyncio.Event()

        async def never(_: bytes) -> None:
            started.set()
            await asyncio.Event().wait()

        async with listening(address, never) as listener, sending(address) as sender:
            sender.send(b"x")
            async with asyncio.timeout(PATIENCE_S):
                await started.wait()
        await listener.close()

    play(scene())


@pytest.mark.parametrize(
    "bad",
    ["", "unix:", "unix:a\0b", "tcp:127.0.0.1", "tcp::80", "tcp:host:0", "tcp:host:65536"]
    + ["tcp:host:x", "udp:host:80", "host:80", "tcp:host:²"],
)
def test_what_is_no_address_is_refused_with_the_two_forms(bad: str) -> None:
    for make in (LocalSender, lambda address: LocalListener(address, Ear())):
        with pytest.raises(LocalMisuse, match='"unix:PATH" or "tcp:HOST:PORT"'):
            make(bad)


def test_a_host_that_names_nobody_is_tried_again_and_again() -> None:
    async def scene() -> None:
        async with sending(f"tcp:{'x' * 64}.invalid:80") as sender:
            sender.send(b"x")
            assert not await sender.drain(0.1)
            assert sender._task is not None
            assert not sender._task.done()

    play(scene())


def test_an_address_in_use_is_refused(address: str) -> None:
    async def scene() -> None:
        async with listening(address, Ear()):
            with pytest.raises(LocalMisuse, match="cannot listen"):
                await LocalListener(address, Ear()).open()

    play(scene())


def test_a_file_at_the_path_of_a_socket_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("precious")
    with pytest.raises(LocalMisuse, match="is a file"):
        play(LocalListener(f"unix:{path}", Ear()).open())
    assert path.read_text() == "precious"


def test_a_socket_that_a_killed_process_left_over_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "s"
    left_over = socket.socket(socket.AF_UNIX)
    left_over.bind(str(path))
    left_over.close()

    async def scene() -> None:
        async with listening(f"unix:{path}", Ear()):
            assert path.is_socket()
            assert path.stat().st_mode & 0o077 == 0
        assert not path.exists()

    play(scene())


def test_a_path_too_long_for_a_socket_or_without_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / ("x" * 120), tmp_path / "missing" / "s"):
        with pytest.raises(LocalMisuse, match="short and in a folder"):
            play(LocalListener(f"unix:{path}", Ear()).open())
