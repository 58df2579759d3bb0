"""Coverage-guided fuzzing of every decoder of bytes from outside.

    python -m fuzz.fuzz_decoder NEW_INPUTS fuzz/corpus/decoder -runs=20000

An input begins with two bytes that choose the decoder (`fuzz/readers.py`). Two things must hold:
nothing but PeerViolation leaves a decoder, and what is accepted is written again as the same bytes.
"""

import sys

import atheris

with atheris.instrument_imports(include=["bongsu"]):
    from fuzz.readers import SELECTOR_BYTES, Reader, readers

    READERS = readers()  # here, because it imports what it finds

from fuzz.refusals import Refusals

from bongsu.vocabulary.errors import PeerViolation

ALL = tuple(READERS.values())
REFUSALS = Refusals()


def take(data: bytes) -> None:
    """One input; an exception that leaves here is a finding."""
    reader, given = _chosen(data[:SELECTOR_BYTES]), data[SELECTOR_BYTES:]
    try:
        written = reader.rewrite(given)
    except PeerViolation as refused:
        REFUSALS.met(reader.name, refused)
        return
    if written != given:
        raise AssertionError(f"a {reader.name} has two forms: {given.hex()}")


def _chosen(selector: bytes) -> Reader:
    """What no reader has as its own still chooses one: no input is wasted."""
    return READERS.get(selector) or ALL[int.from_bytes(selector, "big") % len(ALL)]


def main() -> None:
    """Hand over to libFuzzer, which reads the other arguments and ends the process."""
    atheris.Setup(sys.argv, take)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
