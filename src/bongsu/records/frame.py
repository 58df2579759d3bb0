"""Frames: consecutive entries of a feed on the wire, under one signed head, sealed to a reader.

The transport is never trusted. Order, completeness and origin come from the signed head and
the chain up to it; secrecy from HPKE to the reader's short-lived key. Sealing binds realm,
sender, reader and key, so that a frame opens nowhere else.

Order of checks on arrival: size, form, realm, reader, key (all before any cryptography),
then the seal, then the chain up to the head, then the head's signature. `open_frame` does
all of it; `unseal_frame` leaves the signature out, for a reader that verifies while it
stores, and marks what it stored until the signature has verified.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from bongsu.records.encoding import Codec, Wire, encode
from bongsu.records.feed import HEAD, Entry, Head, SignedHead, entry_hash, open_head
from bongsu.records.keys import Opener, Purpose, Sealer, SealingKey, Verifier, context_for
from bongsu.records.names import VERSION, Node, Sha256, Version
from bongsu.records.reader_key import KEY_ID_BYTES
from bongsu.records.realm_mark import require_realm
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

MAXIMUM_ENTRIES = 1024
MAXIMUM_FRAME_BYTES = 8 * 1024 * 1024
MAXIMUM_SEALED_BYTES = MAXIMUM_FRAME_BYTES + 2048  # what HPKE adds: 1,120 and a 16-byte tag


class Frame(Wire, frozen=True, kw_only=True):
    """Entries without holes, the hash before the first, the signed head of the last."""

    version: Version = VERSION
    previous: Sha256
    entries: Annotated[tuple[Entry, ...], Meta(min_length=1, max_length=MAXIMUM_ENTRIES)]
    signed_head: SignedHead


class SealedFrame(Wire, frozen=True, kw_only=True):
    """What the transport sees of a frame."""

    version: Version = VERSION
    realm: Realm
    sender: Node
    reader: Node
    reader_key_id: Annotated[bytes, Meta(min_length=KEY_ID_BYTES, max_length=KEY_ID_BYTES)]
    sealed: Annotated[bytes, Meta(max_length=MAXIMUM_SEALED_BYTES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFrame:
    """A frame whose entries lead to its head; `hashes[i]` is the chain after entry i."""

    frame: Frame
    head: Head
    hashes: tuple[bytes, ...]


FRAME = Codec(Frame, maximum_bytes=MAXIMUM_FRAME_BYTES, what="frame")
SEALED_FRAME = Codec(SealedFrame, maximum_bytes=MAXIMUM_SEALED_BYTES + 1024, what="sealed frame")


def seal_frame(frame: Frame, *, to: SealingKey, sealer: Sealer) -> bytes:
    """The bytes for the wire, readable only by the holder of the announced key.

    Raises LocalMisuse where the frame's feed is not one to that reader in that realm.
    """
    return _sealed(FRAME.encode(frame), frame.signed_head, to=to, sealer=sealer)


def seal_stored(
    entries: Sequence[tuple[int, bytes]],
    *,
    previous: bytes,
    signed_head: SignedHead,
    to: SealingKey,
    sealer: Sealer,
) -> bytes:
    """The same of entries as they stand in a log, sequence and encoded record: nothing is read.

    Raises LocalMisuse as `seal_frame` does, and for what exceeds a frame.
    """
    data = encode((VERSION, previous, [(at, msgspec.Raw(one)) for at, one in entries], signed_head))
    if len(data) > FRAME.maximum_bytes:
        raise LocalMisuse(
            f"a frame of {len(data)} bytes exceeds {FRAME.maximum_bytes}",
            remedy="Cut it into smaller ones",
        )
    return _sealed(data, signed_head, to=to, sealer=sealer)


def _sealed(frame: bytes, head: SignedHead, *, to: SealingKey, sealer: Sealer) -> bytes:
    feed = HEAD.decode(head.head).feed
    if feed.reader != to.node or feed.realm is not to.realm:
        raise LocalMisuse(
            f"a frame for {feed.reader} ({feed.realm.value}) was to be sealed to {to.node}",
            remedy="Seal each feed to a key of its own reader",
        )
    info = _info(feed.realm, feed.sender, feed.reader, to.key_id)
    sealed = SealedFrame(
        realm=feed.realm,
        sender=feed.sender,
        reader=feed.reader,
        reader_key_id=to.key_id,
        sealed=sealer.seal(to.public_key, frame, info=info),
    )
    return SEALED_FRAME.encode(sealed)


def open_frame(
    data: bytes,
    *,
    reader: NodeId,
    openers: Mapping[bytes, Opener],
    trust: TrustStore,
    verifier: Verifier,
) -> OpenedFrame:
    """Open, check the chain up to the head, and verify the head's signature.

    `openers` are the reader's keys that are still in memory, by key id. Raises PeerViolation
    for anything wrong, Unavailable for a key that was erased (ask the sender for it anew).
    """
    opened = unseal_frame(data, realm=trust.realm, reader=reader, openers=openers)
    open_head(opened.frame.signed_head, trust=trust, verifier=verifier)
    return opened


def unseal_frame(
    data: bytes, *, realm: Realm, reader: NodeId, openers: Mapping[bytes, Opener]
) -> OpenedFrame:
    """All of `open_frame` but the head's signature, which the caller then must verify."""
    sealed = SEALED_FRAME.decode(data)
    require_realm(sealed.realm, realm, what=f"frame of {sealed.sender}")
    if sealed.reader != reader:
        raise SEALED_FRAME.refusal(f"it is for {sealed.reader}, here is {reader}")
    opener = openers.get(sealed.reader_key_id)
    if opener is None:
        raise Unavailable(
            f"a frame of {sealed.sender} is sealed to a key that is not held (any more)",
            remedy="Announce the present key and ask for what is missing",
        )
    info = _info(realm, sealed.sender, reader, sealed.reader_key_id)
    frame = FRAME.decode(opener.open(sealed.sealed, info=info))
    head = HEAD.decode(frame.signed_head.head)
    feed = head.feed
    if (feed.realm, feed.sender, feed.reader) != (realm, sealed.sender, reader):
        raise FRAME.refusal(f"its head is of {feed.sender} to {feed.reader}, not of its envelope")
    return OpenedFrame(frame=frame, head=head, hashes=chain_hashes(frame, head))


def chain_hashes(frame: Frame, head: Head) -> tuple[bytes, ...]:
    """The chain's hash after each entry; PeerViolation where they don't lead to `head`."""
    first = frame.entries[0].sequence
    hash_ = frame.previous
    hashes = []
    for place, entry in enumerate(frame.entries):
        if entry.sequence != first + place:
            raise FRAME.refusal(f"entry {entry.sequence} stands at the place of {first + place}")
        hash_ = entry_hash(hash_, entry)
        hashes.append(hash_)
    if (frame.entries[-1].sequence, hash_) != (head.sequence, head.hash):
        raise FRAME.refusal(f"its entries do not lead to its head at {head.sequence}")
    return tuple(hashes)


def _info(realm: Realm, sender: NodeId, reader: NodeId, key_id: bytes) -> bytes:
    return context_for(realm, Purpose.FRAME) + encode((sender, reader, key_id))
