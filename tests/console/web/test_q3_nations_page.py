"""Q3 (1980): the page of national views says where two nations differ; nothing is blank."""

from typing import Any

import pytest
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_replay_pages import got
from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.vocabulary.estimates import ClassProbability, ObjectClass

ICBM = (ClassProbability(object_class=ObjectClass.ICBM, probability=0.9),)


def shown_by(node_id: str, *, kept_from_japan: str = "sensors", **changes: Any) -> MadeUpNode:
    """What the node answers when Korea and that nation see one object, the latter with changes."""
    made = MadeUpNode()

    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan=kept_from_japan)
        korea = world.machine(KR_1, US_1, JP_1, guideline=guideline)
        others = {
            one: world.machine(one, KR_1, other, guideline=guideline)
            for one, other in ((US_1, JP_1), (JP_1, US_1))
        }
        machine: Machine = next(one for name, one in others.items() if name == node_id)
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1"))
        await machine.sees(machine.observed(f"{node_id}-T1", **changes))
        await pass_time(3.0)
        for name in ("warnings", "tracks"):
            made.answers[name] = await machine.node.control.call(name, {})

    play(story)
    return made


def test_q3_what_two_nations_say_otherwise_is_marked_in_words() -> None:
    page = got(shown_by(US_1, classification=ICBM), "/nations")
    assert page.status_code == 200
    assert "DISAGREE: US-1 and KR-1 differ in class" in page.text
    assert "IRBM (90 %)" in page.text
    assert "ICBM (90 %)" in page.text
    assert "we (US-1)" in page.text
    assert "fused here" in page.text


def test_a_sensor_that_both_rest_on_is_marked_and_agreement_is_not_called_a_confirmation() -> None:
    text = got(shown_by(US_1), "/nations/now").text
    assert "DISAGREE" not in text
    assert "SHARED SENSOR: KR-RADAR-1 behind more than one nation" in text


@pytest.mark.parametrize(
    ("field", "row"), [("sensors", "sensors"), ("classification", "class"), ("impact", "where")]
)
def test_what_is_withheld_says_by_whom_and_is_never_blank(field: str, row: str) -> None:
    text = got(shown_by(JP_1, kept_from_japan=field), "/nations/now").text
    line = next(one for one in text.split("<tr>") if f">{row}" in one)
    assert "<td>withheld by KR</td>" in line
    assert "<td></td>" not in text.partition("<tbody>")[2]


def test_a_node_that_does_not_answer_is_said() -> None:
    made = MadeUpNode(is_away=True)
    page = got(made, "/nations")
    assert page.status_code == 503
    assert "NO PICTURE: no node answers" in page.text
