"""Text of others on our screens."""

from hypothesis import given
from hypothesis import strategies as st

from bongsu.console.safe_text import MAXIMUM_CHARACTERS, safe_text


@given(st.text(max_size=400))
def test_any_text_becomes_one_short_printable_line(text: str) -> None:
    shown = safe_text(text)
    assert len(shown) <= MAXIMUM_CHARACTERS
    assert shown.isprintable()


def test_escape_codes_and_direction_marks_lose_their_power() -> None:
    assert safe_text("KR\x1b[2J\u202eRK\n") == "KR?[2J?RK?"


def test_a_name_in_hangul_stays_as_it_is() -> None:
    assert safe_text("무평리") == "무평리"


def test_a_cut_text_says_that_it_was_cut() -> None:
    assert safe_text("a" * 20, maximum_characters=10) == "aaaaaaa..."
