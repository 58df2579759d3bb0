"""Revocations: a nation's offline root says that a key of its own has ended.

Trust rules:

- A root ends keys of its own nation alone, and never itself: whether to believe a root is
  for people.
- A *renewed* key ends at the stated instant, and what states an earlier time still counts.
- A *revoked* key is in bad hands: whatever it signs is refused, whatever time it states, once
  a node has learnt of it. Only what that node held before still verifies.
- A revocation names the key itself and not only its subject, so that it can never be turned
  against the key that comes next. Nothing takes a revocation back.
"""

import hashlib
from enum import Enum
from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import Role
from bongsu.records.encoding import Codec, Wire
from bongsu.records.keys import (
    PublicKeys,
    Purpose,
    SignaturePair,
    Signer,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.names import VERSION, Instant, Nation, Sha256, Subject, Version, nation_of
from bongsu.records.realm_mark import require_realm
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

MAXIMUM_REASON_LETTERS = 400


class Cause(Enum):
    """Why a key ended."""

    RENEWED = "renewed"
    REVOKED = "revoked"


class Revocation(Wire, frozen=True, kw_only=True):
    """The key of `subject` whose hash is `key` has ended."""

    version: Version = VERSION
    realm: Realm
    nation: Nation
    role: Role
    subject: Subject
    key: Sha256
    cause: Cause
    ends_at: Instant
    reason: Annotated[str, Meta(max_length=MAXIMUM_REASON_LETTERS)]


class SignedRevocation(Wire, frozen=True, kw_only=True):
    """The exact bytes of a revocation and the signatures of its nation's root."""

    revocation: Annotated[bytes, Meta(max_length=2048)]
    signatures: SignaturePair


REVOCATION = Codec(Revocation, maximum_bytes=2048, what="revocation")
SIGNED_REVOCATION = Codec(SignedRevocation, maximum_bytes=8192, what="signed revocation")


def key_hash(keys: PublicKeys) -> bytes:
    """The SHA-256 that names a key; its fingerprint as bytes."""
    return hashlib.sha256(keys.ed25519 + keys.ml_dsa_65).digest()


def revoke(
    root: Signer,
    *,
    realm: Realm,
    role: Role,
    subject: str,
    keys: PublicKeys,
    cause: Cause,
    ends_at: UtcNs,
    reason: str,
) -> SignedRevocation:
    """State with the root's signatures that `keys` of `subject` end."""
    revocation = Revocation(
        realm=realm,
        nation=nation_of(subject),
        role=role,
        subject=subject,
        key=key_hash(keys),
        cause=cause,
        ends_at=ends_at,
        reason=reason,
    )
    try:
        data = REVOCATION.encode(revocation)
        _check(REVOCATION.decode(data), nation=nation_of(subject), realm=realm)
    except PeerViolation as error:
        raise LocalMisuse(
            error.what, remedy=f"Mend name and reason (at most {MAXIMUM_REASON_LETTERS} letters)"
        ) from error
    context = context_for(realm, Purpose.REVOCATION)
    return SignedRevocation(revocation=data, signatures=root.sign(data, context=context))


def open_revocation(
    signed: SignedRevocation,
    *,
    realm: Realm,
    nation: NationId,
    root: PublicKeys,
    verifier: Verifier,
) -> Revocation:
    """The revocation, if `root` of `nation` signed it in `realm`; else PeerViolation."""
    require_signature(
        verifier,
        root,
        signed.revocation,
        signed.signatures,
        context=context_for(realm, Purpose.REVOCATION),
        what=f"revocation under the root of {nation}",
    )
    revocation = REVOCATION.decode(signed.revocation)
    _check(revocation, nation=nation, realm=realm)
    return revocation


def _check(revocation: Revocation, *, nation: NationId, realm: Realm) -> None:
    require_realm(revocation.realm, realm, what=f"revocation of {revocation.subject}")
    if revocation.nation != nation or nation_of(revocation.subject) != nation:
        raise REVOCATION.refusal(f"{nation} cannot revoke a key of {revocation.subject}")
    if revocation.role is Role.ROOT:
        raise REVOCATION.refusal("a root is not revoked by itself: remove it from the trust folder")
