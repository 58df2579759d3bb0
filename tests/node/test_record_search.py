"""Finding records: newest first, by everything that people know of one, within a bound."""

from typing import Any

import pytest
from msgspec import structs
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import KR_1, US_1

from bongsu.node import record_search
from bongsu.vocabulary.errors import LocalMisuse

REMARK = "white smoke over the ridge, <script>alert(1)</script>"


async def found(machine: Machine, **asked: Any) -> dict[str, Any]:
    answer = await machine.node.control.call("records", asked)
    assert isinstance(answer, dict)
    return answer


async def two_warnings(world: World) -> Machine:
    """Korea warns of an object with a remark about it, and so do the States."""
    korea, states, _ = world.three()
    await pass_time(3.0)
    await states.sees(states.observed("US-T1"))
    await pass_time(3.0)
    await korea.sees(korea.observed("KR-T1", caveats=(REMARK,)))
    await pass_time(3.0)
    return korea


def kinds_and_origins(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["kind"], one["originator"]) for one in answer["records"]}


def test_records_are_found_by_kind_originator_and_subject_the_newest_first() -> None:
    async def story(world: World) -> None:
        korea = await two_warnings(world)
        everything = await found(korea)
        times = [one["stored_at"] for one in everything["records"]]
        assert times == sorted(times, reverse=True)
        assert everything["next"] is None
        assert everything["complete"]
        warnings = await found(korea, kind="launch_warning")
        assert kinds_and_origins(warnings) == {("launch_warning", KR_1), ("launch_warning", US_1)}
        theirs = await found(korea, kind="launch_warning", originator=US_1)
        assert {one["own"] for one in theirs["records"]} == {False}
        subject = theirs["records"][0]["subject"]
        assert (await found(korea, subject=subject))["records"] == theirs["records"]
        assert (await found(korea, subject="US-1/W9999"))["records"] == []

    play(story)


def test_bulk_is_left_out_unless_it_is_asked_for() -> None:
    async def story(world: World) -> None:
        korea = await two_warnings(world)
        of_all = {kind for kind, _ in kinds_and_origins(await found(korea, bulk=True))}
        assert "track_update" in of_all
        assert "track_update" not in {k for k, _ in kinds_and_origins(await found(korea))}
        assert (await found(korea, kind="track_update"))["records"]

    play(story)


def test_a_time_ends_before_its_end() -> None:
    async def story(world: World) -> None:
        korea = await two_warnings(world)
        everything = (await found(korea))["records"]
        middle = everything[len(everything) // 2]["stored_at"]
        older = (await found(korea, stored_to=middle))["records"]
        newer = (await found(korea, stored_from=middle))["records"]
        assert newer + older == everything
        assert all(one["stored_at"] < middle for one in older)

    play(story)


def test_words_are_found_in_any_field_whatever_their_case() -> None:
    async def story(world: World) -> None:
        korea = await two_warnings(world)
        smoke = await found(korea, text="WHITE Smoke")
        assert kinds_and_origins(smoke) == {("launch_warning", KR_1)}
        assert all(one["excerpt"]["field"] == "caveats" for one in smoke["records"])
        assert REMARK in smoke["records"][0]["excerpt"]["text"]
        assert (await found(korea, text="black smoke"))["records"] == []

    play(story)


def test_what_was_recalled_and_what_stands_are_told_apart() -> None:
    async def story(world: World) -> None:
        korea = await two_warnings(world)
        [first, *_] = (await found(korea, kind="launch_warning", originator=KR_1))["records"]
        await korea.node.control.call(
            "recall", {"record": first["subject"], "reason": "a test", "all_versions": True}
        )
        await pass_time(1.0)
        withdrawn = (await found(korea, recalled=True))["records"]
        assert {one["subject"] for one in withdrawn} == {first["subject"]}
        assert all(one["recalled"] for one in withdrawn)
        standing = (await found(korea, kind="launch_warning", recalled=False))["records"]
        assert {one["originator"] for one in standing} == {US_1}

    play(story)


def test_pages_together_are_the_whole_answer_and_nothing_stands_twice() -> None:
    async def story(world: World) -> None:
        korea = await two_warnings(world)
        whole = (await found(korea, bulk=True))["records"]
        for limit in (1, 2, 3):
            paged: list[dict[str, Any]] = []
            before = None
            while True:
                page = await found(korea, bulk=True, limit=limit, before=before)
                paged += page["records"]
                before = page["next"]
                if before is None:
                    break
            assert paged == whole

    play(story)


def test_a_search_that_stopped_early_says_so_and_can_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_search, "READ_AT_ONCE", 1)
    monkeypatch.setattr(record_search, "MAXIMUM_TURNS", 1)

    async def story(world: World) -> None:
        korea = await two_warnings(world)
        nowhere = await found(korea, text="nobody ever said this", bulk=True)
        assert nowhere["records"] == []
        assert not nowhere["complete"]
        further = await found(
            korea, text="nobody ever said this", bulk=True, before=nowhere["next"]
        )
        assert further["next"] < nowhere["next"]

    play(story)


def test_what_was_let_go_or_is_damaged_is_named_so() -> None:
    async def story(world: World) -> None:
        korea = await two_warnings(world)
        [one, other, *_] = (await found(korea, kind="launch_warning"))["records"]
        for entry, bytes_ in ((one, b""), (other, b"\x00")):
            key = next(k for k in korea.disk.records if k.hex() == entry["record_id"])
            korea.disk.records[key] = structs.replace(korea.disk.records[key], encoded=bytes_)
        faults = [line["fault"] for line in (await found(korea, kind="launch_warning"))["records"]]
        assert "was let go" in faults[0]
        assert "damaged" in faults[1]

    play(story)


@pytest.mark.parametrize(
    "odd", [{"kind": "rumour"}, {"limit": 0}, {"limit": 201}, {"text": ""}, {"before": -1}]
)
def test_what_is_asked_wrongly_is_refused(odd: dict[str, object]) -> None:
    async def story(world: World) -> None:
        korea, *_ = world.three()
        with pytest.raises(LocalMisuse):
            await found(korea, **odd)

    play(story)
