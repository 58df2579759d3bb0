"""bongsu people: who may log in at a node's console, and what they may do there."""

import json
import secrets
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bongsu.adapters.people_file import NAME, PeopleFile
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.commands.console import DEFAULT_PORT
from bongsu.main.node_control import CONFIG, JSON
from bongsu.main.settings import NodeSettings, read_settings
from bongsu.node.people import INVITED_FOR_S, Known, invited, removed
from bongsu.vocabulary.role import Role

CODE_BYTES = 16


@click.group()
def people() -> None:
    """Invite people to a node's console, list them, remove them."""


@people.command(epilog="Example: bongsu people add Kim --role watch_officer --config kr/node.toml")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Of the console.")
@CONFIG
def add(name: str, role: str, port: int, config: Path) -> None:
    """Invite somebody: prints a page and a code, good once, for a quarter of an hour.

    Five wrong codes end the invitation. Give the code to that person and to nobody else.
    """
    banner = read_settings(config, NodeSettings).realm.banner
    code = secrets.token_urlsafe(CODE_BYTES)
    now = SystemClock().utc()
    _file(config).change(lambda known: invited(known, name, Role(role), code=code, now=now))
    click.echo(f"{banner}: {name} ({role}) enrols at http://localhost:{port}/enrol")
    click.echo(f"with the code {code} within {INVITED_FOR_S // 60} minutes")


@people.command("list", epilog="Example: bongsu people list --config kr/node.toml")
@CONFIG
@JSON
def list_(config: Path, as_json: bool) -> None:
    """Show who is known, as what, and who has not enrolled yet."""
    banner = read_settings(config, NodeSettings).realm.banner
    known = sorted(_file(config).people().known, key=lambda one: one.name)
    if as_json:
        rows = [{"name": one.name, "role": one.role.value, "state": _state(one)} for one in known]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = Table(title=f"{banner}: people of this node", title_justify="left")
    for column in ("name", "role", "state"):
        table.add_column(column)
    for one in known:
        table.add_row(one.name, one.role.value, _state(one))
    Console().print(table)


@people.command(epilog="Example: bongsu people remove Kim --config kr/node.toml")
@click.argument("name")
@CONFIG
def remove(name: str, config: Path) -> None:
    """Forget somebody: the passkey enters no more, and open sessions end at once."""
    _file(config).change(lambda known: removed(known, name))
    click.echo(f"{name} is removed")


def _file(config: Path) -> PeopleFile:
    return PeopleFile(config.parent / NAME)


def _state(one: Known) -> str:
    return "invited" if one.passkey is None else "enrolled"
