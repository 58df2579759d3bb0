"""Q1: what is marked for one realm is refused in the other, whatever was signed, both ways.

Two attackers each time: one who only carries bytes across, and one who rewrites the mark and
signs with the other realm's key (he has an exercise key and wants a live alarm).
"""

from collections.abc import Callable

import msgspec
import pytest
from tests.records.made_up_guideline import guideline_text
from tests.records.made_up_key_changes import ended, learnt
from tests.records.made_up_nations import (
    KR,
    KR_1,
    NOW,
    RADAR,
    SEALER,
    US,
    US_1,
    VERIFIER,
    feed_id,
    frame_of,
    nation,
    reader_key,
    track_record,
    trust,
    warning_record,
)

from bongsu.records.batch import BatchKind, ReplayGuard, open_batch, sign_batch
from bongsu.records.certificate import CERTIFICATE, SignedCertificate, open_certificate, open_root
from bongsu.records.feed import (
    HEAD,
    Head,
    Receipt,
    SignedHead,
    genesis_hash,
    open_head,
    open_receipt,
    sign_head,
    sign_receipt,
)
from bongsu.records.frame import open_frame, seal_frame
from bongsu.records.guideline_signing import open_agreed_guideline, sign_guideline
from bongsu.records.keys import PublicKeys, Purpose, context_for
from bongsu.records.opened_record import open_record
from bongsu.records.reader_key import announce_key, open_announcement
from bongsu.records.record import STATEMENT, Record, sign_statement
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm

Way = tuple[Realm, Realm]
WAYS = [(Realm.EXERCISE, Realm.LIVE), (Realm.LIVE, Realm.EXERCISE)]


def _head(made: Realm) -> Head:
    feed = feed_id(made)
    return Head(feed=feed, sequence=0, hash=genesis_hash(feed), beat=NOW, stated_at=NOW)


def _open_root(made: Realm, here: Realm) -> None:
    open_root(nation(KR, made).certificates[0], realm=here, verifier=VERIFIER)


def _open_certificate(made: Realm, here: Realm) -> None:
    root: PublicKeys = nation(KR, made).root.public
    signed = nation(KR, made).certificates[1]
    open_certificate(signed, realm=here, nation=KR, root=root, verifier=VERIFIER)


def _build_trust(made: Realm, here: Realm) -> None:
    certificates = nation(KR, made).certificates
    TrustStore.build(here, roots=certificates[:1], certificates=certificates[1:], verifier=VERIFIER)


def _open_record(made: Realm, here: Realm) -> None:
    open_record(warning_record(made), trust=trust(here), verifier=VERIFIER)


def _open_bulk_record(made: Realm, here: Realm) -> None:
    open_record(track_record(made), trust=trust(here), verifier=VERIFIER, vouched_by=KR_1)


def _open_head(made: Realm, here: Realm) -> None:
    signed = sign_head(_head(made), nation(KR, made).node)
    open_head(signed, trust=trust(here), verifier=VERIFIER)


def _open_receipt(made: Realm, here: Realm) -> None:
    feed = feed_id(made)
    receipt = Receipt(feed=feed, sequence=0, hash=genesis_hash(feed), stored_at=NOW)
    signed = sign_receipt(receipt, nation(US, made).node)
    open_receipt(signed, trust=trust(here), verifier=VERIFIER)


def _open_frame(made: Realm, here: Realm) -> None:
    opener, announcement = reader_key(made)
    frame = frame_of([warning_record(made)], feed=feed_id(made))
    data = seal_frame(frame, to=announcement, sealer=SEALER)
    openers = {announcement.key_id: opener}
    open_frame(data, reader=US_1, openers=openers, trust=trust(here), verifier=VERIFIER)


def _open_announcement(made: Realm, here: Realm) -> None:
    opener, _ = reader_key(made)
    signed = announce_key(opener.public_key, nation(US, made).node, realm=made, node=US_1, now=NOW)
    open_announcement(signed, trust=trust(here), verifier=VERIFIER, now=NOW)


def _open_batch(made: Realm, here: Realm) -> None:
    data = sign_batch(
        BatchKind.PLOTS, b"", nation(KR, made).sensor, realm=made, source=RADAR, sequence=1
    )
    open_batch(
        data,
        kind=BatchKind.PLOTS,
        nation=KR,
        trust=trust(here),
        verifier=VERIFIER,
        guard=ReplayGuard(),
        now=NOW,
    )


