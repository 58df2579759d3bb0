"""Q23 at the node: what an officer sees when sensors and our own clock disagree."""

from dataclasses import replace
from typing import Any

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import KR_1, US_1, nation

from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import picture_body
from bongsu.tracking.picture import TIME_UNSURE
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.sensor_bias import SensorBias
from bongsu.vocabulary.track import Track, TrackPicture
from bongsu.vocabulary.units import SensorId

RADAR, OTHER = SensorId("KR-RADAR-1"), SensorId("KR-RADAR-2")
SLOW = ClockSuspicion(sensors=(RADAR, OTHER), slow_s=7.25, followed=True)


async def sees(
    machine: Machine,
    *tracks: Track,
    clock: ClockSuspicion | None = None,
    off_time: tuple[SensorId, ...] = (),
    biases: tuple[SensorBias, ...] = (),
) -> None:
    machine.batches += 1
    picture = TrackPicture(
        at=machine.clock.utc(),
        tracks=tracks,
        refused_plots=0,
        quarantined_plots=11,
        clock=clock,
        off_time_sensors=off_time,
        biases=biases,
    )
    await machine.node.take_tracker_batch(
        sign_batch(
            BatchKind.PICTURE,
            picture_body(picture),
            nation(machine.services.me.nation, machine.realm).tracker,
            realm=machine.realm,
            source="KR-TRACKER-1",
            sequence=machine.batches,
        )
    )


async def health(machine: Machine) -> Any:
    seen = await machine.node.control.call("health", {})
    assert isinstance(seen, dict)
    return seen["sensors"]


def test_q23_a_suspected_clock_is_in_health_log_and_warning_and_said_once() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        assert (await health(korea))["clock"] is None
        seen = korea.observed(caveats=(TIME_UNSURE,))
        for wavering_s in (0.0, 0.03, -0.02):
            doubted = replace(SLOW, slow_s=SLOW.slow_s + wavering_s)
            await sees(korea, seen, clock=doubted)
            await pass_time()
        [line] = korea.journal.of("clock_suspected")
        assert line["sensors"] == [RADAR, OTHER]
        assert "our own clock is under suspicion" in line["words"]
        told = await health(korea)
        assert told["clock"]["slow_s"] == 7.23
        assert told["quarantined_plots"] == 11
        for warning in (
            korea.journal.of("own_warning")[0]["warning"],
            states.journal.of("partner_warning")[0]["warning"],
        ):
            assert TIME_UNSURE in warning.caveats
        await pass_time(6.0)
        assert korea.journal.of("health")[-1]["sensors"]["clock"]["sensors"] == [RADAR, OTHER]
        await sees(korea, seen)
        assert len(korea.journal.of("clock_no_longer_suspected")) == 1
        assert (await health(korea))["clock"] is None

    play(story)


def test_q23_a_sensor_that_is_alone_with_its_time_is_named_and_our_clock_is_not() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        for off_time in ((RADAR,), (RADAR,), ()):
            await sees(korea, off_time=off_time)
            told = await health(korea)
            assert told["off_time_sensors"] == list(off_time)
            assert told["clock"] is None
        assert len(korea.journal.of("sensor_off_time")) == 1
        assert len(korea.journal.of("sensor_no_longer_off_time")) == 1
        assert korea.journal.of("clock_suspected") == []

    play(story)
