"""The demo on a terminal: banner and clock, one panel per nation, the log below.

Panels stand one above the other where the terminal is narrow and side by side where it is
wide. The picture is drawn anew from the state; nothing is remembered on the screen.
"""

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bongsu.console import marks as style
from bongsu.console.demo_events import DemoEvent, DemoSetting
from bongsu.console.live_state import LiveState, NationState, after, at_start, at_time
from bongsu.console.marks import Marks, marks_for
from bongsu.console.measures import clock_text, date_text, elapsed_text
from bongsu.console.nation_panel import fitted, panel_lines, panel_title
from bongsu.console.safe_text import safe_text
from bongsu.vocabulary.units import UtcNs

WIDE_CELLS_PER_NATION = 50
LOWEST_LOG = 4
HIGHEST_PANEL = 20
FRAME_LINES = 2


class LiveView:
    """Draws at each tick, however many events came between; no thread of its own."""

    def __init__(self, setting: DemoSetting, *, console: Console) -> None:
        self._state = at_start(setting)
        self._console = console
        self._live = Live(
            console=console, screen=True, auto_refresh=False, vertical_overflow="crop"
        )

    def __enter__(self) -> "LiveView":
        self._live.__enter__()
        self._draw()
        return self

    def __exit__(self, *_raised: object) -> None:
        """Leave the last picture on the ordinary screen, where it can be read again."""
        self._live.stop()
        self._console.print(self._picture())

    def show(self, event: DemoEvent) -> None:
        """Take in what a node reported; the next tick shows it."""
        self._state = after(self._state, event)

    def tick(self, now: UtcNs) -> None:
        """Draw with the clocks and the times left of `now`."""
        self._state = at_time(self._state, now)
        self._draw()

    def _draw(self) -> None:
        self._live.update(self._picture(), refresh=True)

    def _picture(self) -> RenderableType:
        return picture(self._state, console=self._console)


def picture(state: LiveState, *, console: Console) -> RenderableType:
    """The whole screen, as high and wide as the console."""
    marks = marks_for(console.encoding)
    room = max(1, console.height - 1)
    if console.width >= WIDE_CELLS_PER_NATION * max(1, len(state.nations)):
        panels, used = _side_by_side(state, console, marks, room)
    else:
        panels, used = _stacked(state, console, marks, room)
    log = _log(state, marks, width=console.width, height=max(0, room - used))
    return Group(_header(state, marks, width=console.width), panels, log)


def _header(state: LiveState, marks: Marks, *, width: int) -> Text:
    setting = state.setting
    line = Text(no_wrap=True, overflow=marks.overflow)
    line.append(f" {setting.realm.banner} ", style=style.BANNER_STYLE)
    line.append(f"  {elapsed_text(state.now, setting.launched_at)}", style=style.CLOCK_STYLE)
    line.append(f"  {date_text(state.now)} {clock_text(state.now)}")
    line.append(
        f"  x{setting.speed:.3g}  {safe_text(setting.flight_id)}  {safe_text(setting.site)}"
    )
    line.truncate(width, overflow=marks.overflow)
    return line


def _stacked(
    state: LiveState, console: Console, marks: Marks, room: int
) -> tuple[RenderableType, int]:
    count = max(1, len(state.nations))
    log = max(LOWEST_LOG + 1, room // 5)
    height = max(1, (room - log) // count - 1)
    rows: list[Text] = []
    for nation in state.nations.values():
        title = Text.assemble(
            (marks.rule * 2, style.QUIET_STYLE), panel_title(nation, state.setting, marks)
        )
        rows.append(_ruled(title, marks, width=console.width))
        lines = _body(nation, state, console, marks, width=console.width, height=height)
        rows.extend([*lines, *[Text("")] * (height - len(lines))])
    return Group(*rows), len(rows)


def _side_by_side(
    state: LiveState, console: Console, marks: Marks, room: int
) -> tuple[RenderableType, int]:
    width = console.width // max(1, len(state.nations))
    height = max(3, min(HIGHEST_PANEL, room * 3 // 5))
    grid = Table.grid(expand=True)
    panels = []
    for nation in state.nations.values():
        grid.add_column(ratio=1)
        inside = height - FRAME_LINES
        lines = _body(nation, state, console, marks, width=width - 4, height=inside)
        panels.append(
            Panel(
                Group(*lines),
                title=panel_title(nation, state.setting, marks),
                height=height,
                title_align="left",
            )
        )
    grid.add_row(*panels)
    return grid, height


def _body(
    nation: NationState,
    state: LiveState,
    console: Console,
    marks: Marks,
    *,
    width: int,
    height: int,
) -> list[Text]:
    lines = panel_lines(
        nation,
        launched_at=state.setting.launched_at,
        now=state.now,
        marks=marks,
        height=height,
    )
    return fitted(lines, console=console, width=width, height=height)


def _log(state: LiveState, marks: Marks, *, width: int, height: int) -> Group:
    if height < 2:
        return Group()
    title = Text.assemble((marks.rule * 2, style.QUIET_STYLE), (" log ", style.TITLE_STYLE))
    lines = [
        Text(line, no_wrap=True, overflow=marks.overflow) for line in state.log[-(height - 1) :]
    ]
    for line in lines:
        line.truncate(width, overflow=marks.overflow)
    return Group(_ruled(title, marks, width=width), *lines)


def _ruled(title: Text, marks: Marks, *, width: int) -> Text:
    """The title, with a rule to the right edge."""
    title.truncate(width, overflow=marks.overflow)
    title.append(marks.rule * max(0, width - title.cell_len), style=style.QUIET_STYLE)
    return title
