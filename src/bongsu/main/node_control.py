"""Asking a running node, by its configuration file."""

from pathlib import Path
from typing import TypeVar

import click
import msgspec

from bongsu.adapters.control_socket import ask_node
from bongsu.main.settings import NodeSettings, beside, read_settings
from bongsu.vocabulary.errors import LocalMisuse

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
    found = ask_plain(config, command, **body)
    try:
        return msgspec.convert(found, answer)
    except msgspec.ValidationError as error:
        raise LocalMisuse(
            f"the node's answer is not understood: {error}",
            remedy="Use the same version of Bongsu for the command and the node",
        ) from error


def ask_plain(config: Path, command: str, **body: object) -> object:
    """The same as plain JSON values."""
    settings = read_settings(config, NodeSettings)
    return ask_node(beside(config, settings.control), command, body)
