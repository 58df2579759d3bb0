"""A feed without cryptography: entries, heads and opened frames as the machines get them."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from bongsu.protocols.log_exchange.inbound import FrameVerified, HeadVerified, Position
from bongsu.records.feed import HEAD, Entry, FeedId, Head, SignedHead, entry_hash, genesis_hash
from bongsu.records.frame import Frame, OpenedFrame
from bongsu.records.keys import SignaturePair
from bongsu.records.record import Record
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId, UtcNs

FEED = FeedId(realm=Realm.EXERCISE, sender=NodeId("US-1"), reader=NodeId("JP-1"), epoch=1)
NO_SIGNATURES = SignaturePair(ed25519=bytes(64), ml_dsa_65=bytes(3309))
UTC_AT_ZERO = 1_800_000_000 * NS_PER_S


def ns(seconds: float) -> MonotonicNs:
    return MonotonicNs(round(seconds * NS_PER_S))


def utc(seconds: float) -> UtcNs:
    return UtcNs(UTC_AT_ZERO + round(seconds * NS_PER_S))


@dataclass(frozen=True)
class Chain:
    """One history of a feed: `hashes[n]` after entry n, `hashes[0]` the genesis."""

    entries: tuple[Entry, ...]
    hashes: tuple[bytes, ...]
    feed: FeedId = FEED

    def position(self, sequence: int) -> Position:
        return Position(sequence=sequence, entry_hash=self.hashes[sequence])

    def head(self, sequence: int, *, at_s: float, received_s: float | None = None) -> HeadVerified:
        received_s = at_s if received_s is None else received_s
        return HeadVerified(
            epoch=self.feed.epoch,
            head=self.position(sequence),
            beat=utc(at_s),
            stated_at=utc(at_s),
            received_at=utc(received_s),
        )

    def frame(self, first: int, last: int) -> FrameVerified:
        head = Head(
            feed=self.feed,
            sequence=last,
            hash=self.hashes[last],
            beat=utc(0.0),
            stated_at=utc(0.0),
        )
        frame = Frame(
            previous=self.hashes[first - 1],
            entries=self.entries[first - 1 : last],
            signed_head=SignedHead(head=HEAD.encode(head), signatures=NO_SIGNATURES),
        )
        return FrameVerified(
            OpenedFrame(frame=frame, head=head, hashes=self.hashes[first : last + 1])
        )


def chain(length: int, *, story: str = "one", same_until: int = 0) -> Chain:
    """A history of `length` entries; two stories share their first `same_until` entries."""
    told = [
        f"{'one' if sequence <= same_until else story} {sequence}"
        for sequence in range(1, length + 1)
    ]
    return chain_of(told)


def chain_of(told: Sequence[str], *, epoch: int = 1) -> Chain:
    """A history that tells these things, in any epoch."""
    feed = msgspec.structs.replace(FEED, epoch=epoch)
    entries: list[Entry] = []
    hashes = [genesis_hash(feed)]
    for sequence, thing in enumerate(told, start=1):
        record = Record(statement=thing.encode(), disclosures=(), signatures=None)
        entries.append(Entry(sequence=sequence, record=record))
        hashes.append(entry_hash(hashes[-1], entries[-1]))
    return Chain(tuple(entries), tuple(hashes), feed)
