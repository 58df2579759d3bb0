"""Executors without threads: work is done at once, or some simulated time later."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class InlineExecutor(Executor):
    """Runs everything at once, in order, in the caller's thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        done.set_running_or_notify_cancel()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future carries it, as an executor's does
            done.set_exception(error)
        return done


class TimedExecutor(Executor):
    """Work takes `delay_s()` of simulated time: it is done at the end of it, in one thread.

    Where the delay is nothing, work is done at once. Once dead, nothing is done any more.
    """

    def __init__(self, delay_s: Callable[[], float]) -> None:
        self._delay_s = delay_s
        self._dead = False

    def die(self) -> None:
        """The machine lost its power."""
        self._dead = True

    def start(self, loop: asyncio.AbstractEventLoop, work: Callable[[], T]) -> "asyncio.Future[T]":
        """For a coroutine on `loop` that waits for the result."""
        done: asyncio.Future[T] = loop.create_future()
        self._when_due(loop, work, done)
        return done

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """For work that nobody waits for."""
        done: Future[T] = Future()
        self._when_due(asyncio.get_running_loop(), partial(fn, *args, **kwargs), done)
        return done

    def _when_due(
        self,
        loop: asyncio.AbstractEventLoop,
        work: Callable[[], T],
        done: "asyncio.Future[T] | Future[T]",
    ) -> None:
        delay_s = self._delay_s()
        if delay_s > 0.0:
            loop.call_later(delay_s, self._finish, work, done)
        else:
            self._finish(work, done)

    def _finish(self, work: Callable[[], T], done: "asyncio.Future[T] | Future[T]") -> None:
        if self._dead or done.cancelled():
            return
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001 - the future carries it, as an executor's does
            done.set_exception(error)
