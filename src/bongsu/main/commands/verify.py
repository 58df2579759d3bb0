"""`bongsu verify`: check a node's whole log offline."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bongsu.main.log_verification import verify_folder
from bongsu.main.settings import NodeSettings
from bongsu.records.verification import BadPart, VerificationReport

EXIT_NOT_VERIFIED = 1


@click.command(
    epilog="""\b
Examples:
  bongsu verify demo/kr
  bongsu verify --json /srv/bongsu/KR-1

Ends with 0 when everything verifies, 1 when something does not, 2 when it could not check.
"""
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print counts and the first bad part.")
def verify(folder: Path, as_json: bool) -> None:
    """Check every record, chain, head and receipt in the log of the node in FOLDER.

    FOLDER holds the node's settings (node.toml or node.json), which name its log and its
    trust folder. Nothing is changed; the node may be running. The first thing that does not
    verify is named with its place and byte.
    """
    settings, report = verify_folder(folder)
    if as_json:
        click.echo(json.dumps(_as_json(settings, report), indent=2))
    else:
        _show(settings, report)
    if not report.ok:
        raise SystemExit(EXIT_NOT_VERIFIED)


def _show(settings: NodeSettings, report: VerificationReport) -> None:
    table = Table(title=f"{settings.realm.banner}: the log of {settings.id}", title_justify="left")
    table.add_column("checked")
    table.add_column("number", justify="right")
    for name, number in report.counts.items():
        table.add_row(name, f"{number:,}")
    Console().print(table)
    if report.first_bad is None:
        click.echo("Everything verifies.")
        return
    click.echo(f"NOT VERIFIED: {report.bad} bad, the first one in {report.first_bad}")
    click.echo("Keep this log as evidence; restore a backup and let partners send what is missing.")


def _as_json(settings: NodeSettings, report: VerificationReport) -> dict[str, object]:
    return {
        "node": settings.id,
        "realm": settings.realm.value,
        "verified": report.ok,
        "counts": dict(report.counts),
        "bad": report.bad,
        "first_bad": None if report.first_bad is None else _place(report.first_bad),
    }


def _place(bad: BadPart) -> dict[str, object]:
    feed = bad.feed
    return {
        "where": bad.where,
        "feed": None
        if feed is None
        else {
            "sender": feed.sender,
            "reader": feed.reader,
            "lane": feed.lane.value,
            "epoch": feed.epoch,
        },
        "sequence": bad.sequence,
        "record_id": None if bad.record_id is None else bad.record_id.hex(),
        "part": bad.damage.part,
        "first_byte": bad.damage.start,
        "end_byte": bad.damage.end,
        "exact": bad.damage.exact,
        "reason": bad.damage.reason,
    }
