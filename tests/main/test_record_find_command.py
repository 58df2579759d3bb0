"""bongsu record find: the newest first, hostile text harmless, and honest where it stopped."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bongsu.console.answers.records import RecordsSeen
from bongsu.console.answers.understood import understood
from bongsu.main.commands import record_finding as module
from bongsu.main.program import bongsu

FOUND = {
    "record_id": "3f9a" * 16, "kind": "launch_warning", "originator": "KR-1", "own": False,
    "subject": "KR-1/W0001", "stored_at": 1_664_836_200_000_000_000,
    "created_at": 1_664_836_199_000_000_000, "version": 2, "action": "amended",
    "withheld": ["sensors"], "recalled": True,
    "excerpt": {"field": "caveats", "text": "\x1b[2Jsmoke"}, "fault": None,
}  # fmt: skip
ANSWER = {
    "node": "JP-1", "realm": "exercise", "at": 1, "records": [FOUND], "next": 41, "complete": False,
}  # fmt: skip


def run(
    monkeypatch: pytest.MonkeyPatch, answer: object, *arguments: str
) -> tuple[int, str, dict[str, object]]:
    """Exit code, output, and the body that the node was asked with."""
    said: dict[str, object] = {}

    def ask(_: Path, command: str, form: type[Any], **body: object) -> Any:
        assert command == "records"
        said.update(body)
        return understood(answer, form)

    monkeypatch.setattr(module, "ask", ask)
    monkeypatch.setenv("COLUMNS", "220")
    result = CliRunner().invoke(bongsu, ["record", "find", "--config", "n.toml", *arguments])
    return result.exit_code, result.output, said


def test_what_is_found_is_shown_with_its_state_and_hostile_text_is_harmless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, output, _ = run(monkeypatch, ANSWER)
    assert code == 0, output
    for text in (
        "EXERCISE", "2022-10-03T22:30:00Z", "3f9a3f9a3f9a3f9a", "RECALLED; version 2 amended",
        "withheld: sensors", "caveats: ?[2Jsmoke", "stopped early", "--before 41",
    ):  # fmt: skip
        assert text in output
    assert "\x1b" not in output


def test_what_is_asked_goes_to_the_node_with_times_of_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, said = run(
        monkeypatch, ANSWER, "smoke", "--kind", "launch_warning", "--of", "US-1", "--about",
        "US-1/W0001", "--from", "2022-10-03T22:30", "--to", "2022-10-03T22:31:00Z", "--standing",
        "--before", "41", "--limit", "3",
    )  # fmt: skip
    assert said == {
        "text": "smoke", "kind": "launch_warning", "originator": "US-1", "subject": "US-1/W0001",
        "stored_from": 1_664_836_200_000_000_000, "stored_to": 1_664_836_260_000_000_000,
        "recalled": False, "bulk": False, "before": 41, "limit": 3,
    }  # fmt: skip


def test_json_is_the_whole_answer_and_nothing_found_ends_with_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, output, _ = run(monkeypatch, {**ANSWER, "records": []}, "--json")
    assert code == 1
    assert understood(json.loads(output), RecordsSeen).next == 41


def test_an_unknown_kind_or_time_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for wrong in (("--kind", "rumour"), ("--from", "yesterday"), ("--limit", "1000")):
        code, output, said = run(monkeypatch, ANSWER, *wrong)
        assert (code, said) == (2, {})
        assert "Traceback" not in output
