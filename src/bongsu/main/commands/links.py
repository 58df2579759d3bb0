"""bongsu links: how each link of a running node is, and whether it keeps what was agreed."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.answers.links import (
    FIRST_EPOCH,
    ContractSeen,
    LinkSeen,
    LinksSeen,
)
from bongsu.console.measures import utc_text
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.shown_picture import Aspect
from bongsu.vocabulary.units import UtcNs

SHOWN_RECORDS = 5
SHOWN_DIFFERENCES = 8


@click.command(epilog="Example: bongsu links --config kr/node.toml")
@CONFIG
@JSON
def links(config: Path, as_json: bool) -> None:
    """Show how each link of a running node is.

    Sent and acknowledged count our entries to the partner; received and missing count its
    entries to us. Times run from our disk to a receipt that the partner signed. Where the
    partner's displays show something else than ours, that stands below. Ends with 1 when a link
    has a fault, its contract is broken, a warning has no receipt, or displays disagree.
    """
    seen = ask(config, "links", LinksSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)
    if any(link.troubles for link in seen.links):
        raise SystemExit(1)


def _show(seen: LinksSeen) -> None:
    console = Console()
    title = f"{seen.realm.banner}: links of {seen.node}"
    table = Table(title=title, title_justify="left")
    for heading in ("partner", "sent", "acknowledged", "received", "missing", "heard", "faults"):
        table.add_column(heading, overflow="fold")
    for link in seen.links:
        heard = "never" if link.heard_s_ago is None else f"{link.heard_s_ago:.1f} s ago"
        counts = (link.appended, link.acknowledged, link.stored)
        missing = max(0, link.claimed - link.stored)
        faults = "; ".join(link.faults) or "none"
        table.add_row(link.partner, *(f"{n:,}" for n in (*counts, missing)), heard, faults)
    console.print(table)
    _show_contracts(seen, console)
    for link in seen.links:
        _show_not_acknowledged(link)
        _show_displays(link)
    _show_epochs(seen)


def _show_contracts(seen: LinksSeen, console: Console) -> None:
    table = Table(title="What the partners' receipts say", title_justify="left")
    for heading in ("partner", "lane", "receipted", "overdue", "p50", "p99", "complete"):
        table.add_column(heading, overflow="fold")
    table.add_column("contract", overflow="fold")
    for link in seen.links:
        for name, lane in link.lanes.items():
            times = (_time(lane.p50_ms), _time(lane.p99_ms))
            counts = (f"{lane.receipted:,}", f"{lane.overdue:,}")
            complete = "-" if lane.completeness is None else f"{lane.completeness:.2%}"
            table.add_row(link.partner, name, *counts, *times, complete, lane.verdict)
        table.add_row(link.partner, "agreed", "", "", "", *_agreed(link.contract))
    console.print(table)


def _agreed(contract: ContractSeen) -> tuple[str, str, str]:
    """Latency, completeness and the verdict of the whole link."""
    verdict = contract.verdict
    if contract.broken_s is not None:
        verdict = f"BROKEN for {contract.broken_s:,.0f} s"
    if contract.agreed is None:
        return "-", "-", verdict
    agreed = contract.agreed
    return f"{agreed.latency_ms:,.0f} ms", f"{agreed.completeness:.2%}", verdict


def _show_not_acknowledged(link: LinkSeen) -> None:
    ids = [record_id[:16] for record_id in link.not_acknowledged]
    if ids:
        more = "" if len(ids) <= SHOWN_RECORDS else f" and {len(ids) - SHOWN_RECORDS} more"
        shown = ", ".join(ids[:SHOWN_RECORDS])
        click.echo(f"NOT ACKNOWLEDGED by {link.partner} for 10 s and more: {shown}{more}")


def _show_displays(link: LinkSeen) -> None:
    for seen in link.displays[:SHOWN_DIFFERENCES]:
        of = "" if seen.warning_id is None else f" of {safe_text(seen.warning_id)}"
        ours, theirs = (
            _instant(text) if seen.aspect == Aspect.TIME.value else text
            for text in (seen.ours, seen.theirs)
        )
        click.echo(
            f"DISPLAYS DISAGREE with {link.partner} about {seen.originator}:"
            f" {seen.aspect}{of}: {ours} here, {theirs} there"
        )
    if len(link.displays) > SHOWN_DIFFERENCES:
        click.echo(f"... and {len(link.displays) - SHOWN_DIFFERENCES} more with {link.partner}")


def _instant(text: str) -> str:
    """To the millisecond: less is no other time of launch for anybody who reads it."""
    if not text.isdecimal():
        return text
    at = int(text)
    return f"{utc_text(UtcNs(at))[:-1]}.{at // 1_000_000 % 1_000:03d}Z"


def _time(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else f"{milliseconds:,.1f} ms"


def _show_epochs(seen: LinksSeen) -> None:
    for link in seen.links:
        if link.epoch_from > FIRST_EPOCH:
            click.echo(
                f"{link.partner} began its feeds to us anew, epoch {link.epoch_from}:"
                " restored from a backup, or its key was in other hands."
            )
    epoch = max((link.epoch_to for link in seen.links), default=FIRST_EPOCH)
    if epoch > FIRST_EPOCH:
        click.echo(f"This node was restored from a backup: its own feeds are in epoch {epoch}.")
