"""The demo without a terminal: one line per fact, each complete by itself."""

from collections.abc import Callable

from bongsu.console.demo_events import DemoEvent, DemoSetting
from bongsu.console.event_words import plain_line
from bongsu.vocabulary.units import UtcNs


class PlainLines:
    """Writes facts as they come; there is nothing to redraw."""

    def __init__(self, setting: DemoSetting, *, write: Callable[[str], object]) -> None:
        """`write` takes one line without its end."""
        self._setting = setting
        self._write = write

    def __enter__(self) -> "PlainLines":
        return self

    def __exit__(self, *_raised: object) -> None:
        return None

    def show(self, event: DemoEvent) -> None:
        """Write the event's line."""
        self._write(plain_line(event, self._setting))

    def tick(self, now: UtcNs) -> None:
        """Time passed; lines that were written stay as they are."""
