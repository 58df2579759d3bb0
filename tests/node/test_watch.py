"""The watch: what its own tracker says becomes lines, updates and warnings, each once."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import JP, KR_1, US_1, WARNING, nation, warning_record

from bongsu.protocols import warning_desk
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import picture_body
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.launch_warning import Confirmation
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import NodeId, SensorId


def updates(machine: Machine) -> int:
    return sum(row.kind == RecordKind.TRACK_UPDATE.value for row in machine.disk.records.values())


def test_a_picture_that_is_played_back_is_refused_and_counted() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        payload = korea.picture(korea.observed())
        await korea.node.take_tracker_batch(payload)
        await pass_time()
        before = korea.outputs()
        await korea.node.take_tracker_batch(payload)
        await pass_time()
        [line] = korea.journal.of("refused")
        assert "is not after" in line["reason"]
        assert korea.outputs() == before

    play(story)


def test_a_picture_of_a_partners_tracker_is_refused_and_counted() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        before = korea.outputs()
        now = korea.clock.utc()
        body = picture_body(
            TrackPicture(at=now, tracks=(korea.observed(),), refused_plots=0, quarantined_plots=0)
        )
        payload = sign_batch(
            BatchKind.PICTURE,
            body,
            nation(JP, korea.realm).tracker,
            realm=korea.realm,
            source="JP-TRACKER-1",
            sequence=1,
        )
        await korea.node.take_tracker_batch(payload)
        await pass_time()
        [line] = korea.journal.of("refused")
        assert "JP-TRACKER-1 is no source of KR" in line["reason"]
        assert korea.outputs() == before

    play(story)


def test_a_tentative_track_is_neither_warned_of_nor_shown() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await korea.sees(korea.observed(status=TrackStatus.TENTATIVE))
        await pass_time()
        assert korea.disk.records == {}
        assert [line.event for line in korea.journal.lines] == ["node_started"]

    play(story)


def test_changes_of_status_and_first_plots_are_said_once() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        seen = korea.observed()
        for status in (TrackStatus.OBSERVED, TrackStatus.OBSERVED, TrackStatus.PREDICTED):
            await korea.sees(replace(seen, status=status))
            await pass_time()
        second = replace(
            seen,
            sensors=(*seen.sensors, SensorId("KR-IR-1")),
            sensor_kinds=(SensorKind.RADAR, SensorKind.INFRARED),
            last_observed_at=korea.clock.utc(),
        )
        await korea.sees(second)
        await pass_time()
        assert [line["status"] for line in korea.journal.of("track_status")] == [
            TrackStatus.OBSERVED,
            TrackStatus.PREDICTED,
            TrackStatus.OBSERVED,
        ]
        first, later = korea.journal.of("first_plot")
        assert (first["sensor"], first["observed_at"]) == ("KR-RADAR-1", seen.first_observed_at)
        assert (later["sensor"], later["observed_at"]) == ("KR-IR-1", second.last_observed_at)

    play(story)


def test_track_updates_leave_once_a_second_for_each_track() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        for _ in range(40):
            await korea.sees(korea.observed("T1"), korea.observed("T2"))
            await pass_time(0.1)
        assert updates(korea) == 2 * 4

    play(story)


def test_a_sensor_that_falls_silent_and_is_heard_again_is_said_once_each() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        for silent in ((), ("KR-RADAR-1",), ("KR-RADAR-1",), ()):
            korea.batches += 1
            picture = TrackPicture(
                at=korea.clock.utc(),
                tracks=(),
                refused_plots=0,
                quarantined_plots=0,
                silent_sensors=tuple(SensorId(name) for name in silent),
            )
            payload = sign_batch(
                BatchKind.PICTURE,
                picture_body(picture),
                nation(korea.services.me.nation, korea.realm).tracker,
                realm=korea.realm,
                source="KR-TRACKER-1",
                sequence=korea.batches,
            )
            await korea.node.take_tracker_batch(payload)
        assert [line.event for line in korea.journal.lines if "sensor" in line.event] == [
            "sensor_silent",
            "sensor_heard_again",
        ]

    play(story)


def test_only_a_new_plot_gives_a_warning_its_delay() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        seen = korea.observed()
        await korea.sees(seen)
        await pass_time(2.5)
        await korea.sees(replace(seen, status=TrackStatus.PREDICTED))
        await pass_time()
        first, second = korea.journal.of("own_warning")
        assert first["plot_emitted_monotonic_ns"] == seen.last_plot_emitted_at
        assert second["plot_emitted_monotonic_ns"] is None
        assert second["warning"].track_status is TrackStatus.PREDICTED

    play(story)


def test_tracks_beyond_the_desks_bound_are_refused_counted_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warning_desk, "MAXIMUM_OPEN_WARNINGS", 2)

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await korea.sees(*(korea.observed(f"T{number}") for number in range(3)))
        await pass_time()
        assert len(korea.warnings_of(KR_1)) == 2
        [line] = korea.journal.of("track_refused")
        assert (line["track"], line["count"]) == ("KR-1/T2", 1)

    play(story)


def test_a_warning_in_another_nodes_name_is_refused_and_moves_nothing() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        before = states.outputs()[0]
        korea.sends(warning_record(warning=replace(WARNING, node=NodeId("JP-1"))))
        await pass_time()
        [line] = states.journal.of("refused")
        assert "in the name of JP-1 was signed by KR-1" in line["reason"]
        assert states.outputs()[0] == before
        assert states.journal.of("partner_warning") == []
        await states.crash()
        states.restart()
        assert states.outputs()[0] == before

    play(story)


def test_a_partners_sensor_of_another_kind_confirms_and_stands_behind_the_warning() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)

        def overhead() -> Track:
            return states.observed(
                sensors=(SensorId("US-IR-1"),), sensor_kinds=(SensorKind.INFRARED,)
            )

        await states.sees(overhead())
        await pass_time()
        await korea.sees(korea.observed())
        await pass_time(3.0)
        said = korea.journal.of("own_warning")[-1]["warning"]
        assert said.confirmation is Confirmation.CONFIRMED
        [theirs] = [line["record_id"] for line in states.journal.of("own_warning")][:1]
        assert [one.hex() for one in said.corroborated_by] == [theirs]

    play(story)
