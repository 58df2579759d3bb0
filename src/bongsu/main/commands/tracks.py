"""bongsu tracks: each nation's tracks side by side, and what they say together."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.measures import clock_text, ellipse_text, length_km_text, place_text
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

WITHHELD = "withheld"


class PlaceSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What the state says; None where it is withheld."""

    latitude_rad: float | None
    longitude_rad: float | None
    height_m: float | None
    speed_mps: float | None
    sigma_position_m: float | None

    @property
    def columns(self) -> tuple[str, str, str, str]:
        """Place, height, speed, and one standard deviation along the worst axis."""
        if self.latitude_rad is None or self.longitude_rad is None:
            place = WITHHELD
        else:
            point = GeoPoint(latitude_rad=self.latitude_rad, longitude_rad=self.longitude_rad)
            place = place_text(point, within_m=self.sigma_position_m or 0.0)
        height = WITHHELD if self.height_m is None else f"{length_km_text(self.height_m)} km"
        speed = WITHHELD if self.speed_mps is None else f"{self.speed_mps:,.0f} m/s"
        sigma = self.sigma_position_m
        return place, height, speed, "-" if sigma is None else f"{sigma:,.0f} m"


class TrackSeen(PlaceSeen, frozen=True, kw_only=True):
    node: str
    nation: str
    track_id: str
    status: str | None
    phase: str | None
    data_age_s: float | None
    sensors: tuple[str, ...] | None
    withheld: tuple[str, ...]
    caveats: tuple[str, ...]


class ImpactSeen(msgspec.Struct, frozen=True, kw_only=True):
    latitude_rad: float
    longitude_rad: float
    semi_major_m: float
    semi_minor_m: float
    probability: float
    at: int
    sigma_time_s: float


class FusedSeen(PlaceSeen, frozen=True, kw_only=True):
    at: int
    members: tuple[str, ...]
    sensors: tuple[str, ...]
    sensors_withheld: bool
    impact: ImpactSeen | None


class ObjectSeen(msgspec.Struct, frozen=True, kw_only=True):
    tracks: tuple[TrackSeen, ...]
    fused: FusedSeen | None
    shared_sensors: tuple[str, ...]
    notes: tuple[str, ...]


class TracksSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    at: int
    objects: tuple[ObjectSeen, ...]


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
