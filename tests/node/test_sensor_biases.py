"""Offsets of sensors at the node: said once as they change, and there for whoever asks."""

from dataclasses import replace

from tests.node.made_up_world import World, play
from tests.node.test_q23_clock_under_suspicion import OTHER, RADAR, health, sees
from tests.records.made_up_nations import KR_1, US_1

from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.sensor_bias import SensorBias

FOUND = SensorBias(
    sensor_id=RADAR,
    kind=SensorKind.RADAR,
    offsets=(20.0, 2e-3, -1e-3),
    sigmas=(50.0, 1e-4, 2e-4),
    correction=(0.0, 0.0, 0.0),
)
OUT = replace(FOUND, correction=(21.0, 2e-3, -1e-3))
LIAR = replace(OUT, suspicion="its offsets change faster than a sensor's do: not followed")
NEIGHBOUR = SensorBias(
    sensor_id=OTHER,
    kind=SensorKind.INFRARED,
    offsets=(1e-6, -2e-6),
    sigmas=(3e-6, 3e-6),
    correction=(0.0, 0.0),
)


def test_what_is_taken_out_and_who_is_suspected_is_said_once_as_it_changes() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        for bias in (FOUND, FOUND, OUT, OUT, LIAR, LIAR, OUT, FOUND):
            await sees(korea, biases=(bias, NEIGHBOUR))
        assert [line.event for line in korea.journal.lines if "sensor" in line.event] == [
            "sensor_bias_taken_out",
            "sensor_suspected",
            "sensor_no_longer_suspected",
            "sensor_bias_left_in",
        ]
        [out] = korea.journal.of("sensor_bias_taken_out")
        assert out["correction"] == [21.0, 2e-3, -1e-3]
        [suspected] = korea.journal.of("sensor_suspected")
        assert (suspected["sensor"], suspected["words"]) == (RADAR, LIAR.suspicion)

    play(story)


def test_health_holds_every_sensors_offsets_with_their_sigmas() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await sees(korea, biases=(LIAR, NEIGHBOUR))
        liar, neighbour = (await health(korea))["biases"]
        assert liar["sensor"] == RADAR
        assert liar["sigmas"] == list(LIAR.sigmas)
        assert liar["taken_out"]
        assert liar["suspicion"] == LIAR.suspicion
        assert not neighbour["taken_out"]
        await sees(korea)
        assert (await health(korea))["biases"] == []

    play(story)
