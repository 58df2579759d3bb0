"""What a guideline delays: never early, once, through a kill, and no end comes too late for it."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import A_MOMENT_S, Machine, World, agreed, pass_time, play
from tests.node.stating_node import states
from tests.records.made_up_nations import JP_1, KR_1, US_1, WARNING

from bongsu.node.publishing.statement import Statement
from bongsu.node.releases import due_releases
from bongsu.records.kinds import RecordKind
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, after_seconds

DELAY_S = 6
DELAYED = agreed(japan_waits_s=DELAY_S)
FIRST = replace(WARNING, version=1, action=WarningAction.ISSUED, corroborated_by=())
SECOND = replace(FIRST, version=2, action=WarningAction.AMENDED)


def end(reason: EndReason, *, version: int = 2) -> LaunchWarning:
    return replace(FIRST, version=version, action=WarningAction.ENDED, end_reason=reason)


def shown(reader: Machine) -> list[tuple[int, float]]:
    """Versions of Korea's that a reader was shown, with the seconds at which it was."""
    return [
        (line["warning"].version, line["stored_monotonic_ns"] / NS_PER_S)
        for line in reader.journal.of("partner_warning")
    ]


def versions(reader: Machine) -> list[int]:
    return [version for version, _ in shown(reader)]


def left(machine: Machine) -> int:
    return len(machine.store.pending(limit=99))


def test_a_delayed_reader_sees_the_same_history_later_and_the_others_at_once() -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(2.0)
        states(korea, SECOND)
        await pass_time(DELAY_S - 2.5)
        assert versions(america) == [1, 2]
        assert versions(japan) == []
        assert left(korea) == 2
        await pass_time(3.0)
        (_, first_at), (_, second_at) = shown(japan)
        assert versions(japan) == [1, 2]
        assert 3.0 + DELAY_S <= first_at <= 3.0 + DELAY_S + A_MOMENT_S
        assert second_at - first_at == pytest.approx(2.0, abs=A_MOMENT_S)
        assert left(korea) == 0

    play(story)


def test_a_delay_survives_a_kill_and_nothing_comes_early_or_twice() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        for _ in range(2):
            await pass_time(2.0)
            await korea.crash()
            korea.restart()
        await pass_time(1.0)
        assert versions(japan) == []
        await pass_time(DELAY_S)
        assert versions(japan) == [1]
        assert shown(japan)[0][1] >= 3.0 + DELAY_S
        await korea.crash()
        korea.restart()
        await pass_time(DELAY_S)
        assert versions(japan) == [1]

    play(story)


def test_what_became_due_while_the_node_was_down_goes_when_it_is_back() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        await korea.crash()
        await pass_time(2 * DELAY_S)
        korea.restart()
        await pass_time(3.0)
        assert versions(japan) == [1]

    play(story)


def test_record_and_pending_release_commit_together() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1, guideline=DELAYED, at_once=False)
        states(korea, FIRST)
        await pass_time()
        [commit] = [one for one in korea.store.waiting if one.records]
        assert [row.feed.reader for row in commit.entries] == [US_1]
        [row] = commit.pending
        assert (row.reader, row.record_id) == (JP_1, commit.records[0].record_id)
        assert row.due_at == commit.records[0].stored_at + DELAY_S * NS_PER_S

    play(story)


def test_the_entry_and_that_it_is_settled_commit_together() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1, guideline=DELAYED, at_once=False)
        states(korea, FIRST)
        await pass_time()
        korea.store.complete()
        await pass_time(DELAY_S)
        [commit] = [one for one in korea.store.waiting if one.settled]
        assert [row.feed.reader for row in commit.entries] == [JP_1]
        assert [row.reader for row in commit.settled] == [JP_1]

    play(story)


def test_what_is_due_is_decided_anew_under_the_guideline_then_in_force() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        await korea.crash()
        korea.guideline = None
        korea.restart()
        await pass_time(2 * DELAY_S)
        assert versions(japan) == []
        assert left(korea) == 0  # decided: nothing

    play(story)


