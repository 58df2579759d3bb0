"""bongsu carry: the last path when every wire is cut, a folder that somebody carries."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.adapters.keys.armored_text import MAXIMUM_TEXT_BYTES, armored, read_armored
from bongsu.adapters.keys.private_files import read_file, write_new_file
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.records.carry_key import CARRY_STOCK, SIGNED_CARRY_STOCK
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

_LABEL = "CARRY KEYS"
_NEW_PATH = click.Path(path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm


class Exported(Answered, frozen=True, kw_only=True):
    to: str
    folder: str
    frames: int
    entries: dict[str, int]
    receipts: int
    left: int
    why_left: str
    keys_left: int


class FileTaken(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    outcome: str
    detail: str


class Imported(Answered, frozen=True, kw_only=True):
    sender: str
    folder: str
    outcomes: dict[str, int]
    files: tuple[FileTaken, ...]


class KeysSeen(msgspec.Struct, frozen=True, kw_only=True):
    partner: str
    given: int
    held: int
    why_none: str


class AllKeysSeen(Answered, frozen=True, kw_only=True):
    partners: tuple[KeysSeen, ...]


class StockGiven(Answered, frozen=True, kw_only=True):
    to: str
    stock: bytes


class StockTaken(KeysSeen, frozen=True, kw_only=True):
    node: str
    realm: Realm
    news: bool


@click.group(
    epilog="""\b
There:  bongsu carry export --config kr/node.toml --to US-1 /media/stick/to-US
Here:   bongsu carry import --config us/node.toml /media/stick/to-US
Back:   bongsu carry export --config us/node.toml --to KR-1 /media/stick/to-KR
"""
)
def carry() -> None:
    """Carry a node's feeds as files, when every wire to a partner is cut.

    Both nodes must be running. What is in the folder only the partner can read; lost, it gives
    nothing away, and imported again it shows nothing twice.
    """


@carry.command(
    "export",
    epilog="Example: bongsu carry export --config kr/node.toml --to US-1 /media/stick/to-US",
)
@click.argument("folder", type=_NEW_PATH)
@CONFIG
@click.option("--to", required=True, help="The partner's node: US-1.")
@JSON
def export_(folder: Path, config: Path, to: str, as_json: bool) -> None:
    """Write what a partner has not acknowledged into a new FOLDER.

    Ends with 1 when something had to be left for another trip.
    """
    done = ask(config, "carry_export", Exported, to=to, folder=str(folder.absolute()))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(done), indent=2))
    else:
        entries = ", ".join(f"{number:,} {lane}" for lane, number in done.entries.items())
        click.echo(f"{done.realm.banner}: {folder} is for {done.to} and nobody else")
        click.echo(f"  {entries} entries in {done.frames} frames; {done.receipts} receipts of ours")
        click.echo(f"  {done.keys_left} single-use keys of {done.to} are left")
        if done.left:
            click.echo(f"LEFT FOR ANOTHER TRIP: {done.left:,} entries: {done.why_left}")
            click.echo(f"{done.to} has to give keys: by its own export, or bongsu carry keys give")
    if done.left:
        raise SystemExit(1)


@carry.command(
    "import", epilog="Example: bongsu carry import --config us/node.toml /media/stick/to-US"
)
@click.argument("folder", type=_FOLDER)
@CONFIG
@JSON
def import_(folder: Path, config: Path, as_json: bool) -> None:
    """Take what somebody brought in FOLDER: the same checks as on a wire, into the same feeds.

    Ends with 1 when a file was refused or waits for an earlier one. Importing again does no harm.
    """
    done = ask(config, "carry_import", Imported, folder=str(folder.absolute()))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(done), indent=2))
    else:
        _show_import(done)
    if not set(done.outcomes) <= {"new", "duplicate"}:
        raise SystemExit(1)


def _show_import(done: Imported) -> None:
    table = Table(
        title=f"{done.realm.banner}: from {done.sender}, by stick to {done.node}",
        title_justify="left",
    )
    for heading in ("file", "outcome", ""):
        table.add_column(heading, overflow="fold")
    for file in done.files:
        table.add_row(file.name, file.outcome, file.detail)
    Console().print(table)
    counts = ", ".join(f"{number} {outcome}" for outcome, number in done.outcomes.items())
    click.echo(counts or "nothing in it")
    click.echo(f"Next: export to {done.sender}, so that it gets our receipts and fresh keys")


@carry.group()
def keys() -> None:
    """Single-use keys that frames are sealed to; nodes exchange them while a link is up."""


@keys.command(epilog="Example: bongsu carry keys show --config kr/node.toml")
@CONFIG
@JSON
def show(config: Path, as_json: bool) -> None:
    """Show how many frames can still be carried to and from each partner.

    Ends with 1 when there is a partner to which nothing can be sealed.
    """
    seen = ask(config, "carry_keys", AllKeysSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        table = Table(title=f"{seen.realm.banner}: single-use keys at {seen.node}")
        for heading in ("partner", "frames to it", "frames from it", "why none"):
            table.add_column(heading, overflow="fold")
        for one in seen.partners:
            table.add_row(one.partner, str(one.held), str(one.given), one.why_none)
        Console().print(table)
    if any(not one.held for one in seen.partners):
        raise SystemExit(1)


@keys.command(
    epilog="Example: bongsu carry keys give --config kr/node.toml --to US-1 /media/stick/KR-keys"
)
@click.argument("file", type=_NEW_PATH)
@CONFIG
@click.option("--to", required=True, help="The partner's node that may use them: US-1.")
def give(file: Path, config: Path, to: str) -> None:
    """Write keys that a partner may seal to into a new FILE; it holds public parts only."""
    given = ask(config, "carry_keys_give", StockGiven, to=to)
    write_new_file(file, armored(_LABEL, given.stock).encode(), mode=0o644)
    click.echo(f"{given.realm.banner}: send {file} to {given.to}; keys are the newest file's alone")


@keys.command(epilog="Example: bongsu carry keys take --config us/node.toml /media/stick/KR-keys")
@click.argument("file", type=_FILE)
@CONFIG
def take(file: Path, config: Path) -> None:
    """Take the keys that a partner wrote into FILE for this node."""
    text = read_file(file, MAXIMUM_TEXT_BYTES).decode(errors="replace")
    blocks = read_armored(text, _LABEL, where=str(file))
    if len(blocks) != 1:
        raise LocalMisuse(
            f"{file} holds {len(blocks)} stocks of keys, expected one",
            remedy="Name the file as bongsu carry keys give wrote it",
        )
    giver = CARRY_STOCK.decode(SIGNED_CARRY_STOCK.decode(blocks[0]).stock).giver
    taken = ask(config, "carry_keys_take", StockTaken, giver=giver, stock=blocks[0])
    news = "taken" if taken.news else "not newer than what is here"
    click.echo(f"{taken.realm.banner}: {news}; {taken.held} frames can go to {taken.partner}")
