"""Checking a node's whole log offline: every record, chain, head and receipt.

The walk is pure: rows come in through `Log`, and nothing is changed. Feeds first: each entry
must follow the one before, each signed head and receipt must state the chain's own hash.
Then records: the bytes under an id must be the record of that id, disclosures must be
listed, and its originator must have said it.

Content that was let go leaves its hash, and the chain is checked with that; the record itself
then proves nothing any more, and is counted as let go.

What a key signed that has ended since counts at or before the line that the node drew when it
learnt of the end (`key_cuts`), or under a head that its node signed with the key that came next.

An entry whose record was refused when it arrived stays in the chain, because the chain is
its sender's statement; it stands in no list of records, and is counted as refused.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from bongsu.records.byte_search import changed_byte
from bongsu.records.damage import narrowed
from bongsu.records.feed import (
    FIRST_SEQUENCE,
    SIGNED_HEAD,
    SIGNED_RECEIPT,
    Entry,
    FeedId,
    chained,
    entry_hash,
    genesis_hash,
    open_head,
    open_receipt,
)
from bongsu.records.key_cuts import KeyCuts, read_key_cuts
from bongsu.records.keys import Verifier
from bongsu.records.log_rows import Log, LoggedEntry, LoggedHead, LoggedRecord
from bongsu.records.record import RECORD
from bongsu.records.record_inspection import Damage, OriginChecks, inspect_record
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import NodeId, RecordId

COUNTED = ("feeds", "entries", "heads", "receipts", "records", "refused on arrival", "let go")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPart:
    """What is wrong, and where: `damage` counts bytes of the row's stored value."""

    where: str  # "records", "entries", "heads", "receipts"
    feed: FeedId | None
    sequence: int | None
    record_id: RecordId | None
    damage: Damage

    def __str__(self) -> str:
        place = self.where
        if self.feed is not None:
            feed = self.feed
            place += f" of {feed.sender} to {feed.reader}, {feed.lane.value}"
            place += f", epoch {feed.epoch}, {self.sequence}"
        if self.record_id is not None:
            place += f", record {self.record_id.hex()[:16]}"
        damage = self.damage
        if damage.exact:
            return f"{place}: {damage.part}, first bad byte {damage.start}: {damage.reason}"
        if damage.end > damage.start:
            last = damage.end - 1
            return f"{place}: {damage.part}, in bytes {damage.start}-{last}: {damage.reason}"
        return f"{place}: {damage.part}: {damage.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport:
    """What was checked, how much of it is bad, and the first bad part."""

    counts: Mapping[str, int]
    bad: int
    first_bad: BadPart | None

    @property
    def ok(self) -> bool:
        return self.bad == 0


_Place = tuple[FeedId, int, bytes]  # what a head or receipt states: feed, sequence, hash


@dataclass(slots=True)
class _Walk:
    """The running state of one verification."""

    log: Log
    node: NodeId
    origins: OriginChecks
    cuts: KeyCuts
    counts: Counter[str]
    bad: int = 0
    first_bad: BadPart | None = None
    vouched: dict[RecordId, NodeId] = field(default_factory=dict)
    gone: set[RecordId] = field(default_factory=set)

    def report(
        self,
        where: str,
        damage: Damage,
        *,
        feed: FeedId | None = None,
        sequence: int | None = None,
        record_id: RecordId | None = None,
    ) -> None:
        self.bad += 1
        if self.first_bad is None:
            self.first_bad = BadPart(
                where=where, feed=feed, sequence=sequence, record_id=record_id, damage=damage
            )

    def narrowed(
        self, damage: Damage, encoded: bytes, record_id: RecordId, copies: Iterable[bytes]
    ) -> Damage:
        """The first damage to the byte, by a copy or by trying; the others are only counted."""
        if self.first_bad is not None:
            return damage
        found = narrowed(damage, encoded, record_id, copies, self.origins)
        if found.exact:
            return found
        at = changed_byte(damage, encoded, record_id)
        return found if at is None else replace(damage, start=damage.start + at, exact=True)


def verify_log(
    log: Log, *, node: NodeId, trust: TrustStore, verifier: Verifier
) -> VerificationReport:
    """Check everything in `node`'s log; never raises for what is in it."""
    walk = _Walk(
        log=log,
        node=node,
        origins=OriginChecks(trust, verifier),
        cuts=read_key_cuts(log.records(), node=node, trust=trust, verifier=verifier),
        counts=Counter(dict.fromkeys(COUNTED, 0)),
    )
    for feed in log.feeds():
        walk.counts["feeds"] += 1
        _verify_feed(walk, feed)
    for row in log.records():
        walk.counts["records"] += 1
        _verify_record(walk, row)
    return VerificationReport(counts=dict(walk.counts), bad=walk.bad, first_bad=walk.first_bad)


