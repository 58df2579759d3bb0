"""Q2: a heartbeat with any one bit changed fails its check, and none of it could be a count."""

import numpy as np
from tests.records.made_up_nations import KR, NOW, VERIFIER, feed_id, nation, trust

from bongsu.records.feed import (
    SIGNED_HEAD,
    FeedId,
    Head,
    SignedHead,
    genesis_hash,
    open_head,
    sign_head,
)
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm

HEAD = Head(feed=feed_id(), sequence=0, hash=genesis_hash(feed_id()), beat=NOW, stated_at=NOW)
SIGNED = sign_head(HEAD, nation(KR, Realm.EXERCISE).node)
HEARTBEAT = SIGNED_HEAD.encode(SIGNED)


def accepted(data: bytes) -> bool:
    try:
        open_head(SIGNED_HEAD.decode(data), trust=trust(Realm.EXERCISE), verifier=VERIFIER)
    except PeerViolation:
        return False
    return True


def test_q2_the_heartbeat_itself_is_accepted() -> None:
    assert accepted(HEARTBEAT)


def test_q2_any_bit_of_what_the_heartbeat_states_changed_fails_its_check() -> None:
    start = HEARTBEAT.index(SIGNED.head)
    for at in range(start + len(SIGNED.head)):  # framing and every stated byte
        for bit in range(8):
            changed = bytearray(HEARTBEAT)
            changed[at] ^= 1 << bit
            assert not accepted(bytes(changed)), f"bit {bit} of byte {at}"


def test_q2_every_byte_of_the_heartbeat_changed_fails_its_check() -> None:
    chance = np.random.default_rng(2)
    for at in range(len(HEARTBEAT)):
        changed = bytearray(HEARTBEAT)
        changed[at] ^= int(chance.integers(1, 256))
        assert not accepted(bytes(changed)), f"byte {at}"


def test_q2_a_cut_or_lengthened_heartbeat_fails_its_check() -> None:
    for length in (*range(0, len(HEARTBEAT), 97), len(HEARTBEAT) - 1):
        assert not accepted(HEARTBEAT[:length])
    assert not accepted(HEARTBEAT + b"\x00")


def test_q2_a_heartbeat_has_no_field_that_could_be_a_count_of_missiles() -> None:
    """Place in the chain, its hash, whose it is and when: a digit too many is a link fault.

    The beat is a time too; it differs from the other only after a clock was set back.
    """
    assert SignedHead.__struct_fields__ == ("head", "signatures")
    assert Head.__struct_fields__ == ("version", "feed", "sequence", "hash", "beat", "stated_at")
    assert FeedId.__struct_fields__ == ("realm", "sender", "reader", "lane", "epoch")
