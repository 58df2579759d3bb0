"""Agreed means: one officer of every party signed exactly these bytes."""

import msgspec
import pytest
from tests.records.made_up_guideline import guideline_text
from tests.records.made_up_nations import DAY_NS, JP, KR, NOW, US, VERIFIER, nation, trust

from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_signing import (
    APPROVAL,
    GUIDELINE_SIGNATURE,
    GuidelineSignature,
    open_agreed_guideline,
    sign_guideline,
)
from bongsu.records.keys import Purpose, context_for
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

EXERCISE = Realm.EXERCISE
TEXT = guideline_text()


def signature(
    name: NationId,
    *,
    text: bytes = TEXT,
    signer: CryptographySigner | None = None,
    officer: str | None = None,
) -> GuidelineSignature:
    return sign_guideline(
        text,
        signer or nation(name, EXERCISE).officer,
        realm=EXERCISE,
        officer=officer or f"{name}-OFFICER-1",
        signed_at=NOW,
    )


def brought(*signatures: GuidelineSignature, text: bytes = TEXT) -> AgreedGuideline:
    return open_agreed_guideline(text, signatures, trust=trust(EXERCISE), verifier=VERIFIER)


def test_a_guideline_that_every_party_signed_is_agreed() -> None:
    stored = [
        GUIDELINE_SIGNATURE.decode(GUIDELINE_SIGNATURE.encode(signature(name))) for name in (KR, US)
    ]
    agreed = brought(*stored)
    assert agreed.guideline.guideline_id == "MADE-UP"
    assert agreed.officers == ("KR-OFFICER-1", "US-OFFICER-1")


def test_one_missing_signature_leaves_it_a_draft() -> None:
    with pytest.raises(PeerViolation, match="not signed by US"):
        brought(signature(KR))
    with pytest.raises(PeerViolation, match="not signed by KR, US"):
        brought()


def test_a_changed_text_is_not_what_they_signed() -> None:
    with pytest.raises(PeerViolation, match="signed another text"):
        brought(signature(KR), signature(US), text=TEXT + b"\n")


def test_the_same_nation_twice_is_not_two_parties() -> None:
    with pytest.raises(PeerViolation, match="one too many"):
        brought(signature(KR), signature(KR))


def test_a_stranger_cannot_sign_along() -> None:
    with pytest.raises(PeerViolation, match="as no party"):
        brought(signature(KR), signature(US), signature(JP))


def test_a_nodes_key_is_no_officers() -> None:
    with pytest.raises(PeerViolation, match="does not verify"):
        brought(signature(KR, signer=nation(KR, EXERCISE).node), signature(US))
    with pytest.raises(PeerViolation, match="officer KR-1 is unknown"):
        brought(signature(KR, signer=nation(KR, EXERCISE).node, officer="KR-1"), signature(US))


def test_an_officer_cannot_sign_for_another_nation() -> None:
    signed = signature(KR)
    approval = msgspec.structs.replace(APPROVAL.decode(signed.approval), nation=US)
    data = APPROVAL.encode(approval)
    context = context_for(EXERCISE, Purpose.GUIDELINE)
    officer = nation(KR, EXERCISE).officer
    forged = GuidelineSignature(approval=data, signatures=officer.sign(data, context=context))
    with pytest.raises(PeerViolation, match="KR-OFFICER-1 is no officer of US"):
        brought(signed, forged)


def test_a_signature_without_its_post_quantum_half_is_refused() -> None:
    signed = signature(KR)
    stripped = msgspec.structs.replace(
        signed, signatures=msgspec.structs.replace(signed.signatures, ml_dsa_65=b"")
    )
    with pytest.raises(PeerViolation, match="ML-DSA-65 signature is missing"):
        brought(stripped, signature(US))


def test_an_approval_from_outside_the_officers_time_is_refused() -> None:
    late = sign_guideline(
        TEXT,
        nation(KR, EXERCISE).officer,
        realm=EXERCISE,
        officer="KR-OFFICER-1",
        signed_at=UtcNs(NOW + 2 * DAY_NS),
    )
    with pytest.raises(PeerViolation, match="not valid at"):
        brought(late, signature(US))


def test_nobody_signs_what_is_no_guideline() -> None:
    with pytest.raises(PeerViolation, match="guideline refused"):
        signature(KR, text=b"KR shares everything")