def _verify_feed(walk: _Walk, feed: FeedId) -> None:
    stated = {0: genesis_hash(feed)}
    _collect_stated(walk, feed, stated, "heads", walk.log.heads(feed), _head_place)
    _collect_stated(walk, feed, stated, "receipts", walk.log.receipts(feed), _receipt_place)
    covered_through = max(stated)
    hash_, expected = stated[0], FIRST_SEQUENCE
    for row in walk.log.entries(feed):
        walk.counts["entries"] += 1
        damage = _entry_damage(walk, feed, row, hash_, expected, covered_through)
        if damage is None and row.entry_hash != stated.get(row.sequence, row.entry_hash):
            damage = _whole("entry hash", row.entry_hash, "a signed head or receipt states another")
        if damage is not None:
            walk.report(
                "entries", damage, feed=feed, sequence=row.sequence, record_id=row.record_id
            )
        elif feed.sender != walk.node:
            walk.vouched[row.record_id] = feed.sender
        hash_, expected = row.entry_hash, row.sequence + 1
    if expected <= covered_through:
        reason = f"{covered_through} entries were signed for, {expected - 1} are here"
        walk.report("entries", _whole("end of the feed", b"", reason), feed=feed, sequence=expected)


def _collect_stated(
    walk: _Walk,
    feed: FeedId,
    stated: dict[int, bytes],
    where: str,
    rows: Iterable[LoggedHead],
    place_of: Callable[[_Walk, FeedId, LoggedHead], _Place],
) -> None:
    """Verify signed heads or receipts and add what they state of the chain, by sequence."""
    for row in rows:
        walk.counts[where] += 1
        try:
            place, sequence, hash_ = place_of(walk, feed, row)
            if (place, sequence) != (feed, row.sequence):
                raise PeerViolation("it is of another place", remedy="Restore the log")
            if stated.setdefault(sequence, hash_) != hash_:
                raise PeerViolation("two hashes are signed at one place", remedy="Keep both")
        except PeerViolation as error:
            damage = _whole(f"signed {where[:-1]}", row.encoded, error.what)
            walk.report(where, damage, feed=feed, sequence=row.sequence)


def _head_place(walk: _Walk, feed: FeedId, row: LoggedHead) -> _Place:
    head = open_head(
        SIGNED_HEAD.decode(row.encoded),
        trust=walk.origins.trust,
        verifier=walk.origins.verifier,
        ended_counts=walk.cuts.in_time(feed, row.sequence),
    )
    return head.feed, head.sequence, head.hash


def _receipt_place(walk: _Walk, feed: FeedId, row: LoggedHead) -> _Place:
    receipt = open_receipt(
        SIGNED_RECEIPT.decode(row.encoded),
        trust=walk.origins.trust,
        verifier=walk.origins.verifier,
        ended_counts=walk.cuts.in_time(feed, row.sequence),
    )
    return receipt.feed, receipt.sequence, receipt.hash


def _entry_damage(
    walk: _Walk, feed: FeedId, row: LoggedEntry, previous: bytes, expected: int, covered: int
) -> Damage | None:
    if row.sequence != expected:
        return _whole("sequence", b"", f"after {expected - 1} comes {row.sequence}")
    if not row.encoded and row.content_hash is not None:
        return _let_go_damage(walk, row, previous, row.content_hash)
    feed_is_own = feed.sender == walk.node
    vouched_by = feed.sender if feed_is_own or row.sequence <= covered else None
    listed = walk.log.record(row.record_id)
    damage = inspect_record(
        row.encoded,
        row.record_id,
        origins=walk.origins,
        vouched_by=vouched_by,
        ended_counts=walk.cuts.in_time(feed, row.sequence),
    )
    if damage is not None and listed is not None:
        return walk.narrowed(damage, row.encoded, row.record_id, (listed,))
    try:
        record = RECORD.decode(row.encoded)
    except PeerViolation as error:
        return _whole("record", row.encoded, error.what)
    if entry_hash(previous, Entry(sequence=row.sequence, record=record)) != row.entry_hash:
        return _whole("entry hash", row.entry_hash, "it does not follow from entry and chain")
    if listed is None and feed_is_own:
        return _whole("record", row.encoded, "it was released and is in no list of records")
    if damage is not None:
        walk.counts["refused on arrival"] += 1
    return None


def _let_go_damage(walk: _Walk, row: LoggedEntry, previous: bytes, content: bytes) -> Damage | None:
    if chained(previous, content) != row.entry_hash:
        return _whole("kept hash", content, "the entry hash does not follow from it and the chain")
    walk.counts["let go"] += 1
    walk.gone.add(row.record_id)
    return None


def _verify_record(walk: _Walk, row: LoggedRecord) -> None:
    if not row.encoded and row.record_id in walk.gone:
        return
    vouched_by = walk.node if row.own else walk.vouched.get(row.record_id)
    damage = inspect_record(row.encoded, row.record_id, origins=walk.origins, vouched_by=vouched_by)
    if damage is not None:
        copies = walk.log.copies(row.record_id)
        damage = walk.narrowed(damage, row.encoded, row.record_id, copies)
        walk.report("records", damage, record_id=row.record_id)


def _whole(part: str, data: bytes, reason: str) -> Damage:
    return Damage(part=part, start=0, end=len(data), reason=reason)
