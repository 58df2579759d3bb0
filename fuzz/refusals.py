"""A second signal for the fuzzers: what a decoder in C said, as if it were a branch of ours.

Coverage is counted in Python alone. msgspec decodes in C, and the words of its refusal tell how
deep into a structure an input came ("... at `$[3][1]`"). Each of them counts as a place reached.
"""

import re
import zlib

import atheris
import msgspec

from bongsu.vocabulary.errors import BongsuError

PLACES = 4_096
_FIGURES = re.compile(r"\d+|['\"].*|field `.*")  # what was given, of one refusal: no news
_FAR = re.compile(r"\[\d{2,}\]")  # the hundredth item is decoded as the tenth


class Refusals:
    """Tells the fuzzer which refusal it met."""

    def __init__(self) -> None:
        self._first = atheris._reserve_counter()
        for _ in range(PLACES - 1):
            atheris._reserve_counter()

    def met(self, reader: str, refused: BongsuError) -> None:
        """What our own code refused is seen without this."""
        cause = refused.__cause__
        if not isinstance(cause, msgspec.MsgspecError):
            return
        words, _, path = str(cause).partition(" - at ")
        said = f"{reader}: {_FIGURES.sub('_', words)} {_FAR.sub('[N]', path)}"
        atheris._trace_branch(self._first + zlib.crc32(said.encode()) % PLACES)
