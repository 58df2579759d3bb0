"""bongsu alarms, bongsu shift: the most urgent first, who has seen it, what is handed over."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from tests.node.made_up_world import World, pass_time, play
from tests.records.made_up_nations import KR_1, US_1

from bongsu.console.answers.understood import understood
from bongsu.main.commands import alarms, shift
from bongsu.main.program import bongsu

CONFIG = ("--config", "kr/node.toml")
ANSWERED = ("alarms", "alarm_acknowledge", "alarm_silence", "shift_change", "handover", "warnings")


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """Before and after somebody acknowledges one alarm and silences the rest."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time(3.0)
        call = korea.node.control.call
        kept["shift_change"] = await call("shift_change", {"action": "begin", "who": "Kim"})
        await korea.sees(korea.observed("KR-T1"))
        await pass_time(2.0)
        kept["alarms"] = await call("alarms", {})
        name = kept["alarms"]["alarms"][0]["name"]
        kept["alarm_silence"] = await call("alarm_silence", {"for_s": 30.0, "who": "Kim"})
        kept["alarm_acknowledge"] = await call("alarm_acknowledge", {"alarm": name, "who": "Kim"})
        kept["handover"] = await call("handover", {})
        kept["warnings"] = await call("warnings", {})

    play(story)
    answered: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(kept))
    assert set(answered) == set(ANSWERED)
    return answered


@pytest.fixture
def asked(answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []

    def ask(_: Path, name: str, form: type[Any], **body: object) -> Any:
        seen.append((name, body))
        return understood(answers[name], form)

    monkeypatch.setattr(alarms, "ask", ask)
    monkeypatch.setattr(shift, "ask", ask)
    monkeypatch.setenv("COLUMNS", "220")
    return seen


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(bongsu, [*arguments, *CONFIG])
    return result.exit_code, result.output


def test_what_nobody_has_seen_is_said_first_and_is_the_exit_code(asked: list[Any]) -> None:
    code, output = run("alarms", "list")
    assert code == 1
    assert output.startswith("EXERCISE: ")
    assert "NOT ACKNOWLEDGED, the worst critical; watch: Kim" in output
    assert "!!! CRITICAL" in output
    assert "NOBODY" in output
    assert asked == [("alarms", {})]


def test_the_list_is_json_too(asked: list[Any]) -> None:
    code, output = run("alarms", "list", "--json")
    assert code == 1
    assert json.loads(output)["worst"] == "critical"


def test_acknowledging_and_silencing_name_who(asked: list[Any]) -> None:
    code, output = run("alarms", "acknowledge", "warning:KR-1/W0001", "--as", "Kim")
    assert (code, "is acknowledged by Kim" in output) == (0, True)
    code, output = run("alarms", "silence", "--for", "30", "--as", "Kim")
    assert (code, "silent for 30 s, by Kim" in output) == (0, True)
    assert [body["who"] for _, body in asked] == ["Kim", "Kim"]
    code, output = run("alarms", "silence")
    assert (code, "--as" in output) == (2, True)


def test_a_shift_hands_over_what_is_open_changed_seen_and_silenced(asked: list[Any]) -> None:
    assert run("shift", "begin", "--as", "Kim")[0] == 0
    code, output = run("shift", "handover")
    assert code == 0
    lines = output.splitlines()
    assert lines[0].startswith("EXERCISE: handover of KR-1 at ")
    assert lines[1].startswith("1 threat: EXERCISE  KR-1/W0001")
    for part in ("launch_warning KR-1/W0001 issued v1", "Kim: warning:KR-1/W0001", "for 30 s",
                 "Kim: shift begun", "predicted to fall next:"):  # fmt: skip
        assert part in output, output
    code, output = run("shift", "handover", "--json")
    assert json.loads(output)["acknowledged"][0]["who"] == "Kim"
