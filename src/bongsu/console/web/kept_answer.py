"""One question for everybody who looks: an answer of the node, kept for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from bongsu.vocabulary.units import NS_PER_MS, NS_PER_S, MonotonicNs

KEPT_NS: Final = 100 * NS_PER_MS  # a hundred pages that ask at once are one question

T = TypeVar("T")


class KeptAnswer(Generic[T]):
    """Asks at most every 0.1 s, whoever wants it. Lives on the server's loop."""

    def __init__(
        self,
        ask: Callable[[int], Awaitable[T]],
        *,
        now: Callable[[], MonotonicNs],
        newest: Callable[[], int],
    ) -> None:
        """`newest` is the number of the last line of news: an answer from before it is old.

        `ask` is told it.
        """
        self._ask = ask
        self._now = now
        self._newest = newest
        self._kept: T | None = None
        self._kept_at = 0
        self._kept_after = 0
        self._asking = asyncio.Lock()

    async def get(self) -> T:
        """No older than 0.1 s, and than the newest line of news when it was asked for.

        Raises what the node answers with, Unavailable where it does not.
        """
        async with self._asking:
            left_ns = self._kept_at + KEPT_NS - self._now()
            if self._kept is not None and left_ns > 0:
                if self._kept_after == self._newest():
                    return self._kept
                await asyncio.sleep(left_ns / NS_PER_S)
            self._kept = None
            self._kept_after = self._newest()
            self._kept = await self._ask(self._kept_after)
            self._kept_at = self._now()
            return self._kept
