"""Bad input to the real program: exit code 2, one line that says what and how to mend it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bongsu.main.program import COMMANDS

NODE = {
    "id": "KR-1",
    "realm": "exercise",
    "keys": "keys",
    "trust": "trust",
    "log": "log.sqlite",
    "tracker": "unix:node.sock",
}


def bongsu(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bongsu", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "COLUMNS": "120"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "noise.toml").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "noise.npz").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "deep.json").write_text("[" * 200_000)
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "nul.json").write_text(json.dumps({**NODE, "log": "a\x00b"}))
    (tmp_path / "no-keys.json").write_text(json.dumps(NODE))
    (tmp_path / "empty.toml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("node", "--config", "missing.toml"), ("missing.toml", "No such file", "Name a file")),
        (("node", "--config", "noise.toml"), ("noise.toml", "Mend")),
        (("node", "--config", "deep.json"), ("deep.json", "Mend")),
        (("node", "--config", "folder.toml"), ("folder.toml", "directory")),
        (("node", "--config", "nul.json"), ("nul.json", "$.log")),
        (("node", "--config", "no-keys.json"), ("trust", "certificate")),
        (("node",), ("--config", "bongsu node --help")),
        (("tracker", "--config", "empty.toml"), ("empty.toml", "missing required field")),
        (("sensor", "--config", "no-keys.json"), ("no-keys.json", "unknown field `log`")),
        (("verify", "nowhere"), ("nowhere", "bongsu verify --help")),
        (("verify", "."), ("node.toml",)),
        (("track", "noise.npz"), ("noise.npz",)),
        (("flight", "check", "noise.csv"), ("noise.csv", "line 2")),
        (("scenario", "check", "empty.toml"), ("name is missing",)),
        (("demo", "--scenario", "missing.toml"), ("missing.toml", "Name a file")),
        (("demo", "--scenario", "folder.toml"), ("folder.toml", "directory")),
        (("demo", "--scenario", "noise.toml"), ("noise.toml", "UTF-8")),
        (("demo", "--flight", "NOPE"), ("'NOPE'", "bongsu flight list")),
        (("demo", "--report", "noise.toml"), ("noise.toml",)),
        (("demo", "--json", "nowhere/report.json"), ("nowhere/report.json", "--json")),
        (("demo", "--speed", "nan"), ("nan",)),
        (("demo", "--keep", "folder.toml"), ("folder.toml", "Name a new folder")),
        (("nonsense",), ("No such command 'nonsense'", "bongsu --help")),
        (("keys", "trust", "--nation", "KR", "--keys", "nowhere", "x"), ("nowhere",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value[0], str) else "",
)
def test_bad_input_is_one_clear_line_and_exit_code_2(
    folder: Path, arguments: Sequence[str], words: Sequence[str]
) -> None:
    run = bongsu(folder, *arguments)
    lines = run.stderr.splitlines()
    assert run.returncode == 2, run.stderr
    assert len(lines) == 1, run.stderr
    assert lines[0].startswith("bongsu: ")
    assert len(lines[0]) < 600
    for word in words:
        assert word in lines[0]


def test_help_answers_without_numpy_zenoh_or_cryptography() -> None:
    program = (
        "import sys\n"
        "sys.argv = ['bongsu', '--help']\n"
        "from bongsu.main import run\n"
        "try:\n"
        "    run()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "heavy = {'numpy', 'zenoh', 'cryptography', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    for name in COMMANDS:
        assert name in run.stdout


def test_the_program_without_a_command_shows_its_help(tmp_path: Path) -> None:
    run = bongsu(tmp_path)
    assert run.returncode == 2
    assert "Usage: bongsu" in run.stdout + run.stderr


def test_the_version_is_said(tmp_path: Path) -> None:
    run = bongsu(tmp_path, "--version")
    assert run.returncode == 0
    assert "bongsu" in run.stdout
