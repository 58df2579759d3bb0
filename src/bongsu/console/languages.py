"""Languages of people: one catalogue of words for each, with the same keys and placeholders.

Numbers, places, times and identifiers are made once and put into the words of any language, so
that one coded event says the same in all of them.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

MAXIMUM_HEADER: Final = 200
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


class Language(Enum):
    """By its tag, as it stands in `<html lang>`."""

    ENGLISH = "en"
    KOREAN = "ko"
    JAPANESE = "ja"

    __hash__ = object.__hash__  # as members are compared; `Enum` hashes their names, in Python


def say(language: Language, key: str, /, **values: object) -> str:
    """The catalogue's text for `key`, its placeholders filled in.

    What stands in a value is never looked at again. Raises KeyError for a key or a placeholder
    that is not there.
    """
    return catalogue(language)[key].format_map(values)


def translated(language: Language, part: str, text: str) -> str:
    """A text that our own code states in English, in another language; `part` begins its keys.

    It is found by the English catalogue: what is not there is somebody's own words, and stays.
    """
    for key, pattern in _patterns(part):
        found = pattern.fullmatch(text)
        if found is not None:
            return say(language, key, **found.groupdict())
    return text


def language_named(tag: str | None) -> Language | None:
    """The language of a tag; None where it is none of ours."""
    return next((one for one in Language if one.value == tag), None)


def preferred(accepted: str) -> Language:
    """What a browser's `Accept-Language` asks for first among ours; otherwise English."""
    weighed: list[tuple[float, Language]] = []
    for part in accepted[:MAXIMUM_HEADER].split(","):
        tag, _, parameters = part.strip().partition(";")
        language = language_named(tag.strip().partition("-")[0].lower())
        if language is not None:
            weighed.append((_weight(parameters), language))
    weight, best = max(weighed, key=lambda pair: pair[0], default=(0.0, Language.ENGLISH))
    return best if weight > 0.0 else Language.ENGLISH


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Every text of a language by its key."""
    path = files("bongsu.console").joinpath(f"data/words/{language.value}.json")
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


@cache
def _patterns(part: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = catalogue(Language.ENGLISH).items()
    return tuple((key, _pattern(text)) for key, text in found if key.startswith(f"{part}."))


def _pattern(text: str) -> re.Pattern[str]:
    """What the text may be once its placeholders are filled in."""
    pieces = PLACEHOLDER.split(text)
    return re.compile(
        "".join(
            f"(?P<{piece}>.+)" if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces)
        )
    )


def _weight(parameters: str) -> float:
    """The quality of a language range: 1 where none is given, 0 where it is no number."""
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    return float(value) if name == "q" and re.fullmatch(r"[01](\.\d{0,3})?", value) else 0.0
