"""bongsu disk: what a running node's log takes, and until when its disk has room."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.answers.disk import DiskSeen
from bongsu.main.node_control import CONFIG, JSON, ask


@click.command(epilog="Example: bongsu disk --config kr/node.toml")
@CONFIG
@JSON
def disk(config: Path, as_json: bool) -> None:
    """Show what a running node's log takes, how fast it grows, and how long there is room.

    Growth is measured while the node runs, over the last day at most; a forecast needs an hour.
    Ends with 1 when less than a week or less than 1 GiB is left.
    """
    seen = ask(config, "disk", DiskSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)
    if seen.low:
        raise SystemExit(1)


def _show(seen: DiskSeen) -> None:
    table = Table(title=f"{seen.realm.banner}: the log of {seen.node}", title_justify="left")
    table.add_column("what")
    table.add_column("value", justify="right")
    table.add_row("the log takes", _size(seen.bytes_used))
    table.add_row("its disk has left", _size(seen.bytes_free))
    table.add_row("growth a day", _size(seen.bytes_a_day))
    days = seen.days_left
    table.add_row("room for", "not known yet" if days is None else f"{days:,.0f} days")
    Console().print(table)
    if seen.low:
        click.echo("LOW: let old content go with 'bongsu archive write', or give it a larger disk.")


def _size(size: float | None) -> str:
    return "not known" if size is None else f"{size / 1e6:,.1f} MB"
