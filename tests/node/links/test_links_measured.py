"""What a node tells of its links from its partners' signed receipts."""

from dataclasses import replace
from typing import Any

import msgspec
from tests.node.made_up_world import EXERCISE, Machine, World, agreed, pass_time, play
from tests.node.recalls.test_recalls import FIRST, recalls
from tests.node.stating_node import states
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.console.answers.links import LinksSeen
from bongsu.records.guideline import AgreedGuideline, LinkContract
from bongsu.vocabulary.units import NationId, NodeId

KR, US = NationId("KR"), NationId("US")
CONTRACT = LinkContract(latency_ms=500, completeness=0.999, window_s=20)


def contracted(contract: LinkContract = CONTRACT) -> AgreedGuideline:
    guideline = replace(agreed(EXERCISE).guideline, contracts={(KR, US): contract})
    return AgreedGuideline(guideline=guideline, officers=())


async def link_to(machine: Machine, partner: NodeId) -> dict[str, Any]:
    seen = await machine.node.control.call("links", {})
    assert isinstance(seen, dict)
    msgspec.convert(msgspec.json.decode(msgspec.json.encode(seen)), LinksSeen)  # as the face reads
    [link] = [one for one in seen["links"] if one["partner"] == partner]
    assert isinstance(link, dict)
    return link


def many(count: int, *, first: int = 1) -> list[Any]:
    return [replace(FIRST, warning_id=f"KR-1/W{first + n:04d}") for n in range(count)]


def test_a_contract_is_kept_broken_by_a_cut_and_kept_again() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=contracted())
        world.machine(US_1, KR_1, guideline=contracted())
        await pass_time(3.0)
        assert (await link_to(korea, US_1))["contract"]["verdict"] == "not enough data"
        states(korea, *many(25))
        await pass_time(1.0)
        link = await link_to(korea, US_1)
        assert link["contract"]["verdict"] == "kept"
        assert link["contract"]["agreed"] == {
            "latency_ms": 500.0,
            "completeness": 0.999,
            "window_s": 20.0,
        }
        assert 0.0 < link["lanes"]["urgent"]["p50_ms"] <= link["lanes"]["urgent"]["p99_ms"] < 500.0
        assert link["lanes"]["urgent"]["completeness"] == 1.0
        world.network.cut(KR_1, US_1)
        states(korea, *many(1, first=100))
        await pass_time(3.0)
        link = await link_to(korea, US_1)
        assert link["contract"]["verdict"] == "broken"
        assert link["contract"]["broken_s"] > 1.0
        [line] = korea.journal.of("contract_broken")
        assert (line["partner"], line["lane"], line["overdue"]) == (US_1, "urgent", 1)
        world.network.mend(KR_1, US_1)
        await pass_time(5.0)
        states(korea, *many(25, first=200))
        await pass_time(21.0)
        states(korea, *many(25, first=300))
        await pass_time(1.0)
        assert len(korea.journal.of("contract_kept_again")) == 1
        assert (await link_to(korea, US_1))["contract"]["verdict"] == "kept"

    play(story)


def test_without_a_contract_the_figures_are_shown_and_nothing_is_judged() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        states(korea, *many(25))
        await pass_time(1.0)
        link = await link_to(korea, US_1)
        assert link["contract"] == {"verdict": "no contract", "broken_s": None, "agreed": None}
        assert link["lanes"]["urgent"]["receipted"] == 25

    play(story)


def test_q17_the_sender_sees_who_did_not_acknowledge_within_ten_seconds() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three()
        await pass_time(3.0)
        await japan.crash()
        states(korea, FIRST)
        await pass_time(9.0)
        assert korea.journal.of("not_acknowledged") == []
        await pass_time(2.0)
        [line] = korea.journal.of("not_acknowledged")
        [record_id] = [opened.record_id.hex() for opened in korea.warnings_of(KR_1)]
        assert (line["partner"], line["record_id"]) == (JP_1, record_id)
        assert 10.0 <= line["after_s"] < 11.0
        assert (await link_to(korea, JP_1))["not_acknowledged"] == [record_id]
        assert (await link_to(korea, US_1))["not_acknowledged"] == []
        japan.restart()
        await pass_time(5.0)
        [late] = korea.journal.of("acknowledged_late")
        assert (late["partner"], late["record_id"]) == (JP_1, record_id)
        assert (await link_to(korea, JP_1))["not_acknowledged"] == []

    play(story)


def test_q17_after_a_restart_of_the_sender_it_is_still_seen() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        america = world.machine(US_1, KR_1)
        await pass_time(3.0)
        await america.crash()
        states(korea, FIRST)
        await pass_time(1.0)
        await recalls(korea)
        await korea.crash()
        korea.restart()
        await pass_time(11.0)
        told = {line["record_id"] for line in korea.journal.of("not_acknowledged")}
        kinds = {korea.disk.records[r].kind for r in korea.disk.records if r.hex() in told}
        assert kinds == {"launch_warning", "recall"}

    play(story)
