"""How a scenario is refused: the path in its text, what is wrong there, and how to mend it."""

import re
from typing import Final

from bongsu.vocabulary.errors import LocalMisuse

FORMAT_REMEDY: Final = "Correct it: docs/scenarios.md gives every field, its unit and its bounds."
MAXIMUM_SHOWN_CHARACTERS: Final = 160

_MISSING_OR_UNKNOWN = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.S)
_WORDS: Final = {
    "Expected `float | null`": "must be a number",
    "Expected `str | null`": "must be a text",
    "Expected `float`": "must be a number",
    "Expected `int`": "must be a whole number",
    "Expected `str`": "must be a text",
    "Expected `bool`": "must be true or false",
    "Expected `array`": "must be a list",
    "Expected `object`": "must be a table",
}


def refused(path: str, what: str, *, remedy: str = FORMAT_REMEDY) -> LocalMisuse:
    """The one form of every refusal of a scenario."""
    return LocalMisuse(f"Scenario: {path} {what}", remedy=remedy)


def refusal_of(message: str) -> LocalMisuse:
    """msgspec's sentence about a value, said as path and fault."""
    what, _, where = message.partition(" - at `$.")
    path = where.rstrip("`")
    named = _MISSING_OR_UNKNOWN.fullmatch(what)
    if named:
        full = shown(f"{path}.{named[2]}".lstrip("."))
        if named[1] == "missing required":
            return refused(full, "is missing")
        return refused(full, "is no field of this table")
    for theirs, ours in _WORDS.items():
        what = what.replace(theirs, ours)
    return refused(shown(path) or "text", shown(what))


def shown(text: str) -> str:
    """Text of a stranger on one line of bounded length, without control characters."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    if len(printable) <= MAXIMUM_SHOWN_CHARACTERS:
        return printable
    return printable[: MAXIMUM_SHOWN_CHARACTERS - 3] + "..."
