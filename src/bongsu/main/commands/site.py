"""bongsu site: which site speaks for its nation, and how another one takes over."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.measures import utc_text
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.site import SiteState
from bongsu.vocabulary.units import UtcNs


class SiteSaid(msgspec.Struct, frozen=True, kw_only=True):
    nation: str
    node: str
    state: SiteState
    since: UtcNs
    in_place_of: str | None
    reason: str


class SitesSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    speaks: bool
    sites: tuple[SiteSaid, ...]


class SiteChanged(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    speaks: bool
    since: UtcNs


@click.group()
def site() -> None:
    """Sites of one nation: one speaks, the others stand by, with keys and feeds of their own.

    A site that stands by states no warnings and holds what its nation's other sites state. A
    person decides who takes over; partners are told at once.
    """


@site.command(
    epilog='Example: bongsu site takeover --from KR-1 --reason "KR-1 lost power"'
    " --config kr2/node.toml"
)
@click.option("--from", "in_place_of", required=True, help="The site that is lost.")
@click.option("--reason", required=True, help="Why; partners read it.")
@CONFIG
@JSON
def takeover(in_place_of: str, reason: str, config: Path, as_json: bool) -> None:
    """Let the node of CONFIG speak for its nation, in place of another site.

    It states its own warnings, under its own names and in its own feeds. The other site stands
    by as soon as it hears of it.
    """
    body = {"in_place_of": in_place_of, "reason": reason}
    _show_change(ask(config, "site_take_over", SiteChanged, **body), as_json)


@site.command(epilog='Example: bongsu site release --reason "KR-1 is back" --config kr2/node.toml')
@click.option("--reason", required=True, help="Why; partners read it.")
@CONFIG
@JSON
def release(reason: str, config: Path, as_json: bool) -> None:
    """Let the node of CONFIG stand by. Then let the other site take over."""
    _show_change(ask(config, "site_release", SiteChanged, reason=reason), as_json)


@site.command(epilog="Example: bongsu site show --config kr2/node.toml")
@CONFIG
@JSON
def show(config: Path, as_json: bool) -> None:
    """Show what every site said of itself, our partners' sites included."""
    seen = ask(config, "sites", SitesSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
        return
    speaks = "speaks for its nation" if seen.speaks else "stands by"
    table = Table(title=f"{seen.realm.banner}: {seen.node} {speaks}", title_justify="left")
    for heading in ("nation", "site", "state", "since", "in place of", "reason"):
        table.add_column(heading, overflow="fold")
    for said in seen.sites:
        table.add_row(
            said.nation,
            said.node,
            said.state.value,
            utc_text(said.since),
            said.in_place_of or "-",
            safe_text(said.reason),
        )
    Console().print(table)
    if not seen.sites:
        click.echo("No site said anything: each speaks, unless its configuration says stands_by.")


def _show_change(changed: SiteChanged, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(changed)))
        return
    speaks = "speaks for its nation" if changed.speaks else "stands by"
    click.echo(f"{changed.node} {speaks} since {utc_text(changed.since)}; partners are being told")