def test_a_longer_delay_of_a_later_guideline_is_kept_through_a_kill() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        await korea.crash()
        korea.guideline = agreed(japan_waits_s=3 * DELAY_S)
        korea.restart()
        await pass_time(2 * DELAY_S)
        await korea.crash()
        korea.restart()
        await pass_time(0.5 * DELAY_S)
        assert versions(japan) == []
        assert left(korea) == 1
        await pass_time(DELAY_S)
        assert versions(japan) == [1]
        assert shown(japan)[0][1] >= 3.0 + 3 * DELAY_S

    play(story)


@pytest.mark.parametrize("reason", list(EndReason))
def test_an_end_never_waits_for_who_was_shown_a_version(reason: EndReason) -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(DELAY_S + 1.0)
        states(korea, SECOND)
        await pass_time(2.0)
        states(korea, end(reason, version=3))
        await pass_time()
        assert versions(japan) == [1, 3]
        await pass_time(2 * DELAY_S)
        assert versions(japan) == [1, 3]  # the amendment that still waited was dropped
        assert left(korea) == 0

    play(story)


@pytest.mark.parametrize("reason", [EndReason.FALSE, EndReason.WITHDRAWN])
def test_who_was_not_alarmed_yet_never_hears_of_what_was_false_or_withdrawn(
    reason: EndReason,
) -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST, SECOND)
        await pass_time(2.0)
        states(korea, end(reason, version=3))
        await pass_time(2 * DELAY_S)
        assert versions(america) == [1, 2, 3]
        assert versions(japan) == []
        assert left(korea) == 0

    play(story)


@pytest.mark.parametrize("reason", [EndReason.OBSERVED, EndReason.EXPIRED])
@pytest.mark.parametrize("kill", [False, True])
def test_what_was_real_and_is_over_comes_late_with_its_end(reason: EndReason, kill: bool) -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        states(korea, SECOND)
        await pass_time(1.0)
        states(korea, end(reason, version=3))
        await pass_time()
        if kill:
            await korea.crash()
            korea.restart()
        await pass_time(DELAY_S - 2.5)
        assert versions(japan) == []
        await pass_time(2 * DELAY_S)
        assert versions(japan) == [1, 3]
        (_, first_at), (_, end_at) = shown(japan)
        assert first_at >= 3.0 + DELAY_S
        assert end_at - first_at <= A_MOMENT_S
        assert left(korea) == 0

    play(story)


def test_bulk_is_delayed_like_everything_else() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        for number in range(5):
            seen = korea.observed(f"T{number}")
            korea.node._publisher.publish(
                Statement(
                    kind=RecordKind.TRACK_UPDATE,
                    fields=track_to_fields(seen),
                    created_at=korea.clock.utc(),
                    stored=lambda _id, _at: None,
                )
            )
        await pass_time(DELAY_S - 1.0)
        assert japan.disk.records == {}
        await pass_time(2.0)
        assert len(japan.disk.records) == 5

    play(story)


def test_more_than_fits_at_hand_is_read_from_the_log_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(due_releases, "MAXIMUM_AT_HAND", 4)

    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        for number in range(11):
            states(korea, replace(FIRST, warning_id=f"KR-1/W{number:04d}"))
            await pass_time(0.1)
        assert korea.node._publisher.due.waiting <= 4
        assert left(korea) == 11
        await pass_time(2 * DELAY_S)
        ids = [line["record_id"] for line in japan.journal.of("partner_warning")]
        assert len(ids) == len(set(ids)) == 11
        assert left(korea) == 0

    play(story)


def test_a_disk_that_refuses_delays_a_release_and_loses_none() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(DELAYED)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(DELAY_S - 2.0)
        korea.disk.full = True
        await pass_time(5.0)
        assert versions(japan) == []
        korea.disk.full = False
        await pass_time(5.0)
        assert versions(japan) == [1]
        assert left(korea) == 0

    play(story)


def test_a_live_clock_that_is_set_forward_brings_nothing_forward() -> None:
    async def story(world: World) -> None:
        guideline = agreed(Realm.LIVE, japan_waits_s=DELAY_S)
        korea = world.machine(KR_1, JP_1, realm=Realm.LIVE, guideline=guideline)
        japan = world.machine(JP_1, KR_1, realm=Realm.LIVE, guideline=guideline)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        korea.clock.scenario_start = after_seconds(korea.clock.scenario_start, 3_600.0)
        await pass_time(DELAY_S - 2.0)
        assert versions(japan) == []
        await pass_time(3.0)
        assert versions(japan) == [1]

    play(story)
