"""Attack: one originator tells two partners two stories, each well signed.

Passes when it is found as soon as the two compare record ids, which they do by themselves within
seconds; when people are told which node, which warning and which version; and when both holders
keep both records, with the originator's signatures, as evidence. Ids go only to readers whom a
guideline lets the originator show those warnings.

The machine by itself: `tests/protocols/test_equivocation.py`.
"""

from dataclasses import replace

import pytest
from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import (
    JP_1,
    KR_1,
    NOW,
    US_1,
    VERIFIER,
    WARNING,
    counted_salts,
    track_record,
    trust,
    warning_record,
)

from bongsu.node.links.story_comparison import CLAIMED, TWO_STORIES
from bongsu.records.holdings_as_records import (
    Holdings,
    holdings_to_fields,
    open_proof,
    proof_of,
)
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.record import Record, make_record
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId

CALM = warning_record()
GRAVE = warning_record(warning=replace(WARNING, caveats=("none",)))  # the same version of it


def holdings_record(holdings: Holdings) -> Record:
    """What Korea's node says that it holds."""
    return make_record(
        RecordKind.HELD_WARNINGS,
        realm=Realm.EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=holdings_to_fields(holdings),
        salts=counted_salts(),
    )


async def two_partners(world: World) -> tuple[Machine, Machine]:
    """The United States and Japan, each a partner of the other and of a Korea that is played."""
    states = world.machine(US_1, KR_1, JP_1)
    japan = world.machine(JP_1, KR_1, US_1)
    await pass_time(3.0)
    return states, japan


def holdings_sent(machine: Machine) -> int:
    rows = machine.disk.records.values()
    return sum(row.kind == RecordKind.HELD_WARNINGS.value and row.own for row in rows)


def kept_stories(machine: Machine) -> set[RecordId]:
    """The ids in the evidence, by the originator's own signature over each."""
    return {
        open_proof(
            one.payload, originator=KR_1, trust=trust(Realm.EXERCISE), verifier=VERIFIER
        ).record_id
        for one in machine.disk.evidence
        if one.source == "KR-1, stories"
    }


def test_two_stories_are_found_within_seconds_told_and_kept_by_both() -> None:
    async def story(world: World) -> None:
        states, japan = await two_partners(world)
        PlayedKorea(states).sends(CALM)
        PlayedKorea(japan).sends(GRAVE)
        await pass_time(3.0)
        for machine, ours, theirs in ((states, CALM, GRAVE), (japan, GRAVE, CALM)):
            told = machine.journal.of("two_stories")
            assert [line["proved"] for line in told] == [False, True]
            for line in told:
                assert (line["originator"], line["warning_id"]) == (KR_1, "KR-1/W0001")
                assert line["version"] == WARNING.version
                assert line["other"] == theirs.record_id.hex()
                assert line["told_to"] == (JP_1 if machine is states else US_1)
            assert machine.services.health.link_faults[KR_1] & {TWO_STORIES, CLAIMED} == {
                TWO_STORIES
            }
            assert kept_stories(machine) == {ours.record_id, theirs.record_id}
            assert machine.refused() == 0

    play(story)


def test_one_story_told_to_both_is_compared_and_nothing_is_said_of_it() -> None:
    async def story(world: World) -> None:
        states, japan = await two_partners(world)
        PlayedKorea(states).sends(CALM)
        PlayedKorea(japan).sends(CALM)
        await pass_time(3.0)
        for machine in (states, japan):
            assert holdings_sent(machine) == 1
            assert machine.journal.of("two_stories") == []
            assert kept_stories(machine) == set()

    play(story)


def test_two_stories_are_found_after_a_restart_of_one_holder() -> None:
    async def story(world: World) -> None:
        states, japan = await two_partners(world)
        PlayedKorea(states).sends(CALM)
        await pass_time(3.0)
        await states.crash()
        states.restart()
        await pass_time(3.0)
        PlayedKorea(japan).sends(GRAVE)
        await pass_time(3.0)
        for machine in (states, japan):
            assert machine.journal.of("two_stories")[-1]["proved"]
            assert kept_stories(machine) == {CALM.record_id, GRAVE.record_id}

    play(story)


def test_two_stories_told_to_one_partner_are_found_by_itself() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(CALM, GRAVE)
        await pass_time()
        [told] = states.journal.of("two_stories")
        assert (told["told_to"], told["proved"]) == (US_1, True)
        assert {CALM.record_id, GRAVE.record_id} <= set(states.disk.records)

    play(story)


def test_a_reader_who_may_not_see_the_warnings_is_told_nothing_of_them() -> None:
    async def story(world: World) -> None:
        states, japan = await two_partners(world)
        await states.crash()
        states.guideline = agreed(kept_from_japan="warning_id")
        states.restart()
        await pass_time(3.0)
        PlayedKorea(states).sends(CALM)
        await pass_time(3.0)
        assert holdings_sent(states) == 0
        rows = japan.disk.records.values()
        assert [row.kind for row in rows if row.kind == RecordKind.HELD_WARNINGS.value] == []

    play(story)


def test_a_partner_that_only_claims_another_story_proves_nothing_against_the_originator() -> None:
    """Korea's enemy among the partners: here Korea itself slanders Japan."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time(3.0)
        await japan.sees(japan.observed())
        await pass_time(3.0)
        [warning] = [one for one in states.warnings_of(JP_1) if one.fields["version"] == 1]
        claim = HeldWarning(
            warning_id=str(warning.fields["warning_id"]), version=1, record_id=CALM.record_id
        )
        korea = PlayedKorea(states, lane=Lane.BULK)
        for proof in (None, proof_of(CALM)):  # its own signature says nothing of Japan
            says = Holdings(originator=JP_1, held=(claim,), proof=proof)
            korea.sends(holdings_record(says), channel="bulk")
            await pass_time(1.0)
        assert [line["proved"] for line in states.journal.of("two_stories")] == [False]
        assert TWO_STORIES not in states.services.health.link_faults[JP_1]
        assert CLAIMED in states.services.health.link_faults[JP_1]
        [refused] = states.journal.of("refused")
        assert "a proof against JP-1 is a launch_warning of KR-1" in refused["reason"]

    play(story)


def test_a_proof_that_the_originator_never_signed_is_refused_and_proves_nothing() -> None:
    """A partner that wants to blame Korea must have Korea's signature."""
    forged = warning_record(warning=replace(WARNING, caveats=("forged",)), signed=False)
    unsigned = proof_of(forged)
    of_another_kind = proof_of(track_record())
    changed = proof_of(Record(statement=CALM.statement, disclosures=(), signatures=None))
    for proof in (unsigned, of_another_kind, changed, b"", b"?"):
        with pytest.raises(PeerViolation):
            open_proof(proof, originator=KR_1, trust=trust(Realm.EXERCISE), verifier=VERIFIER)
    with pytest.raises(PeerViolation, match="a proof against JP-1"):
        open_proof(proof_of(CALM), originator=JP_1, trust=trust(Realm.EXERCISE), verifier=VERIFIER)
