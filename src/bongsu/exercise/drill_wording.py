"""What the text of a drill must say and must never say.

In 2018 an alert went out to a whole state because a drill script held live wording. So every
part of a script says EXERCISE, and no part may say, in any language of the federation, that
this is real. Letters alone are compared: case, spaces, line breaks, punctuation and invisible
characters hide nothing.
"""

import unicodedata
from typing import Final

from bongsu.vocabulary.errors import LocalMisuse

EXERCISE_MARK: Final = "EXERCISE"

LIVE_WORDINGS: Final = (
    "this is not a drill",
    "not a drill",
    "this is no drill",
    "not an exercise",
    "this is no exercise",
    "this is not a test",
    "not a test message",
    "this is real",
    "real world event",
    "훈련이 아닙니다",
    "훈련 아님",
    "연습이 아닙니다",
    "실제 상황",
    "訓練ではありません",
    "訓練ではない",
    "演習ではありません",
    "これは実際",
)


def letters_of(text: str) -> str:
    """Letters and digits alone, compatibility forms folded together, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", "".join(filter(str.isalnum, folded)))


_FORBIDDEN: Final = tuple((wording, letters_of(wording)) for wording in LIVE_WORDINGS)


def refuse_live_wording(text: str, *, where: str) -> None:
    """Raise LocalMisuse where a drill's text says that it is real."""
    letters = letters_of(text)
    for wording, forbidden in _FORBIDDEN:
        if forbidden in letters:
            raise LocalMisuse(
                f'{where} holds the live wording "{wording}"',
                remedy="Take it out, comments too: a drill never says that it is real.",
            )


def require_exercise_mark(text: str, *, where: str) -> None:
    """Raise LocalMisuse where a part of a drill's text does not say EXERCISE."""
    if EXERCISE_MARK not in text:
        raise LocalMisuse(
            f"{where} does not say {EXERCISE_MARK}",
            remedy=f'Write the word {EXERCISE_MARK} in it, for example "{EXERCISE_MARK} north".',
        )
