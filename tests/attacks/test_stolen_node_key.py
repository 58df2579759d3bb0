"""Attack: a node's key was stolen. The thief speaks with it, and back-dates what he says.

Passes when the revocation is enforced within 60 s at every reachable node; when entries up to the
last head that was countersigned before still verify, online and in `bongsu verify`; and when later
ones are refused, whatever time they state. The records and lines by themselves:
`tests/records/test_ended_keys.py`, `test_key_cuts.py`; a change without theft:
`tests/node/test_key_changes.py`.
"""

from dataclasses import replace

import msgspec
import pytest
from tests.node.disk_log import DiskLog
from tests.node.made_up_publishing import USB, brought_along, publish
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_key_changes import ended, learnt, next_certificate, trust_after
from tests.records.made_up_nations import (
    JP_1,
    KR,
    KR_1,
    NOW,
    US_1,
    VERIFIER,
    WARNING,
    nation,
    trust,
    warning_record,
)

from bongsu.records.feed import genesis_hash
from bongsu.records.key_status import (
    SIGNED_KEY_STATUS,
)
from bongsu.records.record import Record
from bongsu.records.verification import VerificationReport, verify_log
from bongsu.vocabulary.units import NS_PER_S, UtcNs

ENFORCED_WITHIN_S = 60.0
BACK_DATED = [None, UtcNs(NOW - 3600 * NS_PER_S), UtcNs(NOW), UtcNs(NOW + 3600 * NS_PER_S)]


def warning(version: int) -> Record:
    """What the thief, or Korea before him, says."""
    return warning_record(warning=replace(WARNING, version=version))


def shown(machine: Machine) -> int:
    return len(machine.journal.of("partner_warning"))


def accepted_entries(machine: Machine) -> int:
    return sum(len(rows) for feed, rows in machine.disk.entries.items() if feed.sender == KR_1)


def verified(machine: Machine) -> VerificationReport:
    return verify_log(
        DiskLog(machine.disk),
        node=machine.node_id,
        trust=machine.services.trust,
        verifier=VERIFIER,
    )


async def report_theft(world: World, at: Machine) -> None:
    """Korea's people sign the revocation offline; Japan's node is the one that can be reached."""
    await publish(at, ended(ends_at=at.clock.system_utc()))
    await pass_time(ENFORCED_WITHIN_S)
    for machine in world.machines:
        end = machine.services.trust.end_of(nation(KR, machine.realm).node.public)
        assert end is not None, machine.node_id


@pytest.mark.parametrize("claims", BACK_DATED, ids=["now", "an hour before", "then", "later"])
def test_nothing_that_the_thief_signs_is_taken_whatever_time_it_states(
    claims: UtcNs | None,
) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(warning(1))
        await pass_time(1.0)
        assert shown(states) == 1
        await report_theft(world, japan)
        before = states.refused()
        korea.claims = claims
        receipts = dict(states.disk.receipts)
        korea.sends(warning(2))
        korea.beats()
        states.brings(KR_1, "key", korea.announcement())
        states.brings(KR_1, "receipt", korea.receipt(0, genesis_hash(korea.feed)))
        states.brings(KR_1, "ask", korea.receipt(0, genesis_hash(korea.feed)))
        states.brings(KR_1, "keys", korea.key_status())
        await pass_time(1.0)
        assert shown(states) == 1
        assert accepted_entries(states) == 1
        assert states.disk.receipts == receipts
        assert states.refused() == before + 6
        assert states.node._links[KR_1].outgoing[korea.lane].machine.key_id == b""

    play(story)


def test_what_was_countersigned_before_the_theft_was_known_still_verifies() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(warning(1), warning(2))
        await pass_time(1.0)
        await report_theft(world, japan)
        report = verified(states)
        assert report.ok, report.first_bad
        await states.crash()
        states.restart()
        assert len(states.warnings_of(KR_1)) == 2
        assert verified(states).ok

    play(story)


def test_entries_that_got_in_after_the_line_are_refused_by_verify() -> None:
    """As if a node had gone on believing the stolen key: the line in its own log convicts it."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(warning(1))
        await pass_time(1.0)
        await report_theft(world, japan)
        knows = states.services.trust
        states.services.keyring.trust = trust(states.realm)  # it forgets, and is taken in
        korea.sends(warning(2))
        await pass_time(1.0)
        assert accepted_entries(states) == 2
        states.services.keyring.trust = knows
        report = verified(states)
        assert not report.ok
        assert report.first_bad is not None
        assert report.first_bad.sequence == 2

    play(story)


def test_the_thief_cannot_keep_the_revocation_away_by_writing_into_the_feed() -> None:
    """He forks Korea's feed to America first, so that nothing more arrives in it; all the same
    Korea's own node tells, with its new key, and its warnings arrive again."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        thief = PlayedKorea(states)
        thief.sends(warning(1))
        await pass_time(1.0)
        assert shown(states) == 1
        korea = world.machine(KR_1, US_1)
        await pass_time(3.0)
        brought_along(korea)
        at = korea.clock.system_utc()
        await publish(korea, ended(ends_at=at), next_certificate(begins=at), private=USB)
        await pass_time(ENFORCED_WITHIN_S)
        assert states.services.trust.end_of(thief.signer.public) is not None
        thief.sends(warning(2))
        await pass_time(1.0)
        assert shown(states) == 1

    play(story)


def test_a_reader_key_that_the_thief_had_announced_is_sealed_to_no_more() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time()
        korea = PlayedKorea(states)
        states.brings(KR_1, "key", korea.announcement())
        await pass_time(1.0)
        await states.sees(states.observed("T1"))
        await pass_time(1.0)
        sealed = len(world.sent(US_1, "urgent"))
        assert [one for one in world.sent(US_1, "urgent") if one.to == KR_1]
        await report_theft(world, japan)
        before = len([one for one in world.sent(US_1, "urgent") if one.to == KR_1])
        await states.sees(states.observed("T1"), states.observed("T2"))
        await pass_time(5.0)
        to_korea = [one for one in world.sent(US_1, "urgent") if one.to == KR_1]
        assert len(to_korea) == before
        assert len(world.sent(US_1, "urgent")) > sealed

    play(story)


def test_the_thief_cannot_revoke_back_or_certify_himself() -> None:
    """He has the node's key and not the root's: what he presents as the root's is refused."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time()
        await report_theft(world, japan)
        korea = PlayedKorea(states)
        forged = next_certificate()
        signatures = korea.signer.sign(forged.certificate, context=b"bongsu/1/exercise/certificate")
        signed = SIGNED_KEY_STATUS.decode(korea.key_status())
        self_made = msgspec.structs.replace(forged, signatures=signatures)
        payload = SIGNED_KEY_STATUS.encode(
            msgspec.structs.replace(signed, certificates=(self_made,))
        )
        known = states.services.trust
        states.brings(KR_1, "keys", payload)
        await pass_time(1.0)
        assert states.services.trust is known

    play(story)


def test_every_store_that_learns_refuses_the_old_key_for_every_time() -> None:
    for store in (learnt(ended()), trust_after()):
        for claims in BACK_DATED:
            at = NOW if claims is None else claims
            assert nation(KR, store.realm).node.public not in {
                store.keys_of(one.role, one.subject, at=at)
                for one in store.certificates
                if store.has_key(one.role, one.subject, at=at)
            }
