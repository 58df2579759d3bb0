"""`bongsu keys revoke` and `bongsu keys renew`: at the machine that has the nation's root."""

import json
from pathlib import Path

import click

from bongsu.adapters.keys.changes import KeyChange, NationRoot
from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.system_clock import SystemClock
from bongsu.console.measures import utc_text
from bongsu.records.certificate import Certificate, fingerprint
from bongsu.records.names import require_nation
from bongsu.records.revocation import MAXIMUM_REASON_LETTERS, Revocation
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

NATION = click.option("--nation", required=True, help="Our own nation.")
REALM = click.option(
    "--realm",
    type=click.Choice([realm.value for realm in Realm]),
    default=Realm.EXERCISE.value,
    show_default=True,
)
KEYS = click.option(
    "--keys",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Our own key folder, with root/ in it.",
)
SUBJECT = click.option("--subject", required=True, help='Whose key: "KR-1", "KR-OFFICER-1".')
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(
    epilog="Example: bongsu keys revoke --nation KR --keys keys/KR --subject KR-1"
    ' --reason "the machine was stolen"'
)
@NATION
@REALM
@KEYS
@SUBJECT
@click.option("--reason", required=True, help="Why; partners' people read it.")
@click.option("--fingerprint", "start", help="Of a key that has ended already: its beginning.")
@JSON
def revoke(
    nation: str,
    realm: str,
    folder: Path,
    subject: str,
    reason: str,
    start: str | None,
    as_json: bool,
) -> None:
    """Declare that a key is in bad hands. Nothing takes it back.

    Whoever learns of it refuses what the key signs, whatever time that states; what he held
    before still counts. Then: bongsu keys renew, for a new key, and bongsu keys publish.
    """
    root = _root(nation, folder, realm)
    now = SystemClock().system_utc()
    found = root.key_with(subject, start) if start else root.present_key(subject, now=now)
    ended = root.revoke(found, reason=_checked(reason), now=now)
    _show(root, KeyChange(ended=ended, certificate=None, set_aside=None), as_json)


@click.command(
    epilog="""\b
Examples:
  bongsu keys renew --nation KR --keys keys/KR --subject KR-1
  bongsu keys renew --nation KR --keys keys/KR --subject KR-1 --host node1.example
"""
)
@NATION
@REALM
@KEYS
@SUBJECT
@click.option("--reason", default="renewed", show_default=True, help="Why; partners read it.")
@click.option("--host", "hosts", multiple=True, help="A node's machine, if its name is new.")
@JSON
def renew(
    nation: str,
    realm: str,
    folder: Path,
    subject: str,
    reason: str,
    hosts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a new key for the same name; the old one ends now.

    The folder of the old private key is set aside. Carry the new one to its machine, then tell
    the running node: bongsu keys publish.
    """
    root = _root(nation, folder, realm)
    change = root.renew(
        subject, reason=_checked(reason), hosts=hosts, now=SystemClock().system_utc()
    )
    _show(root, change, as_json)


def _root(nation: str, folder: Path, realm: str) -> NationRoot:
    return NationRoot(KeyFolders(folder=folder, nation=require_nation(nation)), Realm(realm))


def _checked(reason: str) -> str:
    if not reason.strip() or len(reason) > MAXIMUM_REASON_LETTERS or not reason.isprintable():
        raise LocalMisuse(
            "the reason is empty, too long or no plain text",
            remedy=f"Say in at most {MAXIMUM_REASON_LETTERS} letters why",
        )
    return reason


def _show(root: NationRoot, change: KeyChange, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_json(root, change), indent=2))
        return
    banner, folders = root.realm.banner, root.folders
    if change.ended is not None:
        ended = change.ended
        click.echo(
            f"{banner}: the key of {ended.role.value} {ended.subject} is {ended.cause.value}"
            f" at {utc_text(ended.ends_at)}: {ended.reason}"
        )
    if change.certificate is not None:
        certificate = change.certificate
        private = folders.of(certificate.role, certificate.subject)
        click.echo(f"{banner}: new key of {certificate.role.value} {certificate.subject}:")
        click.echo(f"  fingerprint {fingerprint(certificate.keys)}")
        click.echo(f"  carry {private} to its machine")
    if change.set_aside is not None:
        click.echo(f"  the old private key is in {change.set_aside}")
    click.echo(
        f"Tell a running node of {folders.nation}:"
        f" bongsu keys publish {folders.public} --config node.toml"
    )


def _as_json(root: NationRoot, change: KeyChange) -> dict[str, object]:
    return {
        "realm": root.realm.value,
        "nation": root.folders.nation,
        "public": str(root.folders.public),
        "ended": None if change.ended is None else _ended(change.ended),
        "new": None if change.certificate is None else _new(root, change.certificate),
        "set_aside": None if change.set_aside is None else str(change.set_aside),
    }


def _ended(ended: Revocation) -> dict[str, object]:
    return {
        "role": ended.role.value,
        "name": ended.subject,
        "cause": ended.cause.value,
        "ends_at": utc_text(ended.ends_at),
        "reason": ended.reason,
        "key": ended.key.hex(),
    }


def _new(root: NationRoot, certificate: Certificate) -> dict[str, object]:
    return {
        "role": certificate.role.value,
        "name": certificate.subject,
        "fingerprint": fingerprint(certificate.keys),
        "not_before": utc_text(certificate.not_before),
        "not_after": utc_text(certificate.not_after),
        "folder": str(root.folders.of(certificate.role, certificate.subject)),
    }
