"""Passing on: where both rules allow it, once per reader, never back, merged where it meets."""

from dataclasses import replace

import pytest
from tests.node.disk_log import DiskLog
from tests.node.made_up_world import EXERCISE, Machine, World, agreed, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.node.stating_node import states
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import (
    JP_1,
    KR,
    KR_1,
    KR_2,
    NOW,
    US,
    US_1,
    VERIFIER,
    WARNING,
    counted_salts,
    nation,
    track_record,
    warning_record,
)

from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind, field_names
from bongsu.records.lane import Lane
from bongsu.records.record import RECORD, Record, make_record, sign_statement, signed_record
from bongsu.records.verification import verify_log
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.launch_warning import EndReason, WarningAction
from bongsu.vocabulary.units import NodeId, RecordId

ONWARD = agreed(onward=True)
FIRST = replace(WARNING, version=1, action=WarningAction.ISSUED, corroborated_by=())
END = replace(FIRST, version=2, action=WarningAction.ENDED, end_reason=EndReason.FALSE)


def in_line(world: World, guideline: AgreedGuideline) -> tuple[Machine, Machine, Machine]:
    """Korea - United States - Japan: only the middle one has two links."""
    return (
        world.machine(KR_1, US_1, guideline=guideline),
        world.machine(US_1, KR_1, JP_1, guideline=guideline),
        world.machine(JP_1, US_1, guideline=guideline),
    )


def entries(machine: Machine, sender: NodeId, reader: NodeId) -> list[bytes]:
    """Ids in one urgent feed, as that machine has them."""
    return [
        row.record_id
        for feed, rows in machine.disk.entries.items()
        if (feed.sender, feed.reader, feed.lane) == (sender, reader, Lane.URGENT)
        for row in rows
    ]


def test_a_record_is_passed_on_with_its_id_and_signatures_and_no_more_than_was_shown() -> None:
    async def story(world: World) -> None:
        korea, america, japan = in_line(world, ONWARD)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        [original] = korea.disk.records.values()
        [passed] = japan.disk.records.values()
        assert passed.record_id == original.record_id
        assert passed.originator == KR_1
        theirs, ours = (RECORD.decode(row.encoded) for row in (original, passed))
        assert ours.signatures == theirs.signatures
        held = RECORD.decode(america.disk.records[original.record_id].encoded)
        assert set(ours.disclosures) < set(held.disclosures)  # Japan may not see the sensors
        [line] = japan.journal.of("partner_warning")
        assert (line["origin"], line["warning"].withheld) == (KR_1, ("sensors",))

    play(story)


def test_nothing_is_passed_on_where_the_originator_does_not_say_onward() -> None:
    async def story(world: World) -> None:
        korea, america, japan = in_line(world, agreed(onward=False))
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        assert len(america.warnings_of(KR_1)) == 1
        assert japan.disk.records == {}
        assert america.disk.pending == {}  # and costs nothing

    play(story)


def test_nothing_is_passed_on_to_whom_the_originator_itself_would_not_show_it() -> None:
    fields = ", ".join(f'"{name}"' for name in sorted(field_names(RecordKind.LAUNCH_WARNING)))
    text = guideline_text(
        parties='"KR", "US", "JP"',
        fields=f"launch_warning = [{fields}]",
        rules=rule("KR", "US", onward=True) + rule("US", "JP", onward=True),
    )

    async def story(world: World) -> None:
        korea, america, japan = in_line(world, in_force(text))
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        assert len(america.warnings_of(KR_1)) == 1
        assert japan.disk.records == {}

    play(story)


def test_what_nobody_signed_is_not_passed_on() -> None:
    """Bulk stands under the head of its originator's own feed: further on nobody vouches."""

    async def story(world: World) -> None:
        america = world.machine(US_1, KR_1, JP_1, guideline=ONWARD)
        world.machine(JP_1, US_1, guideline=ONWARD)
        await pass_time(3.0)
        korea = PlayedKorea(america, lane=Lane.BULK)
        korea.sends(track_record())
        await pass_time(1.0)
        assert len(america.disk.records) == 1
        assert entries(america, US_1, JP_1) == []

    play(story)


