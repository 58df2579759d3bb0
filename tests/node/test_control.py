"""Commands of a node: what is offered is carried out, anything else is refused in words."""

import asyncio

import pytest
from tests.node.made_up_world import World, pass_time, play

from bongsu.node.control import Body, Control, Offered, all_offered
from bongsu.vocabulary.errors import LocalMisuse


class Greeting(Body, frozen=True, kw_only=True):
    to: str


async def _greet(body: Greeting) -> object:
    return f"hello {body.to}"


CONTROL = Control({"greet": Offered(Greeting, _greet)})


def test_a_command_is_carried_out_with_its_checked_body() -> None:
    assert asyncio.run(CONTROL.call("greet", {"to": "KR"})) == "hello KR"


@pytest.mark.parametrize("body", [{}, {"to": 1}, {"to": "KR", "more": 1}, None, []])
def test_a_body_of_another_form_is_refused(body: object) -> None:
    with pytest.raises(LocalMisuse, match="body is refused") as refused:
        asyncio.run(CONTROL.call("greet", body))
    assert refused.value.remedy


def test_a_command_that_is_not_offered_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="knows no command 'shout'"):
        asyncio.run(CONTROL.call("shout", {}))


def test_two_parts_never_answer_to_one_name() -> None:
    with pytest.raises(LocalMisuse, match="two parts of the node offer 'greet'"):
        all_offered(CONTROL.offered, CONTROL.offered)


def test_a_node_tells_how_its_links_are() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(1.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        seen = await korea.node.control.call("links", {})
        assert isinstance(seen, dict)
        assert (seen["node"], seen["realm"]) == ("KR-1", "exercise")
        to_us = next(link for link in seen["links"] if link["partner"] == "US-1")
        assert to_us["appended"] == to_us["acknowledged"] > 0
        assert to_us["faults"] == []
        assert to_us["heard_s_ago"] < 1.0

    play(story)
