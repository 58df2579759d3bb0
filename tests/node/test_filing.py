"""What a person files: checked, shown with who gets it, stated, amended, withdrawn."""

import asyncio
from math import radians
from typing import Any

import pytest
from tests.node.made_up_world import Machine, World, all_fields, pass_time, play
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import JP_1, KR_1, NOW, US_1

from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import LocalMisuse

NOTICE, REPORT = RecordKind.LAUNCH_NOTICE, RecordKind.INTELLIGENCE_REPORT
SHARED = in_force(
    guideline_text(
        version=4,
        parties='"KR", "US", "JP"',
        fields="\n".join(f"{kind.value} = [{all_fields(kind)}]" for kind in (NOTICE, REPORT)),
        rules=rule("KR", "US", kind=NOTICE.value)
        + rule("KR", "JP", kind=NOTICE.value, withhold='"launch_area", "impact_areas"')
        + rule("KR", "US", kind=REPORT.value, withhold='"above_line", "source_kind"'),
    )
)


def area(name: str) -> dict[str, object]:
    corners = ((40.0, 126.0), (40.0, 127.0), (41.0, 127.0))
    return {
        "name": name,
        "points": [{"latitude_rad": radians(n), "longitude_rad": radians(e)} for n, e in corners],
    }


def notice(**changes: object) -> dict[str, object]:
    stated = {
        "notice_id": "N1",
        "action": "filed",
        "filed_by": "Aland",
        "filed_at": NOW,
        "vehicle": "satellite launch vehicle",
        "window_from": NOW,
        "window_to": NOW + 10**9,
        "launch_area": area("the site"),
        "impact_areas": [area("first stage")],
        "remark": "",
    }
    return {"kind": NOTICE.value, "stated": {**stated, **changes}}


def report(**changes: object) -> dict[str, object]:
    stated = {
        "report_id": "R1",
        "action": "filed",
        "observed_from": NOW,
        "observed_to": NOW,
        "source_kind": "imagery",
        "confidence": "moderate",
        "above_line": "Seen by X: fuelling.",
        "below_line": "A launch within two days is likely.",
        "area": None,
        "derived_from": ["YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="],  # 32 bytes, as JSON
    }
    return {"kind": REPORT.value, "stated": {**stated, **changes}}


async def ask(machine: Machine, command: str, body: dict[str, object]) -> dict[str, Any]:
    answer = await machine.node.control.call(command, body)
    assert isinstance(answer, dict)
    return answer


async def sharing(world: World) -> tuple[Machine, Machine, Machine]:
    machines = world.three()
    for machine in machines:
        machine.services.agreements.take(SHARED)
    await pass_time(3.0)
    return machines


async def shown(machine: Machine, record_id: str) -> dict[str, Any]:
    return await ask(machine, "record_show", {"record": record_id})


def test_a_notice_is_previewed_stated_and_reaches_each_partner_as_agreed() -> None:
    async def story(world: World) -> None:
        korea, states, japan = await sharing(world)
        before = len(korea.disk.records)
        previewed = await ask(korea, "filing_preview", notice())
        assert len(korea.disk.records) == before
        assert previewed["stated"]["notice_id"] == "KR-1/N1"
        assert previewed["stated"]["version"] == 1
        stated = await ask(korea, "filing_state", notice())
        assert stated["preview"] == previewed["preview"]
        await pass_time(1.0)
        to_states = await shown(states, stated["record_id"])
        to_japan = await shown(japan, stated["record_id"][:10])
        assert to_states["withheld"] == []
        assert to_states["fields"]["filed_by"] == "Aland"
        assert to_japan["withheld"] == ["launch_area", "impact_areas"]
        assert "latitude_rad" in to_japan["fields"]["launch_area_cell_100km"]
        for reader, seen in ((US_1, to_states), (JP_1, to_japan)):
            [readers] = [one for one in previewed["preview"]["readers"] if one["reader"] == reader]
            assert sorted(seen["fields"]) == readers["fields"]
            assert seen["signature"].startswith("verifies: signed by KR-1")
            assert seen["received_from"] == [KR_1]

    play(story)


