"""Nations that share nothing yet agree on a guideline over the link, and share by it at once."""

import base64

import msgspec
import pytest
from tests.node.made_up_world import AGREED, Machine, World, pass_time, play
from tests.protocols.made_up_drafts import draft, signed_by
from tests.records.made_up_guideline import guideline_text, rule
from tests.records.made_up_nations import JP, JP_1, KR, KR_1, US, US_1, VERIFIER, nation

from bongsu.node.node import Node
from bongsu.records.certificate import CERTIFICATE, Role
from bongsu.records.guideline_records import draft_to_fields, signature_to_fields
from bongsu.records.guideline_signing import GUIDELINE_SIGNATURE, GuidelineSignature
from bongsu.records.keys import Purpose, context_for
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm

EXERCISE = Realm.EXERCISE
TEXT = AGREED[EXERCISE].guideline.text  # between KR, US and JP
TWO = guideline_text(fields='launch_warning = ["warning_id", "version", "launch"]')  # KR to US


async def propose(machine: Machine, text: bytes) -> object:
    return await machine.node.control.call("guideline_propose", {"text": text.decode()})


async def submit(machine: Machine, *signatures: GuidelineSignature) -> object:
    encoded = [base64.b64encode(GUIDELINE_SIGNATURE.encode(one)).decode() for one in signatures]
    return await machine.node.control.call("guideline_submit", {"signatures": encoded})


async def inbox(machine: Machine) -> dict[tuple[str, int], dict[str, object]]:
    answer = await machine.node.control.call("guideline_inbox", {})
    assert isinstance(answer, dict)
    return {(one["id"], one["version"]): one for one in answer["guidelines"]}


async def states(machine: Machine) -> dict[tuple[str, int], object]:
    return {name: one["state"] for name, one in (await inbox(machine)).items()}


def kinds_received(machine: Machine) -> set[str]:
    return {row.kind for row in machine.disk.records.values() if not row.own}


def test_before_a_guideline_only_drafts_and_signatures_cross_and_after_it_a_warning_does() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        await korea.sees(korea.observed("T1"))
        await pass_time(1.0)
        assert len(korea.warnings_of(KR_1)) == 1
        assert kinds_received(america) == set()

        await propose(america, TWO)
        await pass_time(1.0)
        assert await states(korea) == {("MADE-UP", 3): "draft"}
        [lying] = (await inbox(korea)).values()
        assert lying["proposed_by"] == [US_1]
        assert lying["changes"] == [
            "KR becomes a party.",
            "US becomes a party.",
            "US gets to see KR's launch warnings, of them launch, version, warning_id, at once.",
        ]
        await submit(korea, signed_by(KR, TWO))
        await pass_time(1.0)
        assert korea.services.agreements.in_force() is None
        await submit(america, signed_by(US, TWO))
        await pass_time(1.0)
        for machine in (korea, america):
            assert await states(machine) == {("MADE-UP", 3): "in force"}
            assert [line["guideline"] for line in machine.journal.of("guideline_in_force")] == [
                "MADE-UP"
            ]
        assert kinds_received(america) == {"guideline_signature"}
        assert america.warnings_of(KR_1) == []  # what was stated before stays at home

        await korea.sees(korea.observed("T2"))
        await pass_time(1.0)
        [shown] = america.warnings_of(KR_1)
        assert shown.fields.keys() == {"warning_id", "version", "launch"}
        assert kinds_received(korea) == {"guideline_draft", "guideline_signature"}

    play(story)


def test_agreed_guidelines_come_back_from_the_log_after_a_restart() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        await propose(america, TWO)
        await pass_time(1.0)
        await submit(korea, signed_by(KR, TWO))
        await submit(america, signed_by(US, TWO))
        await pass_time(1.0)
        for machine in (korea, america):
            await machine.crash()
            machine.restart()
            await pass_time()
            assert await states(machine) == {("MADE-UP", 3): "in force"}
            assert machine.journal.of("node_started")[-1]["guideline"]
            assert len(machine.journal.of("guideline_in_force")) == 1
        assert korea.refused() == america.refused() == 0

    play(story)


