"""Feeds: chains that fit no other feed, heads and receipts that only their own end can sign."""

import msgspec
import pytest
from tests.records.made_up_nations import (
    DAY_NS,
    JP_1,
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

from bongsu.records.feed import (
    ENTRY,
    HEAD,
    RECEIPT,
    SIGNED_HEAD,
    Entry,
    FeedId,
    Head,
    Receipt,
    SignedReceipt,
    entry_hash,
    genesis_hash,
    open_head,
    open_receipt,
    sign_head,
    sign_receipt,
)
from bongsu.records.keys import Purpose, context_for
from bongsu.records.record import Record
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXERCISE = Realm.EXERCISE
HEAD_VALUE = Head(feed=feed_id(), sequence=7, hash=b"h" * 32, beat=NOW, stated_at=NOW)
RECEIPT_VALUE = Receipt(feed=feed_id(), sequence=7, hash=b"h" * 32, stored_at=NOW)


@pytest.mark.parametrize(
    "other",
    [
        FeedId(realm=Realm.LIVE, sender=KR_1, reader=US_1, epoch=1),
        FeedId(realm=EXERCISE, sender=KR_1, reader=JP_1, epoch=1),
        FeedId(realm=EXERCISE, sender=US_1, reader=KR_1, epoch=1),
        FeedId(realm=EXERCISE, sender=KR_1, reader=US_1, epoch=2),
    ],
)
def test_each_feed_realm_and_epoch_has_a_chain_of_its_own(other: FeedId) -> None:
    assert genesis_hash(other) != genesis_hash(feed_id())


def test_an_entrys_hash_covers_previous_sequence_statement_and_disclosures() -> None:
    record = warning_record()
    entry = Entry(sequence=1, record=record)
    hash_ = entry_hash(bytes(32), entry)
    fewer = msgspec.structs.replace(record, disclosures=record.disclosures[1:])
    others = [
        entry_hash(b"\x01" + bytes(31), entry),
        entry_hash(bytes(32), Entry(sequence=2, record=record)),
        entry_hash(bytes(32), Entry(sequence=1, record=track_record())),
        entry_hash(bytes(32), Entry(sequence=1, record=fewer)),
    ]
    assert hash_ not in others
    assert len(set(others)) == len(others)


def test_an_entrys_hash_leaves_the_records_signatures_out() -> None:
    """So record and head can be signed at the same time; the signatures verify by themselves."""
    signed, unsigned = warning_record(), warning_record(signed=False)
    one, other = (Entry(sequence=1, record=record) for record in (signed, unsigned))
    assert entry_hash(bytes(32), one) == entry_hash(bytes(32), other)


def test_parts_cannot_move_between_statement_and_disclosures_under_one_hash() -> None:
    one = Record(statement=b"ab", disclosures=(b"c",))
    other = Record(statement=b"a", disclosures=(b"bc",))
    assert entry_hash(bytes(32), Entry(sequence=1, record=one)) != entry_hash(
        bytes(32), Entry(sequence=1, record=other)
    )


def test_an_entry_survives_the_round_trip() -> None:
    entry = Entry(sequence=1, record=warning_record())
    assert ENTRY.decode(ENTRY.encode(entry)) == entry


def test_a_heads_signature_is_its_senders() -> None:
    signed = sign_head(HEAD_VALUE, nation(KR, EXERCISE).node)
    assert open_head(signed, trust=trust(EXERCISE), verifier=VERIFIER) == HEAD_VALUE
    for forger in (nation(US, EXERCISE).node, nation(KR, EXERCISE).officer):
        forged = sign_head(HEAD_VALUE, forger)
        with pytest.raises(PeerViolation, match="head of KR-1 refused"):
            open_head(forged, trust=trust(EXERCISE), verifier=VERIFIER)


def test_a_receipts_signature_is_its_readers_and_not_the_senders() -> None:
    signed = sign_receipt(RECEIPT_VALUE, nation(US, EXERCISE).node)
    assert open_receipt(signed, trust=trust(EXERCISE), verifier=VERIFIER) == RECEIPT_VALUE
    forged = sign_receipt(RECEIPT_VALUE, nation(KR, EXERCISE).node)
    with pytest.raises(PeerViolation, match="receipt of US-1 refused"):
        open_receipt(forged, trust=trust(EXERCISE), verifier=VERIFIER)


def test_what_was_signed_as_a_head_is_no_receipt() -> None:
    data = RECEIPT.encode(RECEIPT_VALUE)
    context = context_for(EXERCISE, Purpose.HEAD)
    signatures = nation(US, EXERCISE).node.sign(data, context=context)
    disguised = SignedReceipt(receipt=data, signatures=signatures)
    with pytest.raises(PeerViolation, match="does not verify as bongsu/1/exercise/receipt"):
        open_receipt(disguised, trust=trust(EXERCISE), verifier=VERIFIER)


def test_a_head_without_its_post_quantum_signature_is_refused() -> None:
    signed = sign_head(HEAD_VALUE, nation(KR, EXERCISE).node)
    stripped = msgspec.structs.replace(
        signed, signatures=msgspec.structs.replace(signed.signatures, ml_dsa_65=b"")
    )
    with pytest.raises(PeerViolation, match="ML-DSA-65 signature is missing"):
        open_head(stripped, trust=trust(EXERCISE), verifier=VERIFIER)


def test_a_head_outside_its_keys_lifetime_is_refused() -> None:
    late = msgspec.structs.replace(HEAD_VALUE, stated_at=UtcNs(NOW + 2 * DAY_NS))
    with pytest.raises(PeerViolation, match="not valid at"):
        open_head(
            sign_head(late, nation(KR, EXERCISE).node), trust=trust(EXERCISE), verifier=VERIFIER
        )


@pytest.mark.parametrize(
    "changes", [{"version": 2}, {"hash": b"h" * 31}, {"sequence": -1}, {"stated_at": -1}]
)
def test_a_head_that_breaks_its_form_is_refused_although_it_is_signed(
    changes: dict[str, object],
) -> None:
    head = msgspec.structs.replace(HEAD_VALUE, **changes)
    with pytest.raises(PeerViolation, match="head refused"):
        open_head(
            sign_head(head, nation(KR, EXERCISE).node), trust=trust(EXERCISE), verifier=VERIFIER
        )


def test_heads_are_small() -> None:
    signed = SIGNED_HEAD.encode(sign_head(HEAD_VALUE, nation(KR, EXERCISE).node))
    assert len(HEAD.encode(HEAD_VALUE)) < 100
    assert len(signed) < 3600
