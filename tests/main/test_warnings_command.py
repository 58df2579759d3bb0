"""bongsu warnings: the most urgent first, withheld said as withheld, nothing said as nothing."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from tests.main.asked_node import asked
from tests.node.made_up_world import World, agreed, pass_time, play
from tests.protocols.made_up_tracks import impact
from tests.records.made_up_nations import JP_1, KR_1

from bongsu.console.answers.warnings import open_threats
from bongsu.main.commands import warnings as module
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import after_seconds


@pytest.fixture(scope="module")
def answer() -> Any:
    """What Japan's node says: one object that both see, and one with less time that Korea sees."""
    kept: list[Any] = []

    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="sensors")
        korea = world.machine(KR_1, JP_1, guideline=guideline)
        japan = world.machine(JP_1, KR_1, guideline=guideline)
        await pass_time(3.0)
        elsewhere = replace(impact(), at=after_seconds(korea.clock.utc(), 400.0))
        there = tuple(-part for part in korea.observed().position_ecef_m)
        await korea.sees(
            korea.observed("KR-T1"),
            korea.observed("KR-T2", impact=elsewhere, launch=None, position_ecef_m=there),
        )
        await japan.sees(japan.observed("JP-T1"))
        await pass_time(3.0)
        kept.append(await japan.node.control.call("warnings", {}))

    play(story)
    return msgspec.json.decode(msgspec.json.encode(kept[0]))


def run(answer: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    return asked(module, answer, monkeypatch, "warnings", *arguments)


def test_the_least_time_left_leads_and_partners_stand_below_ours(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = run(answer, monkeypatch)
    assert code == 0, output
    lines = output.splitlines()
    assert lines[0].startswith("2 threats, the most urgent: EXERCISE  KR-1/W")
    assert "time left 6 min" in lines[0]
    assert lines[2].startswith("1  EXERCISE  of partners alone:")
    assert lines[3].startswith("   KR-1: EXERCISE  KR-1/W")
    assert lines[5].startswith("2  EXERCISE  JP-1/W")
    assert lines[6].startswith("   KR-1: EXERCISE  KR-1/W")


def test_json_gives_every_field_and_the_names_of_the_withheld(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = run(answer, monkeypatch, "--json")
    assert code == 0
    threats = json.loads(output)["threats"]
    both = next(threat for threat in threats if threat["own"] is not None)
    assert both["own"]["withheld"] == []
    assert both["partners"][0]["warning"]["withheld"] == ["sensors"]


def test_ids_of_records_are_hexadecimal_in_an_answer_and_bytes_inside(answer: Any) -> None:
    both = next(threat for threat in answer["threats"] if threat["own"] is not None)
    leans = {**both, "own": {**both["own"], "corroborated_by": ["ab" * 32]}}
    [threat] = open_threats({**answer, "threats": [leans]}).threats
    assert threat.own is not None
    assert threat.own.corroborated_by == (b"\xab" * 32,)


def test_where_nothing_is_open_it_says_so(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run({**answer, "threats": []}, monkeypatch)
    assert (code, output) == (0, "EXERCISE  no warning is open, of ours or of a partner's\n")


def test_an_answer_of_another_version_is_named_with_the_remedy(answer: Any) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"own": None, "partners": []},
        {"own": {"version": "newest"}, "partners": []},
        {"own": {"corroborated_by": ["no id"]}, "partners": []},
        {"own": None},
    )
    for threat in wrong:
        with pytest.raises(LocalMisuse, match="not understood"):
            open_threats({**answer, "threats": [threat]})
    with pytest.raises(LocalMisuse, match="not understood"):
        open_threats({**answer, "realm": "practice"})
