"""Q3 (1980): the log was the same at every centre, and what the displays made of it was not.

Given two centres fed the same log, when each renders, then count, class and time agree; given they
differ, then both show "displays disagree" and no level above unconfirmed is stated.

The machine by itself: `tests/protocols/test_displays.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from tests.node.made_up_world import AGREED, EXERCISE, Machine, World, agreed, pass_time, play
from tests.protocols.made_up_tracks import impact
from tests.records.made_up_nations import JP_1, KR_1, KR_2, US_1

from bongsu.node.links.display_comparison import DISPLAYS_DISAGREE
from bongsu.protocols.dispute import DISPLAYS_DISAGREE as CAVEAT
from bongsu.protocols.picture_book import BookedWarning, Render, shown_threats
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.launch_warning import Confirmation
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.shown_picture import ShownThreat
from bongsu.vocabulary.track import Track
from bongsu.vocabulary.units import SensorId, after_seconds

CENTRES = (KR_1, KR_2, US_1)
SOON_S = 4.0  # a picture is stated within a second, its answer too; amendments every two
BOTH_KINDS = (SensorKind.RADAR, SensorKind.INFRARED)


def centres(world: World) -> tuple[Machine, Machine, Machine]:
    """Korea's two sites, of which one stands by, and the United States."""
    first = world.machine(KR_1, KR_2, US_1)
    second = Machine(world, KR_2, EXERCISE, (KR_1, US_1), AGREED[EXERCISE], stands_by=True)
    second.restart()
    world.machines.append(second)
    return first, second, world.machine(US_1, KR_1, KR_2)


async def see_two(korea: Machine, *, seconds: float = 0.0) -> None:
    """Two objects, each by two kinds of sensor: confirmed. Seen anew for so long."""
    known = [
        korea.observed(
            name,
            sensor_kinds=BOTH_KINDS,
            sensors=(SensorId("KR-RADAR-1"), SensorId("KR-IR-1")),
            launch=None,
            impact=None,
        )
        for name in ("T1", "T2")
    ]
    await korea.sees(*known)
    for _ in range(round(seconds)):
        await pass_time(1.0)
        now = korea.clock.utc()
        await korea.sees(*(replace(one, at=now, last_observed_at=now) for one in known))


def falls_soon(machine: Machine) -> Track:
    """What nobody sees any more is over 30 s after this."""
    now = machine.clock.utc()
    return machine.observed(impact=replace(impact(), at=after_seconds(now, 1.0)))


def break_display(machine: Machine, render: Render) -> None:
    machine.node._displays.render = render


def twice(warnings: Iterable[BookedWarning]) -> tuple[ShownThreat, ...]:
    """A chip that puts twos into a count."""
    shown = shown_threats(warnings)
    return (*shown, *shown)


def one_missing(warnings: Iterable[BookedWarning]) -> tuple[ShownThreat, ...]:
    return shown_threats(warnings)[1:]


def another_class(warnings: Iterable[BookedWarning]) -> tuple[ShownThreat, ...]:
    shown = shown_threats(warnings)
    return tuple(replace(threat, object_class=ObjectClass.SRBM) for threat in shown)


def another_time(warnings: Iterable[BookedWarning]) -> tuple[ShownThreat, ...]:
    shown = shown_threats(warnings)
    return tuple(
        replace(threat, launched_at=after_seconds(threat.launched_at, 60.0))
        for threat in shown
        if threat.launched_at is not None
    )


async def differing(machine: Machine, partner: str) -> list[dict[str, Any]]:
    seen: Any = await machine.node.control.call("links", {})
    [link] = [one for one in seen["links"] if one["partner"] == partner]
    assert (DISPLAYS_DISAGREE in link["faults"]) == bool(link["displays"])
    shown: list[dict[str, Any]] = link["displays"]
    return shown


def last_stated(machine: Machine, warning_id: str) -> OpenedRecord:
    versions = [one for one in machine.warnings_of(KR_1) if one.fields["warning_id"] == warning_id]
    return max(versions, key=lambda one: int(str(one.fields["version"])))


