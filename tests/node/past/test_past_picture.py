"""The picture at a moment that is over is the one that was shown then."""

import random
from dataclasses import replace
from typing import Any

import pytest
from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.protocols.made_up_tracks import impact
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.adapters.simulated.memory_store import Disk
from bongsu.node.past import past_warnings
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import UtcNs, after_seconds


async def asked(machine: Machine, command: str, **body: Any) -> dict[str, Any]:
    answer = await machine.node.control.call(command, body)
    assert isinstance(answer, dict)
    return answer


async def at(machine: Machine, moment: int) -> dict[str, Any]:
    return await asked(machine, "at", utc_ns=moment)


async def now_shown(machine: Machine) -> dict[str, Any]:
    return await asked(machine, "warnings")


def spoken(threats: list[dict[str, Any]]) -> set[tuple[str, int, str | None]]:
    """Every version that stands, and which of our own it stands beside."""
    found: set[tuple[str, int, str | None]] = set()
    for threat in threats:
        own = threat["own"]
        beside = None if own is None else own["warning_id"]
        if own is not None:
            found.add((own["warning_id"], own["version"], None))
        found |= {
            (one["warning"]["warning_id"], one["warning"]["version"], beside)
            for one in threat["partners"]
        }
    return found


async def eventful(world: World) -> tuple[Machine, list[dict[str, Any]]]:
    """What Korea showed over some minutes in which much was issued, amended, ended, recalled."""
    chance = world.chance
    korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
    shown: list[dict[str, Any]] = []
    await pass_time(3.0)
    for turn in range(8):
        machine = (korea, states)[turn] if turn < 2 else chance.choice((korea, states))
        falls = replace(
            impact(), at=after_seconds(machine.clock.utc(), chance.choice((4.0, 900.0)))
        )
        number = chance.randrange(3)
        await machine.sees(machine.observed(f"{machine.node_id}-T{number}", impact=falls))
        if turn in (3, 6):
            await recalled_one(chance, states)
        await pass_time(chance.choice((2.5, 5.0, 36.0)))
        shown.append(await now_shown(korea))
        await pass_time()
    return korea, shown


async def recalled_one(chance: random.Random, machine: Machine) -> None:
    warnings = machine.warnings_of(machine.node_id)
    if warnings:
        one = chance.choice(warnings)
        await asked(machine, "recall", record=str(one.fields["warning_id"]), reason="a drill")


def as_of(disk: Disk, moment: UtcNs) -> Disk:
    """What lay on the disk then."""
    kept = disk.backup()
    kept.records = {name: row for name, row in disk.records.items() if row.stored_at <= moment}
    return kept


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_moment_is_shown_again_as_it_was_shown_then_and_as_its_log_alone_says_it(
    seed: int,
) -> None:
    """Two oracles: what was shown, and a node that starts from the log as it was then."""

    async def story(world: World) -> None:
        korea, shown = await eventful(world)
        past = [await at(korea, then["at"]) for then in shown]
        for then, again in zip(shown, past, strict=True):
            assert spoken(again["threats"]) == spoken(then["threats"])
            assert again["complete"]
        assert len({frozenset(spoken(then["threats"])) for then in shown}) > 3
        whole = korea.disk
        await korea.crash()
        for again in past:
            korea.disk = as_of(whole, again["at"])
            korea.compose()
            assert versions(await now_shown(korea)) == versions(again)
        korea.disk = whole
        korea.restart()
        await pass_time(1.0)
        for again in past:
            anew = await at(korea, again["at"])
            kept = ("at", "threats", "over", "objects", "newest_at", "last_from", "begins")
            assert {name: anew[name] for name in kept} == {name: again[name] for name in kept}

    play(story, seed=seed)


def versions(answer: dict[str, Any]) -> set[tuple[str, int]]:
    return {(name, version) for name, version, _ in spoken(answer["threats"])}


def test_a_recall_holds_from_when_it_was_stored_and_is_named_with_its_reason() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await states.sees(states.observed("US-T1"))
        await pass_time(3.0)
        before = korea.clock.utc()
        await pass_time(3.0)
        await asked(states, "recall", record="US-1/W0001", reason="test data on a live input")
        await pass_time(3.0)
        stood = await at(korea, before)
        assert [one["own"] for one in stood["threats"]] == [None]
        assert stood["over"] == []
        gone = await at(korea, korea.clock.utc())
        assert gone["threats"] == []
        assert {one["recalled"] for one in gone["over"]} == {"test data on a live input"}
        assert {one["node"] for one in gone["over"]} == {US_1}

    play(story)


def test_tracks_stand_where_they_were_with_what_was_withheld() -> None:
    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="sensors")
        korea = world.machine(KR_1, JP_1, guideline=guideline)
        japan = world.machine(JP_1, KR_1, guideline=guideline)
        await pass_time(3.0)
        empty = japan.clock.utc()
        await korea.sees(korea.observed("KR-T1"))
        await pass_time(5.0)
        live = await asked(japan, "tracks")
        await pass_time(70.0)
        assert (await asked(japan, "tracks"))["objects"] == []
        [known] = (await at(japan, live["at"]))["objects"]
        assert known == live["objects"][0]
        assert known["tracks"][0]["withheld"] == ["sensors"]
        assert (await at(japan, empty))["objects"] == []
        assert (await at(japan, live["at"]))["last_from"][0]["node"] == KR_1

    play(story)


def test_a_log_without_records_says_so_and_what_is_to_come_is_refused() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1)
        begun = korea.clock.utc()
        nothing = await at(korea, begun)
        assert (nothing["begins"], nothing["ends"], nothing["newest_at"]) == (None, None, None)
        assert nothing["threats"] == []
        assert "links" in nothing["not_recorded"]
        with pytest.raises(LocalMisuse, match="still to come"):
            await at(korea, after_seconds(korea.clock.utc(), 60.0))

    play(story)


def test_where_there_is_more_than_one_question_reads_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(past_warnings, "MAXIMUM_VERSIONS", 2)

    async def story(world: World) -> None:
        korea, shown = await eventful(world)
        assert not (await at(korea, shown[-1]["at"]))["complete"]

    play(story)
