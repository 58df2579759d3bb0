"""bongsu recall: shows who had it, asks, recalls; then says what each node did."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.node.recalls.test_recalls import FIRST, in_line
from tests.node.stating_node import states

from bongsu.main.commands import recall as module
from bongsu.main.program import bongsu
from bongsu.vocabulary.errors import LocalMisuse

CONFIG = ("--config", "kr/node.toml")
REASON = ("--reason", "test data on a live input")
Answers = dict[str, Any]


def answers_of(story: Callable[[World, Answers], Any]) -> Answers:
    """What a real node answered in a simulated world, by command."""
    kept: Answers = {}

    async def whole(world: World) -> None:
        await story(world, kept)

    play(whole)
    return kept


async def asked(machine: Machine, kept: Answers, command: str, **body: Any) -> None:
    answer = await machine.node.control.call(command, body)
    kept[command] = msgspec.json.decode(msgspec.json.encode(answer))  # as the socket carries it


async def recalled_along_a_chain(world: World, kept: Answers) -> None:
    korea, _, japan = in_line(world)
    await pass_time(3.0)
    states(korea, FIRST)
    await pass_time(1.0)
    await japan.crash()
    named = {"record": "KR-1/W0001", "version": None, "all_versions": False}
    await asked(korea, kept, "recall_preview", **named)
    await asked(korea, kept, "recall", reason="test data", false=True, **named)
    await pass_time(1.0)
    await asked(korea, kept, "recall_status", recall=None)


@pytest.fixture(scope="module")
def answers() -> Answers:
    return answers_of(recalled_along_a_chain)


@contextmanager
def node_that_answers(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[tuple[str, dict[str, object]]]]:
    """Stands in for the control socket, which has its own tests."""
    asked_for: list[tuple[str, dict[str, object]]] = []

    def ask(config: Path, command: str, answer: type[Any], **body: object) -> Any:
        asked_for.append((command, body))
        return msgspec.convert(answers[command], answer)

    monkeypatch.setattr(module, "ask", ask)
    yield asked_for


def run(*arguments: str, says: str | None = None) -> Result:
    return CliRunner().invoke(bongsu, ["recall", *arguments], input=says)


def test_it_shows_who_had_it_and_asks_before_it_recalls(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node_that_answers(answers, monkeypatch) as asked_for:
        result = run("KR-1/W0001", *REASON, *CONFIG, says="n\n")
        assert result.exit_code == 1
        assert [command for command, _ in asked_for] == ["recall_preview"]
        assert "EXERCISE: KR-1 recalls KR-1/W0001, all versions" in result.output
        assert "had by US-1" in result.output
        result = run("KR-1/W0001", *REASON, "--false", *CONFIG, says="y\n")
        assert result.exit_code == 0, result.output
        assert "KR-1/R0001 is on its way to: US-1" in result.output
    command, body = asked_for[-1]
    assert (command, body["false"], body["reason"]) == ("recall", True, REASON[1])


def test_with_yes_nothing_is_asked_and_json_tells_everything(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node_that_answers(answers, monkeypatch):
        result = run("KR-1/W0001", *REASON, "--yes", "--json", *CONFIG)
    said = json.loads(result.output)
    assert (said["recall_id"], said["had_by"]) == (
        "KR-1/R0001",
        [{"node": "US-1", "linked": True}],
    )


def test_status_says_what_each_node_did_and_ends_with_1_while_one_is_unreached(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node_that_answers(answers, monkeypatch):
        result = run("status", *CONFIG)
        assert result.exit_code == 1
        words = " ".join(result.output.split())
        assert "US-1 │ direct │ applied" in words
        assert "JP-1 │ US-1 │ unreached" in words
        said = json.loads(run("status", "--json", *CONFIG).output)
    [recall] = said["recalls"]
    assert {node["node"]: node["state"] for node in recall["nodes"]} == {
        "US-1": "applied",
        "JP-1": "unreached",
    }


def test_status_ends_with_0_when_everybody_applied_it(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = json.loads(json.dumps(answers))
    done["recall_status"]["recalls"][0]["settled"] = True
    with node_that_answers(done, monkeypatch):
        assert run("status", *CONFIG).exit_code == 0


def test_a_node_that_recalled_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World, kept: Answers) -> None:
        korea = world.machine("KR-1", guideline=agreed())  # type: ignore[arg-type]
        await pass_time()
        await asked(korea, kept, "recall_status", recall=None)

    with node_that_answers(answers_of(story), monkeypatch):
        result = run("status", *CONFIG)
    assert result.exit_code == 0
    assert "KR-1 has recalled nothing" in result.output


def test_a_partners_words_cannot_change_what_the_terminal_shows(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    bold = json.loads(json.dumps(answers))
    node = bold["recall_status"]["recalls"][0]["nodes"][1]
    node["state"], node["reason"] = "refused", "[red]no\x1b[2J"
    with node_that_answers(bold, monkeypatch):
        output = run("status", *CONFIG).output
    assert "\x1b" not in output
    assert "[red]no" in output


def test_what_the_node_refuses_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object, **__: object) -> Any:
        raise LocalMisuse("there is no record X", remedy="Give a warning's id")

    monkeypatch.setattr(module, "ask", ask)
    result = run("X", *REASON, *CONFIG)
    assert isinstance(result.exception, LocalMisuse)  # told by the program, exit code 2


def test_a_reason_is_required() -> None:
    result = run("KR-1/W0001", *CONFIG)
    assert result.exit_code == 2
    assert "--reason" in result.output
