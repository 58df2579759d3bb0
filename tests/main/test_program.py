"""Every command explains itself."""

import click
import pytest
from click.testing import CliRunner

from bongsu.main.program import COMMANDS, bongsu


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_has_help_with_an_example(name: str) -> None:
    outputs = [_help(name)]
    command = bongsu.get_command(click.Context(bongsu), name)
    if isinstance(command, click.Group):
        outputs += [_help(name, part) for part in command.commands]
    examples = "".join(output.partition("\n")[2] for output in outputs)  # below the usage line
    assert f"bongsu {name} " in examples


def _help(*names: str) -> str:
    result = CliRunner().invoke(bongsu, [*names, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")
    return result.output


def test_the_list_of_commands_says_what_each_is_for() -> None:
    result = CliRunner().invoke(bongsu, ["--help"])
    assert result.exit_code == 0
    for name, source in COMMANDS.items():
        assert name in result.output
        assert source.short_help.split()[0] in result.output
