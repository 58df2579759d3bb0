"""Pieces that the pages about log and node are made of."""

from collections.abc import Iterable, Sequence
from typing import Final

from bongsu.console.html_text import Child, Html, element
from bongsu.console.languages import Language, say
from bongsu.console.web.watch_page import banner_line, navigation, page
from bongsu.vocabulary.errors import BongsuError

SCRIPT: Final = "/live.js"
SHOWN_AT_ONCE: Final = 300  # characters of a long text that are seen before somebody asks for more
PIECE: Final = 1_000
MAXIMUM_SHOWN: Final = 64_000
LINE_END: Final = " ↵ "


def whole_page(
    language: Language,
    banner: str,
    here: str,
    title: str,
    part: Html,
    *,
    before: Html | None,
    every_ms: int,
    **values: object,
) -> str:
    """A page whose part `#live` its script asks for again; what stands before it stays."""
    name = say(language, title, **values)
    live = element("div", part, id="live", data_every=every_ms)
    main = element("main", element("h1", name), before or Html(""), live)
    return page(
        banner, f"{name} · Bongsu", banner_line(banner, "", language),
        navigation(here, language), main,
        script=SCRIPT, language=language,
    )  # fmt: skip


def no_picture(language: Language, error: BongsuError) -> Html:
    """Why there is nothing to show, and what to do."""
    words = say(language, "no_picture", what=error.what, remedy=error.remedy)
    return element("p", words, id="line", role="alert")


def table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[Child]], *, id_: str
) -> Html:
    """The first cell of each row names it."""
    head = element("tr", *(element("th", text, scope="col") for text in headings))
    body = (
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(element("td", cell) for cell in row[1:]),
        )
        for row in rows
    )
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", head),
            element("tbody", *body),
            id=id_,
        ),
        class_="wide",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def marked(text: str, *, is_well: bool) -> Html:
    """Said with a shape, too: colour alone is no sign."""
    sign = "✓" if is_well else "▲"
    return element("span", f"{sign} {text}", class_="good" if is_well else "bad")


def long_text(language: Language, text: str, *, id_: str) -> Html:
    """A text of any length: its beginning, the rest behind a word, and no more than is bearable."""
    text = LINE_END.join(text[: MAXIMUM_SHOWN + 1].splitlines())
    if len(text) <= SHOWN_AT_ONCE:
        return element("span", text)
    shown = text[:MAXIMUM_SHOWN]
    pieces = (shown[at : at + PIECE] for at in range(0, len(shown), PIECE))
    return element(
        "div",
        element("span", f"{text[:SHOWN_AT_ONCE]} ..."),
        element(
            "details",
            element("summary", say(language, "record.rest", count=f"{len(text):,}")),
            *(element("span", piece) for piece in pieces),
            element("b", f" {say(language, 'record.cut')}") if len(text) > len(shown) else None,
            id=id_,
        ),
    )
