"""How every long-running process ends: an interrupt or a termination asks it to stop cleanly."""

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine
from typing import Any

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_to_the_end(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` on a fresh loop until it returns."""
    # What was imported and configured stays for ever: keep the collector from walking it.
    gc.collect()
    gc.freeze()
    asyncio.run(main)


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` when this process is asked to end; only inside a running loop."""
    loop = asyncio.get_running_loop()
    for ending in ENDING_SIGNALS:
        loop.add_signal_handler(ending, stop)
