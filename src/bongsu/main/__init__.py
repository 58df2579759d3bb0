"""Composition root: the one room that knows every concrete class."""

import sys

import click

from bongsu.main.program import bongsu
from bongsu.vocabulary.errors import BongsuError

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


def run() -> None:
    """Run the `bongsu` program; bad input is one clear line and exit code 2."""
    try:
        code = bongsu(prog_name="bongsu", standalone_mode=False)
    except BongsuError as error:
        _end(str(error), EXIT_BAD_INPUT)
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(EXIT_BAD_INPUT)
    except click.ClickException as error:
        _end(f"{error.format_message()} {_see(error)}", error.exit_code)
    except click.Abort:
        _end("interrupted", EXIT_INTERRUPTED)
    if isinstance(code, int):
        sys.exit(code)


def _see(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"See: {context.command_path if context else 'bongsu'} --help"


def _end(text: str, code: int) -> None:
    sys.stderr.write(f"bongsu: {' '.join(text.split())}\n")
    sys.exit(code)
