"""A log whose disk takes simulated time, and whose machine can lose power at any write.

What waits is written as one group, as a real log does. A group is durable whole or not at all:
its last step is the mark that makes it valid, so of a torn one nothing is ever seen again.
"""

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import Future
from enum import Enum

from bongsu.adapters.simulated.memory_store import Disk, MemoryStore
from bongsu.node.ports import Commit

PROMPT_S = 0.002


class PowerCut(Enum):
    """When, of one write, the machine loses its power."""

    BEFORE = "before"  # nothing of the group was written
    TORN = "torn"  # some of it was, without its mark
    AFTER = "after"  # all of it is durable, and nobody was told


class TimedStore(MemoryStore):
    """Implements `node.ports.Store`; lives on a loop in simulated time.

    `latency_s` is drawn for each group between `quickest_s` and `slowest_s`. `completed` is
    called with each commit that became durable, before its future is done. With `power_cut` set,
    the next write ends the store's life, and `power_lost` is called.
    """

    def __init__(
        self,
        disk: Disk,
        *,
        chance: random.Random,
        completed: Callable[[Commit], None],
        power_lost: Callable[[PowerCut], None],
    ) -> None:
        super().__init__(disk, at_once=False)
        self.quickest_s, self.slowest_s = PROMPT_S / 4, PROMPT_S
        self.power_cut: PowerCut | None = None
        self.groups = 0
        self._chance = chance
        self._completed = completed
        self._power_lost = power_lost
        self._group: int | None = None  # how many commits are being written
        self._dead = False

    def append(self, commit: Commit) -> Future[None]:
        """Queue rows; when the disk is idle they are written at once, as one group."""
        done = super().append(commit)
        if self._group is None and not self._closed:
            self._begin()
        return done

    def die(self) -> None:
        """The machine lost its power: nothing is written, answered or read any more."""
        self._dead = self._closed = True
        self._waiting.clear()

    def close(self) -> None:
        """Commit what waits, then refuse; what is dead does nothing."""
        if self._dead:
            return
        while self._waiting:
            self._write(len(self._waiting))
        super().close()

    def _begin(self) -> None:
        self._group = len(self._waiting)
        latency_s = self._chance.uniform(self.quickest_s, self.slowest_s)
        asyncio.get_running_loop().call_later(latency_s, self._end)

    def _end(self) -> None:
        size, self._group = self._group or 0, None
        if self._dead:
            return
        self.groups += 1
        cut = self.power_cut
        if cut is not None:
            self._lose_power(cut, size)
            return
        self._write(size)
        if self._waiting and not self._closed:
            self._begin()

    def _lose_power(self, cut: PowerCut, size: int) -> None:
        commits = [commit for commit, _ in tuple(self._waiting)[:size]]
        self.die()
        if cut is PowerCut.AFTER and not self.disk.full:
            for commit in commits:
                self.disk.commit(commit)
                self._completed(commit)
        self._power_lost(cut)

    def _write(self, size: int) -> None:
        """Make the oldest `size` commits durable, each told of before its owner is."""
        for _ in range(min(size, len(self._waiting))):
            commit, done = self._waiting[0]
            before = self.disk.commits
            self.complete(1)
            if self.disk.commits > before and not done.cancelled():
                self._completed(commit)
