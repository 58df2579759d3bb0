"""bongsu demo: a published flight becomes three nations' verified warnings."""

from pathlib import Path

import click

EPILOG = """\b
Examples:
  bongsu demo                              the flight of 2022-10-03 over Japan
  bongsu demo --list                       the published flights that can be shown
  bongsu demo --flight NK-2017-11-28-01 --json lofted.json
  bongsu demo --speed 1                    real time
  bongsu demo --console                    with a page of each nation in the browser
"""


@click.command(epilog=EPILOG)
@click.option("--flight", "flight_id", help="A published flight's id instead of the default.")
@click.option("--list", "list_flights", is_flag=True, help="List the published flights and end.")
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="A scenario file of your own instead of the packaged one (docs/scenarios.md).",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 200.0),
    help="Scenario seconds a second; 1 is real time. Default: what ends within 90 s.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Another draw of the made-up world."
)
@click.option(
    "--report",
    "report_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-report"),
    show_default=True,
    help="Folder for the report page.",
)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Also as JSON."
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep keys, configuration and logs in this new folder (for bongsu verify).",
)
@click.option(
    "--console", is_flag=True, help="Also serve each nation's page; it stays until Ctrl-C."
)
@click.pass_context
def demo(
    context: click.Context,
    flight_id: str | None,
    list_flights: bool,
    scenario: Path | None,
    speed: float | None,
    seed: int | None,
    report_folder: Path,
    json_file: Path | None,
    keep: Path | None,
    console: bool,
) -> None:
    """EXERCISE: a published flight, three nations, one verified warning each.

    Starts a node, a tracker and the sensors of Korea, the United States (the relay) and Japan
    as real processes on this machine, lets the made-up sensors see the flight, shows what each
    nation knows and when, and ends with a comparison, delays, the check of every chain and
    signature, and a report page that needs no network.
    """
    if list_flights:
        from bongsu.main.commands.flight import list_flights as list_command

        context.invoke(list_command)
        return
    from bongsu.main.demo.performance import Performance

    Performance(
        flight_id=flight_id,
        scenario_file=scenario,
        speed=speed,
        seed=seed,
        report_folder=report_folder,
        json_file=json_file,
        keep=keep,
        console=console,
    ).give()
