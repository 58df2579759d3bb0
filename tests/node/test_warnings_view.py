"""What a node answers when it is asked for open warnings."""

from dataclasses import replace
from typing import Any

from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.protocols.made_up_tracks import impact
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.vocabulary.units import after_seconds


async def open_at(machine: Machine) -> list[dict[str, Any]]:
    answer = await machine.node.control.call("warnings", {})
    assert isinstance(answer, dict)
    assert answer["realm"] == machine.realm.value
    return list(answer["threats"])


def test_a_partners_words_about_the_same_object_stand_beside_ours() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        assert await open_at(korea) == []
        await korea.sees(korea.observed("KR-T1"))
        await states.sees(states.observed("US-T1"))
        await pass_time(3.0)
        [threat] = await open_at(korea)
        assert threat["own"]["node"] == KR_1
        assert threat["own"]["withheld"] == []
        [partner] = threat["partners"]
        [record] = korea.warnings_of(US_1)[-1:]
        assert partner["record_id"] == record.record_id.hex()
        assert partner["warning"]["warning_id"].startswith("US-1/")

    play(story)


def test_what_a_partner_alone_warns_of_stands_by_itself_with_its_withheld_fields() -> None:
    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="sensors")
        korea = world.machine(KR_1, JP_1, guideline=guideline)
        japan = world.machine(JP_1, KR_1, guideline=guideline)
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1"))
        await pass_time(3.0)
        [threat] = await open_at(japan)
        assert threat["own"] is None
        [partner] = threat["partners"]
        assert partner["warning"]["withheld"] == ["sensors"]
        assert partner["warning"]["sensors"] is None

    play(story)


def test_what_has_ended_is_not_open() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        soon = replace(impact(), at=after_seconds(korea.clock.utc(), 5.0))
        await korea.sees(korea.observed("KR-T1", impact=soon))
        await pass_time(3.0)
        assert len(await open_at(states)) == 1
        await pass_time(60.0)  # the predicted time passes, and nobody sees it any more
        assert await open_at(korea) == []
        assert await open_at(states) == []

    play(story)


def test_the_time_is_the_nodes_own() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        begun = korea.clock.utc()
        await pass_time(7.0)
        answer = await korea.node.control.call("warnings", {})
        assert isinstance(answer, dict)
        assert answer["at"] >= after_seconds(begun, 7.0)

    play(story)
