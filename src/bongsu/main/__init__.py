"""Composition root: the one room that knows every concrete class."""

import sys

from bongsu.main.program import bongsu
from bongsu.vocabulary.errors import BongsuError

EXIT_BAD_INPUT = 2


def run() -> None:
    """Run the `bongsu` program; bad input is one clear line and exit code 2."""
    try:
        bongsu(prog_name="bongsu")
    except BongsuError as error:
        sys.stderr.write(f"bongsu: {error}\n")
        sys.exit(EXIT_BAD_INPUT)
