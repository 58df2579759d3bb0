"""bongsu guideline: sign what may be shared, and see what is in force."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import (
    GUIDELINE_FILE,
    read_agreed_guideline,
    read_signer,
    read_trust,
    write_guideline,
)
from bongsu.adapters.keys.private_files import make_private_folder, read_file
from bongsu.adapters.system_clock import SystemClock
from bongsu.console.measures import utc_text
from bongsu.console.safe_text import safe_text
from bongsu.main.commands.guideline_by_link import fetch, inbox, propose, submit
from bongsu.main.commands.guideline_check import check
from bongsu.main.commands.guideline_diff import diff
from bongsu.main.commands.guideline_options import REALM
from bongsu.records.guideline import AgreedGuideline, read_guideline
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.guideline_signing import sign_guideline
from bongsu.records.guideline_words import contract_terms, delay_in_words
from bongsu.records.kinds import field_names
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

_PATH = click.Path(path_type=Path)


@click.group()
def guideline() -> None:
    """Guidelines: what each nation may see of each other's records.

    In force only once a release officer of every party has signed exactly the same bytes.
    """


for command in (check, diff, propose, inbox, fetch, submit):
    guideline.add_command(command)


@guideline.command(
    epilog="Example: bongsu guideline sign guideline.toml --officer KR-OFFICER-1"
    " --keys officers/KR-OFFICER-1 --out signed-by-KR"
)
@click.argument("file", type=_PATH)
@click.option("--officer", required=True, help='The officer\'s name, such as "KR-OFFICER-1".')
@click.option("--keys", "keys_folder", type=_PATH, required=True, help="The officer's key folder.")
@REALM
@click.option("--out", type=_PATH, required=True, help="A new folder for text and signature.")
def sign(file: Path, officer: str, keys_folder: Path, realm: str, out: Path) -> None:
    """Approve the exact bytes of a guideline as a release officer of one nation.

    Run it where the officer's key is, which is never a node's machine. Read the text first:
    what every party has signed decides what leaves the nodes.
    """
    text = read_file(file, MAXIMUM_GUIDELINE_BYTES)
    signature = sign_guideline(
        text,
        read_signer(keys_folder),
        realm=Realm(realm),
        officer=officer,
        signed_at=SystemClock().system_utc(),
    )
    if out.exists():
        raise LocalMisuse(f"{out} exists", remedy="Name a new folder: signatures are not replaced")
    write_guideline(make_private_folder(out), text, [signature])
    read = read_guideline(text, realm=Realm(realm))
    click.echo(
        f"{Realm(realm).banner}: {officer} signed {read.guideline_id} version {read.version};"
        f" send {out} to: {', '.join(read.parties)}"
    )


@guideline.command(epilog="Example: bongsu guideline show keys/KR/trust")
@click.argument("trust_folder", type=_PATH)
@REALM
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def show(trust_folder: Path, realm: str, as_json: bool) -> None:
    """Show the guideline in a trust folder, if every party signed it, rule by rule."""
    verifier = CryptographyVerifier()
    trust = read_trust(trust_folder, realm=Realm(realm), verifier=verifier)
    found = read_agreed_guideline(trust_folder, trust=trust, verifier=verifier)
    if found is None:
        raise LocalMisuse(
            f"{trust_folder} has no {GUIDELINE_FILE}: nothing is released",
            remedy="Put the text and every party's signature there",
        )
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=2))
        return
    _print(found)


def _rows(found: AgreedGuideline) -> list[dict[str, object]]:
    return [
        {
            "kind": kind.value,
            "of": originator,
            "to": reader,
            "rule": rule.name,
            "delay_s": rule.delay_s,
            "onward": rule.onward,
            "fields": sorted(rule.fields),
            "withheld": sorted(field_names(kind) - rule.fields),
        }
        for (kind, originator, reader), rule in found.guideline.rules.items()
    ]


def _is_in_force(found: AgreedGuideline) -> bool:
    return found.guideline.valid_from <= SystemClock().system_utc()


def _as_json(found: AgreedGuideline) -> dict[str, object]:
    stated = found.guideline
    return {
        "id": stated.guideline_id,
        "version": stated.version,
        "realm": stated.realm.value,
        "parties": list(stated.parties),
        "valid_from": utc_text(stated.valid_from),
        "in_force": _is_in_force(found),
        "signed_by": list(found.officers),
        "rules": _rows(found),
        "contracts": [
            {"from": sender, "to": reader, **asdict(contract)}
            for (sender, reader), contract in stated.contracts.items()
        ],
    }


def _print(found: AgreedGuideline) -> None:
    stated = found.guideline
    when = "in force" if _is_in_force(found) else f"in force from {utc_text(stated.valid_from)}"
    table = Table(
        title=f"{stated.realm.banner}: {stated.guideline_id} version {stated.version}, {when},"
        f" signed by {', '.join(found.officers)}"
    )
    for heading in ("kind", "of", "to", "withheld", "when", "onward", "rule"):
        table.add_column(heading, overflow="fold")
    for (kind, originator, reader), rule in stated.rules.items():
        table.add_row(
            kind.value,
            originator,
            reader,
            ", ".join(sorted(field_names(kind) - rule.fields)) or "-",
            delay_in_words(rule.delay_s),
            "yes" if rule.onward else "no",
            Text(safe_text(rule.name)),
        )
    Console().print(table)
    for (sender, reader), contract in stated.contracts.items():
        click.echo(f"{sender} to {reader} is to keep {contract_terms(contract)}.")
    click.echo("Everything that is not listed is refused.")
