"""bongsu alarms: what has to be seen at a running node; who has seen it."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.answers.alarms import AlarmSeen, AlarmsSeen, EntryStored
from bongsu.console.measures import clock_text
from bongsu.console.safe_text import safe_text
from bongsu.console.words import time_left_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.alarm import Severity
from bongsu.vocabulary.units import UtcNs, seconds_between

MARKS = {
    Severity.CRITICAL: "!!! CRITICAL",
    Severity.SERIOUS: "!!  SERIOUS",
    Severity.ADVISORY: "!   ADVISORY",
}
AS = click.option("--as", "who", required=True, help="Your name; it stands in the log.")


@click.group()
def alarms() -> None:
    """What the watch has to have seen, and that it has.

    Acknowledged is seen: neither confirmed nor agreed. Silence stops the sound for a while and
    acknowledges nothing.
    """


@alarms.command("list", epilog="Example: bongsu alarms list --config kr/node.toml")
@CONFIG
@JSON
def list_(config: Path, as_json: bool) -> None:
    """Show every alarm that stands, the most urgent first.

    Ends with 1 while one of them is not acknowledged.
    """
    seen = ask(config, "alarms", AlarmsSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)
    if seen.unacknowledged:
        raise SystemExit(1)


@alarms.command(
    epilog='Example: bongsu alarms acknowledge warning:KR-1/W0001 --version 3 --as "Kim"'
    " --config kr/node.toml"
)
@click.argument("alarm")
@click.option("--version", type=int, help="The version that you have seen; refused if it is old.")
@AS
@CONFIG
@JSON
def acknowledge(alarm: str, version: int | None, who: str, config: Path, as_json: bool) -> None:
    """Say that you have seen one alarm; it is signed into the node's log."""
    stored = ask(config, "alarm_acknowledge", EntryStored, alarm=alarm, version=version, who=who)
    _said(stored, f"{safe_text(alarm)} is acknowledged by {safe_text(stored.who)}", as_json)


@alarms.command(epilog='Example: bongsu alarms silence --for 60 --as "Kim" --config kr/node.toml')
@click.option(
    "--for", "for_s", type=float, default=60.0, show_default=True, help="Seconds, <= 120."
)
@AS
@CONFIG
@JSON
def silence(for_s: float, who: str, config: Path, as_json: bool) -> None:
    """Stop the sound of what stands now, for a while. What comes or grows worse sounds."""
    stored = ask(config, "alarm_silence", EntryStored, for_s=for_s, who=who)
    _said(stored, f"silent for {for_s:g} s, by {safe_text(stored.who)}", as_json)


def _said(stored: EntryStored, words: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(stored), indent=2))
    else:
        click.echo(f"{words} (record {stored.record_id[:12]})")


def _show(seen: AlarmsSeen) -> None:
    click.echo(f"{seen.realm.banner}: {_headline(seen)}")
    if seen.silenced_s > 0.0:
        click.echo(f"silenced by {safe_text(seen.silenced_by or '')}, {seen.silenced_s:.0f} s left")
    if not seen.alarms:
        return
    table = Table()
    for heading in ("", "alarm", "about", "time left", "raised", "why", "seen by"):
        table.add_column(heading)
    for alarm in seen.alarms:
        table.add_row(
            MARKS[alarm.severity],
            safe_text(alarm.name),
            f"{alarm.kind.value} of {safe_text(alarm.source)}: {safe_text(alarm.about)}",
            _time_left(alarm, seen.at),
            f"{clock_text(alarm.raised_at)} ({alarm.raised})",
            safe_text(alarm.why) + ("; OVER, NOT SEEN" if alarm.over_at is not None else ""),
            _seen_by(alarm),
        )
    Console().print(table)
    for group in seen.groups:
        click.echo(
            f"and {group.count:,} more: {group.severity.value}, {group.kind.value} of"
            f" {safe_text(group.source)}; {group.unacknowledged:,} of them not acknowledged"
        )
    if seen.left_out:
        click.echo(f"{seen.left_out:,} were beyond what is kept")


def _headline(seen: AlarmsSeen) -> str:
    watch = "nobody has the watch" if seen.shift is None else f"watch: {safe_text(seen.shift.who)}"
    if not seen.unacknowledged:
        return f"every alarm is acknowledged; {watch}"
    worst = "" if seen.worst is None else f", the worst {seen.worst.value}"
    return f"{seen.unacknowledged:,} NOT ACKNOWLEDGED{worst}; {watch}"


def _time_left(alarm: AlarmSeen, now: UtcNs) -> str:
    if alarm.impact_at is None:
        return ""
    return time_left_text(seconds_between(alarm.impact_at, now))


def _seen_by(alarm: AlarmSeen) -> str:
    seen = alarm.acknowledged
    if seen is None:
        return "NOBODY (silenced)" if alarm.silenced else "NOBODY"
    return f"{safe_text(seen.who)} {clock_text(seen.at)}"
