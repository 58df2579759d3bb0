"""bongsu links: figures of receipts, the contract's verdict, what nobody acknowledged."""

import json
import re
from typing import Any

import msgspec
import pytest
from tests.main.asked_node import asked
from tests.node.links.test_links_measured import contracted, many
from tests.node.made_up_world import World, pass_time, play
from tests.node.stating_node import states
from tests.node.test_q3_displays_disagree import another_time, break_display
from tests.records.made_up_nations import KR_1, US_1

from bongsu.main.commands import links as module

CONFIG = ("--config", "kr/node.toml")


@pytest.fixture(scope="module")
def answers() -> tuple[Any, Any]:
    """What a real node says while its link works, and after it was cut for a while."""
    kept: list[Any] = []

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=contracted())
        world.machine(US_1, KR_1, guideline=contracted())
        await pass_time(3.0)
        states(korea, *many(25))
        await pass_time(1.0)
        kept.append(await korea.node.control.call("links", {}))
        world.network.cut(KR_1, US_1)
        states(korea, *many(7, first=100))
        await pass_time(12.0)
        kept.append(await korea.node.control.call("links", {}))

    play(story)
    good, bad = (msgspec.json.decode(msgspec.json.encode(one)) for one in kept)
    return good, bad


def run(answer: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    return asked(module, answer, monkeypatch, "links", *arguments)


def test_a_link_that_keeps_its_contract_ends_with_0(
    answers: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, output = run(answers[0], monkeypatch)
    assert code == 0, output
    words = " ".join(output.split())
    assert "EXERCISE: links of KR-1" in words
    assert "kept" in words
    assert "500 ms" in words
    assert "99.90%" in words


def test_a_broken_contract_and_unacknowledged_warnings_are_told_and_end_with_1(
    answers: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, output = run(answers[1], monkeypatch)
    assert code == 1
    words = " ".join(output.split())
    assert "BROKEN for" in words
    assert "NOT ACKNOWLEDGED by US-1 for 10 s and more:" in words
    assert "and 2 more" in words


def test_json_holds_everything(answers: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(answers[1], monkeypatch, "--json")
    assert code == 1
    [link] = json.loads(output)["links"]
    assert link["contract"]["verdict"] == "broken"
    assert link["lanes"]["urgent"]["overdue"] == 7
    assert len(link["not_acknowledged"]) == 7


@pytest.fixture(scope="module")
def disputed() -> Any:
    """What a real node says while another centre shows something else."""
    kept: list[Any] = []

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        break_display(states, lambda warnings: (*another_time(warnings), *another_time(warnings)))
        await korea.sees(korea.observed())
        await pass_time(2.0)
        kept.append(await korea.node.control.call("links", {}))

    play(story)
    return msgspec.json.decode(msgspec.json.encode(kept[0]))


def test_displays_that_disagree_are_told_in_words_with_what_each_shows(
    disputed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, output = run(disputed, monkeypatch)
    assert code == 1
    assert "displays disagree" in output
    told = [line for line in output.splitlines() if line.startswith("DISPLAYS DISAGREE")]
    about = "DISPLAYS DISAGREE with US-1 about KR-1:"
    assert told[0] == f"{about} count: 1 shown of 1 open here, 2 shown of 1 open there"
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(f"{about} time of KR-1/W0001: {time} here, {time} there", told[1])


def test_json_names_every_difference(disputed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(disputed, monkeypatch, "--json")
    assert code == 1
    [link] = json.loads(output)["links"]
    assert link["faults"] == ["displays disagree"]
    assert [(one["originator"], one["aspect"]) for one in link["displays"]] == [
        ("KR-1", "count"),
        ("KR-1", "time"),
    ]
