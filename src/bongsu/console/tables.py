"""The demo's final tables on a terminal or in a pipe."""

from collections.abc import Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bongsu.console import marks as style
from bongsu.console.comparison_tables import comparison_tables
from bongsu.console.demo_report import DemoReport
from bongsu.console.result_tables import (
    ResultTable,
    delay_table,
    feed_table,
    place_table,
    refused_table,
    verification_table,
    withheld_table,
)
from bongsu.console.safe_text import safe_text

MADE_UP = (
    "The truth and all sensors are made up. Published apogee and range are inputs of the truth; "
    "the flight time is compared with the published one. Ellipses are semi-axes at 95 %, "
    "+- is one standard deviation, 'off' is the distance or difference from the truth."
)


def final_tables(report: DemoReport) -> Iterator[RenderableType]:
    """Everything the demo says at its end, in order."""
    yield _heading(report)
    for table in comparison_tables(report):
        yield _rich(table, gap=0)
    for table in (delay_table(report), feed_table(report)):
        yield _rich(table)
    for table in (place_table(report), withheld_table(report), refused_table(report)):
        if table.rows:
            yield _rich(table)
    yield _rich(verification_table(report))


def print_tables(report: DemoReport, *, console: Console) -> None:
    """The same, printed."""
    for part in final_tables(report):
        console.print(part)


def _heading(report: DemoReport) -> Text:
    flight = report.flight
    return Text.assemble(
        (f" {report.banner} ", style.BANNER_STYLE),
        (f"  flight {safe_text(flight.id)}, {safe_text(flight.site)}\n", style.TITLE_STYLE),
        MADE_UP,
        "\n",
    )


def _rich(table: ResultTable, *, gap: int = 1) -> RenderableType:
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, gap, 0, 0), pad_edge=False, show_edge=False)
    for number, column in enumerate(table.columns):
        shown.add_column(Text(column), justify="right" if number in table.numeric else "left")
    for number, row in enumerate(table.rows):
        row_style = style.ALARM_STYLE if number in table.alarm_rows else ""
        shown.add_row(*(Text(cell) for cell in row), style=row_style)
    parts: list[RenderableType] = [Text(table.title, style=style.TITLE_STYLE), shown]
    return Group(*parts, *([Text(table.note)] if table.note else []), Text(""))
