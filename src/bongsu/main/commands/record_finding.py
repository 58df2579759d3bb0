"""bongsu record find: which records a running node holds, the newest first."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.answers.records import FoundSeen, RecordsSeen
from bongsu.console.measures import utc_text
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NS_PER_S

SHORT_ID = 16
MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])


@click.command(epilog="Example: bongsu record find --kind launch_warning --config kr/node.toml")
@click.argument("text", required=False)
@CONFIG
@click.option("--kind", type=click.Choice([kind.value for kind in RecordKind]), help="Of one kind.")
@click.option("--of", "originator", metavar="NODE", help="Stated by that node.")
@click.option("--about", "subject", metavar="ID", help="Every version of that warning or notice.")
@click.option("--from", "begins", type=MOMENT, help="Stored at that time (UTC) or later.")
@click.option("--to", "ends", type=MOMENT, help="Stored before that time (UTC).")
@click.option("--recalled/--standing", default=None, help="Withdrawn ones alone, or the others.")
@click.option("--bulk", is_flag=True, help="Track updates and the like, too.")
@click.option("--before", type=int, metavar="PLACE", help="Go on where an answer stopped.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@JSON
def find(config: Path, as_json: bool, begins: datetime | None, ends: datetime | None,
         **asked: object) -> None:  # fmt: skip
    """Find records, the newest first; with TEXT, those in which it stands.

    Ends with 1 where none is found.
    """
    seen = ask(
        config, "records", RecordsSeen, stored_from=_instant(begins), stored_to=_instant(ends),
        **asked,
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)
    if not seen.records:
        raise SystemExit(1)


def _instant(at: datetime | None) -> int | None:
    return None if at is None else int(at.replace(tzinfo=UTC).timestamp()) * NS_PER_S


def _show(seen: RecordsSeen) -> None:
    table = Table(title=f"{seen.realm.banner}: records at {seen.node}", title_justify="left")
    for heading in ("stored", "record", "kind", "of", "about", ""):
        table.add_column(heading, overflow="fold")
    for one in seen.records:
        table.add_row(
            utc_text(one.stored_at),
            one.record_id[:SHORT_ID],
            one.kind,
            safe_text(one.originator),
            safe_text(one.subject or ""),
            safe_text(_remarks(one)),
        )
    Console().print(table)
    if not seen.complete:
        click.echo("The search stopped early: older records were not looked at.")
    if seen.next is not None:
        click.echo(f"Older ones: --before {seen.next}")


def _remarks(one: FoundSeen) -> str:
    version = "" if one.version is None else f"version {one.version}"
    return "; ".join(
        filter(
            None,
            (
                "RECALLED" if one.recalled else "",
                one.fault or "",
                " ".join(filter(None, (version, one.action))),
                f"withheld: {', '.join(one.withheld)}" if one.withheld else "",
                "" if one.excerpt is None else f"{one.excerpt.field}: {one.excerpt.text}",
            ),
        )
    )
