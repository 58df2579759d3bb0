"""bongsu shift: who has the watch, and what is handed over."""

import json
from pathlib import Path

import click
import msgspec

from bongsu.console.answers.alarms import ChangeSeen, EntrySeen, EntryStored, HandoverSeen
from bongsu.console.answers.warnings import headline, open_threats
from bongsu.console.measures import clock_text, date_text
from bongsu.console.safe_text import safe_text
from bongsu.main.commands.alarms import AS
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.units import UtcNs

NOTE = click.option("--note", default="", help="What the next shift should know.")


@click.group()
def shift() -> None:
    """Who has the watch at a node; what one shift hands over to the next."""


@shift.command(epilog='Example: bongsu shift begin --as "Kim" --config kr/node.toml')
@AS
@NOTE
@CONFIG
@JSON
def begin(who: str, note: str, config: Path, as_json: bool) -> None:
    """Take the watch; it is signed into the node's log."""
    _change("begin", who, note, config, as_json)


@shift.command(epilog='Example: bongsu shift end --as "Kim" --note "quiet" --config kr/node.toml')
@AS
@NOTE
@CONFIG
@JSON
def end(who: str, note: str, config: Path, as_json: bool) -> None:
    """Give the watch up."""
    _change("end", who, note, config, as_json)


@shift.command(epilog="Example: bongsu shift handover --config kr/node.toml")
@click.option("--since", type=int, help="Nanoseconds UTC; else since the last shift began.")
@CONFIG
@JSON
def handover(since: int | None, config: Path, as_json: bool) -> None:
    """Show what is open, what changed since, what was acknowledged and silenced, and by whom."""
    seen = ask(config, "handover", HandoverSeen, since=since)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
        return
    threats = open_threats(ask(config, "warnings", dict))
    click.echo(f"{seen.realm.banner}: handover of {safe_text(seen.node)} at {_at(seen.at)}")
    click.echo(headline(threats, now=threats.at))
    click.echo("\n".join(_lines(seen)))


def _change(action: str, who: str, note: str, config: Path, as_json: bool) -> None:
    stored = ask(config, "shift_change", EntryStored, action=action, who=who, note=note)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(stored), indent=2))
    else:
        word = "begins" if action == "begin" else "ends"
        click.echo(f"the shift of {safe_text(stored.who)} {word} at {_at(stored.at)}")


def _lines(seen: HandoverSeen) -> list[str]:
    since = "all that is kept" if seen.since == 0 else f"since {_at(seen.since)}"
    cut = "" if seen.changed_complete else " (the newest; more stand in the log)"
    parts = {
        "predicted to fall next": [f"{_at(one.impact_at)} {one.warning_id}" for one in seen.next],
        "in trouble": [f"{one.kind.value}: {one.source}: {one.about}" for one in seen.troubles],
        f"changed, {since}{cut}": [_change_text(one) for one in seen.changed],
        "acknowledged": [f"{_by(one)}: {one.alarm}" for one in seen.acknowledged],
        "silenced": [f"{_by(one)}: for {one.for_s:g} s" for one in seen.silenced],
        "shifts": [f"{_by(one)}: {one.action.value} {one.note}" for one in seen.shifts],
    }
    lines = [f"not acknowledged: {seen.unacknowledged:,}"]
    for title, found in parts.items():
        lines += [f"{title}:" if found else f"{title}: nothing"]
        lines += [f"  {safe_text(text)}" for text in found]
    return lines


def _change_text(change: ChangeSeen) -> str:
    version = "" if change.version is None else f" v{change.version}"
    what = f"{change.kind} {change.subject or change.record_id[:12]} {change.action or ''}{version}"
    return f"{_at(change.at)} {what}"


def _by(entry: EntrySeen) -> str:
    return f"{_at(entry.at)} {entry.who}"


def _at(at: UtcNs) -> str:
    return f"{date_text(at)} {clock_text(at)}"
