"""Asked before and after: who would get a record, by which way, and who has it already."""

from typing import Any

import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import JP_1, KR_1, US_1, WARNING

from bongsu.node.node import Node
from bongsu.vocabulary.errors import LocalMisuse

COARSE = in_force(
    guideline_text(
        version=4,
        parties='"KR", "US", "JP"',
        fields='launch_warning = ["warning_id", "version", "launch", "fan", "sensors"]',
        rules=rule("KR", "US", onward=True, name="to the US")
        + rule("KR", "JP", withhold='"launch"', delay_s=600, name="to Japan"),
    )
)


async def preview(machine: Machine, record: str) -> dict[str, Any]:
    answer = await machine.node.control.call("release_preview", {"record": record})
    assert isinstance(answer, dict)
    return answer


def warning_id(machine: Machine) -> str:
    return machine.warnings_of(KR_1)[0].record_id.hex()


def test_a_preview_of_a_record_says_who_has_it_and_who_would_get_what_now() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        record_id = warning_id(korea)
        korea.services.agreements.take(COARSE)
        for typed in (record_id, record_id[:8]):
            answer = await preview(korea, typed)
            assert answer["record_id"] == record_id
            assert answer["guideline"] == "MADE-UP version 4"
        japan, states = answer["readers"]
        assert (japan["reader"], states["reader"]) == (JP_1, US_1)
        assert "sensors" in states["went"]
        assert "sensors" not in japan["went"]
        assert states["acknowledged"]
        assert states["rule"] == "to the US"
        assert states["fields"] == ["fan", "launch", "sensors", "version", "warning_id"]
        assert (japan["rule"], japan["delay_s"]) == ("to Japan", 600)
        assert "launch" in japan["withheld"]
        assert [one["reader"] for one in states["onward"]] == ["JP"]
        assert states["onward"][0]["through"] == ["US"]

    play(story)


def test_a_warning_with_a_fan_gives_its_launch_point_away_and_the_preview_warns() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        korea.services.agreements.take(COARSE)
        await pass_time(3.0)
        await korea.sees(korea.observed(impact=None, fan=WARNING.fan))
        await pass_time(1.0)
        japan = (await preview(korea, warning_id(korea)))["readers"][0]
        told = {leak["field"]: leak["means"] for leak in japan["given_away"]}
        assert "JP can tell launch of KR's launch warnings" in told["launch"]
        assert "impact" not in told

    play(story)


def test_the_way_to_a_partner_without_a_direct_link_names_its_relay() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await korea.crash()
        korea.compose()
        korea.node = Node(korea.services, (US_1, JP_1), relays={JP_1: US_1})
        korea.start()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        japan, states = (await preview(korea, warning_id(korea)))["readers"]
        assert (japan["relay"], states["relay"]) == (US_1, None)

    play(story)


def test_a_partner_s_record_that_may_not_go_on_goes_to_nobody() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        answer = await preview(states, warning_id(states))
        assert [one["fields"] for one in answer["readers"]] == [[], []]
        assert "may not pass on" in answer["readers"][0]["reason"]

    play(story)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("xyz", "is no record's id"), ("abc", "is no record's id"), ("0" * 64, "no record begins")],
)
def test_what_names_no_record_is_refused_in_words(typed: str, why: str) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        with pytest.raises(LocalMisuse, match=why):
            await preview(korea, typed)

    play(story)
