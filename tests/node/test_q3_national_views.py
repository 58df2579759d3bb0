"""Q3 (1980): where two centres show the same object otherwise, both say so; nothing is averaged."""

from typing import Any

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import KR_1, US_1

from bongsu.vocabulary.estimates import ClassProbability, ObjectClass

ICBM = (ClassProbability(object_class=ObjectClass.ICBM, probability=0.9),)


async def threat_at(machine: Machine) -> dict[str, Any]:
    answer = await machine.node.control.call("warnings", {})
    assert isinstance(answer, dict)
    [threat] = answer["threats"]
    return dict(threat)


def test_q3_two_nations_that_class_one_object_otherwise_both_show_it() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1"))
        await states.sees(states.observed("US-T1", classification=ICBM))
        await pass_time(3.0)
        for machine in (korea, states):
            threat = await threat_at(machine)
            found = [one for one in threat["disagreements"] if one["aspect"] == "class"]
            assert [{one["one"], one["other"]} for one in found] == [{KR_1, US_1}]
            classes = {
                threat["own"]["classification"][0]["object_class"],
                threat["partners"][0]["warning"]["classification"][0]["object_class"],
            }
            assert classes == {"IRBM", "ICBM"}

    play(story)


def test_q3_where_the_two_agree_nothing_is_said_and_a_shared_sensor_is_named() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1"))
        await states.sees(states.observed("US-T1"))
        await pass_time(3.0)
        threat = await threat_at(korea)
        assert threat["disagreements"] == []
        assert threat["shared_sensors"] == list(threat["own"]["sensors"])

    play(story)
