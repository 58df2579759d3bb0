"""One listener at the node, many behind it: its news as server-sent events.

Each line is asked for once and encoded once, however many consoles listen. Who listens too slowly,
or comes back after too long, is told that it missed something and has to ask for the whole again.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

import msgspec

from bongsu.console.answers.understood import understood
from bongsu.console.web.node_port import NodePort
from bongsu.vocabulary.errors import BongsuError, Unavailable

MAXIMUM_LISTENERS: Final = 200
MAXIMUM_WAITING: Final = 512  # lines for one listener
ASKED_FOR_S: Final = 20.0
ASKED_AGAIN_AFTER_S: Final = 0.5  # while the node does not answer
BEAT_EVERY_S: Final = 1.0
BEAT: Final = b": beat\n\n"
MISSED = "missed"
AWAY, BACK = "node_away", "node_back"
ENDED: Final = Unavailable(
    "this console listens to its node no more", remedy="Start it again with: bongsu console"
)


class NewsLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the node's journal."""

    number: int
    event: str
    fields: dict[str, object]


class NewsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`newest`: the number to ask after next; `missed`: lines between are not kept any more."""

    newest: int
    missed: bool
    lines: tuple[NewsLine, ...]


class Listener:
    """One console. Bounded: what does not fit is not kept, and said."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue(MAXIMUM_WAITING)
        self._missed = False

    def tell(self, number: int, message: bytes) -> None:
        """Queue a message; `number` is 0 where it is no line of the node's."""
        try:
            self._waiting.put_nowait((number, message))
        except asyncio.QueueFull:
            self._missed = True

    async def messages(self, after: int) -> AsyncIterator[bytes]:
        """What was told, but no line up to `after`; a beat at least every second."""
        while True:
            try:
                async with asyncio.timeout(BEAT_EVERY_S):
                    number, message = await self._waiting.get()
            except TimeoutError:
                yield BEAT
                continue
            if not number or number > after:
                yield message
            if self._missed and self._waiting.empty():
                self._missed = False
                yield encoded(MISSED, {"reason": "this listener was too slow"})


class NewsHub:
    """Lives on the server's loop; `run` has to run."""

    def __init__(self, node: NodePort) -> None:
        self._node = node
        self._listeners: set[Listener] = set()
        self._away: Unavailable | None = None
        self.newest = 0  # the number of the last line that is known

    async def run(self) -> None:
        """Listen to the node until cancelled; listeners are told where that ended otherwise."""
        try:
            await self._listen()
        finally:
            self._say_away(ENDED)

    async def _listen(self) -> None:
        """A node that is away is said once, and asked again."""
        while True:
            known = self.newest
            try:
                news = await self._asked(known, ASKED_FOR_S if known else 0.0)
            except BongsuError as error:
                self._say_away(error)
                await asyncio.sleep(ASKED_AGAIN_AFTER_S)
                continue
            self._say_back()
            self.newest = news.newest
            if known:
                self._tell_all(news)

    def require_room(self) -> None:
        """Raise Unavailable where too many listen already."""
        if len(self._listeners) >= MAXIMUM_LISTENERS:
            raise Unavailable(
                f"{MAXIMUM_LISTENERS} listen already", remedy="Close a console that nobody looks at"
            )

    async def events(self, after: int | None) -> AsyncGenerator[bytes, None]:
        """Server-sent events for one listener: first what came after the line that it knows.

        It listens from its first event on, a beat, and until it is closed: what is never begun
        takes no room.
        """
        self.require_room()
        listener = Listener()
        self._listeners.add(listener)
        reached = after or 0
        try:
            yield BEAT
            if self._away is not None:
                yield encoded(AWAY, told(self._away))
            if after is not None:
                with contextlib.suppress(BongsuError):  # it is said by `run`
                    while (news := await self._asked(reached, 0.0)).lines or news.missed:
                        for message in _messages_of(news):
                            yield message
                        reached = news.newest
            async for message in listener.messages(reached):
                yield message
        finally:
            self._listeners.discard(listener)

    async def _asked(self, after: int, wait_s: float) -> NewsSeen:
        answer = await self._node.ask("news", {"after": after, "wait_s": wait_s})
        return understood(answer, NewsSeen)

    def _tell_all(self, news: NewsSeen) -> None:
        if news.missed:
            self._tell(0, encoded(MISSED, {"reason": "the node began anew, or was too fast"}))
        for line in news.lines:
            self._tell(line.number, _message(line))

    def _tell(self, number: int, message: bytes) -> None:
        for listener in self._listeners:
            listener.tell(number, message)

    def _say_away(self, error: BongsuError) -> None:
        if self._away is None:
            self._away = Unavailable(error.what, remedy=error.remedy)
            self._tell(0, encoded(AWAY, told(self._away)))

    def _say_back(self) -> None:
        if self._away is not None:
            self._away = None
            self._tell(0, encoded(BACK, {}))


def encoded(event: str, fields: object, number: int | None = None) -> bytes:
    """One event as it goes over the wire; JSON holds no line break, so it is one line."""
    id_ = b"" if number is None else b"id: %d\n" % number
    return id_ + b"event: %s\ndata: %s\n\n" % (event.encode(), msgspec.json.encode(fields))


def told(error: BongsuError) -> dict[str, str]:
    """An error in words."""
    return {"what": error.what, "remedy": error.remedy}


def _messages_of(news: NewsSeen) -> list[bytes]:
    missed = [encoded(MISSED, {"reason": "it was away for too long"})] if news.missed else []
    return missed + [_message(line) for line in news.lines]


def _message(line: NewsLine) -> bytes:
    return encoded(line.event, line.fields, line.number)
