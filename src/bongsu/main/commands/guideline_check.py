"""bongsu guideline check: what a guideline withholds or delays in vain."""

import json
from pathlib import Path
from typing import Any

import click

from bongsu.main.commands.guideline_options import REALM, read_guideline_file
from bongsu.main.node_control import JSON
from bongsu.records.guideline_check import PairFindings, check_guideline
from bongsu.records.guideline_words import given_away_in_words
from bongsu.records.inference import GivenAway
from bongsu.vocabulary.realm import Realm


@click.command(epilog="Example: bongsu guideline check guideline.toml")
@click.argument("file", type=click.Path(path_type=Path))
@REALM
@JSON
def check(file: Path, realm: str, as_json: bool) -> None:
    """Show which withheld or delayed fields a reader can tell from others that he gets.

    Do it before signing. It goes by a table of what follows from what, over all products that
    one nation shows another, and knows nothing of what a reader learns elsewhere. Ends with 1
    where something is given away.
    """
    guideline = read_guideline_file(file, realm=Realm(realm))
    findings = check_guideline(guideline)
    name = f"{guideline.guideline_id} version {guideline.version}"
    if as_json:
        given = [_as_json(pair, one) for pair in findings for one in pair.given_away]
        shown = {"id": guideline.guideline_id, "version": guideline.version, "given_away": given}
        click.echo(json.dumps({"realm": guideline.realm.value, **shown}, indent=2))
    else:
        click.echo(f"{guideline.realm.banner}: {name}, {len(guideline.rules)} agreed releases")
        for pair in findings:
            for one in pair.given_away:
                click.echo(given_away_in_words(pair.originator, pair.reader, one))
        if not findings:
            click.echo("No withheld or delayed field can be told from the released ones.")
    if findings:
        raise SystemExit(1)


def _as_json(pair: PairFindings, one: GivenAway) -> dict[str, Any]:
    return {
        "of": pair.originator,
        "to": pair.reader,
        "kind": one.kind.value,
        "field": one.field,
        "from": [{"kind": source.kind, "field": source.field} for source in one.sources],
        "known_after_s": one.known_after_s,
        "comes_after_s": one.comes_after_s,
        "reasons": list(one.reasons),
        "means": given_away_in_words(pair.originator, pair.reader, one),
    }
