import pytest
from tests.exercise.made_up import PUBLISHED, SCENARIO

from bongsu.exercise.drill_wording import LIVE_WORDINGS, refuse_live_wording
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.vocabulary.errors import LocalMisuse


def test_q12_a_scenario_that_does_not_say_exercise_is_refused() -> None:
    text = SCENARIO.replace("EXERCISE small", "small")
    with pytest.raises(LocalMisuse, match="name does not say EXERCISE"):
        parse_scenario(text, published=PUBLISHED)


@pytest.mark.parametrize("wording", LIVE_WORDINGS)
def test_q12_a_scenario_that_holds_live_wording_is_refused_even_in_a_comment(wording: str) -> None:
    with pytest.raises(LocalMisuse, match="live wording"):
        parse_scenario(f"# {wording}\n{SCENARIO}", published=PUBLISHED)


@pytest.mark.parametrize(
    "text",
    [
        "EXERCISE EXERCISE EXERCISE. This is NOT a drill!",
        "this is not\n# a drill",
        "T H I S   I S   N O T   A   D R I L L",
        "this is n\u200bot a dr\u00adill",
        "ｔｈｉｓ ｉｓ ｎｏｔ ａ ｄｒｉｌｌ",
        "이것은  훈련이   아닙니다.",
    ],
)
def test_q12_live_wording_cannot_be_hidden_by_case_spaces_or_invisible_letters(text: str) -> None:
    with pytest.raises(LocalMisuse, match="live wording"):
        refuse_live_wording(text, where="The script")


def test_q12_live_wording_cannot_be_hidden_by_escapes() -> None:
    text = SCENARIO.replace('name = "Seoul"', 'name = "This is n\\u006ft a drill"')
    with pytest.raises(LocalMisuse, match=r"places\[0\].name holds the live wording"):
        parse_scenario(text, published=PUBLISHED)


def test_a_drill_may_say_that_it_is_a_drill() -> None:
    refuse_live_wording("EXERCISE. This is a drill, and only a drill.", where="The script")
