"""`bongsu scenario`: check a scenario file and see what it will show."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bongsu.main.scenario_files import packaged_scenario, read_scenario
from bongsu.main.scenario_summary import scenario_summary
from bongsu.vocabulary.realm import Realm

TABLE_WIDTH = 120  # where no terminal says otherwise


@click.group()
def scenario() -> None:
    """Exercise scenarios: check a file, print one to start from.

    \b
    Examples:
      bongsu scenario example > mine.toml
      bongsu scenario check mine.toml
    """


@scenario.command("check")
@click.argument("file", metavar="[FILE.toml]", required=False, type=click.Path(path_type=Path))
@click.option("--flight", metavar="ID", help="Put this published flight into it.")
@click.option("--seed", type=click.IntRange(min=0), help="Use another seed than the file's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def check(file: Path | None, flight: str | None, seed: int | None, as_json: bool) -> None:
    """Check a scenario and show which sensor will see what, and when first.

    Without FILE.toml it is the demo's own scenario. Every flight is flown, none is played.

    \b
    Examples:
      bongsu scenario check mine.toml
      bongsu scenario check --flight NK-2017-11-28-01
      bongsu scenario check mine.toml --json
    """
    with _path_of(file) as path:
        summary = scenario_summary(read_scenario(path, flight=flight, seed=seed))
    if as_json:
        click.echo(json.dumps(summary, indent=2))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=TABLE_WIDTH)
    console.print(
        Text(f"{Realm.EXERCISE.banner}: made up, none of it happens", style="bold yellow")
    )
    console.print(Text(f"{summary['name']} (seed {summary['seed']})"))
    console.print(f"Links: {', '.join(' - '.join(ends) for ends in summary['links']) or 'none'}")
    for table in (_flights(summary), _sensors(summary), _places(summary)):
        console.print(table)


@scenario.command("example")
def example() -> None:
    """Print the demo's scenario, to start one's own from.

    \b
    Example:
      bongsu scenario example > mine.toml
    """
    click.echo(packaged_scenario().decode(), nl=False)


@contextmanager
def _path_of(file: Path | None) -> Iterator[Path]:
    if file is not None:
        yield file
        return
    with as_file(files("bongsu.exercise") / "data" / "demo.toml") as packaged:
        yield packaged


def _flights(summary: dict[str, Any]) -> Table:
    headings = ("flight", "class", "launch (UTC)", "apogee km", "range km", "time s", "burnout s")
    table = _table("Flights", *headings, "falls at")
    for one in summary["flights"]:
        latitude, longitude = one["falls_at_deg"]
        table.add_row(
            *(one["id"], one["class"], one["launch_utc"]),
            *(f"{one['apogee_km']:,.0f}", f"{one['range_km']:,.0f}"),
            *(f"{one['flight_time_s']:,.0f}", f"{one['ends_of_burning_s'][-1]:.0f}"),
            f"{latitude:.2f}, {longitude:.2f}",
        )
    return table


def _sensors(summary: dict[str, Any]) -> Table:
    headings = ("sensor", "nation", "kind", "place", "sees", "seconds after its launch")
    table = _table("Sensors, all made up", *headings)
    for one in summary["sensors"]:
        place = f"{one['latitude_deg']:.1f}, {one['longitude_deg']:.1f}"
        for sight in one["in_sight"] or [None]:
            table.add_row(*(one["id"], one["nation"], one["kind"], place), *_sight(sight))
    return table


def _sight(sight: dict[str, Any] | None) -> tuple[str, str]:
    if sight is None:
        return "nothing", "-"
    when = ", ".join(f"{begin:.1f} to {end:.1f}" for begin, end in sight["intervals_s"])
    return f"{sight['flight']} {sight['object']}", when


def _places(summary: dict[str, Any]) -> Table:
    table = _table("Places", "place", "nation", "flight", "outcome", "at", "distance km")
    for one in summary["places"]:
        at = "-" if one["at_s"] is None else f"T+{one['at_s']:.0f} s"
        table.add_row(
            *(Text(one["name"]), one["nation"], f"{one['flight']} {one['object']}"),
            *(one["outcome"], at, f"{one['distance_km']:,.0f}"),
        )
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
