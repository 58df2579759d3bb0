"""bongsu links: how each link of a running node is."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.realm import Realm

FIRST_EPOCH = 1


class LinkSeen(msgspec.Struct, frozen=True, kw_only=True):
    partner: str
    appended: int
    acknowledged: int
    stored: int
    claimed: int
    heard_s_ago: float | None
    epoch_to: int = FIRST_EPOCH
    epoch_from: int = FIRST_EPOCH
    faults: tuple[str, ...]


class LinksSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    links: tuple[LinkSeen, ...]


@click.command(epilog="Example: bongsu links --config kr/node.toml")
@CONFIG
@JSON
def links(config: Path, as_json: bool) -> None:
    """Show how each link of a running node is.

    Sent and acknowledged count our entries to the partner; received and missing count its
    entries to us. Ends with 1 when a link has a fault.
    """
    seen = ask(config, "links", LinksSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)
    if any(link.faults for link in seen.links):
        raise SystemExit(1)


def _show(seen: LinksSeen) -> None:
    table = Table(title=f"{seen.realm.banner}: links of {seen.node}", title_justify="left")
    for heading in ("partner", "sent", "acknowledged", "received", "missing", "heard", "faults"):
        table.add_column(heading, overflow="fold")
    for link in seen.links:
        heard = "never" if link.heard_s_ago is None else f"{link.heard_s_ago:.1f} s ago"
        counts = (link.appended, link.acknowledged, link.stored)
        missing = max(0, link.claimed - link.stored)
        faults = "; ".join(link.faults) or "none"
        table.add_row(link.partner, *(f"{n:,}" for n in (*counts, missing)), heard, faults)
    Console().print(table)
    for link in seen.links:
        if link.epoch_from > FIRST_EPOCH:
            click.echo(
                f"{link.partner} began its feeds to us anew, epoch {link.epoch_from}:"
                " restored from a backup, or its key was in other hands."
            )
    epoch = max((link.epoch_to for link in seen.links), default=FIRST_EPOCH)
    if epoch > FIRST_EPOCH:
        click.echo(f"This node was restored from a backup: its own feeds are in epoch {epoch}.")
