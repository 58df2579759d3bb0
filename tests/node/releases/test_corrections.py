"""An amendment or end reaches everyone who ever had a version, whatever guideline holds now."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.stating_node import states
from tests.records.made_up_nations import JP_1, KR_1, US_1, WARNING

from bongsu.node.guidelines.agreements import END_OF_TIME, _Answer
from bongsu.node.releases import shown
from bongsu.node.releases.shown import WasShown
from bongsu.records.kinds import RecordKind, form_of
from bongsu.vocabulary.launch_warning import EndReason, WarningAction
from bongsu.vocabulary.units import RecordId, UtcNs

CORRECTION = form_of(RecordKind.LAUNCH_WARNING).correction_fields
WARNINGS = RecordKind.LAUNCH_WARNING
NOTHING = RecordId(bytes(32))
SECOND = replace(WARNING, corroborated_by=())  # what it leans on is not in this log
FIRST = replace(SECOND, version=1, action=WarningAction.ISSUED)
END = replace(SECOND, version=3, action=WarningAction.ENDED, end_reason=EndReason.FALSE)


def versions(reader: Machine) -> list[object]:
    return [opened.fields["version"] for opened in reader.warnings_of(KR_1)]


def nothing_is_agreed(machine: Machine) -> None:
    """From this moment on, while the node runs."""
    machine.services.agreements._agreed = ()
    machine.services.agreements._known = _Answer(None, UtcNs(0), END_OF_TIME)


async def without_guideline(machine: Machine) -> None:
    """It starts again, and nothing is agreed any more."""
    await machine.crash()
    machine.guideline = None
    machine.restart()
    await pass_time(3.0)


def test_what_was_not_shown_stays_closed_in_a_correction_but_for_what_makes_it_one() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three()
        await pass_time(3.0)
        memory = korea.node._publisher.releasing.shown
        memory._by_thing[WARNINGS, FIRST.warning_id] = {
            JP_1: WasShown(frozenset({"launch"}), NOTHING)
        }
        nothing_is_agreed(korea)
        states(korea, END)
        await pass_time()
        [end] = japan.warnings_of(KR_1)
        assert set(end.fields) == CORRECTION | {"launch"}

    play(story)


def test_who_never_had_a_version_gets_no_correction_either() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        america = world.machine(US_1, KR_1)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        await korea.crash()
        korea.guideline, korea.partners = None, (US_1, JP_1)
        korea.restart()
        japan = world.machine(JP_1, KR_1)
        await pass_time(3.0)
        states(korea, END)
        await pass_time()
        assert versions(america) == [1, 3]
        assert versions(japan) == []

    play(story)


def test_versions_that_share_a_commit_know_of_each_other() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, at_once=False)
        america = world.machine(US_1, KR_1)
        await pass_time(3.0)
        korea.store.complete()
        states(korea, FIRST, SECOND, END)
        await pass_time()
        [commit] = [one for one in korea.store.waiting if one.records]
        assert len(commit.records) == len(commit.entries) == 3
        korea.store.complete()
        await pass_time()
        assert versions(america) == [1, 2, 3]
        assert (
            korea.node._publisher.releasing.shown.of(WARNINGS, FIRST.warning_id)[US_1].fields
            >= CORRECTION
        )

    play(story)


def test_what_the_disk_refused_was_shown_to_nobody() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        korea.disk.full = True
        states(korea, FIRST)
        await pass_time()
        assert korea.node._publisher.releasing.shown.of(WARNINGS, FIRST.warning_id) == {}
        korea.disk.full = False
        await pass_time(2.0)
        assert set(korea.node._publisher.releasing.shown.of(WARNINGS, FIRST.warning_id)) == {
            US_1,
            JP_1,
        }

    play(story)


def test_beyond_its_bound_the_memory_reads_the_log_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "MAXIMUM_THINGS", 1)

    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        states(korea, replace(FIRST, warning_id="KR-1/W0002"))
        await pass_time()
        assert list(korea.node._publisher.releasing.shown._by_thing) == [(WARNINGS, "KR-1/W0002")]
        nothing_is_agreed(korea)
        states(korea, END)
        await pass_time()
        assert versions(america) == [1, 1, 3]

    play(story)
