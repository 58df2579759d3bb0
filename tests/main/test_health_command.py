"""bongsu health: what is wrong with clock and sensors stands in plain words."""

import json
from typing import Any

import msgspec
import pytest
from tests.main.asked_node import asked
from tests.node.made_up_world import World, play
from tests.node.test_q23_clock_under_suspicion import OTHER, RADAR, SLOW, sees
from tests.node.test_sensor_biases import LIAR, NEIGHBOUR, OUT
from tests.records.made_up_nations import KR_1, US_1

from bongsu.main.commands import health as module
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.units import SensorId


def answered(**seen: Any) -> Any:
    """What a real node says after its tracker told it so."""
    kept: list[Any] = []

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await sees(korea, **seen)
        kept.append(await korea.node.control.call("health", {}))

    play(story)
    return msgspec.json.decode(msgspec.json.encode(kept[0]))


def run(answer: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    code, output = asked(module, answer, monkeypatch, "health", *arguments)
    return code, " ".join(output.split())


def test_a_node_that_is_well_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(answered(), monkeypatch)
    assert code == 0, output
    assert "EXERCISE: health of KR-1" in output
    assert "SUSPECTED" not in output


def test_a_suspected_clock_is_said_first_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(answered(clock=SLOW), monkeypatch)
    assert code == 1
    assert f"CLOCK SUSPECTED: our own clock is under suspicion: {RADAR}, {OTHER}" in output
    assert "7.2 s slow" in output


@pytest.mark.parametrize("off_time", [(RADAR,), (RADAR, SensorId("KR-IR-1"))])
def test_a_sensor_off_time_is_said_and_ends_with_1(
    off_time: tuple[SensorId, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = run(answered(off_time=off_time), monkeypatch)
    assert code == 1
    assert output.count("SENSOR OFF TIME:") == len(off_time)


def test_offsets_are_shown_in_units_of_people_and_a_suspected_sensor_ends_with_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, output = run(answered(biases=(OUT, NEIGHBOUR)), monkeypatch)
    assert code == 0
    assert "20.00 +-50.00 m" in output
    assert "2.00 +-0.10 mrad" in output
    assert "21.00 m" in output
    assert "-2.00 +-3.00 urad" in output
    code, output = run(answered(biases=(LIAR,)), monkeypatch)
    assert code == 1
    assert f"SENSOR SUSPECTED: {RADAR}: its offsets change faster" in output


def test_json_holds_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = ClockSuspicion(sensors=(RADAR, OTHER), slow_s=-90.0, followed=False)
    answer = answered(clock=fast, off_time=(SensorId("KR-IR-1"),))
    code, output = run(answer, monkeypatch, "--json")
    assert code == 1
    assert json.loads(output) == answer
