"""bongsu health: how a running node, its sensors and its clock are."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from bongsu.console.answers.health import BiasSeen, HealthSeen
from bongsu.console.safe_text import safe_text
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.vocabulary.sensor import SensorKind

COMPONENTS = {  # name, unit, how many units in one of the SI's
    SensorKind.RADAR: (("range", "m", 1.0), ("azimuth", "mrad", 1e3), ("elevation", "mrad", 1e3)),
    SensorKind.INFRARED: (("east", "urad", 1e6), ("north", "urad", 1e6)),
}


@click.command(epilog="Example: bongsu health --config kr/node.toml")
@CONFIG
@JSON
def health(config: Path, as_json: bool) -> None:
    """Show how a running node is: its sensors, its clock, what it refused.

    Ends with 1 when our own clock is under suspicion, or a sensor is, or is silent or off our time.
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
    for bias in sensors.biases:
        if bias.suspicion is not None:
            click.echo(f"SENSOR SUSPECTED: {safe_text(bias.sensor)}: {safe_text(bias.suspicion)}")
    _show_biases(sensors.biases)
    table = Table()
    table.add_column("since the start")
    table.add_column("", justify="right")
    table.add_row("worst delay of the node's loop", f"{1e3 * seen.loop_lag_worst_s:,.1f} ms")
    table.add_row("plots quarantined: from the future", f"{sensors.quarantined_plots:,}")
    table.add_row("plots refused by the tracker", f"{sensors.refused_plots:,}")
    for reason, count in sorted(seen.refused.items()):
        table.add_row(f"refused: {safe_text(reason)}", f"{count:,}")
    Console().print(table)


def _show_biases(biases: Sequence[BiasSeen]) -> None:
    if not biases:
        return
    table = Table(title="Offsets of sensors that see what others see", title_justify="left")
    for heading in ("sensor", "component", "offset", "taken out"):
        table.add_column(heading, justify="left" if heading == "sensor" else "right")
    for bias in biases:
        parts = zip(COMPONENTS[bias.kind], bias.offsets, bias.sigmas, bias.correction, strict=False)
        for row, ((name, unit, scale), offset, sigma, correction) in enumerate(parts):
            table.add_row(
                safe_text(bias.sensor) if row == 0 else "",
                name,
                f"{scale * offset:,.2f} +-{scale * sigma:,.2f} {unit}",
                f"{scale * correction:,.2f} {unit}" if bias.taken_out else "no",
            )
        table.add_section()
    Console().print(table)
