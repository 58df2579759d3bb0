"""An event loop in simulated time: where a real one waits, this one lets time pass.

Everything that runs on it is in one thread, so a run is the same every time. When nothing is
left that could ever happen the loop says so instead of waiting for ever.
"""

import asyncio
import math
import selectors
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from bongsu.adapters.simulated.clock import SimulatedTime
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S

T = TypeVar("T")


class SimulatedEventLoop(asyncio.SelectorEventLoop):
    """A loop whose timers run on simulated time."""

    def __init__(self, time: SimulatedTime) -> None:
        super().__init__(_Skipping(time))
        self._simulated = time

    def time(self) -> float:
        return self._simulated.elapsed_ns / NS_PER_S


class _Skipping(selectors.BaseSelector):
    """Never waits for a file: advances time by as much as it was allowed to wait."""

    def __init__(self, time: SimulatedTime) -> None:
        self._time = time
        self._files = selectors.DefaultSelector()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._files.select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is None:
            raise LocalMisuse(
                "everything waits and no timer is set: nothing will ever happen",
                remedy="Look for a future that nobody completes",
            )
        self._time.advance_ns(math.ceil(timeout * NS_PER_S))
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._files.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._files.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._files.get_map()

    def close(self) -> None:
        self._files.close()


def run_in_simulated_time(main: Coroutine[Any, Any, T], time: SimulatedTime) -> T:
    """Run `main` to its end; `asyncio.sleep` in it costs simulated time only."""
    with asyncio.Runner(loop_factory=lambda: SimulatedEventLoop(time)) as runner:
        return runner.run(main)
