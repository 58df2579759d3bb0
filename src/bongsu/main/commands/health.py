"""bongsu health: how a running node, its sensors and its clock are."""

import json
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.answers.health import HealthSeen
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask


@click.command(epilog="Example: bongsu health --config kr/node.toml")
@CONFIG
@JSON
def health(config: Path, as_json: bool) -> None:
    """Show how a running node is: its sensors, its clock, what it refused.

    Ends with 1 when our own clock is under suspicion, or a sensor is silent or off our time.
    """
    seen = ask(config, "health", HealthSeen)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(seen), indent=2))
    else:
        _show(seen)
    if not seen.is_well:
        raise SystemExit(1)


def _show(seen: HealthSeen) -> None:
    sensors = seen.sensors
    click.echo(f"{seen.realm.banner}: health of {safe_text(seen.node)}")
    if sensors.clock is not None:
        click.echo(f"CLOCK SUSPECTED: {safe_text(sensors.clock.words)}")
    for name in sensors.off_time_sensors:
        click.echo(
            f"SENSOR OFF TIME: {safe_text(name)}; no other sensor agrees with its time, so its own"
            " clock is suspected and its plots are not used"
        )
    for name in sensors.silent_sensors:
        click.echo(f"SENSOR SILENT: {safe_text(name)}")
    table = Table()
    table.add_column("since the start")
    table.add_column("", justify="right")
    table.add_row("worst delay of the node's loop", f"{1e3 * seen.loop_lag_worst_s:,.1f} ms")
    table.add_row("plots quarantined: from the future", f"{sensors.quarantined_plots:,}")
    table.add_row("plots refused by the tracker", f"{sensors.refused_plots:,}")
    for reason, count in sorted(seen.refused.items()):
        table.add_row(f"refused: {safe_text(reason)}", f"{count:,}")
    Console().print(table)
