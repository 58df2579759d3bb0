"""Estimates are records of their own: stated when they change, for whom a guideline names."""

from dataclasses import replace

from tests.node.made_up_world import Machine, World, all_fields, pass_time, play
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import KR_1

from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.track import Track, TrackStatus

LAUNCH, IMPACT = RecordKind.LAUNCH_ESTIMATE, RecordKind.IMPACT_ESTIMATE


ALL = guideline_text(
    version=4,
    parties='"KR", "US", "JP"',
    fields="\n".join(f"{kind.value} = [{all_fields(kind)}]" for kind in (LAUNCH, IMPACT)),
    rules="".join(rule("KR", "US", kind=kind.value) for kind in (LAUNCH, IMPACT)),
)


async def sharing(world: World, text: bytes) -> tuple[Machine, Machine, Machine]:
    """Three nodes under this guideline, a later version of the usual one."""
    machines = world.three()
    for machine in machines:
        machine.services.agreements.take(in_force(text))
    await pass_time(3.0)
    return machines


def estimates(machine: Machine, kind: RecordKind) -> list[OpenedRecord]:
    return [
        open_unverified_record(RECORD.decode(row.encoded), realm=machine.realm)
        for row in machine.disk.records.values()
        if row.kind == kind.value and row.originator == KR_1
    ]


def moved(track: Track) -> Track:
    """The same track with launch and impact some 64 km further north."""
    assert track.launch is not None
    assert track.impact is not None
    north = {"latitude_rad": track.launch.point.latitude_rad + 0.01}
    return replace(
        track,
        launch=replace(track.launch, point=replace(track.launch.point, **north)),
        impact=replace(
            track.impact,
            point=replace(track.impact.point, latitude_rad=track.impact.point.latitude_rad + 0.01),
        ),
    )


def test_an_estimate_is_stated_when_it_changes_and_no_more_than_once_a_second() -> None:
    async def story(world: World) -> None:
        korea, america, _ = await sharing(world, ALL)
        seen = korea.observed()
        await korea.sees(seen)
        await pass_time(0.3)
        await korea.sees(moved(seen))  # too soon after the first
        await pass_time(2.0)
        assert len(estimates(korea, LAUNCH)) == len(estimates(korea, IMPACT)) == 1
        await korea.sees(seen)  # nothing new
        await pass_time(2.0)
        assert len(estimates(korea, LAUNCH)) == len(estimates(korea, IMPACT)) == 1
        await korea.sees(moved(seen))
        await pass_time(1.0)
        for kind in (LAUNCH, IMPACT):
            assert len(estimates(korea, kind)) == 2
            assert estimates(america, kind) == estimates(korea, kind)

    play(story)


def test_a_track_without_an_estimate_or_not_confirmed_states_none() -> None:
    async def story(world: World) -> None:
        korea, _, _ = await sharing(world, ALL)
        await korea.sees(
            korea.observed("T1", launch=None, impact=None, fan=None),
            korea.observed("T2", status=TrackStatus.TENTATIVE),
        )
        await pass_time(1.0)
        assert estimates(korea, LAUNCH) == estimates(korea, IMPACT) == []

    play(story)


def test_what_the_guideline_lets_nobody_have_is_not_stated() -> None:
    coarse = guideline_text(
        version=4,
        fields='launch_estimate = ["track_id", "at", "launch_cell_20km"]',
        rules=rule("KR", "US", kind="launch_estimate"),
    )

    async def story(world: World) -> None:
        korea, america, japan = await sharing(world, coarse)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert len(estimates(korea, LAUNCH)) == 1
        [shown] = estimates(america, LAUNCH)
        assert shown.fields.keys() == {"track_id", "at", "launch_cell_20km"}
        assert estimates(japan, LAUNCH) == []
        assert estimates(korea, IMPACT) == []

    play(story)
