"""bongsu node: one node of one nation."""

from pathlib import Path

import click


@click.command(epilog="Example: bongsu node --config kr/node.toml")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    required=True,
    help="The node's configuration file (docs/running.md).",
)
def node(config: Path) -> None:
    """Run one node of one nation until Ctrl-C.

    Writes a structured log, one JSON object a line, to standard output. Ctrl-C stops it
    cleanly: what was stated is on disk first. After a kill it starts again from its log and
    catches up with its partners.
    """
    from bongsu.main.node_process import run_node

    run_node(config)