def pictures_of(machine: Machine) -> list[OpenedRecord]:
    """What a machine stated of its displays."""
    return [
        open_unverified_record(RECORD.decode(row.encoded), realm=machine.realm)
        for row in machine.disk.records.values()
        if row.own and row.kind == RecordKind.SHOWN_PICTURE.value
    ]


def test_centres_that_are_fed_the_same_log_show_the_same_count_class_and_time() -> None:
    async def story(world: World) -> None:
        machines = centres(world)
        await pass_time(3.0)
        await machines[0].sees(machines[0].observed("T1"), machines[0].observed("T2"))
        await pass_time(30.0)
        for machine in machines:
            newest = pictures_of(machine)[-1]
            assert (newest.fields["fed_count"], newest.fields["shown_count"]) == (2, 2)
            assert machine.journal.of("displays_disagree") == []
            for partner in machine.partners:
                assert await differing(machine, partner) == []
        shown = {str(pictures_of(machine)[-1].fields["threats"]) for machine in machines}
        assert len(shown) == 1
        assert "IRBM" in shown.pop()

    play(story)


@pytest.mark.parametrize(
    ("render", "aspect"),
    [(twice, "count"), (one_missing, "count"), (another_class, "class")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_every_centre_shows_that_displays_disagree_and_nothing_stays_above_unconfirmed(
    render: Render, aspect: str
) -> None:
    async def story(world: World) -> None:
        first, second, america = centres(world)
        await pass_time(3.0)
        await see_two(first, seconds=2.0)
        assert last_stated(america, "KR-1/W0001").fields["confirmation"] is Confirmation.CONFIRMED
        break_display(america, render)
        await see_two(first, seconds=SOON_S)
        for machine, partner in ((first, US_1), (second, US_1), (america, KR_1), (america, KR_2)):
            assert {one["aspect"] for one in await differing(machine, partner)} == {aspect}
            assert DISPLAYS_DISAGREE in machine.services.health.link_faults[partner]
        assert await differing(first, KR_2) == []
        for warning_id in ("KR-1/W0001", "KR-1/W0002"):
            stated = last_stated(america, warning_id)
            assert stated.fields["confirmation"] is Confirmation.SINGLE_SOURCE
            assert CAVEAT in stated.fields["caveats"]  # type: ignore[operator]
        break_display(america, shown_threats)
        await see_two(first, seconds=SOON_S)
        for warning_id in ("KR-1/W0001", "KR-1/W0002"):
            stated = last_stated(america, warning_id)
            assert stated.fields["confirmation"] is Confirmation.CONFIRMED
            assert stated.fields["caveats"] == ()
        for machine in (first, second, america):
            assert machine.journal.of("displays_agree")
            for partner in machine.partners:
                assert await differing(machine, partner) == []
                assert DISPLAYS_DISAGREE not in machine.services.health.link_faults.get(partner, ())

    play(story)


def test_another_time_of_launch_is_told_with_both_values() -> None:
    async def story(world: World) -> None:
        first, second, america = centres(world)
        await pass_time(3.0)
        await first.sees(first.observed())
        break_display(second, another_time)
        await pass_time(3.0)
        for machine in (first, america):
            [told] = machine.journal.of("displays_disagree")
            assert (told["partner"], told["originator"]) == (KR_2, KR_1)
            [difference] = told["differences"]
            assert (difference["aspect"], difference["warning_id"]) == ("time", "KR-1/W0001")
            assert int(difference["theirs"]) - int(difference["ours"]) == 60_000_000_000

    play(story)


def test_a_new_warning_goes_out_at_once_while_displays_disagree() -> None:
    async def story(world: World) -> None:
        first, _, america = centres(world)
        await pass_time(3.0)
        break_display(america, twice)
        await see_two(first, seconds=SOON_S)
        assert await differing(first, US_1) != []
        third = first.observed("T3", sensor_kinds=BOTH_KINDS, launch=None, impact=None)
        before = len(america.warnings_of(KR_1))
        await first.sees(third)
        await pass_time(0.2)
        assert len(america.warnings_of(KR_1)) > before
        issued = last_stated(america, "KR-1/W0003")
        assert issued.fields["confirmation"] is Confirmation.SINGLE_SOURCE
        assert CAVEAT in issued.fields["caveats"]  # type: ignore[operator]

    play(story)


def test_a_centre_that_lacks_a_record_is_told_as_not_fed_the_same_and_confirms_on() -> None:
    """Another link than ours is cut: no display is wrong, and no level is taken away."""

    async def story(world: World) -> None:
        first, second, america = centres(world)
        await pass_time(3.0)
        world.network.cut(KR_1, KR_2)
        await pass_time(5.0)
        await see_two(first, seconds=15.0)
        found = await differing(america, KR_2)
        assert {one["aspect"] for one in found} == {"not fed the same"}
        assert {one["theirs"] for one in found} == {"not open"}
        assert await differing(second, US_1) == []  # it knows that it may lack something
        assert last_stated(america, "KR-1/W0001").fields["confirmation"] is Confirmation.CONFIRMED
        world.network.mend(KR_1, KR_2)
        await pass_time(8.0)
        assert await differing(america, KR_2) == []

    play(story)


def test_what_the_originator_withholds_from_a_reader_is_neither_said_to_him_nor_compared() -> None:
    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="classification")
        first, america, japan = world.three(guideline)
        await pass_time(3.0)
        break_display(america, another_class)
        await first.sees(first.observed())
        await pass_time(SOON_S)
        assert [one["aspect"] for one in await differing(first, US_1)] == ["class"]
        assert await differing(japan, US_1) == await differing(japan, KR_1) == []
        for row in japan.disk.records.values():
            if row.kind == RecordKind.SHOWN_PICTURE.value:
                assert b"RBM" not in row.encoded
        break_display(japan, one_missing)
        await pass_time(SOON_S)
        assert "count" in [one["aspect"] for one in await differing(america, JP_1)]

    play(story)


@pytest.mark.parametrize(
    "guideline",
    [agreed(kept_from_japan="warning_id"), agreed(japan_waits_s=60)],
    ids=["names withheld", "delayed"],
)
def test_a_reader_who_may_not_see_the_warnings_at_once_is_told_of_no_display(
    guideline: Any,
) -> None:
    async def story(world: World) -> None:
        first, america, japan = world.three(guideline)
        await pass_time(3.0)
        await first.sees(first.observed())
        await pass_time(20.0)
        of_korea = [one for one in pictures_of(america) + pictures_of(first) + pictures_of(japan)]
        assert {one.fields["originator"] for one in of_korea} == {KR_1}
        assert pictures_of(japan) == []
        rows = [row.kind for row in japan.disk.records.values()]
        assert RecordKind.SHOWN_PICTURE.value not in rows

    play(story)


def test_a_centre_that_was_restarted_shows_the_same_again() -> None:
    async def story(world: World) -> None:
        machines = centres(world)
        first, second, america = machines
        await pass_time(3.0)
        await first.sees(first.observed("T1"), first.observed("T2"))
        await pass_time(2.0)
        for machine in machines:
            await machine.crash()
            machine.restart()
            await pass_time(15.0)
        for machine in machines:
            assert machine.journal.of("displays_disagree") == []
            assert pictures_of(machine)[-1].fields["shown_count"] == 2

    play(story)


def test_what_ended_while_a_centre_was_down_is_not_held_against_it() -> None:
    async def story(world: World) -> None:
        first, second, america = centres(world)
        await pass_time(3.0)
        await first.sees(falls_soon(first))
        await pass_time(2.0)
        await second.crash()
        await pass_time(40.0)  # it expires, unseen
        second.restart()
        await pass_time(15.0)
        for machine in (first, second, america):
            assert machine.journal.of("displays_disagree") == []
            assert pictures_of(machine)[-1].fields["shown_count"] == 0

    play(story)


def test_little_is_stated_and_nothing_once_nothing_is_shown() -> None:
    async def story(world: World) -> None:
        first, second, america = centres(world)
        await pass_time(3.0)
        await first.sees(falls_soon(first))
        await pass_time(25.0)
        assert len(pictures_of(america)) == 3  # at once, and again every ten seconds
        await pass_time(20.0)
        assert pictures_of(america)[-1].fields["shown_count"] == 0
        stated = len(pictures_of(america))
        await pass_time(30.0)
        assert len(pictures_of(america)) == stated

    play(story)
