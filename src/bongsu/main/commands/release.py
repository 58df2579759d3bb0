"""bongsu release: who would get what, before it goes."""

import json
from pathlib import Path

import click
import msgspec

from bongsu.console.answers.release import FilingSeen, PreviewSeen
from bongsu.main.filing_files import read_filing
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.main.release_tables import show_preview


@click.group()
def release() -> None:
    """Releases: who gets what of a record, and what he can tell from it."""


@release.command(epilog="Example: bongsu release preview 3f9ac1 --config kr/node.toml")
@click.argument("record")
@CONFIG
@JSON
def preview(record: str, config: Path, as_json: bool) -> None:
    """Show exactly who would get what of RECORD, by which way, by which rule, and when.

    RECORD is a record's id, the beginning of one, or a file to be filed with bongsu record
    state. Changes nothing. Ends with 1 where a withheld field can be told from released ones.
    """
    seen = _asked(record, config)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        show_preview(seen)
    if any(one.given_away for one in seen.readers):
        raise SystemExit(1)


def _asked(record: str, config: Path) -> PreviewSeen:
    file = Path(record)
    if file.is_file():
        return ask(config, "filing_preview", FilingSeen, **read_filing(file)).preview
    return ask(config, "release_preview", PreviewSeen, record=record.lower())
