"""bongsu warnings: what is open at a running node, ours and partners', the most urgent first."""

import json
from pathlib import Path

import click

from bongsu.console.answers.warnings import (
    OpenThreats,
    headline,
    open_threats,
    partner_line,
)
from bongsu.console.words import warning_sentence
from bongsu.main.node_control import CONFIG, JSON, ask


@click.command(epilog="Example: bongsu warnings --config kr/node.toml")
@CONFIG
@JSON
def warnings(config: Path, as_json: bool) -> None:
    """Show every warning that is open, the one with the least time left first.

    A partner's warning of the same object stands below ours, as that partner states it; what it
    withholds is called withheld. Ends with 0 whether or not anything is open.
    """
    answer = ask(config, "warnings", dict)
    if as_json:
        click.echo(json.dumps(answer, indent=2))
        return
    _show(open_threats(answer))


def _show(seen: OpenThreats) -> None:
    now = seen.at
    click.echo(headline(seen, now=now))
    for number, threat in enumerate(seen.by_urgency, start=1):
        click.echo("")
        if threat.own is not None:
            click.echo(f"{number}  {warning_sentence(threat.own, realm=seen.realm, now=now)}")
        else:
            click.echo(f"{number}  {seen.realm.banner}  of partners alone:")
        for partner in threat.partners:
            click.echo(f"   {partner_line(partner, realm=seen.realm, now=now)}")
