"""HTML and SVG put together so that text stays text.

Only `Html` counts as markup. Every other value is escaped wherever it stands, as content
or inside an attribute, so that a hostile name in a record can never become an element.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from bongsu.console.safe_text import safe_text

MAXIMUM_TEXT = 2_000
_VOID = frozenset({"meta", "br", "hr", "img", "input"})


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that was made by this module, or written by hand in this package."""

    markup: str


Child = Html | str | int | float | None
Attribute = Html | str | int | float | None


def element(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """`<name attributes>children</name>`; attributes that are None are left out.

    A trailing underscore of an attribute's name is dropped and others become hyphens:
    `class_="a"`, `aria_label="b"`. A value that is `Html` stands as it is.
    """
    opened = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in _VOID:
        return Html(opened)
    return Html(f"{opened}{joined(children).markup}</{name}>")


def joined(children: Iterable[Child], separator: str = "") -> Html:
    """The children one after the other."""
    return Html(separator.join(_markup(child) for child in children if child is not None))


def number_text(value: float) -> str:
    """A coordinate with at most two decimals; never "nan"."""
    if not abs(value) < 1e9:
        return "0"
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _markup(child: Child) -> str:
    if isinstance(child, Html):
        return child.markup
    return escape(_text(child))


def _attribute(key: str, value: Attribute) -> str:
    if value is None:
        return ""
    if isinstance(value, Html):
        return f' {key.rstrip("_").replace("_", "-")}="{value.markup}"'
    return f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value), quote=True)}"'


def _text(value: str | int | float | None) -> str:
    if isinstance(value, float):
        return number_text(value)
    return safe_text(str(value), maximum_characters=MAXIMUM_TEXT)