def _open_agreed_guideline(made: Realm, here: Realm) -> None:
    text = guideline_text(made)
    signatures = [
        sign_guideline(
            text,
            nation(name, made).officer,
            realm=made,
            officer=f"{name}-OFFICER-1",
            signed_at=NOW,
        )
        for name in (KR, US)
    ]
    open_agreed_guideline(text, signatures, trust=trust(here), verifier=VERIFIER)


def _take_revocation(made: Realm, here: Realm) -> None:
    learnt(ended(realm=made), before=trust(here))


SIGNED_TYPES: dict[str, Callable[[Realm, Realm], None]] = {
    "root": _open_root,
    "certificate": _open_certificate,
    "trust store": _build_trust,
    "warning": _open_record,
    "track update": _open_bulk_record,
    "heartbeat": _open_head,
    "receipt": _open_receipt,
    "frame": _open_frame,
    "key announcement": _open_announcement,
    "batch": _open_batch,
    "guideline": _open_agreed_guideline,
    "revocation": _take_revocation,
}


@pytest.mark.parametrize("realm", Realm)
@pytest.mark.parametrize("signed_type", SIGNED_TYPES)
def test_each_signed_type_is_accepted_in_its_own_realm(signed_type: str, realm: Realm) -> None:
    SIGNED_TYPES[signed_type](realm, realm)


@pytest.mark.parametrize("way", WAYS, ids=["exercise to live", "live to exercise"])
@pytest.mark.parametrize("signed_type", SIGNED_TYPES)
def test_q1_anything_marked_for_one_realm_is_refused_in_the_other(
    signed_type: str, way: Way
) -> None:
    with pytest.raises(PeerViolation):
        SIGNED_TYPES[signed_type](*way)


@pytest.mark.parametrize("way", WAYS, ids=["exercise to live", "live to exercise"])
def test_q1_a_record_whose_mark_was_rewritten_fails_its_signature(way: Way) -> None:
    made, here = way
    record = warning_record(made)
    statement = STATEMENT.decode(record.statement)
    forged = STATEMENT.encode(msgspec.structs.replace(statement, realm=here))
    rewritten = Record(
        statement=forged, disclosures=record.disclosures, signatures=record.signatures
    )
    with pytest.raises(PeerViolation, match="does not verify"):
        open_record(rewritten, trust=trust(here), verifier=VERIFIER)


@pytest.mark.parametrize("way", WAYS, ids=["exercise to live", "live to exercise"])
def test_q1_a_key_of_one_realm_signs_nothing_for_the_other(way: Way) -> None:
    made, here = way
    wrong_key = nation(KR, made).node
    head = sign_head(_head(here), wrong_key)  # marked and signed for `here`, by the other key
    record = warning_record(here, signed=False)
    signatures = sign_statement(record.statement, wrong_key, realm=here)
    forged = Record(
        statement=record.statement, disclosures=record.disclosures, signatures=signatures
    )
    with pytest.raises(PeerViolation, match="does not verify"):
        open_head(head, trust=trust(here), verifier=VERIFIER)
    with pytest.raises(PeerViolation, match="does not verify"):
        open_record(forged, trust=trust(here), verifier=VERIFIER)


def test_q1_a_signature_made_in_an_exercise_fails_even_under_the_same_key() -> None:
    """Were a key ever used in both realms by mistake, the contexts still keep them apart."""
    data = HEAD.encode(_head(Realm.LIVE))
    signer = nation(KR, Realm.LIVE).node
    context = context_for(Realm.EXERCISE, Purpose.HEAD)
    signed = SignedHead(head=data, signatures=signer.sign(data, context=context))
    with pytest.raises(PeerViolation, match="does not verify as bongsu/1/live/head"):
        open_head(signed, trust=trust(Realm.LIVE), verifier=VERIFIER)


def test_no_two_realms_and_purposes_share_a_context() -> None:
    contexts = [context_for(realm, purpose) for realm in Realm for purpose in Purpose]
    assert len(set(contexts)) == len(contexts)
    assert not any(a != b and b.startswith(a) for a in contexts for b in contexts)


def test_q1_bytes_without_a_mark_are_refused() -> None:
    signed = nation(KR, Realm.EXERCISE).certificates[1]
    certificate = CERTIFICATE.decode(signed.certificate)
    unmarked = signed.certificate.replace(b"\xa8exercise", b"\xa0")
    assert certificate.realm is Realm.EXERCISE
    with pytest.raises(PeerViolation):
        open_root(
            SignedCertificate(certificate=unmarked, signatures=signed.signatures),
            realm=Realm.EXERCISE,
            verifier=VERIFIER,
        )
