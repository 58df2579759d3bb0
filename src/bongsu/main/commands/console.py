"""bongsu console: a node's HTTP interface on its machine."""

from functools import partial
from pathlib import Path

import click

from bongsu.main.node_control import CONFIG

DEFAULT_PORT = 17480


@click.command(epilog="Example: bongsu console --config kr/node.toml")
@CONFIG
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option(
    "--port",
    type=click.IntRange(1_024, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port.",
)
@click.option("--without-login", is_flag=True, help="For exercises alone: nobody has to log in.")
def console(config: Path, host: str, port: int, without_login: bool) -> None:
    """Serve what a running node shows, to the browser of this machine alone, until Ctrl-C.

    Log in with the token in console.token, beside the node's file. For programs questions are
    answered as JSON and news come as a stream; /openapi.json describes it all (docs/http.md).
    """
    from bongsu.main.console_process import run_console

    run_console(
        config, host=host, port=port, without_login=without_login, say=partial(click.echo, err=True)
    )
