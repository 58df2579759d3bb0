"""Feeds: what one node has released to one partner node, in order, in one lane and epoch.

A feed is a hash chain. Its first hash, the genesis, is that of its name, so that entries of
one feed, realm, lane or epoch fit no other. An entry's hash covers the previous hash and the
hash of its content: its sequence and the record's statement and disclosures. So the chain can
still be checked when old content was let go and only its hash was kept. The record's own
signatures are left out, they verify by themselves: so record and head can be signed at once.

A heartbeat is a fresh signed head and nothing else: feed, position, hash, beat and time. It has no
field that could be a count of anything seen. The *beat* puts heads in order: it is the sender's
time where that goes on, and rises by one where its clock was set back; the time is what its clock
says.
"""

import hashlib
from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import Role
from bongsu.records.encoding import Codec, Wire, encode
from bongsu.records.keys import Purpose, SignaturePair, Signer, Verifier, context_for
from bongsu.records.lane import Lane
from bongsu.records.names import VERSION, Instant, Node, Sequence, Sha256, Version
from bongsu.records.realm_mark import require_realm
from bongsu.records.record import MAXIMUM_RECORD_BYTES, Record
from bongsu.records.signatory import EndedCounts, Signatory, no_ended, require_signed_by
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm

FIRST_SEQUENCE = 1
MAXIMUM_HEAD_BYTES = 512
MAXIMUM_SIGNED_HEAD_BYTES = 4096


class FeedId(Wire, frozen=True, kw_only=True):
    """Who released to whom, in which lane; an epoch ends when its sender loses its place."""

    realm: Realm
    sender: Node
    reader: Node
    lane: Lane = Lane.URGENT
    epoch: Annotated[int, Meta(ge=1, le=2**31)]


class Entry(Wire, frozen=True, kw_only=True):
    """One record at its place in a feed; sequences begin at 1 and have no holes."""

    sequence: Annotated[int, Meta(ge=FIRST_SEQUENCE, le=2**63 - 1)]
    record: Record


class Head(Wire, frozen=True, kw_only=True):
    """How far a feed has come; sequence 0 with the genesis hash while it is empty."""

    version: Version = VERSION
    feed: FeedId
    sequence: Sequence
    hash: Sha256
    beat: Instant  # higher than that of every head that this sender stated before
    stated_at: Instant


class SignedHead(Wire, frozen=True, kw_only=True):
    """The exact bytes of a head and its sender's signatures; on its own, a heartbeat."""

    head: Annotated[bytes, Meta(max_length=MAXIMUM_HEAD_BYTES)]
    signatures: SignaturePair


class Receipt(Wire, frozen=True, kw_only=True):
    """How much of a feed is on its reader's disk: the reader countersigns the hash."""

    version: Version = VERSION
    feed: FeedId
    sequence: Sequence
    hash: Sha256
    stored_at: Instant


class SignedReceipt(Wire, frozen=True, kw_only=True):
    """The exact bytes of a receipt and the reader's signatures."""

    receipt: Annotated[bytes, Meta(max_length=MAXIMUM_HEAD_BYTES)]
    signatures: SignaturePair


ENTRY = Codec(Entry, maximum_bytes=MAXIMUM_RECORD_BYTES + 16, what="entry")
HEAD = Codec(Head, maximum_bytes=MAXIMUM_HEAD_BYTES, what="head")
SIGNED_HEAD = Codec(SignedHead, maximum_bytes=MAXIMUM_SIGNED_HEAD_BYTES, what="signed head")
FEED_ID = Codec(FeedId, maximum_bytes=512, what="name of a feed")
RECEIPT = Codec(Receipt, maximum_bytes=MAXIMUM_HEAD_BYTES, what="receipt")
SIGNED_RECEIPT = Codec(
    SignedReceipt, maximum_bytes=MAXIMUM_SIGNED_HEAD_BYTES, what="signed receipt"
)


def genesis_hash(feed: FeedId) -> bytes:
    """The hash before the first entry of `feed`."""
    return hashlib.sha256(b"bongsu/1/genesis" + encode(feed)).digest()


def content_hash(entry: Entry) -> bytes:
    """What the chain covers of an entry, in 32 bytes."""
    record = entry.record
    covered = encode((entry.sequence, record.statement, record.disclosures))
    return hashlib.sha256(covered).digest()


def entry_hash(previous: bytes, entry: Entry) -> bytes:
    """The chain's hash after `entry`; `previous` is the hash before it (32 bytes)."""
    return chained(previous, content_hash(entry))


def chained(previous: bytes, content: bytes) -> bytes:
    """The chain's hash after an entry whose content has this hash."""
    return hashlib.sha256(previous + content).digest()


def sign_head(head: Head, signer: Signer) -> SignedHead:
    """State a head with its sender's signatures."""
    data = HEAD.encode(head)
    context = context_for(head.feed.realm, Purpose.HEAD)
    return SignedHead(head=data, signatures=signer.sign(data, context=context))


def open_head(
    signed: SignedHead,
    *,
    trust: TrustStore,
    verifier: Verifier,
    ended_counts: EndedCounts = no_ended,
) -> Head:
    """The head, if its feed's sender signed exactly these bytes in this realm.

    Raises PeerViolation otherwise. That the feed is the expected one is for the caller.
    """
    head = HEAD.decode(signed.head)
    what = f"head of {head.feed.sender}"
    require_realm(head.feed.realm, trust.realm, what=what)
    signatory = Signatory(
        role=Role.NODE,
        subject=head.feed.sender,
        at=head.stated_at,
        purpose=Purpose.HEAD,
        what=what,
    )
    require_signed_by(
        signatory,
        signed.head,
        signed.signatures,
        trust=trust,
        verifier=verifier,
        ended_counts=ended_counts,
    )
    return head


def sign_receipt(receipt: Receipt, signer: Signer) -> SignedReceipt:
    """State what is stored, with the reader's signatures."""
    data = RECEIPT.encode(receipt)
    context = context_for(receipt.feed.realm, Purpose.RECEIPT)
    return SignedReceipt(receipt=data, signatures=signer.sign(data, context=context))


def open_receipt(
    signed: SignedReceipt,
    *,
    trust: TrustStore,
    verifier: Verifier,
    ended_counts: EndedCounts = no_ended,
) -> Receipt:
    """The receipt, if its feed's reader signed exactly these bytes in this realm.

    Raises PeerViolation otherwise. That feed and hash are the expected ones is for the caller.
    """
    receipt = RECEIPT.decode(signed.receipt)
    what = f"receipt of {receipt.feed.reader}"
    require_realm(receipt.feed.realm, trust.realm, what=what)
    signatory = Signatory(
        role=Role.NODE,
        subject=receipt.feed.reader,
        at=receipt.stored_at,
        purpose=Purpose.RECEIPT,
        what=what,
    )
    require_signed_by(
        signatory,
        signed.receipt,
        signed.signatures,
        trust=trust,
        verifier=verifier,
        ended_counts=ended_counts,
    )
    return receipt