def test_a_full_mesh_shows_each_record_once_and_never_sends_it_back() -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three(ONWARD)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(0.5)
        states(america, replace(FIRST, warning_id="US-1/W0001", node=US_1, nation=US))
        await pass_time(5.0)
        for machine in (korea, america, japan):
            shown = [line["record_id"] for line in machine.journal.of("partner_warning")]
            assert len(shown) == len(set(shown))
            for feed, rows in machine.disk.entries.items():
                ids = [row.record_id for row in rows]
                assert len(ids) == len(set(ids)), feed
        [mine] = [opened.record_id for opened in korea.warnings_of(KR_1)]
        for relay in (america, japan):
            assert mine not in entries(korea, relay.node_id, KR_1)
        assert len(japan.journal.of("partner_warning")) == 2
        before = [len(entries(japan, JP_1, to)) for to in (KR_1, US_1)]
        await pass_time(10.0)
        assert before == [len(entries(japan, JP_1, to)) for to in (KR_1, US_1)]

    play(story)


def test_a_copy_that_shows_more_adds_to_what_is_shown_and_is_not_shown_again() -> None:
    """Korea closes the caveats to Japan, the United States the sensors: two guidelines in force."""

    async def story(world: World) -> None:
        korea, america, japan = world.three(ONWARD)
        korea.guideline = agreed(kept_from_japan="caveats", onward=True)
        await korea.crash()
        korea.restart()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(2.0)
        [line] = japan.journal.of("partner_warning")
        [more] = japan.journal.of("partner_warning_opened")
        assert more["record_id"] == line["record_id"]
        assert line["warning"].withheld in (("caveats",), ("sensors",))
        assert more["warning"].withheld == ()
        [kept] = japan.node._watch.desk.partner_warnings.values()
        assert kept.warning == more["warning"]
        await japan.crash()
        japan.restart()
        await pass_time(2.0)
        [again] = japan.node._watch.desk.partner_warnings.values()
        assert again.warning == kept.warning
        assert len(japan.journal.of("partner_warning")) == 1

    play(story)


def test_a_kill_between_storing_and_passing_on_loses_nothing() -> None:
    async def story(world: World) -> None:
        korea, america, japan = in_line(world, ONWARD)
        await pass_time(3.0)
        await america.crash()
        america.restart(at_once=False)
        await pass_time(3.0)
        america.store.complete()
        states(korea, FIRST)
        await pass_time(1.0)
        [received] = [commit for commit in america.store.waiting if commit.records]
        assert [row.reader for row in received.pending] == [JP_1]
        america.store.complete()
        await america.crash()
        assert entries(america, US_1, JP_1) == []
        america.restart()
        await pass_time(3.0)
        assert len(japan.journal.of("partner_warning")) == 1
        assert america.store.pending(limit=9) == ()

    play(story)


def test_every_log_verifies_with_what_was_passed_on_and_recalled_in_it() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three(ONWARD)
        await pass_time(3.0)
        states(korea, FIRST)
        await america.sees(america.observed())
        await pass_time(1.0)
        body = {"record": FIRST.warning_id, "reason": "test data"}
        await korea.node.control.call("recall", body)
        await pass_time(2.0)
        for machine in world.machines:
            report = verify_log(
                DiskLog(machine.disk),
                node=machine.node_id,
                trust=machine.services.trust,
                verifier=VERIFIER,
            )
            assert report.ok, (machine.node_id, report.first_bad)
            assert report.counts["refused on arrival"] == 0

    play(story)


