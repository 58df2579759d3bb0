"""A recall reaches exactly those who had it, through every chain, and each says what he did."""

from dataclasses import replace
from typing import Any

import pytest
from tests.node.made_up_world import EXERCISE, Machine, World, agreed, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.node.stating_node import states
from tests.records.made_up_nations import (
    JP_1,
    KR,
    KR_1,
    NOW,
    US_1,
    WARNING,
    counted_salts,
    nation,
    warning_record,
)

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind
from bongsu.records.recalls_as_records import recall_to_fields
from bongsu.records.record import Record, make_record, sign_statement, signed_record
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.recall import Recall, RecallScope
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import SensorId

ONWARD = agreed(onward=True)
FIRST = replace(WARNING, version=1, action=WarningAction.ISSUED, corroborated_by=())
SECOND = replace(FIRST, version=2, action=WarningAction.AMENDED)
RECALL = Recall(
    recall_id="KR-1/R0001",
    node=KR_1,
    stated_at=NOW,
    scope=RecallScope.ALL_VERSIONS,
    record_id=None,
    about=FIRST.warning_id,
    reason="test data on a live input",
)


async def asks(machine: Machine, command: str, **body: Any) -> Any:
    return await machine.node.control.call(command, body)


async def recalls(machine: Machine, record: str = "KR-1/W0001", **more: Any) -> Any:
    return await asks(machine, "recall", record=record, reason="test data on a live input", **more)


async def nodes(machine: Machine, recall: str = "KR-1/R0001") -> dict[str, tuple[str, Any]]:
    """State and way of each node of one recall."""
    status = await asks(machine, "recall_status", recall=recall)
    [found] = status["recalls"]
    return {node["node"]: (node["state"], node["by_way_of"]) for node in found["nodes"]}


def in_line(world: World) -> tuple[Machine, Machine, Machine]:
    """Korea - United States - Japan: only the middle one has two links."""
    return (
        world.machine(KR_1, US_1, guideline=ONWARD),
        world.machine(US_1, KR_1, JP_1, guideline=ONWARD),
        world.machine(JP_1, US_1, guideline=ONWARD),
    )


def recall_record(recall: Recall) -> Record:
    """As Korea's node would state it."""
    made = make_record(
        RecordKind.RECALL,
        realm=EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=recall_to_fields(recall),
        salts=counted_salts(),
    )
    signer = nation(KR, EXERCISE).node
    return signed_record(made, sign_statement(made.statement, signer, realm=EXERCISE))


def kinds_on(machine: Machine) -> list[str]:
    return [row.kind for row in machine.disk.records.values()]


def test_everyone_who_had_a_version_gets_the_recall_applies_it_and_answers() -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three()
        await pass_time(3.0)
        states(korea, FIRST, SECOND)
        await pass_time(1.0)
        preview = await asks(korea, "recall_preview", record="KR-1/W0001")
        assert [one["node"] for one in preview["had_by"]] == [JP_1, US_1]
        said = await recalls(korea)
        assert said["had_by"] == preview["had_by"]
        await pass_time(1.0)
        assert await nodes(korea) == {US_1: ("applied", None), JP_1: ("applied", None)}
        for reader in (america, japan):
            [line] = reader.journal.of("record_recalled")
            assert "KR-1 recalls KR-1/W0001, all versions: test data" in line["words"]
            assert len(line["records"]) == 2
            [partner] = reader.node._watch.desk.partner_warnings.values()
            assert partner.recalled == "test data on a live input"
            assert len(reader.warnings_of(KR_1)) == 2  # nothing is deleted
        assert [line["partner"] for line in korea.journal.of("recall_answered")] == [US_1, JP_1]

    play(story)


def test_who_never_had_a_version_hears_nothing_of_the_recall() -> None:
    all_of_it = agreed().guideline
    rules = {triple: rule for triple, rule in all_of_it.rules.items() if triple[2] != "JP"}
    only_america = AgreedGuideline(guideline=replace(all_of_it, rules=rules), officers=())

    async def story(world: World) -> None:
        korea, america, japan = world.three(only_america)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        await recalls(korea)
        await pass_time(1.0)
        assert "recall" in kinds_on(america)
        assert kinds_on(japan) == []
        assert await nodes(korea) == {US_1: ("applied", None)}

    play(story)


def test_a_recall_of_one_version_goes_to_who_had_that_version() -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        states(korea, SECOND)
        await pass_time(1.0)
        first = next(iter(korea.disk.records))
        await recalls(korea, record=first.hex())
        await pass_time(1.0)
        for reader in (america, japan):
            [line] = reader.journal.of("record_recalled")
            assert line["records"] == [first.hex()]
            [partner] = reader.node._watch.desk.partner_warnings.values()
            assert partner.recalled is None  # the newest version stands
        assert set((await nodes(korea)).values()) == {("applied", None)}

    play(story)