def test_a_new_version_takes_effect_without_a_stop_and_beside_the_one_of_the_trust_folder() -> None:
    closing = guideline_text(
        version=4,
        fields='launch_warning = ["warning_id", "version", "sensors"]',
        rules=rule("KR", "US", withhold='"sensors"'),
    )

    async def story(world: World) -> None:
        korea, america, _ = world.three()  # TEXT in force, from each trust folder
        await pass_time(3.0)
        await korea.sees(korea.observed("T1"))
        await propose(korea, closing)
        await pass_time(1.0)
        await submit(america, signed_by(US, closing))
        await submit(korea, signed_by(KR, closing))
        await pass_time(1.0)
        assert await states(korea) == {("MADE-UP", 4): "in force", ("MADE-UP", 3): "superseded"}
        [line] = korea.journal.of("guideline_in_force")
        assert line["superseded"] == {"guideline": "MADE-UP", "version": 3}
        await korea.sees(korea.observed("T1"), korea.observed("T2"))
        await pass_time(1.0)
        shown = {one.fields["warning_id"]: one.fields for one in america.warnings_of(KR_1)}
        assert "sensors" in shown["KR-1/W0001"]
        assert shown["KR-1/W0002"].keys() == {"warning_id", "version"}

    play(story)


def test_a_draft_goes_to_its_parties_and_to_nobody_else() -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three()
        await pass_time(3.0)
        await propose(korea, TWO.replace(b'"MADE-UP"', b'"OTHER"'))
        await submit(korea, signed_by(KR, TWO.replace(b'"MADE-UP"', b'"OTHER"')))
        await pass_time(1.0)
        assert ("OTHER", 3) in await states(america)
        assert kinds_received(japan) == set()

    play(story)


def test_what_a_draft_record_says_is_what_its_parties_read() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        await propose(korea, TWO)
        await pass_time(1.0)
        [row] = [row for row in america.disk.records.values() if not row.own]
        opened = open_unverified_record(RECORD.decode(row.encoded), realm=EXERCISE)
        assert opened.fields["text"] == TWO
        assert opened.withheld == ()
        assert form_of(opened.kind).subject_of(opened.fields) == row.subject
        wanted = {"guideline_id": "MADE-UP", "version": 3, "sha256": ""}
        fetched = await america.node.control.call("guideline_fetch", wanted)
        assert isinstance(fetched, dict)
        assert fetched["text"].encode() == TWO

    play(story)


def test_a_node_proposes_no_more_than_its_share() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        for number in range(1, 9):
            await propose(america, draft(number, name=f"N{number}"))
        with pytest.raises(LocalMisuse, match="lie here unsigned"):
            await propose(america, draft(9, name="N9"))
        await pass_time(1.0)
        assert len(await states(korea)) == 8
        assert korea.refused() == america.refused() == 0

    play(story)


def test_bad_proposals_and_submissions_leave_no_trace() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        await pass_time()
        records = len(korea.disk.records)
        for text, why in (
            (b"KR shares everything", "guideline refused"),
            (draft(parties=("US", "JP")), "KR is no party"),
            (draft(realm=Realm.LIVE), "marked LIVE"),
        ):
            with pytest.raises(LocalMisuse, match=why):
                await propose(korea, text)
        with pytest.raises(LocalMisuse, match="doesn't lie here"):
            await submit(korea, signed_by(KR, TWO))
        with pytest.raises(PeerViolation, match="signature of a guideline refused"):
            await korea.node.control.call("guideline_submit", {"signatures": ["AAAA"]})
        assert len(korea.disk.records) == records

    play(story)


def test_one_nation_approves_one_text_under_one_version() -> None:
    first, second = draft(), draft(remark="# another\n")

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        await pass_time()
        await propose(korea, first)
        await propose(korea, second)
        await submit(korea, signed_by(KR, first))
        with pytest.raises(LocalMisuse, match="KR has signed another text as A version 1"):
            await submit(korea, signed_by(KR, second))
        await submit(korea, signed_by(US, first))
        assert korea.services.agreements.in_force() is not None
        with pytest.raises(LocalMisuse, match="2 texts"):
            await korea.node.control.call(
                "guideline_fetch", {"guideline_id": "A", "version": 1, "sha256": ""}
            )

    play(story)


