"""Short-lived keys that frames are sealed to.

A node announces a fresh key, signed by its node key, and renews it before it expires; the
private half lives in memory alone. Whoever later takes every long-term key still opens no
frame that was sealed to a key that is gone.
"""

import hashlib
from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import Role
from bongsu.records.encoding import Codec, Wire
from bongsu.records.keys import (
    SEALING_KEY_BYTES,
    Purpose,
    SignaturePair,
    Signer,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.names import VERSION, Instant, Node, Version
from bongsu.records.realm_mark import require_realm
from bongsu.records.trust import TrustStore
from bongsu.records.versions import Speaks
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NodeId, UtcNs

KEY_ID_BYTES = 16
LIFETIME_NS = 600 * NS_PER_S
CLOCK_TOLERANCE_NS = 60 * NS_PER_S


class KeyAnnouncement(Wire, frozen=True, kw_only=True):
    """Seal to this key what `node` is to read, from `not_before` until before `not_after`.

    `speaks`: the versions of the protocol that the node speaks, in rising order.
    """

    version: Version = VERSION
    realm: Realm
    node: Node
    public_key: Annotated[bytes, Meta(min_length=SEALING_KEY_BYTES, max_length=SEALING_KEY_BYTES)]
    not_before: Instant
    not_after: Instant
    speaks: Speaks = (VERSION,)

    @property
    def key_id(self) -> bytes:
        """The name under which frames say what they are sealed to."""
        return key_id_of(self.public_key)


class SignedKeyAnnouncement(Wire, frozen=True, kw_only=True):
    """The exact bytes of an announcement and its node's signatures."""

    announcement: Annotated[bytes, Meta(max_length=2048)]
    signatures: SignaturePair


ANNOUNCEMENT = Codec(KeyAnnouncement, maximum_bytes=2048, what="key announcement")
SIGNED_ANNOUNCEMENT = Codec(
    SignedKeyAnnouncement, maximum_bytes=8192, what="signed key announcement"
)


def key_id_of(public_key: bytes) -> bytes:
    """The name of a sealing key: the first half of its SHA-256."""
    return hashlib.sha256(public_key).digest()[:KEY_ID_BYTES]


def announce_key(
    public_key: bytes,
    signer: Signer,
    *,
    realm: Realm,
    node: NodeId,
    now: UtcNs,
    speaks: tuple[int, ...] = (VERSION,),
) -> SignedKeyAnnouncement:
    """Announce a fresh key for the ten minutes from `now`."""
    announcement = KeyAnnouncement(
        realm=realm,
        node=node,
        public_key=public_key,
        not_before=now,
        not_after=UtcNs(now + LIFETIME_NS),
        speaks=speaks,
    )
    data = ANNOUNCEMENT.encode(announcement)
    context = context_for(realm, Purpose.READER_KEY)
    return SignedKeyAnnouncement(announcement=data, signatures=signer.sign(data, context=context))


def open_announcement(
    signed: SignedKeyAnnouncement, *, trust: TrustStore, verifier: Verifier, now: UtcNs
) -> KeyAnnouncement:
    """The announcement, if its node signed it in this realm and it is valid `now`.

    Clocks may differ by a minute at its beginning, not at its end. Raises PeerViolation.
    """
    announcement = ANNOUNCEMENT.decode(signed.announcement)
    require_realm(announcement.realm, trust.realm, what=f"key of {announcement.node}")
    require_signature(
        verifier,
        trust.keys_of(Role.NODE, announcement.node, at=now),
        signed.announcement,
        signed.signatures,
        context=context_for(trust.realm, Purpose.READER_KEY),
        what=f"key of {announcement.node}",
    )
    if not 0 < announcement.not_after - announcement.not_before <= LIFETIME_NS:
        raise ANNOUNCEMENT.refusal(f"{announcement.node} would use one key for too long")
    if list(announcement.speaks) != sorted(set(announcement.speaks)):
        raise ANNOUNCEMENT.refusal(f"the versions of {announcement.node} are not in rising order")
    if announcement.not_before > now + CLOCK_TOLERANCE_NS:
        raise ANNOUNCEMENT.refusal(
            f"the key of {announcement.node} begins in the future: compare both clocks"
        )
    if now >= announcement.not_after:
        raise ANNOUNCEMENT.refusal(f"the key of {announcement.node} has expired")
    return announcement
