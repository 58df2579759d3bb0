"""Telltales: marks inside made-up values, found again as bytes wherever they went.

A leak is a value that a nation holds and may not. To find one without asking the code that
decides on releases, each value that can be withheld carries whose it is and which field it
belongs to, in its own bytes: a text has a word in it, both numbers of a place have it in their
last five bytes, and every salt of a disclosure begins with eight bytes of its own. Chance writes
none of these.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from bongsu.exercise.federation_plan import NATIONS
from bongsu.vocabulary.units import NationId

WORD = b"TLTL"
NUMBER = b"\x9dTL\xf7"
SALT = b"\xd8TLSALT\x1b"  # and then eight bytes that no other salt has
SALT_REST_BYTES = 8

_RESTS = re.compile(re.escape(SALT) + rb"(?=(.{0,%d}))" % SALT_REST_BYTES, re.DOTALL)
_FROM_NUMBER_TO_NUMBER = 9  # eight bytes, and one that says that eight follow

_LETTERS = {"track_id": "T", "sensors": "S", "caveats": "C"}
_FIELDS = {letter: field for field, letter in _LETTERS.items()}
_REST_OF_WORD = re.compile(rb"([A-Z]{2})([TSC])([0-9]{4})")


class Telltale(NamedTuple):
    """A value of one field, whose it is, and the number of its flight (0 where not known)."""

    field: str
    nation: NationId
    number: int


def as_text(telltale: Telltale) -> str:
    """A word of capital letters and digits, eleven long."""
    return f"TLTL{telltale.nation}{_LETTERS[telltale.field]}{telltale.number:04d}"


def in_number(telltale: Telltale, value: float) -> float:
    """About the same number (within 0.05 %), whose last bytes tell whose launch estimate it is."""
    first = struct.pack(">d", value)[:3]
    last = bytes([NATIONS.index(telltale.nation)]) + NUMBER
    marked: float = struct.unpack(">d", first + last)[0]
    return marked


def values_in(data: bytes) -> Iterator[Telltale]:
    """Every marked value that stands in `data`, however it is wrapped."""
    for at in _places(data, WORD):
        found = _REST_OF_WORD.match(data, at + len(WORD))
        if found is not None:
            nation, letter, number = found.groups()
            yield Telltale(_FIELDS[letter.decode()], NationId(nation.decode()), int(number))
    for at in _places(data, NUMBER):
        following = at + _FROM_NUMBER_TO_NUMBER
        is_pair = data[following : following + len(NUMBER)] == NUMBER
        if at > 0 and is_pair and data[at - 1] < len(NATIONS):
            yield Telltale("launch", NATIONS[data[at - 1]], 0)


def salts_in(data: bytes) -> list[bytes]:
    """The rest of every marked salt that stands in `data`."""
    return _RESTS.findall(data)


def is_clean(data: bytes) -> bool:
    """Whether nothing in `data` even looks like a mark: quick, and sure where it says yes."""
    return SALT not in data and WORD not in data and NUMBER not in data


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)
