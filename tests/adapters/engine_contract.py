"""What every message engine does, whatever carries the bytes: subclass `EngineContract`.

A test is a story, because some engines need a loop of their own to run on. `Ends` is what a
story knows: the engine of one node that sends, and what reaches another node.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import pytest

from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES, MessageEngine
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId

SENDER, READER, NOBODY = NodeId("KR-1"), NodeId("JP-1"), NodeId("AU-9")
MORE_THAN_ANY_QUEUE = 10_000
TRIES = 10

Arrived = list[tuple[NodeId, str, bytes]]


class Ends(Protocol):
    """The engines of `SENDER`, open and linked to that of `READER`."""

    @property
    def sender(self) -> MessageEngine: ...

    @property
    def reader(self) -> MessageEngine: ...

    async def arrived(self) -> Arrived:
        """Let everything that was sent arrive: what the reader heard since it was asked last."""
        ...

    def unlinked(self) -> MessageEngine:
        """An engine of the sender's, not open yet and without any way out."""
        ...


Story = Callable[[Ends], Coroutine[Any, Any, None]]


class World(Protocol):
    """Makes the ends, and runs a story on them."""

    def play(self, story: Story) -> None: ...


class EngineContract:
    """Needs a fixture `world`."""

    def test_a_message_arrives_whole_and_once_under_its_senders_name(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            every_byte = bytes(range(256)) * 3
            assert ends.sender.send(READER, "urgent", every_byte)
            assert await ends.arrived() == [(SENDER, "urgent", every_byte)]
            assert await ends.arrived() == []

        world.play(story)

    def test_all_channels_arrive_and_none_takes_anothers_name(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            channels = ("urgent", "bulk", "head", "receipt", "ask", "key", "keys")
            for channel in channels:
                assert ends.sender.send(READER, channel, channel.encode())
            assert sorted(await ends.arrived()) == sorted(
                (SENDER, channel, channel.encode()) for channel in channels
            )

        world.play(story)

    def test_none_of_many_is_lost_on_an_open_way(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            sent = [(SENDER, "bulk", f"{n}".encode() * (n + 1)) for n in range(200)]
            before = ends.sender.dropped
            for _, channel, payload in sent:
                assert ends.sender.send(READER, channel, payload)
            assert sorted(await ends.arrived()) == sorted(sent)
            assert ends.sender.dropped == before

        world.play(story)

    def test_the_largest_message_arrives_and_a_larger_one_is_refused(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            largest = bytes(MAXIMUM_PAYLOAD_BYTES - 1) + b"!"
            assert ends.sender.send(READER, "bulk", largest)
            assert await ends.arrived() == [(SENDER, "bulk", largest)]
            with pytest.raises(LocalMisuse, match="a message of") as refused:
                ends.sender.send(READER, "bulk", largest + b"!")
            assert "Cut it" in refused.value.remedy
            assert await ends.arrived() == []

        world.play(story)

    def test_what_is_for_somebody_else_does_not_arrive(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            ends.sender.send(NOBODY, "urgent", b"for nobody that we know")
            ends.sender.send(READER, "urgent", b"for the reader")
            assert await ends.arrived() == [(SENDER, "urgent", b"for the reader")]

        world.play(story)

    def test_a_queue_is_bounded_and_what_is_dropped_is_said_and_counted(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            engine = ends.unlinked()
            answers = [engine.send(READER, "bulk", bytes(100)) for _ in range(MORE_THAN_ANY_QUEUE)]
            assert answers[0]
            assert not answers[-1]
            assert engine.dropped == answers.count(False)
            engine.close()

        world.play(story)

    def test_fresh_sessions_on_the_way_to_anybody_lose_nothing_for_long(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            for partner in (READER, NOBODY, None):
                ends.sender.reopen(partner)
                ends.reader.reopen(SENDER)
                await _arrives_again(ends)

        world.play(story)

    def test_an_engine_is_opened_once_in_its_life(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            with pytest.raises(LocalMisuse, match="opened twice"):
                ends.sender.open(_nobody_listens)
            ends.sender.close()
            with pytest.raises(LocalMisuse, match="opened twice"):
                ends.sender.open(_nobody_listens)

        world.play(story)

    def test_a_closed_engine_sends_nothing_and_closing_again_does_no_harm(
        self, world: World
    ) -> None:
        async def story(ends: Ends) -> None:
            ends.sender.close()
            ends.sender.close()
            before = ends.sender.dropped
            assert not ends.sender.send(READER, "urgent", b"too late")
            assert ends.sender.dropped == before + 1

        world.play(story)

    def test_a_closed_engine_hears_nothing(self, world: World) -> None:
        async def story(ends: Ends) -> None:
            ends.reader.close()
            ends.reader.close()
            ends.sender.send(READER, "urgent", b"to nobody")
            assert await ends.arrived() == []

        world.play(story)


async def _arrives_again(ends: Ends) -> None:
    """Some may be lost while sessions change, not for good."""
    for _ in range(TRIES):
        ends.sender.send(READER, "head", b"still here")
        if await ends.arrived() == [(SENDER, "head", b"still here")]:
            return
    raise AssertionError(f"{TRIES} messages were lost one after the other")


def _nobody_listens(_sender: NodeId, _channel: str, _payload: bytes) -> None:
    """For engines that never open."""
