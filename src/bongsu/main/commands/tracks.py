"""bongsu tracks: each nation's tracks side by side, and what they say together."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.answers.tracks import (
    WITHHELD,
    ObjectSeen,
    TracksSeen,
)
from bongsu.console.measures import clock_text, ellipse_text, place_text
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.units import UtcNs


@click.command(epilog="Example: bongsu tracks --config kr/node.toml")
@CONFIG
@JSON
def tracks(config: Path, as_json: bool) -> None:
    """Show each nation's tracks side by side, object by object, and what they say together.

    Each nation's own estimate stays as it was stated. The fused one counts each sensor once,
    however many nations it came through: a sensor marked with * stands behind the tracks of more
    than one. Where what fusion takes is withheld nothing is fused, and the reason stands below.
    """
    seen = ask(config, "tracks", TracksSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)


def _show(seen: TracksSeen) -> None:
    title = f"{seen.realm.banner}: tracks at {clock_text(UtcNs(seen.at))}, as {seen.node} sees them"
    table = Table(title=title, title_justify="left")
    for heading in ("object", "who", "track", "status", "data", "place", "height", "speed"):
        table.add_column(heading, overflow="fold")
    table.add_column("sigma", justify="right")
    table.add_column("sensors", overflow="fold")
    for number, one in enumerate(seen.objects, start=1):
        _add(table, number, one)
    Console().print(table)
    for number, one in enumerate(seen.objects, start=1):
        _say_more(number, one)
    if not seen.objects:
        click.echo("No track of ours or of a partner's in the last minute.")


def _add(table: Table, number: int, one: ObjectSeen) -> None:
    for row, track in enumerate(one.tracks):
        age = WITHHELD if track.data_age_s is None else f"{track.data_age_s:.1f} s old"
        table.add_row(
            str(number) if row == 0 else "",
            safe_text(track.nation),
            safe_text(track.track_id),
            track.status or WITHHELD,
            age,
            *track.columns,
            _sensors(track.sensors, one.shared_sensors),
        )
    fused = one.fused
    if fused is not None:
        sensors = _sensors(fused.sensors, one.shared_sensors)
        if fused.sensors_withheld:
            sensors = ", ".join(filter(None, (sensors, "others withheld")))
        count = f"{len(fused.members)} tracks"
        table.add_row("", "FUSED", count, "computed", "", *fused.columns, sensors)
    table.add_section()


def _sensors(names: Sequence[str] | None, shared: Sequence[str]) -> str:
    if names is None:
        return WITHHELD
    return ", ".join(f"{safe_text(name)}{'*' if name in shared else ''}" for name in names)


def _say_more(number: int, one: ObjectSeen) -> None:
    """What stands below the table: the fused impact, how it was fused, why not, caveats."""
    if one.fused is not None and one.fused.impact is not None:
        impact = one.fused.impact
        point = GeoPoint(latitude_rad=impact.latitude_rad, longitude_rad=impact.longitude_rad)
        ellipse = Ellipse(
            semi_major_m=impact.semi_major_m,
            semi_minor_m=impact.semi_minor_m,
            azimuth_rad=0.0,
            probability=impact.probability,
        )
        click.echo(
            f"{number}: fused, predicted impact {place_text(point)} {ellipse_text(ellipse)} at"
            f" {clock_text(UtcNs(impact.at))} +-{impact.sigma_time_s:.0f} s"
        )
    for note in one.notes:
        click.echo(f"{number}: {safe_text(note)}")
    for track in one.tracks:
        for caveat in track.caveats:
            click.echo(f"{number}: caveat of {safe_text(track.nation)}: {safe_text(caveat)}")
