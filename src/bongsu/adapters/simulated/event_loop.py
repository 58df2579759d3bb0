"""An event loop in simulated time: where a real one waits, this one lets time pass.

Everything that runs on it is in one thread, so a run is the same every time: what is due at one
moment happens in the order in which it was asked for. When nothing is left that could ever
happen the loop says so instead of waiting for ever.

It knows no file and no socket, so a turn of it is a queue and a heap and nothing else.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextvars import Context
from functools import partial
from heapq import heappop, heappush
from typing import Any, TypeVar, TypeVarTuple, Unpack

from bongsu.adapters.simulated.clock import SimulatedTime
from bongsu.adapters.simulated.executor import TimedExecutor
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Call(asyncio.TimerHandle):
    """What is to be called; `due_ns` is on the simulated clock."""

    __slots__ = ("due_ns",)

    def __init__(
        self,
        loop: "SimulatedEventLoop",
        callback: Callable[..., object],
        args: tuple[Any, ...],
        context: Context | None,
        due_ns: int,
    ) -> None:
        # The parent's own fields, without its copy of a context for every call.
        self._loop = loop
        self._callback = callback
        self._args = args
        self._context = context
        self._cancelled = False
        self._repr = None
        self._source_traceback = None
        self.due_ns = due_ns

    def when(self) -> float:
        return self.due_ns / NS_PER_S

    def cancel(self) -> None:
        self._cancelled = True
        self._callback, self._args = _nothing, ()


class SimulatedEventLoop(asyncio.BaseEventLoop):
    """A loop whose timers run on simulated time; `fired` counts those that came due."""

    def __init__(self, time: SimulatedTime) -> None:
        super().__init__()
        self._simulated = time
        self._soon: deque[_Call] = deque()
        self._later: list[tuple[int, int, _Call]] = []
        self._asked = 0
        self._ends = False
        self.fired = 0

    def time(self) -> float:
        return self._simulated.elapsed_ns / NS_PER_S

    def call_soon(
        self,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        call = _Call(self, callback, args, context, 0)
        self._soon.append(call)
        return call

    call_soon_threadsafe = call_soon

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        due_ns = self._simulated.elapsed_ns
        if delay > 0.0:
            due_ns += round(delay * NS_PER_S)
        call = _Call(self, callback, args, context, due_ns)
        self._asked += 1
        heappush(self._later, (due_ns, self._asked, call))
        return call

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        due_ns = round(when * NS_PER_S)
        call = _Call(self, callback, args, context, due_ns)
        self._asked += 1
        heappush(self._later, (due_ns, self._asked, call))
        return call

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> "asyncio.Future[T]":
        """Work beside the loop: a timed executor says when it is done."""
        if isinstance(executor, TimedExecutor):
            return executor.start(self, partial(func, *args) if args else func)
        return super().run_in_executor(executor, func, *args)

    def stop(self) -> None:
        self._ends = True
        super().stop()

    def close(self) -> None:
        self._soon.clear()
        self._later.clear()
        super().close()

    def _run_once(self) -> None:
        """Called by `run_forever` until `stop`; turns many times before it looks up again."""
        self._ends = False
        soon = self._soon
        while not self._ends:
            call = soon.popleft() if soon else self._next_due()
            try:
                if call._context is None:
                    call._callback(*call._args)
                else:
                    call._context.run(call._callback, *call._args)
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:  # noqa: BLE001 - as every event loop: its handler is told
                self.call_exception_handler({"message": "a callback failed", "exception": error})

    def _next_due(self) -> _Call:
        """Let time pass until something is due."""
        later = self._later
        while later:
            due_ns, _, call = heappop(later)
            if call._cancelled:
                continue
            if due_ns > self._simulated.elapsed_ns:
                self._simulated.elapsed_ns = due_ns
            self.fired += 1
            return call
        raise LocalMisuse(
            "everything waits and no timer is set: nothing will ever happen",
            remedy="Look for a future that nobody completes",
        )


def _nothing() -> None:
    """What a cancelled call does."""


def run_in_simulated_time(main: Coroutine[Any, Any, T], time: SimulatedTime) -> T:
    """Run `main` to its end; `asyncio.sleep` in it costs simulated time only."""
    with asyncio.Runner(loop_factory=lambda: SimulatedEventLoop(time)) as runner:
        return runner.run(main)
