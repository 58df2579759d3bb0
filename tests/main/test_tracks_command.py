"""bongsu tracks: nations side by side, shared sensors marked, reasons in words."""

import json
from typing import Any

import msgspec
import pytest
from tests.main.asked_node import asked
from tests.node.made_up_world import World, agreed, pass_time, play
from tests.node.tracks.test_shared_tracks import sees
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.main.commands import tracks as module


@pytest.fixture(scope="module")
def answer() -> Any:
    """What a real node says: one object of two nations that share a radar, one withheld."""
    kept: list[Any] = []

    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="state")
        korea = world.machine(KR_1, US_1, JP_1, guideline=guideline)
        states = world.machine(US_1, KR_1, JP_1, guideline=guideline)
        japan = world.machine(JP_1, KR_1, US_1, guideline=guideline)
        await pass_time(3.0)
        await korea.sees(sees(korea, "KR-T1", "KR-RADAR-1", seed=1))
        await states.sees(sees(states, "US-T1", "US-RADAR-1", "JP-RADAR-1", seed=2))
        await japan.sees(sees(japan, "JP-T1", "JP-RADAR-1", seed=3, caveats=("by hand",)))
        await pass_time(1.0)
        kept.append(await japan.node.control.call("tracks", {}))

    play(story)
    return msgspec.json.decode(msgspec.json.encode(kept[0]))


def run(answer: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    return asked(module, answer, monkeypatch, "tracks", *arguments)


def test_own_and_partners_and_fused_stand_side_by_side(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = run(answer, monkeypatch)
    assert code == 0, output
    assert "EXERCISE: tracks at" in output
    rows = [line for line in output.splitlines() if "JP-T1" in line or "US-T1" in line]
    assert len(rows) == 2
    assert "JP-RADAR-1*" in rows[0]
    assert "US-RADAR-1, JP-RADAR-1*" in rows[1]
    [fused] = [line for line in output.splitlines() if "FUSED" in line]
    assert "2 tracks" in fused
    assert "computed" in fused
    assert "1: fused, predicted impact" in output
    assert "share JP-RADAR-1: counted once" in output
    assert "1: caveat of JP: by hand" in output


def test_what_is_withheld_says_so_and_why_nothing_was_fused(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, output = run(answer, monkeypatch)
    [row] = [line for line in output.splitlines() if " KR " in line and "KR-T1" in line][:1]
    assert row.count("withheld") == 3
    assert "2: no fusion with KR-1/KR-T1 of KR: its state is withheld" in output


def test_where_nothing_flies_it_says_so(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, output = run({**answer, "objects": []}, monkeypatch)
    assert "No track of ours or of a partner's" in output


def test_json_holds_everything(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(answer, monkeypatch, "--json")
    assert code == 0
    assert json.loads(output) == answer
