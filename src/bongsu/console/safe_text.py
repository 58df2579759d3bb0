"""Text from records is somebody else's: made harmless before any screen shows it.

A control character can move a terminal's cursor, a direction mark can turn a line round.
Both become a question mark; a text that is too long is cut and says so.
"""

import unicodedata

MAXIMUM_CHARACTERS = 160
_CUT = "..."


def safe_text(text: str, *, maximum_characters: int = MAXIMUM_CHARACTERS) -> str:
    """One printable line of at most `maximum_characters`."""
    start = text[: maximum_characters + 1]
    line = "".join(_printable(character) for character in start)
    if len(line) <= maximum_characters:
        return line
    return line[: maximum_characters - len(_CUT)] + _CUT


def _printable(character: str) -> str:
    if character == " " or (character.isprintable() and not unicodedata.combining(character)):
        return character
    return "?"
