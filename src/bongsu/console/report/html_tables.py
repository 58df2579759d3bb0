"""Result tables on the page."""

from collections.abc import Iterable

from bongsu.console.comparison_tables import comparison_tables
from bongsu.console.demo_report import DemoReport
from bongsu.console.html_text import Html, element, joined
from bongsu.console.result_tables import NO_FIGURE, ResultTable


def html_table(table: ResultTable, *, headed: bool = True) -> Html | None:
    """Heading, table and note; None where there is no row."""
    if not table.rows:
        return None
    body = element("tbody", *_rows(table))
    note = element("p", table.note, class_="small") if table.note else None
    return element(
        "section",
        element("h3", table.title) if headed else None,
        _scrolled(table.title, element("table", _head(table), body)),
        note,
        class_="table",
    )


def comparison_table(report: DemoReport) -> Html | None:
    """Every quantity in one table: a group of rows each, a column per moment."""
    tables = comparison_tables(report)
    if not tables:
        return None
    bodies = [
        element(
            "tbody",
            element(
                "tr",
                element("th", *_parted(table.title), colspan=len(table.columns), scope="rowgroup"),
                class_="group",
            ),
            *_rows(table),
        )
        for table in tables
    ]
    label = "Truth, published figures and estimates"
    whole = element("table", _head(tables[0]), *bodies, class_="comparison")
    return _scrolled(label, whole)


def _parted(title: str) -> Iterable[Html]:
    name, _, rest = title.partition(": ")
    yield element("b", name)
    yield element("span", f" {rest}", class_="light")


def _scrolled(label: str, table: Html) -> Html:
    """A wide table scrolls in a region of its own that the keyboard can reach."""
    return element("div", table, class_="scroll", role="region", aria_label=label, tabindex=0)


def _head(table: ResultTable) -> Html:
    cells = (
        element("th", column or "nation", scope="col", class_=_class(table, number))
        for number, column in enumerate(table.columns)
    )
    return element("thead", element("tr", *cells))


def _rows(table: ResultTable) -> Iterable[Html]:
    for number, row in enumerate(table.rows):
        cells = [
            element(
                "th" if column == 0 else "td",
                _cell(_typeset(cell) if column in table.numeric else cell),
                scope="row" if column == 0 else None,
                class_=_class(table, column),
            )
            for column, cell in enumerate(row)
        ]
        yield element("tr", *cells, class_="alarm" if number in table.alarm_rows else None)


def _typeset(figure: str) -> str:
    """A terminal's signs as a page's."""
    return figure.replace("+-", "± ").replace(" x ", " × ").replace("off -", "off −")


def _cell(cell: str) -> Html:
    if cell == NO_FIGURE:
        return element("span", "–", class_="none", title="no figure")
    first, *others = cell.split("\n")
    return joined((first, *(element("span", line, class_="under") for line in others)))


def _class(table: ResultTable, column: int) -> str | None:
    return "number" if column in table.numeric else None
