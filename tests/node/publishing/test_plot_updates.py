"""Plots behind confirmed tracks are shared with whom a guideline names, and else not stated."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import Machine, World, all_fields, pass_time, play
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import KR, KR_1, RADAR, nation

from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import picture_body
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.plot_kinds import MAXIMUM_PLOTS
from bongsu.records.plots_as_records import scan_to_fields
from bongsu.records.record import RECORD
from bongsu.vocabulary.plot import TrackedPlot, TrackedScan
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import TrackId, UtcNs

SCAN = TrackedScan(
    sensor_id=RADAR,
    sensor_kind=SensorKind.RADAR,
    observed_at=UtcNs(0),
    latitude_rad=0.6,
    longitude_rad=2.2,
    height_m=500.0,
    sigmas=(30.0, 1e-3, 1e-3),
    plots=(
        TrackedPlot(track_id=TrackId("KR-TRACKER-1/T0001"), measurement=(1e6, 0.5, 0.1)),
        TrackedPlot(track_id=TrackId("KR-TRACKER-1/T0002"), measurement=(2e6, 0.4, 0.2)),
    ),
)
SHARED = in_force(
    guideline_text(
        version=4,
        parties='"KR", "US", "JP"',
        fields=f"plots = [{all_fields(RecordKind.PLOTS)}]",
        rules=rule("KR", "US", kind="plots", withhold='"sensor", "sensor_place"'),
    )
)


async def brings_a_scan(machine: Machine) -> None:
    now = machine.clock.utc()
    machine.batches += 1
    picture = TrackPicture(
        at=now,
        tracks=(),
        refused_plots=0,
        quarantined_plots=0,
        scans=(replace(SCAN, observed_at=now),),
    )
    await machine.node.take_tracker_batch(
        sign_batch(
            BatchKind.PICTURE,
            picture_body(picture),
            nation(KR, machine.realm).tracker,
            realm=machine.realm,
            source="KR-TRACKER-1",
            sequence=machine.batches,
        )
    )


def plots_at(machine: Machine) -> list[OpenedRecord]:
    return [
        open_unverified_record(RECORD.decode(row.encoded), realm=machine.realm)
        for row in machine.disk.records.values()
        if row.kind == "plots"
    ]


def test_a_scan_reaches_who_may_have_it_without_what_is_withheld() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        korea.services.agreements.take(SHARED)
        await pass_time(3.0)
        await brings_a_scan(korea)
        await pass_time(1.0)
        [own] = plots_at(korea)
        assert own.originator == KR_1
        assert own.fields["sensor"] == RADAR
        [shown] = plots_at(states)
        assert shown.record_id == own.record_id
        assert shown.withheld == ("sensor", "sensor_place")
        assert shown.fields["measurements"] == ((1e6, 0.5, 0.1), (2e6, 0.4, 0.2))
        assert shown.fields["track_ids"] == ("KR-TRACKER-1/T0001", "KR-TRACKER-1/T0002")
        assert plots_at(japan) == []

    play(story)


def test_what_no_guideline_lets_anybody_have_is_not_stated() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        await brings_a_scan(korea)
        await pass_time(1.0)
        assert plots_at(korea) == []

    play(story)


@pytest.mark.parametrize(("plots", "records"), [(1, 1), (MAXIMUM_PLOTS, 1), (MAXIMUM_PLOTS + 1, 2)])
def test_a_scan_with_very_many_plots_is_several_records(plots: int, records: int) -> None:
    many = replace(SCAN, plots=(SCAN.plots[0],) * plots)
    made = [form_of(RecordKind.PLOTS).checked(fields) for fields in scan_to_fields(many)]
    assert len(made) == records
