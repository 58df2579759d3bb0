"""How every long-running process ends: an interrupt or a termination asks it to stop cleanly."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

COLLECTED_AFTER = (10_000, 20, 20)  # objects more than before; collections of each generation
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_to_the_end(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` on a fresh loop until it returns."""
    # What was imported and configured stays for ever: keep the collector from walking it.
    gc.collect()
    gc.freeze()
    # A group of records is some thousand objects, and reference counts free nearly all of them.
    gc.set_threshold(*COLLECTED_AFTER)
    asyncio.run(main)
    # The work is done and on disk: a request to stop that comes now must not look like a failure.
    for ending in ENDING_SIGNALS:
        signal.signal(ending, signal.SIG_IGN)


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` when this process is asked to end; only inside a running loop.

    The loop's own handlers go when it closes, and for a moment the system's take their place;
    these stay until the process is over.
    """
    loop = asyncio.get_running_loop()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop closed: it is ending already
            loop.call_soon_threadsafe(stop)

    for ending in ENDING_SIGNALS:
        signal.signal(ending, ask)
