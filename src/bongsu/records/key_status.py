"""What a node says of its nation's keys, again and again, so that nobody takes silence for news.

A status has its time, and one hash over all that its node knows of its nation's keys: who knows
the same has the same hash. When the node's own key has changed it brings along what its root
signed about that, because its feed can't tell: the new head would be refused, and where a thief
has written into the feed, nothing that stands in it arrives. And to a node whose own key has
ended it says so, because nothing is sealed to that one any more.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import CERTIFICATE, Role, SignedCertificate
from bongsu.records.encoding import Codec, Wire
from bongsu.records.key_statements import NO_STATEMENTS, KeyStatements, key_statements
from bongsu.records.keys import Purpose, SignaturePair, Signer, Verifier, context_for
from bongsu.records.names import VERSION, Instant, Node, Sha256, Version
from bongsu.records.realm_mark import require_realm
from bongsu.records.revocation import REVOCATION, SignedRevocation
from bongsu.records.signatory import Signatory, require_signed_by
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, UtcNs

MAXIMUM_PRESENTED = 8  # revocations of a node's earlier keys, the newest
MAXIMUM_ENDS = 2 * MAXIMUM_PRESENTED


class KeyStatus(Wire, frozen=True, kw_only=True):
    """At `stated_at` this is all that `node` knows of its nation's keys."""

    version: Version = VERSION
    realm: Realm
    node: Node
    stated_at: Instant
    digest: Sha256


class SignedKeyStatus(Wire, frozen=True, kw_only=True):
    """The exact bytes of a status, its node's signatures, and the roots' words about that node."""

    status: Annotated[bytes, Meta(max_length=256)]
    signatures: SignaturePair
    certificates: Annotated[tuple[SignedCertificate, ...], Meta(max_length=2)] = ()
    revocations: Annotated[
        tuple[SignedRevocation, ...], Meta(max_length=2 * MAXIMUM_PRESENTED)
    ] = ()


KEY_STATUS = Codec(KeyStatus, maximum_bytes=256, what="key status")
SIGNED_KEY_STATUS = Codec(SignedKeyStatus, maximum_bytes=131_072, what="signed key status")


def sign_key_status(status: KeyStatus, signer: Signer) -> SignedKeyStatus:
    """State a status; `for_reader` adds the roots' words for each partner."""
    data = KEY_STATUS.encode(status)
    context = context_for(status.realm, Purpose.KEY_STATUS)
    return SignedKeyStatus(status=data, signatures=signer.sign(data, context=context))


def for_reader(
    signed: SignedKeyStatus, *, trust: TrustStore, node: NodeId, reader: NodeId, now: UtcNs
) -> SignedKeyStatus:
    """The status of `node` with what `reader` has to know of their two keys."""
    changed = changes_of(trust, node)
    if not trust.has_key(Role.NODE, reader, at=now):
        changed = changed.with_all(changes_of(trust, reader))
    return SignedKeyStatus(
        status=signed.status,
        signatures=signed.signatures,
        certificates=tuple(changed.certificates.values()),
        revocations=tuple(changed.revocations.values()),
    )


def changes_of(trust: TrustStore, node: NodeId) -> KeyStatements:
    """The newest certificate of a node and the ends of its earlier keys; nothing if none ended."""
    known = trust.statements.about(node)
    if not known.revocations:
        return NO_STATEMENTS
    newest = sorted(known.certificates, key=lambda data: CERTIFICATE.decode(data).not_before)[-1:]
    ends = sorted(known.revocations, key=lambda data: REVOCATION.decode(data).ends_at)
    return key_statements(
        [known.certificates[data] for data in newest],
        [known.revocations[data] for data in ends[-MAXIMUM_PRESENTED:]],
    )


def presented(signed: SignedKeyStatus, *, node: NodeId, reader: NodeId) -> KeyStatements:
    """What a status of `node` brings along, not verified.

    PeerViolation where that is about another one than `node` or `reader`.
    """
    brought = key_statements(signed.certificates, signed.revocations)
    if brought.without(brought.about(node)).without(brought.about(reader)):
        raise KEY_STATUS.refusal(f"{node} brings statements about others with it")
    return brought


def open_key_status(signed: SignedKeyStatus, *, trust: TrustStore, verifier: Verifier) -> KeyStatus:
    """The status, if its node signed it in this realm with its present key; else PeerViolation."""
    status = KEY_STATUS.decode(signed.status)
    what = f"key status of {status.node}"
    require_realm(status.realm, trust.realm, what=what)
    signatory = Signatory(
        role=Role.NODE,
        subject=status.node,
        at=status.stated_at,
        purpose=Purpose.KEY_STATUS,
        what=what,
    )
    require_signed_by(signatory, signed.status, signed.signatures, trust=trust, verifier=verifier)
    return status
