"""Alarms of a running node: raised, acknowledged by a person, in the log, over a restart."""

from typing import Any

import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.console.answers.alarms import AlarmsSeen, HandoverSeen
from bongsu.console.answers.understood import understood
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.alarm import AlarmKind, Severity, WatchAction
from bongsu.vocabulary.errors import LocalMisuse


async def alarms_at(machine: Machine) -> AlarmsSeen:
    return understood(await machine.node.control.call("alarms", {}), AlarmsSeen)


async def acknowledge(machine: Machine, name: str, version: int | None = None) -> Any:
    body = {"alarm": name, "version": version, "who": "Kim"}
    return await machine.node.control.call("alarm_acknowledge", body)


def test_a_warning_alarms_until_somebody_has_seen_it_and_stays_seen_over_a_restart() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        assert (await alarms_at(korea)).unacknowledged == 0
        await korea.sees(korea.observed())
        await pass_time(1.0)
        seen = await alarms_at(korea)
        [alarm] = seen.alarms
        assert (alarm.kind, alarm.severity) == (AlarmKind.WARNING, Severity.CRITICAL)
        assert (seen.unacknowledged, seen.worst, seen.sounding) == (1, *[Severity.CRITICAL] * 2)
        assert korea.journal.of("alarm_raised")[-1]["name"] == alarm.name
        answer = await acknowledge(korea, alarm.name, alarm.version)
        seen = await alarms_at(korea)
        assert seen.unacknowledged == 0
        [alarm] = seen.alarms
        assert alarm.acknowledged is not None
        assert alarm.acknowledged.who == "Kim"
        rows = list(korea.store.records(kind=RecordKind.WATCH_LOG.value, own=True))
        assert [row.record_id.hex() for row in rows] == [answer["record_id"]]
        await korea.crash()
        korea.restart()
        await pass_time(1.0)
        seen = await alarms_at(korea)
        named = {one.name: one.acknowledged for one in seen.alarms}
        assert named[alarm.name] == alarm.acknowledged

    play(story)


def test_who_acknowledged_what_goes_to_nobody_not_even_where_all_is_shared() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        [alarm] = (await alarms_at(korea)).alarms
        await acknowledge(korea, alarm.name)
        await korea.node.control.call("shift_change", {"action": "begin", "who": "Kim"})
        await pass_time(5.0)
        for machine in (states, japan):
            assert not list(machine.store.records(kind=RecordKind.WATCH_LOG.value, own=False))

    play(story)


def test_a_partner_alone_alarms_and_its_recall_too() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(3.0)
        [alarm] = (await alarms_at(states)).alarms
        assert alarm.source == KR_1
        [warning] = korea.warnings_of(KR_1)[:1]
        body = {"record": str(warning.fields["warning_id"]), "reason": "a test that went out"}
        await korea.node.control.call("recall", body)
        await pass_time(3.0)
        seen = await alarms_at(states)
        kinds = {one.kind: one for one in seen.alarms}
        assert kinds[AlarmKind.RECALL].severity is Severity.SERIOUS
        assert kinds[AlarmKind.WARNING].over_at is not None

    play(story)


def test_q17_a_silent_partner_alarms_and_so_does_a_warning_without_receipt() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await states.crash()
        await korea.sees(korea.observed())
        await pass_time(15.0)
        about = {one.about for one in (await alarms_at(korea)).alarms if one.source == US_1}
        assert about == {"nothing heard", "warnings or recalls without a receipt for ten seconds"}

    play(story)


def test_a_flood_is_listed_in_part_and_counted_in_groups() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, JP_1)
        await pass_time(3.0)
        await korea.sees(
            *(
                korea.observed(f"T{number}", position_ecef_m=_apart(korea, number), launch=None)
                for number in range(60)
            )
        )
        await pass_time(2.0)
        seen = await alarms_at(korea)
        listed = [one for one in seen.alarms if one.kind is AlarmKind.WARNING]
        [group] = [one for one in seen.groups if one.kind is AlarmKind.WARNING]
        assert len(listed) + group.count == seen.unacknowledged - len(seen.alarms) + len(listed)
        assert group.unacknowledged == group.count > 0

    play(story)


def test_silence_and_shifts_stand_in_the_handover_with_who_and_when() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        world.machine(US_1, KR_1)
        await pass_time(3.0)
        call = korea.node.control.call
        await call("shift_change", {"action": "begin", "who": "Kim", "note": "quiet night"})
        await korea.sees(korea.observed())
        await pass_time(1.0)
        await call("alarm_silence", {"for_s": 60.0, "who": "Kim"})
        seen = await alarms_at(korea)
        assert seen.shift is not None
        assert seen.shift.who == "Kim"
        assert (seen.unacknowledged, seen.sounding, seen.silenced_by) == (1, None, "Kim")
        [alarm] = seen.alarms
        await acknowledge(korea, alarm.name)
        told = understood(await call("handover", {}), HandoverSeen)
        assert [one.note for one in told.shifts] == ["quiet night"]
        assert [one.action for one in told.silenced] == [WatchAction.SILENCED]
        assert [one.alarm for one in told.acknowledged] == [alarm.name]
        assert [one.subject for one in told.changed] == [alarm.about]
        assert [one.warning_id for one in told.next] == [alarm.about]
        assert told.unacknowledged == 0
        await pass_time(61.0)
        assert (await alarms_at(korea)).silenced_s == 0.0

    play(story)


def test_what_is_asked_wrongly_is_refused_and_nothing_is_written() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time(3.0)
        for command, body in (
            ("alarm_acknowledge", {"alarm": "warning:KR-1/W0009", "who": "Kim"}),
            ("alarm_acknowledge", {"alarm": "x", "who": ""}),
            ("alarm_acknowledge", {"alarm": "x", "who": " "}),
            ("alarm_silence", {"for_s": 1e9, "who": "Kim"}),
            ("shift_change", {"action": "sleep", "who": "Kim"}),
        ):
            with pytest.raises(LocalMisuse):
                await korea.node.control.call(command, body)
        assert not list(korea.store.records(kind=RecordKind.WATCH_LOG.value, own=True))

    play(story)


def _apart(machine: Machine, number: int) -> tuple[float, float, float]:
    x, y, z = machine.observed().position_ecef_m
    return x + 1e5 * number, y, z
