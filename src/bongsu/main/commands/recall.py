"""bongsu recall: withdraw what was stated, everywhere, and see who has done so."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bongsu.console.measures import utc_text
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXIT_NOT_SETTLED = 1
MAXIMUM_WORDS = 1_200
_VERSION = click.IntRange(min=1)


class HadBy(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    linked: bool


class Recalled(msgspec.Struct, frozen=True, kw_only=True):
    """What is or would be recalled."""

    node: str
    realm: Realm
    words: str
    about: str | None
    record_id: str | None
    scope: str
    reason: str
    had_by: tuple[HadBy, ...]
    recall_id: str = ""
    record: str = ""


class NodeStatus(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    by_way_of: str | None
    state: str
    at: int
    reason: str | None
    received: bool | None
    linked: bool


class RecallStatus(msgspec.Struct, frozen=True, kw_only=True):
    recall_id: str
    words: str
    stated_at: int
    settled: bool
    nodes: tuple[NodeStatus, ...]


class WaitingRecall(msgspec.Struct, frozen=True, kw_only=True):
    recall_id: str
    words: str


class Statuses(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    recalls: tuple[RecallStatus, ...]
    waiting: tuple[WaitingRecall, ...]


class RecallGroup(click.Group):
    """`bongsu recall RECORD ...` recalls; a name of a subcommand in its place calls that."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = ["record", *args]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return self.commands.get(cmd_name, record)


@click.group(
    cls=RecallGroup,
    epilog="""\b
Examples:
  bongsu recall KR-1/W0001 --reason "test data on a live input" --false --config kr/node.toml
  bongsu recall status --config kr/node.toml
""",
)
def recall() -> None:
    """Withdraw what your nation stated, at everyone who ever had it.

    RECORD is a warning's id, or a record id. Use: bongsu recall RECORD --reason TEXT --config FILE
    (the same as: bongsu recall record RECORD ...).
    """


@recall.command(
    epilog='Example: bongsu recall KR-1/W0001 --reason "test data" --false --config kr/node.toml'
)
@click.argument("record")
@click.option("--reason", required=True, help="Why, in words; every node that had it shows them.")
@click.option("--version", type=_VERSION, help="Only this version of the warning.")
@click.option("--all", "all_versions", is_flag=True, help="With a record id: every version.")
@click.option("--false", "false", is_flag=True, help="It never was; otherwise: no longer needed.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@CONFIG
@JSON
def record(
    record: str,
    reason: str,
    version: int | None,
    all_versions: bool,
    false: bool,
    yes: bool,
    config: Path,
    as_json: bool,
) -> None:
    """Recall RECORD: a warning's id (all its versions), or one record's id.

    Shows who had it, asks, then sends the recall to exactly those, also through nodes that
    passed it on. An open warning ends as withdrawn, with --false as false. Nothing is deleted.
    """
    named = {"record": record, "version": version, "all_versions": all_versions}
    preview = ask(config, "recall_preview", Recalled, **named)
    if not yes:
        _show_preview(preview, reason)
        click.confirm(f"{preview.realm.banner}: recall it?", abort=True, err=True)
    done = ask(config, "recall", Recalled, reason=reason, false=false, **named)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(done), indent=2))
        return
    names = ", ".join(one.node for one in done.had_by) or "nobody"
    click.echo(f"{done.realm.banner}: {done.recall_id} is on its way to: {names}")
    click.echo(f"Who has applied it: bongsu recall status {done.recall_id} --config {config}")


@recall.command(epilog="Example: bongsu recall status --config kr/node.toml")
@click.argument("recall_id", metavar="[RECALL]", required=False)
@CONFIG
@JSON
def status(recall_id: str | None, config: Path, as_json: bool) -> None:
    """Show what each node did with our recalls: applied, refused and why, unreached since when.

    Ends with 1 while a node has not applied a recall that is shown.
    """
    found = ask(config, "recall_status", Statuses, recall=recall_id)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found), indent=2))
    else:
        _show_status(found)
    if not all(one.settled for one in found.recalls):
        raise SystemExit(EXIT_NOT_SETTLED)


def _show_preview(preview: Recalled, reason: str) -> None:
    click.echo(f"{preview.realm.banner}: {preview.words}{_line(reason)}", err=True)
    if not preview.had_by:
        click.echo("Nobody was sent it; it will not be released any more.", err=True)
    for one in preview.had_by:
        note = "" if one.linked else " (no link to it any more: tell it by voice)"
        click.echo(f"  had by {one.node}{note}", err=True)


def _show_status(found: Statuses) -> None:
    console = Console()
    if not found.recalls:
        click.echo(f"{found.realm.banner}: {found.node} has recalled nothing")
    for one in found.recalls:
        table = Table(title=f"{found.realm.banner}: {one.recall_id}", title_justify="left")
        for heading in ("node", "by way of", "recall", "since", "note"):
            table.add_column(heading, overflow="fold")
        for node in one.nodes:
            way = node.by_way_of or "direct"
            note = Text(_line(_note(node)))
            table.add_row(node.node, way, node.state, utc_text(UtcNs(node.at)), note)
        click.echo(_line(one.words))
        console.print(table)
    for waiting in found.waiting:
        click.echo(f"waits for its record: {waiting.recall_id}: {_line(waiting.words)}")


def _line(text: str) -> str:
    """A partner's words as one harmless line, whole."""
    return safe_text(text, maximum_characters=MAXIMUM_WORDS)


def _note(node: NodeStatus) -> str:
    if node.reason is not None:
        return node.reason
    if node.state != "unreached":
        return ""
    if not node.linked and node.by_way_of is None:
        return "no link to it any more: tell it by voice"
    if node.received is None:
        return "nothing heard"
    return "on its disk, not answered yet" if node.received else "not on its disk yet"
