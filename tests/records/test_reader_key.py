"""Short-lived reader keys: their node's, whole, now, and for ten minutes at most."""

import msgspec
import pytest
from tests.records.made_up_nations import KR, NOW, US, US_1, VERIFIER, nation, reader_key, trust

from bongsu.records.keys import Purpose, context_for
from bongsu.records.reader_key import (
    ANNOUNCEMENT,
    CLOCK_TOLERANCE_NS,
    LIFETIME_NS,
    SIGNED_ANNOUNCEMENT,
    KeyAnnouncement,
    SignedKeyAnnouncement,
    announce_key,
    key_id_of,
    open_announcement,
)
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXERCISE = Realm.EXERCISE
OPENER, _ = reader_key()
SIGNED = announce_key(
    OPENER.public_key, nation(US, EXERCISE).node, realm=EXERCISE, node=US_1, now=NOW
)


def opened(signed: SignedKeyAnnouncement, *, now: int = NOW) -> KeyAnnouncement:
    return open_announcement(signed, trust=trust(EXERCISE), verifier=VERIFIER, now=UtcNs(now))


def signed_with(**changes: object) -> SignedKeyAnnouncement:
    data = ANNOUNCEMENT.encode(
        msgspec.structs.replace(ANNOUNCEMENT.decode(SIGNED.announcement), **changes)
    )
    context = context_for(EXERCISE, Purpose.READER_KEY)
    signer = nation(US, EXERCISE).node
    return SignedKeyAnnouncement(announcement=data, signatures=signer.sign(data, context=context))


def test_an_announced_key_is_named_after_itself() -> None:
    announcement = opened(SIGNED_ANNOUNCEMENT.decode(SIGNED_ANNOUNCEMENT.encode(SIGNED)))
    assert announcement.public_key == OPENER.public_key
    assert announcement.key_id == key_id_of(OPENER.public_key)


def test_a_key_is_used_until_just_before_its_end() -> None:
    opened(SIGNED, now=NOW + LIFETIME_NS - 1)
    with pytest.raises(PeerViolation, match="has expired"):
        opened(SIGNED, now=NOW + LIFETIME_NS)


def test_a_partners_clock_may_be_a_minute_ahead_and_no_more() -> None:
    opened(SIGNED, now=NOW - CLOCK_TOLERANCE_NS)
    with pytest.raises(PeerViolation, match="begins in the future"):
        opened(SIGNED, now=NOW - CLOCK_TOLERANCE_NS - 1)


@pytest.mark.parametrize("lifetime_ns", [LIFETIME_NS + 1, 0, -1])
def test_a_key_for_more_than_ten_minutes_is_refused_although_it_is_signed(lifetime_ns: int) -> None:
    with pytest.raises(PeerViolation, match="for too long"):
        opened(signed_with(not_after=UtcNs(NOW + lifetime_ns)))


def test_a_key_substituted_on_the_way_is_refused() -> None:
    other, _ = reader_key(Realm.LIVE)
    data = SIGNED.announcement.replace(OPENER.public_key, other.public_key)
    assert data != SIGNED.announcement
    forged = SignedKeyAnnouncement(announcement=data, signatures=SIGNED.signatures)
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(forged)


def test_a_key_announced_in_another_nodes_name_is_refused() -> None:
    forged = announce_key(
        OPENER.public_key, nation(KR, EXERCISE).node, realm=EXERCISE, node=US_1, now=NOW
    )
    with pytest.raises(PeerViolation, match="key of US-1 refused"):
        opened(forged)


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(PeerViolation, match="length"):
        opened(signed_with(public_key=OPENER.public_key[:-1]))
