"""`bongsu keys publish` and `bongsu keys status`: keys of a running node."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.adapters.keys.files import read_certificates, read_revocations
from bongsu.adapters.keys.folders import certificates_file, revocations_file
from bongsu.adapters.keys.trust_folder import read_public_part
from bongsu.console.measures import utc_text
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.main.settings import NodeSettings, read_settings
from bongsu.records.certificate import SIGNED_CERTIFICATE
from bongsu.records.revocation import SIGNED_REVOCATION
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXIT_NOT_GOOD = 1

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class EndedNow(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    cause: str


class Published(msgspec.Struct, frozen=True, kw_only=True):
    certified: tuple[str, ...]
    ended: tuple[EndedNow, ...]
    own_key_changed: bool
    own_key_counts: bool


class NationStatus(msgspec.Struct, frozen=True, kw_only=True):
    nation: str
    age_s: float | None
    stale: bool
    same_as_ours: bool


class EndedKey(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    role: str
    cause: str
    ends_at: UtcNs
    reason: str


class KeysSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    own_key_counts: bool
    nations: tuple[NationStatus, ...]
    ended: tuple[EndedKey, ...]


@click.command(
    epilog="""\b
Examples:
  bongsu keys publish keys/KR/public --config kr/node.toml
  bongsu keys publish keys/KR/public --private /media/usb/KR-1 --config kr/node.toml
"""
)
@click.argument("public", type=_FOLDER)
@CONFIG
@click.option("--private", type=_FOLDER, help="Our node's new private keys, where they changed.")
@JSON
def publish(public: Path, config: Path, private: Path | None, as_json: bool) -> None:
    """Give a running node a nation's newest public part; it enforces it and tells its partners.

    The root must be the one that the node trusts already. New private keys of the node take
    the place of the old ones, which are set aside, and the node goes on without stopping.
    """
    realm = read_settings(config, NodeSettings).realm
    nation = read_public_part(public, realm).root.nation
    certificates = read_certificates(public / certificates_file(nation))[1:]
    found = ask(
        config,
        "keys_publish",
        Published,
        certificates=[SIGNED_CERTIFICATE.encode(one) for one in certificates],
        revocations=[
            SIGNED_REVOCATION.encode(one)
            for one in read_revocations(public / revocations_file(nation))
        ],
        private=None if private is None else str(private.resolve()),
    )
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found), indent=2))
    else:
        _show_published(found, realm)
    if not found.own_key_counts:
        raise SystemExit(EXIT_NOT_GOOD)


@click.command(epilog="Example: bongsu keys status --config kr/node.toml")
@CONFIG
@JSON
def status(config: Path, as_json: bool) -> None:
    """Show how old a running node's knowledge of each nation's keys is, and which have ended.

    A status older than a minute is stale: a key may have been revoked without our knowing.
    Ends with 1 when one is stale, or when our own key counts no more.
    """
    seen = ask(config, "keys_status", KeysSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show_status(seen)
    if not seen.own_key_counts or any(one.stale for one in seen.nations):
        raise SystemExit(EXIT_NOT_GOOD)


def _show_published(found: Published, realm: Realm) -> None:
    for one in found.ended:
        click.echo(f"{realm.banner}: the key of {one.subject} has ended: {one.cause}")
    for subject in found.certified:
        click.echo(f"{realm.banner}: a new key of {subject} counts from now on")
    if not found.ended and not found.certified:
        click.echo(f"{realm.banner}: nothing in it is new to this node")
    if found.own_key_changed:
        click.echo("This node signs with its new key now.")
    _warn_of_own_key(found.own_key_counts)


def _show_status(seen: KeysSeen) -> None:
    title = f"{seen.realm.banner}: keys as {seen.node} knows them"
    table = Table(title=title, title_justify="left")
    for heading in ("nation", "status", "age", "knows the same as we do"):
        table.add_column(heading, overflow="fold")
    for one in seen.nations:
        age = "never heard" if one.age_s is None else f"{one.age_s:.0f} s"
        same = "yes" if one.same_as_ours else "no: statements are on their way"
        same = "unknown" if one.age_s is None else same
        table.add_row(one.nation, "STALE" if one.stale else "fresh", age, same)
    Console().print(table)
    for ended in seen.ended:
        click.echo(
            f"{ended.role} {ended.subject}: {ended.cause} at {utc_text(ended.ends_at)}:"
            f" {safe_text(ended.reason)}"
        )
    _warn_of_own_key(seen.own_key_counts)


def _warn_of_own_key(counts: bool) -> None:
    if not counts:
        click.echo(
            "This node's own key counts no more: partners refuse all that it says."
            " Make a new one: bongsu keys renew"
        )
