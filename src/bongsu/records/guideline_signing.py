"""Signing guidelines: agreed once a release officer of every party has signed the same bytes."""

import hashlib
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import Role
from bongsu.records.encoding import Codec, Wire
from bongsu.records.guideline import AgreedGuideline, read_guideline
from bongsu.records.keys import (
    Purpose,
    SignaturePair,
    Signer,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.names import VERSION, Instant, Nation, Sha256, Source, Version, nation_of
from bongsu.records.realm_mark import require_realm
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs


class Approval(Wire, frozen=True, kw_only=True):
    """An officer's approval, for his nation, of the exact bytes of one guideline."""

    version: Version = VERSION
    realm: Realm
    nation: Nation
    officer: Source
    text_sha256: Sha256
    signed_at: Instant


class GuidelineSignature(Wire, frozen=True, kw_only=True):
    """The exact bytes of an approval and the officer's signatures."""

    approval: Annotated[bytes, Meta(max_length=512)]
    signatures: SignaturePair


APPROVAL = Codec(Approval, maximum_bytes=512, what="approval of a guideline")
GUIDELINE_SIGNATURE = Codec(GuidelineSignature, maximum_bytes=4096, what="signature of a guideline")


def sign_guideline(
    text: bytes, signer: Signer, *, realm: Realm, officer: str, signed_at: UtcNs
) -> GuidelineSignature:
    """Approve these bytes; raises PeerViolation for a text that is no guideline of the realm."""
    read_guideline(text, realm=realm)
    approval = Approval(
        realm=realm,
        nation=nation_of(officer),
        officer=officer,
        text_sha256=hashlib.sha256(text).digest(),
        signed_at=signed_at,
    )
    data = APPROVAL.encode(approval)
    context = context_for(realm, Purpose.GUIDELINE)
    return GuidelineSignature(approval=data, signatures=signer.sign(data, context=context))


def open_agreed_guideline(
    text: bytes,
    signatures: Iterable[GuidelineSignature],
    *,
    trust: TrustStore,
    verifier: Verifier,
) -> AgreedGuideline:
    """The guideline, if every party's officer signed exactly `text`.

    Raises PeerViolation otherwise; every signature given must be good.
    """
    guideline = read_guideline(text, realm=trust.realm)
    digest = hashlib.sha256(text).digest()
    officers: dict[NationId, str] = {}
    for signature in signatures:
        approval = open_approval(signature, trust=trust, verifier=verifier)
        if approval.text_sha256 != digest:
            raise APPROVAL.refusal(f"{approval.officer} signed another text")
        if approval.nation not in guideline.parties or approval.nation in officers:
            raise APPROVAL.refusal(f"{approval.officer} signed as no party or as one too many")
        officers[approval.nation] = approval.officer
    missing = [nation for nation in guideline.parties if nation not in officers]
    if missing:
        raise PeerViolation(
            f"guideline {guideline.guideline_id} is not signed by {', '.join(missing)}",
            remedy="It is not in force, and nothing is released, until every party has signed",
        )
    return AgreedGuideline(guideline=guideline, officers=tuple(officers.values()))


def open_approval(
    signature: GuidelineSignature, *, trust: TrustStore, verifier: Verifier
) -> Approval:
    """What an officer approved, if he is one and signed exactly that; else PeerViolation."""
    approval = APPROVAL.decode(signature.approval)
    require_realm(approval.realm, trust.realm, what=f"approval of {approval.officer}")
    if nation_of(approval.officer) != approval.nation:
        raise APPROVAL.refusal(f"{approval.officer} is no officer of {approval.nation}")
    require_signature(
        verifier,
        trust.keys_of(Role.OFFICER, approval.officer, at=approval.signed_at),
        signature.approval,
        signature.signatures,
        context=context_for(trust.realm, Purpose.GUIDELINE),
        what=f"approval of {approval.officer}",
    )
    return approval
