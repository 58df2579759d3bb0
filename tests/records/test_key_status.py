"""A node's word about its nation's keys, and the root's words that come along with it."""

import msgspec
import pytest
from tests.records.made_up_key_changes import (
    ENDED_AT,
    LATER,
    ended,
    learnt,
    next_certificate,
    next_node_key,
    trust_after,
)
from tests.records.made_up_nations import KR, KR_1, NOW, US, US_1, VERIFIER, nation, trust

from bongsu.records.certificate import Role
from bongsu.records.key_status import (
    SIGNED_KEY_STATUS,
    KeyStatus,
    SignedKeyStatus,
    for_reader,
    open_key_status,
    presented,
    sign_key_status,
)
from bongsu.records.keys import Signer
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXERCISE = Realm.EXERCISE
OLD = nation(KR, EXERCISE).node


def status(
    signer: Signer = OLD,
    *,
    store: TrustStore | None = None,
    realm: Realm = EXERCISE,
    at: UtcNs = NOW,
) -> SignedKeyStatus:
    """Korea's node to America's."""
    store = store or trust(realm)
    signed = sign_key_status(
        KeyStatus(realm=realm, node=KR_1, stated_at=at, digest=store.digest_of(KR)), signer
    )
    return for_reader(signed, trust=store, node=KR_1, reader=US_1, now=at)


def test_a_status_opens_under_its_nodes_key() -> None:
    opened = open_key_status(status(), trust=trust(EXERCISE), verifier=VERIFIER)
    assert (opened.node, opened.stated_at) == (KR_1, NOW)
    assert opened.digest == trust(EXERCISE).digest_of(KR)


def test_while_no_key_has_ended_nothing_comes_along() -> None:
    assert not presented(status(), node=KR_1, reader=US_1)


def test_a_node_brings_its_new_certificate_and_the_end_of_its_old_key() -> None:
    signed = status(next_node_key(), store=trust_after(), at=ENDED_AT)
    brought = presented(signed, node=KR_1, reader=US_1)
    assert set(brought.certificates) == {next_certificate().certificate}
    assert set(brought.revocations) == {ended().revocation}
    after = trust(EXERCISE).with_statements(brought, verifier=VERIFIER)
    assert after.keys_of(Role.NODE, KR_1, at=ENDED_AT) == next_node_key().public
    open_key_status(signed, trust=after, verifier=VERIFIER)


def test_to_a_node_whose_own_key_has_ended_it_is_said() -> None:
    store = learnt(ended())
    signed = sign_key_status(
        KeyStatus(realm=EXERCISE, node=US_1, stated_at=LATER, digest=store.digest_of(US)),
        nation(US, EXERCISE).node,
    )
    to_korea = for_reader(signed, trust=store, node=US_1, reader=KR_1, now=LATER)
    assert len(presented(to_korea, node=US_1, reader=KR_1).revocations) == 1
    to_itself = for_reader(signed, trust=store, node=US_1, reader=US_1, now=LATER)
    assert not presented(to_itself, node=US_1, reader=US_1)


def test_words_about_others_do_not_come_along() -> None:
    signed = msgspec.structs.replace(
        status(), revocations=(ended(role=Role.OFFICER, subject="KR-OFFICER-1"),)
    )
    with pytest.raises(PeerViolation, match="about others"):
        presented(signed, node=KR_1, reader=US_1)


@pytest.mark.parametrize("key", ["officer", "sensor", "tracker", "root"])
def test_nobody_else_states_a_nodes_status(key: str) -> None:
    signer: Signer = getattr(nation(KR, EXERCISE), key)
    with pytest.raises(PeerViolation):
        open_key_status(status(signer), trust=trust(EXERCISE), verifier=VERIFIER)


def test_an_ended_key_states_nothing() -> None:
    with pytest.raises(PeerViolation):
        open_key_status(status(), trust=trust_after(), verifier=VERIFIER)


@pytest.mark.parametrize("here", Realm)
def test_q1_a_status_of_one_realm_is_none_in_the_other(here: Realm) -> None:
    made = Realm.LIVE if here is Realm.EXERCISE else Realm.EXERCISE
    signed = status(nation(KR, made).node, realm=made)
    with pytest.raises(PeerViolation):
        open_key_status(signed, trust=trust(here), verifier=VERIFIER)


def test_the_largest_status_fits_its_bound() -> None:
    full = msgspec.structs.replace(
        status(),
        certificates=(next_certificate(), next_certificate()),
        revocations=tuple(ended() for _ in range(16)),
    )
    assert SIGNED_KEY_STATUS.decode(SIGNED_KEY_STATUS.encode(full)) == full
