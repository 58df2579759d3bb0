"""What waits to be stated, in its order and with a bound, taken in groups."""

import asyncio
import contextlib
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class StatementQueue(Generic[T]):
    """Lives on the node's loop."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._waiting: deque[T] = deque()
        self._in_hand = 0
        self._arrived = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def not_settled(self) -> int:
        """How many wait or are in hand."""
        return self._in_hand + len(self._waiting)

    def put(self, statement: T) -> bool:
        """Queue a statement; False when too many wait, and it was not queued."""
        if len(self._waiting) >= self._bound:
            return False
        self._waiting.append(statement)
        self._settled.clear()
        self._arrived.set()
        return True

    async def take(self, most: int) -> list[T]:
        """Wait for the next group; `done` ends it."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        group = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        self._in_hand = len(group)
        return group

    def done(self) -> None:
        """The group in hand is settled."""
        self._in_hand = 0
        if not self._waiting:
            self._settled.set()

    async def settled(self, within_s: float) -> None:
        """Wait, bounded, until nothing waits and nothing is in hand."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._settled.wait()
