"""Did this subject sign these bytes, with a key that counts?

The key that the subject has for the time stated counts. A key of it that has ended since counts
only where the caller can say why. There are two reasons: what it signed was on our own disk
before we learnt of the end, or it stands under a head that the subject signed with its present
key.
"""

from collections.abc import Callable

from msgspec import Struct

from bongsu.records.certificate import Role
from bongsu.records.keys import (
    PublicKeys,
    Purpose,
    SignaturePair,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import UtcNs

EndedCounts = Callable[[PublicKeys], bool]  # may this key, which has ended, still count here?


def no_ended(_: PublicKeys) -> bool:
    """No ended key counts: for everything that arrives now."""
    return False


def every_ended(_: PublicKeys) -> bool:
    """Every ended key of the signatory counts."""
    return True


class Signatory(Struct, frozen=True, kw_only=True):
    """Whose signature is wanted, for which time and use; `what` names it in messages."""

    role: Role
    subject: str
    at: UtcNs
    purpose: Purpose
    what: str


def require_signed_by(
    signatory: Signatory,
    message: bytes,
    signatures: SignaturePair,
    *,
    trust: TrustStore,
    verifier: Verifier,
    ended_counts: EndedCounts = no_ended,
) -> None:
    """Raise PeerViolation unless a key of the signatory that counts signed `message`."""
    context = context_for(trust.realm, signatory.purpose)
    role, subject, at = signatory.role, signatory.subject, signatory.at
    try:
        keys = trust.keys_of(role, subject, at=at)
        require_signature(verifier, keys, message, signatures, context=context, what=signatory.what)
    except PeerViolation:
        for ended in trust.ended_keys_of(role, subject, at=at):
            if not ended_counts(ended) or (ended.post_quantum and not signatures.ml_dsa_65):
                continue
            if verifier.verify(ended, message, signatures, context=context):
                return
        raise