def test_a_correction_follows_what_was_passed_on_past_a_change_of_guideline() -> None:
    async def story(world: World) -> None:
        korea, america, japan = in_line(world, ONWARD)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        for machine in (korea, america):
            await machine.crash()
            machine.guideline = None
            machine.restart()
        await pass_time(3.0)
        states(korea, END, replace(FIRST, warning_id="KR-1/W0002"))
        await pass_time(1.0)
        shown = [line["warning"].version for line in japan.journal.of("partner_warning")]
        assert shown == [1, 2]
        assert japan.journal.of("partner_warning")[-1]["warning"].end_reason is EndReason.FALSE

    play(story)


def test_q13_a_relay_shows_no_alert_without_a_matching_signed_source_record() -> None:
    async def story(world: World) -> None:
        america = world.machine(US_1, KR_1, JP_1, guideline=ONWARD)
        japan = world.machine(JP_1, US_1, guideline=ONWARD)
        await pass_time(3.0)
        korea = PlayedKorea(america)
        forged = warning_record(warning=FIRST, signed=False)
        somebody_elses = warning_record(warning=replace(FIRST, warning_id="JP-1/W0001"))
        korea.sends(forged, somebody_elses)
        await pass_time(1.0)
        assert america.journal.of("partner_warning") == []
        assert america.refused() == 2
        assert japan.disk.records == {}
        assert entries(america, US_1, JP_1) == []
        korea.sends(warning_record(warning=FIRST))
        await pass_time(1.0)
        [line] = japan.journal.of("partner_warning")
        source = america.disk.records[RecordId(bytes.fromhex(line["record_id"]))]
        assert source.originator == KR_1
        assert RECORD.decode(source.encoded).signatures is not None

    play(story)


def in_the_name_of_america(signer: CryptographySigner | None) -> Record:
    """A warning that says it is of US-1, with somebody's signatures or none."""
    warning = replace(FIRST, warning_id="US-1/W0001", node=US_1, nation=US)
    made = make_record(
        RecordKind.LAUNCH_WARNING,
        realm=EXERCISE,
        originator=US_1,
        created_at=NOW,
        signed_at=NOW,
        fields=warning_to_fields(warning),
        salts=counted_salts(),
    )
    if signer is None:
        return made
    return signed_record(made, sign_statement(made.statement, signer, realm=EXERCISE))


@pytest.mark.parametrize("signer", [None, nation(KR, EXERCISE).node])
def test_q13_a_lying_relay_cannot_make_up_an_alert_of_another_nation(
    signer: CryptographySigner | None,
) -> None:
    async def story(world: World) -> None:
        japan = world.machine(JP_1, KR_1, guideline=ONWARD)
        await pass_time(1.0)
        PlayedKorea(japan).sends(in_the_name_of_america(signer))
        await pass_time(1.0)
        assert japan.journal.of("partner_warning") == []
        assert japan.refused() == 1
        assert japan.disk.records == {}
        assert len(japan.disk.evidence) == 1

    play(story)


def test_an_alert_of_another_nation_that_it_did_sign_is_shown_whoever_brings_it() -> None:
    async def story(world: World) -> None:
        japan = world.machine(JP_1, KR_1, guideline=ONWARD)
        await pass_time(1.0)
        PlayedKorea(japan).sends(in_the_name_of_america(nation(US, EXERCISE).node))
        await pass_time(1.0)
        [line] = japan.journal.of("partner_warning")
        assert line["origin"] == US_1

    play(story)


def test_another_site_of_the_same_nation_doubles_nothing_of_what_the_first_one_stated() -> None:
    async def story(world: World) -> None:
        first = world.machine(KR_1, KR_2, US_1)
        second = world.machine(KR_2, KR_1, US_1)
        america = world.machine(US_1, KR_1, KR_2)
        await pass_time(3.0)
        states(first, FIRST)
        await pass_time(1.0)
        assert len(second.warnings_of(KR_1)) == len(america.warnings_of(KR_1)) == 1
        [warning] = [opened.record_id for opened in america.warnings_of(KR_1)]
        assert warning not in entries(second, KR_2, US_1)

    play(story)
