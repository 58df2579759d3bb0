"""`bongsu keys`: make a nation's keys, believe partners, make a made-up federation."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import NationKeys, make_nation_keys, root_exists
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.commands.key_changes import renew, revoke
from bongsu.main.commands.key_publishing import publish, status
from bongsu.main.demo.federation_keys import DEMO_SENSORS, make_demo_federation, officer_name
from bongsu.records.certificate import Certificate, fingerprint
from bongsu.records.names import nation_of, require_nation
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId

_OUT = click.Path(file_okay=False, path_type=Path)
_PUBLIC = click.Path(exists=True, file_okay=False, path_type=Path)
_REALM = click.Choice([realm.value for realm in Realm])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the fingerprints as JSON.")


@click.group(
    epilog="""\b
Examples:
  bongsu keys init --nation KR --sensor KR-RADAR-1 --out keys/KR
  bongsu keys trust --nation KR --keys keys/KR public-of-US public-of-JP
  bongsu keys demo --out demo-keys
"""
)
def keys() -> None:
    """Make keys of a nation, or of a made-up federation.

    Keys of the live and the exercise realm have nothing in common. Private keys never leave
    the folder they are made in by themselves; only public/ is there to be given out.
    """


for _changing in (revoke, renew, publish, status):
    keys.add_command(_changing)


@keys.command(
    epilog="""\b
Examples:
  bongsu keys init --nation KR --sensor KR-RADAR-1 --out keys/KR
  bongsu keys init --nation KR --site 2 --host node2.example --out keys/KR
  bongsu keys init --nation KR --realm live --out /media/vault/KR-live
"""
)
@click.option("--nation", required=True, help='The nation, such as "KR".')
@click.option("--realm", type=_REALM, default=Realm.EXERCISE.value, show_default=True)
@click.option("--site", type=click.IntRange(1, 99), default=1, show_default=True)
@click.option("--sensor", "sensors", multiple=True, help="A sensor's name; repeat for more.")
@click.option("--officer", "officers", multiple=True, help="A release officer; repeat for more.")
@click.option("--host", "hosts", multiple=True, help="Name or address of the node's machine.")
@click.option("--out", type=_OUT, required=True, help="The nation's key folder.")
@_JSON
def init(
    nation: str,
    realm: str,
    site: int,
    sensors: tuple[str, ...],
    officers: tuple[str, ...],
    hosts: tuple[str, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Make a nation's keys, at that nation, and its public part.

    Makes root, node, tracker, sensors and officers, each in a folder of its own. With a root
    in --out already, it certifies a further site, sensor or officer. Nothing is overwritten.
    """
    name = require_nation(nation)
    if not officers and not root_exists(out):
        officers = (officer_name(name),)
    plan = NationPlan(
        nation=name,
        realm=Realm(realm),
        site=site,
        sensors=sensors,
        officers=officers,
        hosts=hosts,
    )
    made = make_nation_keys(plan, out, now=SystemClock().system_utc())
    _show((made,), as_json)
    if not as_json:
        click.echo(f"Give out {made.folders.public} and nothing else.")
        click.echo(f"Move {made.folders.root} to where no network reaches it.")


@keys.command(epilog="Example: bongsu keys trust --nation KR --keys keys/KR public-of-US")
@click.option("--nation", required=True, help="Our own nation.")
@click.option("--realm", type=_REALM, default=Realm.EXERCISE.value, show_default=True)
@click.option("--keys", "folder", type=_PUBLIC, required=True, help="Our own key folder.")
@click.argument("publics", nargs=-1, required=True, type=_PUBLIC)
@_JSON
def trust(nation: str, realm: str, folder: Path, publics: tuple[Path, ...], as_json: bool) -> None:
    """Believe the public parts of other nations, and our own.

    Compare every fingerprint shown with its nation by voice before the node starts: from
    then on whatever that root has signed is believed.
    """
    folders = KeyFolders(folder=folder, nation=require_nation(nation))
    roots = trust_nations(folders, (folders.public, *publics), realm=Realm(realm))
    rows = [_row(root) for root in roots]
    if as_json:
        click.echo(json.dumps({"realm": realm, "trusted": rows}, indent=2))
        return
    _table(f"{Realm(realm).banner}: roots that {folders.nation} believes", rows)
    click.echo("Compare these fingerprints with each nation by voice.")


@keys.command(epilog="Example: bongsu keys demo --out demo-keys")
@click.option("--out", type=_OUT, required=True, help="A new folder for all nations' keys.")
@click.option("--realm", type=_REALM, default=Realm.EXERCISE.value, show_default=True)
@click.option("--sensor", "sensors", multiple=True, help="A sensor's name instead of the demo's.")
@_JSON
def demo(out: Path, realm: str, sensors: tuple[str, ...], as_json: bool) -> None:
    """Make the keys of a made-up federation of KR, US and JP.

    All keys on one machine: for exercises only. Public parts are exchanged and the shipped
    guideline is signed by one release officer of each nation.
    """
    if Realm(realm) is not Realm.EXERCISE:
        raise LocalMisuse(
            "a federation whose keys were all made on one machine can't be live",
            remedy="Run 'bongsu keys init --realm live' at each nation",
        )
    wanted = _by_nation(sensors) if sensors else DEMO_SENSORS
    made = make_demo_federation(out, now=SystemClock().system_utc(), sensors=wanted)
    _show(made, as_json)
    if not as_json:
        click.echo(f"{len(made)} nations in {out}, trusting each other; the guideline is signed.")


def _by_nation(sensors: tuple[str, ...]) -> dict[NationId, tuple[str, ...]]:
    strangers = [name for name in sensors if nation_of(name) not in DEMO_SENSORS]
    if strangers:
        raise LocalMisuse(
            f"{strangers[0]} is a sensor of no nation of the demo",
            remedy=f"Begin its name with one of {', '.join(DEMO_SENSORS)}",
        )
    return {
        nation: tuple(name for name in sensors if nation_of(name) == nation)
        for nation in DEMO_SENSORS
    }


def _show(made: tuple[NationKeys, ...], as_json: bool) -> None:
    if as_json:
        summary = {
            "realm": made[0].realm.value,
            "nations": [
                {
                    "nation": nation.folders.nation,
                    "folder": str(nation.folders.folder),
                    "public": str(nation.folders.public),
                    "keys": [_row(certificate) for certificate in nation.certificates],
                }
                for nation in made
            ],
        }
        click.echo(json.dumps(summary, indent=2))
        return
    for nation in made:
        rows = [_row(certificate) for certificate in nation.certificates]
        _table(f"{nation.realm.banner}: keys of {nation.folders.nation}", rows)


def _row(certificate: Certificate) -> dict[str, str]:
    return {
        "role": certificate.role.value,
        "name": certificate.subject,
        "fingerprint": fingerprint(certificate.keys),
    }


def _table(title: str, rows: list[dict[str, str]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in ("role", "name", "fingerprint"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row.values())
    Console().print(table)
