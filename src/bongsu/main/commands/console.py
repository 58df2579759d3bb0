"""bongsu console: a node's HTTP interface on its machine."""

from pathlib import Path

import click

from bongsu.main.node_control import CONFIG

DEFAULT_PORT = 17480


@click.command(epilog="Example: bongsu console --config kr/node.toml")
@CONFIG
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=DEFAULT_PORT, show_default=True, help="Port."
)
def console(config: Path, host: str, port: int) -> None:
    """Serve what a running node shows over HTTP, to this machine alone, until Ctrl-C.

    Questions are answered as JSON, news come as a stream; /openapi.json describes it all. Who asks
    needs the token in console.token beside the node's file (docs/http.md).
    """
    from bongsu.main.console_process import run_console

    run_console(config, host=host, port=port, say=click.echo)