def test_a_recall_reaches_past_a_change_of_guideline_and_a_restart() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        for machine in world.machines:
            await machine.crash()
            machine.guideline = None
            machine.restart()
        await pass_time(3.0)
        await recalls(korea)
        await pass_time(1.0)
        assert await nodes(korea) == {US_1: ("applied", None), JP_1: ("applied", None)}
        assert len(america.journal.of("record_recalled")) == 1

    play(story)


def test_a_recall_follows_the_chain_and_the_answers_come_back_along_it() -> None:
    async def story(world: World) -> None:
        korea, america, japan = in_line(world)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        await recalls(korea)
        await pass_time(2.0)
        assert await nodes(korea) == {US_1: ("applied", None), JP_1: ("applied", US_1)}
        [line] = japan.journal.of("record_recalled")
        assert line["origin"] == KR_1
        before = {m.node_id: len(m.disk.records) for m in world.machines}
        await pass_time(5.0)
        assert before == {m.node_id: len(m.disk.records) for m in world.machines}

    play(story)


def test_who_has_not_answered_is_unreached_until_he_does() -> None:
    async def story(world: World) -> None:
        korea, america, japan = in_line(world)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        await japan.crash()
        await recalls(korea)
        await pass_time(1.0)
        assert await nodes(korea) == {US_1: ("applied", None), JP_1: ("unreached", US_1)}
        await america.crash()
        japan.restart()
        await pass_time(1.0)
        america.restart()
        await pass_time(5.0)
        assert await nodes(korea) == {US_1: ("applied", None), JP_1: ("applied", US_1)}

    play(story)


def test_a_mesh_settles_every_node_once() -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three(ONWARD)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        await recalls(korea)
        await pass_time(2.0)
        assert await nodes(korea) == {US_1: ("applied", None), JP_1: ("applied", None)}
        for machine in world.machines:
            for feed, rows in machine.disk.entries.items():
                ids = [row.record_id for row in rows]
                assert len(ids) == len(set(ids)), feed
        for reader in (america, japan):
            assert len(reader.journal.of("record_recalled")) == 1
            own = [row.kind for row in reader.disk.records.values() if row.own]
            assert own.count("recall_answer") == 1

    play(story)


@pytest.mark.parametrize("false", [False, True])
def test_a_recalled_warning_of_our_own_ends_as_withdrawn_or_false(false: bool) -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        await recalls(korea, false=false)
        await pass_time(1.0)
        assert korea.node._watch.desk.open_warnings == {}
        last = america.journal.of("partner_warning")[-1]["warning"]
        assert last.action is WarningAction.ENDED
        assert last.end_reason is (EndReason.FALSE if false else EndReason.WITHDRAWN)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert korea.node._watch.desk.open_warnings == {}

    play(story)


def test_recalling_the_newest_version_states_at_once_what_holds() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        await recalls(korea, version=1)
        await pass_time(1.0)
        versions = [line["warning"].version for line in america.journal.of("partner_warning")]
        assert versions == [1, 2]
        assert len(korea.node._watch.desk.open_warnings) == 1

    play(story)


def test_what_a_recalled_warning_confirmed_is_not_confirmed_any_more() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        infrared: dict[str, Any] = {
            "sensors": (SensorId("US-IR-1"),),
            "sensor_kinds": (SensorKind.INFRARED,),
        }
        await america.sees(america.observed(**infrared))
        await pass_time(3.0)

        def confirmation() -> Confirmation:
            [known] = korea.node._watch.desk.open_warnings.values()
            return known.stated.confirmation

        assert confirmation() is Confirmation.CONFIRMED
        await recalls(america, record="US-1/W0001", false=True)
        await pass_time(3.0)
        assert confirmation() is Confirmation.SINGLE_SOURCE

    play(story)


def test_a_recall_that_comes_before_its_record_waits_is_shown_and_applies_then() -> None:
    async def story(world: World) -> None:
        america = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(america)
        korea.sends(recall_record(RECALL))
        await pass_time(1.0)
        assert len(america.journal.of("recall_waiting")) == 1
        status = await asks(america, "recall_status")
        assert [one["recall_id"] for one in status["waiting"]] == ["KR-1/R0001"]
        assert kinds_on(america) == ["recall"]
        await america.crash()
        america.restart()
        await pass_time(1.0)
        korea.sends(warning_record(warning=FIRST))
        await pass_time(1.0)
        [line] = america.journal.of("partner_warning")
        assert line["recalled"] == RECALL.reason
        assert len(america.journal.of("record_recalled")) == 1
        assert "recall_answer" in kinds_on(america)
        assert (await asks(america, "recall_status"))["waiting"] == []

    play(story)


