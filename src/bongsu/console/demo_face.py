"""Which face the demo shows: a live picture on a terminal, plain lines elsewhere."""

from collections.abc import Callable
from typing import Protocol

from rich.console import Console

from bongsu.console.demo_events import DemoEvent, DemoSetting
from bongsu.console.live_view import LiveView
from bongsu.console.plain_lines import PlainLines
from bongsu.vocabulary.units import UtcNs


class DemoFace(Protocol):
    """A context manager that is told facts and the time."""

    def __enter__(self) -> "DemoFace": ...
    def __exit__(self, *raised: object) -> None: ...
    def show(self, event: DemoEvent) -> None: ...
    def tick(self, now: UtcNs) -> None: ...


def demo_face(
    setting: DemoSetting, *, console: Console, write: Callable[[str], object]
) -> DemoFace:
    """A live view where the console is a terminal; `write` takes the plain lines."""
    if console.is_terminal:
        return LiveView(setting, console=console)
    return PlainLines(setting, write=write)
