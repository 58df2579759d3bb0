"""Markup that keeps text text."""

from html.parser import HTMLParser
from math import inf, nan

from hypothesis import given
from hypothesis import strategies as st

from bongsu.console.html_text import Html, element, joined, number_text


class Reader(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: Html) -> Reader:
    reader = Reader()
    reader.feed(html.markup)
    reader.close()
    return reader


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_can_become_an_element_or_leave_its_attribute(text: str, value: str) -> None:
    seen = read(element("p", text, title=value))
    assert seen.tags == ["p"]
    assert [name for name, _ in seen.attributes] == ["title"]
    assert len(seen.text) == len(text)


def test_a_script_in_a_name_stays_a_name() -> None:
    seen = read(element("p", "<script>alert(1)</script>", title='"><img onerror=x>'))
    assert seen.tags == ["p"]
    assert seen.text == "<script>alert(1)</script>"
    assert seen.attributes == [("title", '"><img onerror=x>')]


def test_only_markup_of_our_own_stands_as_markup() -> None:
    assert element("b", Html("<i>x</i>"), "<i>").markup == "<b><i>x</i>&lt;i&gt;</b>"


def test_attribute_names_lose_the_underscore() -> None:
    made = element("g", class_="a", aria_label="b", d=Html("M0 0"), x=None, tabindex=0)
    assert made.markup == '<g class="a" aria-label="b" d="M0 0" tabindex="0"></g>'


def test_elements_without_contents_are_not_closed() -> None:
    assert element("br").markup == "<br>"


def test_children_are_joined_and_none_is_left_out() -> None:
    assert joined(["a", None, 3, 2.5], separator=", ").markup == "a, 3, 2.5"


def test_a_coordinate_is_always_a_number() -> None:
    assert number_text(1.0) == "1"
    assert number_text(-0.001) in ("0", "-0")
    assert number_text(12.345) in ("12.34", "12.35")
    for broken in (nan, inf, -inf, 1e30):
        assert number_text(broken) == "0"