def test_a_recall_of_somebody_elses_record_is_refused_counted_and_answered() -> None:
    async def story(world: World) -> None:
        america = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time(3.0)
        await america.sees(america.observed())
        await pass_time(1.0)
        korea = PlayedKorea(america)
        [theirs] = [row for row in america.disk.records.values() if row.subject == "US-1/W0001"]
        bold = replace(
            RECALL, scope=RecallScope.THIS_VERSION, record_id=theirs.record_id, about=None
        )
        bolder = replace(RECALL, recall_id="KR-1/R0002", about="US-1/W0001")
        korea.sends(recall_record(bold), recall_record(bolder))
        await pass_time(1.0)
        assert len(america.journal.of("recall_refused")) == 2
        assert america.refused() == 2
        assert america.journal.of("record_recalled") == []
        answers = [r for r in america.disk.records.values() if r.kind == "recall_answer"]
        assert len(answers) == 2
        sent = [
            feed.reader
            for feed, rows in america.disk.entries.items()
            for row in rows
            if row.record_id in {a.record_id for a in answers} and feed.sender == US_1
        ]
        assert sent == [KR_1, KR_1]
        assert "recall" not in kinds_on(japan)  # and is not passed on

    play(story)


def test_a_recall_in_the_name_of_another_is_refused_and_gets_no_answer() -> None:
    async def story(world: World) -> None:
        america = world.machine(US_1, KR_1)
        await pass_time()
        PlayedKorea(america).sends(recall_record(replace(RECALL, node=JP_1)))
        await pass_time(1.0)
        assert america.refused() == 1
        assert "recall_answer" not in kinds_on(america)

    play(story)


def test_a_kill_between_storing_a_recall_and_answering_it_leaves_no_node_unreached() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        await america.crash()
        america.restart(at_once=False)
        await pass_time(3.0)
        america.store.complete()
        await recalls(korea)
        await pass_time(1.0)
        [_] = [one for one in america.store.waiting if one.records]
        america.store.complete()
        await america.crash()
        assert "recall" in kinds_on(america)
        assert "recall_answer" not in kinds_on(america)
        america.restart()
        await pass_time(3.0)
        assert (await nodes(korea))[US_1] == ("applied", None)
        [partner] = america.node._watch.desk.partner_warnings.values()
        assert partner.recalled == RECALL.reason

    play(story)


def test_what_is_recalled_while_it_waits_for_its_time_never_goes() -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three(agreed(japan_waits_s=5))
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        await recalls(korea)
        await pass_time(10.0)
        assert kinds_on(japan) == []
        assert await nodes(korea) == {US_1: ("applied", None)}
        assert korea.store.pending(limit=9) == ()

    play(story)


def test_a_second_recall_of_the_same_is_answered_like_the_first() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        await recalls(korea)
        await pass_time(1.0)
        await korea.crash()
        korea.restart()
        await pass_time(3.0)
        second = await recalls(korea)
        assert second["recall_id"] == "KR-1/R0002"
        await pass_time(1.0)
        assert set((await nodes(korea, "KR-1/R0002")).values()) == {("applied", None)}
        status = await asks(korea, "recall_status")
        assert [one["recall_id"] for one in status["recalls"]] == ["KR-1/R0001", "KR-1/R0002"]
        assert all(one["settled"] for one in status["recalls"])

    play(story)


@pytest.mark.parametrize(
    ("record", "more", "why"),
    [
        ("KR-1/W0099", {}, "no record KR-1/W0099"),
        ("KR-1/W0001", {"version": 9}, "no record KR-1/W0001 version 9"),
        ("00" * 32, {}, "no record"),
        ("US-1/W0001", {}, "of US-1"),
    ],
)
def test_what_cannot_be_recalled_is_told_with_a_remedy(
    record: str, more: dict[str, Any], why: str
) -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await america.sees(america.observed())
        await pass_time(1.0)
        with pytest.raises(LocalMisuse, match=why) as refused:
            await recalls(korea, record=record, **more)
        assert refused.value.remedy
        assert "recall" not in kinds_on(korea)

    play(story)


def test_a_recall_itself_is_not_recalled() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        said = await recalls(korea)
        with pytest.raises(LocalMisuse, match="a recall is not recalled"):
            await recalls(korea, record=said["record"])

    play(story)
