"""Commands that ask a running node, with the answer that the test gives."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from bongsu.console.answers.understood import understood
from bongsu.main.program import bongsu

WIDE = "220"


def asked(
    module: ModuleType, answer: Any, monkeypatch: pytest.MonkeyPatch, command: str, *arguments: str
) -> tuple[int, str]:
    """Exit code and output of the command of `module`, whose node answers so."""

    def ask(_: Path, name: str, form: type[Any], **__: object) -> Any:
        assert name == command
        return understood(answer, form)

    monkeypatch.setattr(module, "ask", ask)
    monkeypatch.setenv("COLUMNS", WIDE)
    result = CliRunner().invoke(bongsu, [command, "--config", "kr/node.toml", *arguments])
    return result.exit_code, result.output
