"""bongsu tracker: a nation's tracker, a process of its own."""

from pathlib import Path

import click


@click.command(epilog="Example: bongsu tracker --config kr/tracker.toml")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    required=True,
    help="The tracker's configuration file (docs/running.md).",
)
def tracker(config: Path) -> None:
    """Run a nation's tracker until Ctrl-C: signed plots in, signed track pictures out."""
    from bongsu.main.tracker_process import run_tracker

    run_tracker(config)