def test_a_report_is_shared_below_the_line_alone() -> None:
    async def story(world: World) -> None:
        korea, states, japan = await sharing(world)
        stated = await ask(korea, "filing_state", report())
        await pass_time(1.0)
        seen = await shown(states, stated["record_id"])
        assert seen["fields"]["below_line"].startswith("A launch within")
        assert {"above_line", "source_kind"} <= set(seen["withheld"])
        with pytest.raises(LocalMisuse, match="no record begins"):
            await shown(japan, stated["record_id"])
        [states_] = [one for one in stated["preview"]["readers"] if one["reader"] == US_1]
        assert {leak["field"] for leak in states_["given_away"]} == {"source_kind"}

    play(story)


def test_versions_follow_one_another_and_the_history_shows_them() -> None:
    async def story(world: World) -> None:
        korea, states, _ = await sharing(world)
        first = await ask(korea, "filing_state", notice())
        second = await ask(korea, "filing_state", notice(action="amended", remark="later"))
        last = await ask(korea, "filing_state", notice(action="withdrawn"))
        await pass_time(1.0)
        seen = await shown(states, second["record_id"])
        assert [one["record_id"] for one in seen["history"]] == [
            one["record_id"] for one in (first, second, last)
        ]
        assert [(one["version"], one["action"]) for one in seen["history"]] == [
            (1, "filed"),
            (2, "amended"),
            (3, "withdrawn"),
        ]
        with pytest.raises(LocalMisuse, match="was withdrawn"):
            await ask(korea, "filing_state", notice(action="amended"))

    play(story)


def test_two_filings_at_once_get_two_versions() -> None:
    async def story(world: World) -> None:
        korea, _, _ = await sharing(world)
        await ask(korea, "filing_state", notice())
        both = await asyncio.gather(
            *(ask(korea, "filing_state", notice(action="amended")) for _ in range(2))
        )
        assert [one["stated"]["version"] for one in both] == [2, 3]

    play(story)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (notice(action="amended"), "was never filed"),
        (notice(action="finished"), "never filed"),
        (notice(window_from=NOW + 2 * 10**9), "window_from is after window_to"),
        (notice(vehicle="glider"), "vehicle|enum"),
        (notice(launch_area=None), "launch_area"),
        (notice(notice_id="no/slash"), "notice_id"),
        (notice(aim_point=1), "unknown: aim_point"),
        (report(confidence="sure"), "confidence|enum"),
        (report(below_line="x" * 9_000), "below_line"),
        ({"kind": "launch_warning", "stated": {}}, "not for people to file"),
    ],
)
def test_what_cannot_be_stated_is_refused_with_the_field(body: dict[str, object], why: str) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        before = dict(korea.disk.records)
        for command in ("filing_preview", "filing_state"):
            with pytest.raises(LocalMisuse, match=why):
                await ask(korea, command, body)
        assert korea.disk.records == before

    play(story)


def test_what_is_filed_already_is_not_filed_again_nor_its_name_taken() -> None:
    async def story(world: World) -> None:
        korea, _, _ = await sharing(world)
        await ask(korea, "filing_state", notice())
        with pytest.raises(LocalMisuse, match="filed already"):
            await ask(korea, "filing_state", notice())
        with pytest.raises(LocalMisuse, match="is the name of a launch_notice"):
            await ask(korea, "filing_state", report(report_id="N1"))

    play(story)


def test_a_bulk_record_stands_under_the_head_of_its_originator_s_feed() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        [update] = [row for row in states.disk.records.values() if row.kind == "track_update"]
        for machine in (korea, states):
            seen = await shown(machine, update.record_id.hex())
            assert seen["signature"] == "stands under the signed head of KR-1's feed"
        [warning] = [row for row in korea.disk.records.values() if row.kind == "launch_warning"]
        sent = (await shown(korea, warning.record_id.hex()))["sent_to"]
        assert {(one["reader"], one["acknowledged"]) for one in sent} == {
            (US_1, True),
            (JP_1, True),
        }

    play(story)
