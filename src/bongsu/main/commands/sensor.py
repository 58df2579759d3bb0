"""bongsu sensor: a made-up sensor of an exercise."""

from pathlib import Path

import click


@click.command(epilog="Example: bongsu sensor --config kr/kr-radar-1.toml")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    required=True,
    help="The sensor's configuration file (docs/running.md).",
)
def sensor(config: Path) -> None:
    """Run a made-up sensor until its scenario ends, or Ctrl-C (exercise realm only)."""
    from bongsu.main.sensor_process import run_sensor

    run_sensor(config)
