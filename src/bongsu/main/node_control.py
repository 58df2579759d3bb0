"""Asking a running node, by its configuration file."""

from pathlib import Path
from typing import TypeVar

import click

from bongsu.adapters.control_socket import ask_node
from bongsu.console.answers.understood import understood
from bongsu.main.settings import NodeSettings, beside, read_settings

T = TypeVar("T")

CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    required=True,
    help="The node's configuration file; the node must be running.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def ask(config: Path, command: str, answer: type[T], **body: object) -> T:
    """The answer of the node that `config` configures, in the form that the face expects.

    Raises what the node answered with, Unavailable where it does not run, LocalMisuse where it
    runs another version.
    """
    settings = read_settings(config, NodeSettings)
    return understood(ask_node(beside(config, settings.control), command, body), answer)
