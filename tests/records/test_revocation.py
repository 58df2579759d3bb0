"""A root ends keys of its own nation in its own realm, and nothing else."""

import msgspec
import pytest
from tests.records.made_up_key_changes import ENDED_AT, ended
from tests.records.made_up_nations import KR, US, VERIFIER, nation

from bongsu.records.certificate import Role
from bongsu.records.keys import Purpose, context_for
from bongsu.records.revocation import (
    REVOCATION,
    Cause,
    Revocation,
    SignedRevocation,
    key_hash,
    open_revocation,
    revoke,
)
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm

EXERCISE = Realm.EXERCISE
KEYS = nation(KR, EXERCISE)


def forged(**changes: object) -> SignedRevocation:
    """KR's root signs a revocation that `revoke` would not make."""
    revocation = REVOCATION.decode(ended().revocation)
    data = REVOCATION.encode(msgspec.structs.replace(revocation, **changes))
    context = context_for(EXERCISE, Purpose.REVOCATION)
    return SignedRevocation(revocation=data, signatures=KEYS.root.sign(data, context=context))


def opened(signed: SignedRevocation) -> Revocation:
    return open_revocation(
        signed, realm=EXERCISE, nation=KR, root=KEYS.root.public, verifier=VERIFIER
    )


def test_a_revocation_opens_under_its_own_root() -> None:
    revocation = opened(ended())
    assert (revocation.subject, revocation.cause) == ("KR-1", Cause.REVOKED)
    assert revocation.key == key_hash(KEYS.node.public)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": "US-1"}, "cannot revoke"),
        ({"nation": "US", "subject": "US-1"}, "cannot revoke"),
        ({"realm": Realm.LIVE}, "marked LIVE"),
        ({"role": Role.ROOT, "subject": "KR"}, "not revoked by itself"),
        ({"version": 2}, "<= 1"),
        ({"reason": "x" * 401}, "length <= 400"),
        ({"key": b"short"}, "length >= 32"),
    ],
)
def test_what_a_root_may_not_end_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(PeerViolation, match=why):
        opened(forged(**changes))


def test_nobody_but_the_root_ends_a_key() -> None:
    signed = ended()
    context = context_for(EXERCISE, Purpose.REVOCATION)
    for signer in (KEYS.node, KEYS.officer, nation(US, EXERCISE).root):
        with pytest.raises(PeerViolation, match="does not verify"):
            opened(
                SignedRevocation(
                    revocation=signed.revocation,
                    signatures=signer.sign(signed.revocation, context=context),
                )
            )


def test_a_certificates_signature_is_no_revocation() -> None:
    signed = ended()
    context = context_for(EXERCISE, Purpose.CERTIFICATE)
    signatures = KEYS.root.sign(signed.revocation, context=context)
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(SignedRevocation(revocation=signed.revocation, signatures=signatures))


def test_a_reason_that_is_too_long_is_our_own_mistake() -> None:
    with pytest.raises(LocalMisuse, match="length <= 400"):
        revoke(
            KEYS.root,
            realm=EXERCISE,
            role=Role.NODE,
            subject="KR-1",
            keys=KEYS.node.public,
            cause=Cause.REVOKED,
            ends_at=ENDED_AT,
            reason="x" * 401,
        )