def test_a_partner_that_floods_us_with_drafts_is_refused_counted_and_told() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        for number in range(1, 12):  # past its own check
            await america.node._publisher.stated(
                RecordKind.GUIDELINE_DRAFT, draft_to_fields(draft(number, name=f"N{number}"))
            )
        await pass_time(1.0)
        assert len(await states(korea)) == 8
        assert korea.refused() == 3
        assert all("lie here unsigned" in line["reason"] for line in korea.journal.of("refused"))

    play(story)


async def agreed_between(korea: Machine, america: Machine) -> None:
    await propose(america, TWO)
    await pass_time(1.0)
    await submit(korea, signed_by(KR, TWO))
    await submit(america, signed_by(US, TWO))
    await pass_time(1.0)


def test_a_party_whose_node_came_late_gets_draft_and_signatures_when_it_is_proposed_again() -> None:
    three = draft(parties=("KR", "US", "JP"))

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        await propose(korea, three)
        for name in (KR, US, JP):
            await submit(korea, signed_by(name, three))
        await pass_time(1.0)
        assert await states(america) == {("A", 1): "in force"}
        korea.disk.entries = {
            feed: rows for feed, rows in korea.disk.entries.items() if feed.reader != JP_1
        }  # Japan's node is new, and its first feed was lost with the old one
        await korea.crash()
        korea.restart()
        japan = world.machine(JP_1, KR_1, guideline=False)
        await pass_time(3.0)
        assert await states(japan) == {}
        assert await states(korea) == {("A", 1): "in force"}
        await propose(korea, three)
        await pass_time(1.0)
        assert await states(japan) == {("A", 1): "in force"}
        assert await states(america) == {("A", 1): "in force"}
        assert korea.refused() == america.refused() == japan.refused() == 0

    play(story)


def test_what_was_agreed_stays_agreed_after_a_restart_though_an_officers_key_has_ended() -> None:
    without_us = TrustStore.build(
        EXERCISE,
        roots=[nation(name, EXERCISE).certificates[0] for name in (KR, US)],
        certificates=[
            *nation(KR, EXERCISE).certificates[1:],
            *(
                one
                for one in nation(US, EXERCISE).certificates[1:]
                if CERTIFICATE.decode(one.certificate).role is not Role.OFFICER
            ),
        ],
        verifier=VERIFIER,
    )

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        await agreed_between(korea, america)
        await korea.crash()
        korea.compose()
        korea.services.keyring.trust = without_us
        korea.node = Node(korea.services, korea.partners)
        korea.start()
        await pass_time()
        assert await states(korea) == {("MADE-UP", 3): "in force"}

    play(story)


def test_that_a_guideline_is_agreed_is_noted_once_and_leaves_nobodys_node() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        await agreed_between(korea, america)
        await korea.crash()
        korea.restart()
        await pass_time(1.0)
        for machine in (korea, america):
            notes = [row for row in machine.disk.records.values() if row.kind == "guideline_agreed"]
            assert [row.own for row in notes] == [True]

    play(story)


def test_what_is_forged_or_of_the_other_realm_is_refused_kept_and_agrees_nothing() -> None:
    forged = signed_by(US, TWO)
    forged = msgspec.structs.replace(
        forged,
        signatures=nation(US, EXERCISE).node.sign(
            forged.approval, context=context_for(EXERCISE, Purpose.GUIDELINE)
        ),
    )

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, guideline=False)
        america = world.machine(US_1, KR_1, guideline=False)
        await pass_time(3.0)
        await propose(korea, TWO)
        await submit(korea, signed_by(KR, TWO))
        for kind, fields in (
            (RecordKind.GUIDELINE_SIGNATURE, signature_to_fields(forged)),
            (RecordKind.GUIDELINE_DRAFT, draft_to_fields(draft(realm=Realm.LIVE))),
            (RecordKind.GUIDELINE_DRAFT, {**draft_to_fields(TWO), "text": b"another"}),
        ):
            await america.node._publisher.stated(kind, fields)
        await pass_time(1.0)
        assert await states(korea) == {("MADE-UP", 3): "draft"}
        reasons = [line["reason"] for line in korea.journal.of("refused")]
        assert len(reasons) == korea.refused() == 3
        for reason, why in zip(
            reasons, ("does not verify", "marked LIVE", "another than it names"), strict=True
        ):
            assert why in reason
        assert len(korea.disk.evidence) == 3

    play(story)
