"""What happens at a node, for faces that listen: the newest lines of its journal, numbered.

A face asks for what came after the number it knows and waits for it. Bounded: who was away for
too long is told what it missed, and asks for the whole picture again.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from msgspec import Meta

from bongsu.node.control import Body
from bongsu.node.plain_values import plain
from bongsu.node.ports import Journal

MAXIMUM_KEPT: Final = 2_048
MAXIMUM_AT_ONCE: Final = 128
LONGEST_WAIT_S: Final = 30.0

Beside = Callable[..., Awaitable[Any]]  # as `Services.beside`


class NewsBody(Body, frozen=True, kw_only=True):
    """`after`: the number of the last line that is known, 0 for none; `wait_s`: for the next."""

    after: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    wait_s: Annotated[float, Meta(ge=0.0, le=LONGEST_WAIT_S)] = 0.0


class _Line(NamedTuple):
    number: int
    event: str
    fields: Mapping[str, object]


class News:
    """Implements `node.ports.Journal`: every line goes on to the journal behind it."""

    def __init__(self, journal: Journal, *, begun: int, beside: Beside) -> None:
        """Numbers begin after `begun`, a number that no earlier start of the node reaches.

        `beside` runs work beside the loop: a hundred lines take milliseconds to put into words.
        """
        self._journal = journal
        self._beside = beside
        self._lines: deque[_Line] = deque(maxlen=MAXIMUM_KEPT)
        self._number = begun
        self._lock = threading.Lock()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def write(self, event: str, /, **fields: object) -> None:
        """Write one line, on any thread."""
        self._journal.write(event, **fields)
        with self._lock:
            self._number += 1
            self._lines.append(_Line(self._number, event, fields))
            waiting, self._waiting = self._waiting, []
        for loop, came in waiting:
            with contextlib.suppress(RuntimeError):  # its loop closed: nobody waits any more
                loop.call_soon_threadsafe(came.set)

    async def after(self, body: NewsBody) -> object:
        """Lines after the one that is known, oldest first, as plain values.

        `missed`: some of them are not kept any more, or the number is of no line that this start
        of the node wrote.
        """
        came = self._to_wait_for(body.after)
        if came is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(body.wait_s):
                    await came.wait()
        with self._lock:
            kept, newest = tuple(self._lines), self._number
        oldest = kept[0].number if kept else newest + 1
        missed = body.after > newest or 0 < body.after < oldest - 1
        lines = [line for line in kept if missed or line.number > body.after][:MAXIMUM_AT_ONCE]
        return {
            "newest": lines[-1].number if lines else newest,
            "missed": missed,
            "lines": await self._beside(_told, lines),
        }

    def _to_wait_for(self, after: int) -> asyncio.Event | None:
        """What is set when there is news; None where there is some already."""
        came = asyncio.Event()
        with self._lock:
            if self._number != after:
                return None
            self._waiting.append((asyncio.get_running_loop(), came))
        return came


def _told(lines: Sequence[_Line]) -> list[dict[str, object]]:
    return [
        {"number": line.number, "event": line.event, "fields": plain(line.fields)} for line in lines
    ]
