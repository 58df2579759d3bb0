"""bongsu guideline diff: what a guideline changes against the one it would supersede."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.main.commands.guideline_options import REALM, read_guideline_file
from bongsu.main.node_control import JSON
from bongsu.records.guideline import Guideline
from bongsu.records.guideline_diff import GuidelineDiff, RuleChange, compare
from bongsu.records.guideline_words import contract_in_words, diff_in_words, rule_in_words
from bongsu.vocabulary.realm import Realm

_PATH = click.Path(path_type=Path)


@click.command(epilog="Example: bongsu guideline diff guideline-1.toml guideline-2.toml")
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@REALM
@JSON
def diff(old: Path, new: Path, realm: str, as_json: bool) -> None:
    """Show what the guideline NEW changes against OLD, for each reader, and what it means.

    Ends with 1 where anything changes.
    """
    before, after = (read_guideline_file(path, realm=Realm(realm)) for path in (old, new))
    changes = compare(before, after)
    if as_json:
        click.echo(json.dumps(_as_json(before, after, changes), indent=2))
    else:
        _show(before, after, changes)
    if not changes.is_empty:
        raise SystemExit(1)


def _show(before: Guideline, after: Guideline, changes: GuidelineDiff) -> None:
    names = f"{_name(before)} to {_name(after)}"
    table = Table(title=f"{after.realm.banner}: {names}", title_justify="left")
    for heading in ("kind", "of", "to", "opened", "closed", "delay s", "onward"):
        table.add_column(heading, overflow="fold")
    for change in changes.rules:
        table.add_row(
            change.kind.value,
            change.originator,
            change.reader,
            ", ".join(sorted(change.opened)) or "-",
            ", ".join(sorted(change.closed)) or "-",
            "-" if change.delay_s is None else "{} to {}".format(*change.delay_s),
            {None: "-", True: "opened", False: "closed"}[change.onward],
        )
    if changes.rules:
        Console().print(table)
    for sentence in diff_in_words(changes):
        click.echo(sentence)
    if changes.is_empty:
        click.echo(f"{after.realm.banner}: {names}: nobody sees more, less, sooner or later.")


def _as_json(before: Guideline, after: Guideline, changes: GuidelineDiff) -> dict[str, Any]:
    return {
        "realm": after.realm.value,
        "from": {"id": before.guideline_id, "version": before.version},
        "to": {"id": after.guideline_id, "version": after.version},
        "joined": list(changes.joined),
        "left": list(changes.left),
        "rules": [_rule_as_json(change) for change in changes.rules],
        "contracts": [
            {
                "from": change.sender,
                "to": change.reader,
                "before": msgspec.to_builtins(change.before),
                "after": msgspec.to_builtins(change.after),
                "means": contract_in_words(change),
            }
            for change in changes.contracts
        ],
    }


def _rule_as_json(change: RuleChange) -> dict[str, Any]:
    before, after = change.delay_s or (None, None)
    return {
        "kind": change.kind.value,
        "of": change.originator,
        "to": change.reader,
        "opened": sorted(change.opened),
        "closed": sorted(change.closed),
        "delay_s": None if change.delay_s is None else {"before": before, "after": after},
        "onward": change.onward,
        "means": rule_in_words(change),
    }


def _name(guideline: Guideline) -> str:
    return f"{guideline.guideline_id} version {guideline.version}"
