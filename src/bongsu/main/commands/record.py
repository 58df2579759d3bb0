"""bongsu record: find records; look at one; state what a person files."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bongsu.console.answers.release import FilingSeen, RecordSeen
from bongsu.console.measures import utc_text
from bongsu.console.record_words import field_lines
from bongsu.console.safe_text import safe_text
from bongsu.main.commands.record_finding import find
from bongsu.main.filing_files import read_filing
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.main.release_tables import show_preview
from bongsu.records.filed_kinds import MAXIMUM_TEXT


@click.group()
def record() -> None:
    """Records: find some, look at one, or file a launch notice or an intelligence report."""


record.add_command(find)


@record.command(epilog="Example: bongsu record state notice.toml --config kr/node.toml")
@click.argument("file", type=click.Path(path_type=Path))
@CONFIG
@click.option("--yes", is_flag=True, help="State it without asking.")
@JSON
def state(file: Path, config: Path, yes: bool, as_json: bool) -> None:
    """State what FILE files, a launch notice or an intelligence report, as a record.

    It is checked against its kind's form and shown first, with who gets what of it. What is
    stated stays: a mistake is corrected by an amendment or a withdrawal.
    """
    filing = read_filing(file)
    if not yes:
        before = ask(config, "filing_preview", FilingSeen, **filing)
        _show_stated(before)
        show_preview(before.preview)
        click.confirm("State it?", abort=True)
    seen = ask(config, "filing_state", FilingSeen, **filing)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
        return
    click.echo(f"{seen.preview.realm.banner}: stated as record {seen.record_id}")
    for reader in seen.preview.readers:
        click.echo(f"  {reader.reader}: {', '.join(reader.fields) or 'nothing'}")


@record.command(epilog="Example: bongsu record show 3f9ac1 --config kr/node.toml")
@click.argument("record_id", metavar="ID")
@CONFIG
@JSON
def show(record_id: str, config: Path, as_json: bool) -> None:
    """Show one record: its signature, fields, who has it, every version of its subject.

    ID may be the beginning of a record's id. Ends with 1 where its origin doesn't verify.
    """
    seen = ask(config, "record_show", RecordSeen, record=record_id.lower())
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)
    if seen.signature.startswith("does not verify"):
        raise SystemExit(1)


def _show_stated(seen: FilingSeen) -> None:
    _fields_table(f"{seen.preview.realm.banner}: to be stated", seen.stated)


def _show(seen: RecordSeen) -> None:
    click.echo(f"{seen.realm.banner}: {seen.kind} {seen.record_id}")
    click.echo(f"of {seen.originator}, stated for {utc_text(seen.created_at)}; {seen.signature}")
    if seen.recalled is not None:
        click.echo(f"RECALLED: {safe_text(seen.recalled)}")
    _fields_table("Fields", seen.fields)
    if seen.withheld:
        click.echo(f"Withheld from us: {', '.join(seen.withheld)}")
    if seen.unknown:
        click.echo(f"Of a later version, not read: {safe_text(', '.join(seen.unknown))}")
    if seen.received_from:
        click.echo(f"Received from: {', '.join(seen.received_from)}")
    for sent in seen.sent_to:
        state_ = "on its disk" if sent.acknowledged else "not acknowledged"
        click.echo(f"Sent to {sent.reader}, {state_}: {', '.join(sent.fields) or 'let go'}")
    for version in seen.history:
        here = " (this one)" if version.record_id == seen.record_id else ""
        here += " RECALLED" if version.recalled else ""
        number = "" if version.version is None else f" version {version.version}"
        click.echo(
            f"{utc_text(version.created_at)} {version.kind}{number} {version.action or ''}"
            f" of {version.originator}: {version.record_id[:16]}{here}"
        )


def _fields_table(title: str, fields: dict[str, object]) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("field", overflow="fold")
    table.add_column("value", overflow="fold")
    for name, text in field_lines(fields):
        lines = [safe_text(line, maximum_characters=MAXIMUM_TEXT) for line in text.splitlines()]
        table.add_row(name, Text("\n".join(lines)))
    Console().print(table)
