"""A key that has ended: what it signs is refused, what it signed before can still be checked."""

import msgspec
import pytest
from tests.records.made_up_key_changes import (
    ENDED_AT,
    HOUR_NS,
    LATER,
    ended,
    learnt,
    next_certificate,
    next_node_key,
    trust_after,
)
from tests.records.made_up_nations import (
    KR,
    KR_1,
    NOW,
    US,
    US_1,
    VERIFIER,
    feed_id,
    nation,
    track_record,
    trust,
    warning_record,
)

from bongsu.records.certificate import Role
from bongsu.records.feed import Head, SignedHead, genesis_hash, open_head, sign_head
from bongsu.records.opened_record import open_record
from bongsu.records.record import sign_statement, signed_record
from bongsu.records.revocation import Cause
from bongsu.records.signatory import every_ended
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXERCISE = Realm.EXERCISE
OLD = nation(KR, EXERCISE).node


def head(at: UtcNs) -> Head:
    feed = feed_id(EXERCISE)
    return Head(feed=feed, sequence=0, hash=genesis_hash(feed), beat=at, stated_at=at)


@pytest.mark.parametrize("stated", [UtcNs(NOW - HOUR_NS), NOW, UtcNs(ENDED_AT - 1), LATER])
def test_a_revoked_key_signs_nothing_whatever_time_it_states(stated: UtcNs) -> None:
    with pytest.raises(PeerViolation):
        open_head(sign_head(head(stated), OLD), trust=trust_after(), verifier=VERIFIER)


def test_the_next_key_counts_at_once() -> None:
    signed = sign_head(head(ENDED_AT), next_node_key())
    assert open_head(signed, trust=trust_after(), verifier=VERIFIER).stated_at == ENDED_AT


def test_a_revoked_key_is_called_revoked_by_its_nation() -> None:
    store = learnt(ended())
    with pytest.raises(PeerViolation, match="node KR-1 was revoked by its nation"):
        store.keys_of(Role.NODE, KR_1, at=NOW)


def test_a_renewed_key_counts_for_what_was_stated_before_its_end_and_not_after() -> None:
    store = trust_after(Cause.RENEWED)
    open_head(sign_head(head(UtcNs(ENDED_AT - 1)), OLD), trust=store, verifier=VERIFIER)
    with pytest.raises(PeerViolation, match="does not verify"):
        open_head(sign_head(head(ENDED_AT), OLD), trust=store, verifier=VERIFIER)


def test_the_key_after_a_revoked_one_may_begin_before_the_revocation() -> None:
    """The clock of the machine with the root may be ahead of everybody's."""
    store = learnt(next_certificate(begins=UtcNs(NOW - HOUR_NS)), ended())
    assert store.keys_of(Role.NODE, KR_1, at=NOW) == next_node_key().public


def test_the_key_after_a_renewed_one_may_not_begin_before_its_end() -> None:
    with pytest.raises(PeerViolation, match="two keys of node KR-1 at one time"):
        learnt(next_certificate(begins=UtcNs(ENDED_AT - 1)), ended(Cause.RENEWED))


def test_a_new_key_alone_does_not_end_the_old_one() -> None:
    with pytest.raises(PeerViolation, match="two keys of node KR-1 at one time"):
        learnt(next_certificate())


@pytest.mark.parametrize("causes", [(Cause.RENEWED, Cause.REVOKED), (Cause.REVOKED, Cause.RENEWED)])
def test_a_theft_outweighs_a_renewal_in_any_order(causes: tuple[Cause, Cause]) -> None:
    store = trust(EXERCISE)
    for cause in causes:
        store = learnt(ended(cause), before=store)
    end = store.end_of(OLD.public)
    assert end is not None
    assert end.cause is Cause.REVOKED


def test_what_comes_in_twice_changes_nothing() -> None:
    once = trust_after()
    twice = learnt(next_certificate(), ended(), before=once)
    assert list(twice.certificates) == list(once.certificates)
    assert list(twice.revocations) == list(once.revocations)


def test_a_store_stays_as_it_was_when_it_learns() -> None:
    before = trust(EXERCISE)
    learnt(ended(), before=before)
    assert before.keys_of(Role.NODE, KR_1, at=NOW) == OLD.public


def test_a_revocation_of_a_nation_without_a_trusted_root_is_refused() -> None:
    roots = [nation(US, EXERCISE).certificates[0]]
    store = TrustStore.build(EXERCISE, roots=roots, certificates=[], verifier=VERIFIER)
    with pytest.raises(PeerViolation, match="root of KR is unknown"):
        learnt(ended(), before=store)


def test_a_record_of_the_old_key_under_a_head_of_the_next_one_is_taken() -> None:
    opened = open_record(warning_record(), trust=trust_after(), verifier=VERIFIER, vouched_by=KR_1)
    assert opened.originator == KR_1


def test_a_record_of_the_old_key_that_another_node_brings_is_refused() -> None:
    for vouched_by in (US_1, None):
        with pytest.raises(PeerViolation, match="was revoked"):
            open_record(
                warning_record(),
                trust=learnt(ended()),
                verifier=VERIFIER,
                vouched_by=vouched_by,
            )


def test_a_record_of_a_renewed_key_may_still_be_passed_on() -> None:
    opened = open_record(
        warning_record(), trust=trust_after(Cause.RENEWED), verifier=VERIFIER, vouched_by=US_1
    )
    assert opened.originator == KR_1


def test_a_forged_record_is_not_taken_for_one_of_an_ended_key() -> None:
    record = warning_record()
    forged = sign_statement(record.statement, nation(US, EXERCISE).node, realm=EXERCISE)
    with pytest.raises(PeerViolation):
        open_record(
            signed_record(record, forged), trust=trust_after(), verifier=VERIFIER, vouched_by=KR_1
        )


def test_the_post_quantum_half_cannot_be_taken_from_what_an_ended_key_signed() -> None:
    signed = sign_head(head(NOW), OLD)
    halved = SignedHead(
        head=signed.head, signatures=msgspec.structs.replace(signed.signatures, ml_dsa_65=b"")
    )
    open_head(signed, trust=trust_after(), verifier=VERIFIER, ended_counts=every_ended)
    with pytest.raises(PeerViolation):
        open_head(halved, trust=trust_after(), verifier=VERIFIER, ended_counts=every_ended)


def test_a_bulk_record_stands_under_the_head_of_whatever_key_is_present() -> None:
    open_record(track_record(), trust=trust_after(), verifier=VERIFIER, vouched_by=KR_1)


def test_two_that_know_the_same_have_the_same_digest() -> None:
    """Whoever signed it again: the root's signatures are randomised."""
    once, again = trust_after(), learnt(ended(), next_certificate())
    assert once.digest_of(KR) == again.digest_of(KR)
    assert once.digest_of(KR) != trust(EXERCISE).digest_of(KR)
    assert once.digest_of(US) == trust(EXERCISE).digest_of(US)
