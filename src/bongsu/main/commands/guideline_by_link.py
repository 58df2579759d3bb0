"""bongsu guideline propose, inbox, fetch, submit: agreeing on a guideline over the links."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.adapters.keys.files import read_guideline_signatures
from bongsu.adapters.keys.private_files import read_file, write_new_file
from bongsu.console.measures import utc_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.guideline_signing import GUIDELINE_SIGNATURE
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

_PATH = click.Path(path_type=Path)


class GuidelineSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One guideline as it lies at a node."""

    id: str
    version: int
    sha256: str
    valid_from: UtcNs
    parties: tuple[str, ...]
    state: str
    proposed_by: tuple[str, ...]
    signed_by: tuple[str, ...]
    missing: tuple[str, ...]
    changes: tuple[str, ...]  # against what is in force


class InboxSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    guidelines: tuple[GuidelineSeen, ...]


class FetchedText(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    about: GuidelineSeen


@click.command(
    epilog="Example: bongsu guideline propose guideline.toml --config kr/node.toml",
)
@click.argument("file", type=_PATH)
@CONFIG
def propose(file: Path, config: Path) -> None:
    """Send the draft of a guideline to its parties.

    It needs no guideline in force. Each party's officer signs the same bytes; nothing changes
    before all have. Proposing the same bytes again sends them again, with
    every signature that lies here: for a partner whose node came later.
    """
    text = read_file(file, MAXIMUM_GUIDELINE_BYTES)
    try:
        seen = ask(config, "guideline_propose", GuidelineSeen, text=text.decode())
    except UnicodeDecodeError as error:
        raise LocalMisuse(f"{file} is no text", remedy="Write the guideline in UTF-8") from error
    click.echo(f"{_title(seen)} is proposed; missing: {_listed(seen.missing)}")


@click.command(epilog="Example: bongsu guideline inbox --config kr/node.toml")
@CONFIG
@JSON
def inbox(config: Path, as_json: bool) -> None:
    """Show which guidelines lie at a running node: drafts, signed ahead, in force, superseded.

    For those that are not in force yet, also what they would change.
    """
    seen = ask(config, "guideline_inbox", InboxSeen)
    if as_json:
        click.echo(json.dumps(_as_json(seen), indent=2))
        return
    table = Table(title=f"{seen.realm.banner}: guidelines at {seen.node}", title_justify="left")
    for heading in ("guideline", "state", "valid from", "signed by", "missing", "sha256"):
        table.add_column(heading, overflow="fold")
    for one in seen.guidelines:
        table.add_row(
            f"{one.id} version {one.version}",
            one.state,
            utc_text(one.valid_from),
            _listed(one.signed_by),
            _listed(one.missing),
            one.sha256[:16],
        )
    Console().print(table)
    for one in seen.guidelines:
        if one.state in ("draft", "signed ahead"):
            click.echo(f"{_title(one)} would change against what is in force:")
            for sentence in one.changes or ("nothing that anybody could notice.",):
                click.echo(f"  {sentence}")
    if not any(one.state == "in force" for one in seen.guidelines):
        click.echo("No guideline is in force: nothing is released.")


@click.command(
    epilog="Example: bongsu guideline fetch DEMO 2 --config kr/node.toml --out guideline-2.toml"
)
@click.argument("guideline_id", metavar="ID")
@click.argument("version", type=int)
@CONFIG
@click.option("--sha256", default="", help="Its first digits, where two texts bear one version.")
@click.option("--out", type=_PATH, required=True, help="A new file for the exact bytes.")
def fetch(guideline_id: str, version: int, config: Path, sha256: str, out: Path) -> None:
    """Write the exact bytes of a guideline, to carry to the officer's machine.

    There: read it, then bongsu guideline sign.
    """
    found = ask(
        config,
        "guideline_fetch",
        FetchedText,
        guideline_id=guideline_id,
        version=version,
        sha256=sha256,
    )
    write_new_file(out, found.text.encode(), mode=0o644)
    click.echo(f"{_title(found.about)}, sha256 {found.about.sha256[:16]}, is in {out}")


@click.command(
    epilog="Example: bongsu guideline submit signed-by-KR --config kr/node.toml",
)
@click.argument("folder", type=_PATH)
@CONFIG
def submit(folder: Path, config: Path) -> None:
    """Send an officer's signature, made by bongsu guideline sign, to the parties.

    The text must lie at the node: proposed here, or come by link. With the last signature the
    guideline comes into force, at once or from its valid_from on.
    """
    signatures = [GUIDELINE_SIGNATURE.encode(one) for one in read_guideline_signatures(folder)]
    for seen in ask(config, "guideline_submit", tuple[GuidelineSeen, ...], signatures=signatures):
        signed = f"signed by {_listed(seen.signed_by)}; missing: {_listed(seen.missing)}"
        click.echo(f"{_title(seen)}: {seen.state}, {signed}")


def _title(seen: GuidelineSeen) -> str:
    return f"{seen.id} version {seen.version}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "-"


def _as_json(seen: InboxSeen) -> dict[str, Any]:
    contents: dict[str, Any] = msgspec.to_builtins(seen)
    for shown, one in zip(contents["guidelines"], seen.guidelines, strict=True):
        shown["valid_from"] = utc_text(one.valid_from)
    return contents
