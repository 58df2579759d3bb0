"""`bongsu flight`: the published list, and whether claims about flights can be true."""

import json
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bongsu.adapters.plots.published_flights import published_flights, read_published_flights
from bongsu.physics.flight_claims import CheckedClaim, Verdict, check_flight
from bongsu.vocabulary.published_flight import PublishedFlight

TABLE_WIDTH = 150  # where no terminal says otherwise
WIDE = 120  # narrower terminals leave out what the reason or the id tells as well
VERDICT_STYLE = {
    Verdict.CONSISTENT: "green",
    Verdict.DOUBTFUL: "yellow",
    Verdict.IMPOSSIBLE: "bold red",
    Verdict.NOT_BALLISTIC: "cyan",
    Verdict.INCOMPLETE: "dim",
}


@click.group()
def flight() -> None:
    """Published flights: list them, check claims about them.

    \b
    Examples:
      bongsu flight list
      bongsu flight check
      bongsu flight check claims.csv --json
    """


@flight.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_flights(as_json: bool) -> None:
    """List the published flights that Bongsu ships.

    \b
    Examples:
      bongsu flight list
      bongsu flight list --json
    """
    flights = published_flights()
    if as_json:
        click.echo(json.dumps([_flight_json(one) for one in flights], indent=2))
        return
    _print_flights(flights)


@flight.command("check")
@click.argument("file", metavar="[FILE.csv]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([verdict.value for verdict in Verdict]),
    help="Show these verdicts only; may be repeated.",
)
def check(file: Path | None, as_json: bool, only: tuple[str, ...]) -> None:
    """Check whether the figures of flights can be true together.

    FILE.csv is a table with the columns of the published list (bongsu flight list --json shows
    their meaning); without it the published list itself is checked. Each flight is one of

    \b
      consistent     the flight time agrees with the flight model
      doubtful       it is off by more than 3 % and its rounding (clock minutes: +-1 min)
      impossible     it is below the least time for that apogee and range
      not_ballistic  the path is too low or too slow to be ballistic
      incomplete     apogee, range or flight time is missing

    \b
    Examples:
      bongsu flight check
      bongsu flight check --only consistent --only doubtful
      bongsu flight check claims.csv --json
    """
    flights = published_flights() if file is None else read_published_flights(file)
    claims = [check_flight(one) for one in flights]
    shown = [claim for claim in claims if not only or claim.verdict.value in only]
    if as_json:
        click.echo(json.dumps([_claim_json(claim) for claim in shown], indent=2))
        return
    _print_claims(shown, counts=Counter(claim.verdict for claim in claims))


def _print_flights(flights: tuple[PublishedFlight, ...]) -> None:
    table = Table(title="Published flights", caption=f"{len(flights)} flights")
    console = _console()
    wide = console.width >= WIDE
    table.add_column("id", no_wrap=True)
    if wide:
        table.add_column("date (UTC)", no_wrap=True)
        table.add_column("site", overflow="fold")
    table.add_column("type", overflow="fold")
    table.add_column("class")
    for heading in ("apogee km", "range km", "time min"):
        table.add_column(heading, justify="right")
    table.add_column("outcome")
    for one in flights:
        table.add_row(
            Text(one.id),
            *((Text(one.date_utc), Text(one.site)) if wide else ()),
            *(Text(one.type), Text(one.class_published)),
            *(_shown(value) for value in _figures(one)),
            Text(one.outcome.partition(";")[0]),
        )
    console.print(table)


def _print_claims(claims: list[CheckedClaim], *, counts: Counter[Verdict]) -> None:
    caption = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict)
    table = Table(title="Claims about flights", caption=caption)
    console = _console()
    wide = console.width >= WIDE
    table.add_column("id", overflow="fold", min_width=16)
    if wide:
        table.add_column("type", overflow="fold")
        for heading in ("apogee km", "range km", "time min", "floor min", "model min"):
            table.add_column(heading, justify="right")
    table.add_column("verdict", min_width=13)
    table.add_column("reason", overflow="fold", ratio=1)
    for claim in claims:
        table.add_row(
            Text(claim.flight.id),
            *(_figure_cells(claim) if wide else ()),
            Text(claim.verdict.value, style=VERDICT_STYLE[claim.verdict]),
            Text(claim.reason),
        )
    console.print(table)


def _figure_cells(claim: CheckedClaim) -> list[Text]:
    return [
        Text(claim.flight.type),
        *(Text(_shown(value)) for value in _figures(claim.flight)),
        Text(_minutes_shown(claim.floor_s)),
        Text(_minutes_shown(claim.model_time_s)),
    ]


def _claim_json(claim: CheckedClaim) -> dict[str, object]:
    return {
        "id": claim.flight.id,
        "flight_time_min": _in_unit(claim.flight.flight_time_s, 60.0),
        "ballistic_floor_min": None if claim.floor_s is None else round(claim.floor_s / 60.0, 3),
        "verdict": claim.verdict.value,
        "reason": claim.reason,
    }


def _flight_json(one: PublishedFlight) -> dict[str, object]:
    apogee_km, range_km, flight_time_min = _figures(one)
    return {
        "id": one.id,
        "date_utc": one.date_utc,
        "site": one.site,
        "type": one.type,
        "class": one.class_published,
        "apogee_km": apogee_km,
        "range_km": range_km,
        "flight_time_min": flight_time_min,
        "outcome": one.outcome,
        "source": one.source,
    }


def _figures(one: PublishedFlight) -> tuple[float | None, float | None, float | None]:
    return (
        _in_unit(one.apogee_m, 1e3),
        _in_unit(one.range_m, 1e3),
        _in_unit(one.flight_time_s, 60.0),
    )


def _in_unit(value: float | None, unit: float) -> float | None:
    return None if value is None else round(value / unit, 6)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:,.6g}"


def _minutes_shown(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 60.0:.2f}"


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=TABLE_WIDTH)
