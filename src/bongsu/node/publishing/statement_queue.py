"""What waits to be stated: warnings before everything that can wait.

One bound over all. A group is of one kind only: a warning is never held up by the track updates
that came with it, which are many, small, and of no use a moment later.
"""

import asyncio
import contextlib
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class StatementQueue(Generic[T]):
    """Two lines, one bound. Lives on the node's loop."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._urgent: deque[T] = deque()
        self._others: deque[T] = deque()
        self._in_hand = 0
        self._arrived = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def not_settled(self) -> int:
        """How many wait or are in hand."""
        return self._in_hand + self._waiting

    @property
    def _waiting(self) -> int:
        return len(self._urgent) + len(self._others)

    def put(self, statement: T, *, urgent: bool) -> bool:
        """Queue a statement; False when too many wait, and it was not queued."""
        if self._waiting >= self._bound:
            return False
        (self._urgent if urgent else self._others).append(statement)
        self._settled.clear()
        self._arrived.set()
        return True

    async def take(self, most: int) -> list[T]:
        """Wait for the next group: of the urgent ones if there are any; `done` ends it."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        line = self._urgent or self._others
        group = [line.popleft() for _ in range(min(most, len(line)))]
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
