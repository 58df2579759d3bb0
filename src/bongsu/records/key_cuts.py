"""Where a node drew the line under each key that ended: what it held by then, feed by feed.

The line is a record of the node itself, in its own log: the countersigned position of every
feed at the moment when it learnt of the end. What an ended key signed counts at or before the
line, and nothing after it, whatever time it states. A key without a line ended without this
node having learnt of it yet: all that its log holds was there before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bongsu.records.feed import FEED_ID, FeedId
from bongsu.records.key_kinds import MAXIMUM_PLACES, PlaceForm
from bongsu.records.keys import PublicKeys, Verifier
from bongsu.records.kinds import RecordKind
from bongsu.records.log_rows import LoggedRecord
from bongsu.records.opened_record import open_record
from bongsu.records.record import RECORD, STATEMENT
from bongsu.records.revocation import key_hash
from bongsu.records.signatory import EndedCounts
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import NodeId, UtcNs

_MARK = RecordKind.KEY_CUT.value.encode()  # stands in every statement of the kind


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlace:
    """How far a feed was countersigned, as its record states it."""

    feed: bytes  # a FEED_ID
    sequence: int
    hash: bytes


def held_place(feed: FeedId, sequence: int, hash_: bytes) -> HeldPlace:
    """A position of `feed` for a line."""
    return HeldPlace(feed=FEED_ID.encode(feed), sequence=sequence, hash=hash_)


def cut_fields(
    key: bytes, *, learnt_at: UtcNs, places: Sequence[HeldPlace]
) -> tuple[Mapping[str, object], ...]:
    """The fields of the records that draw the line under a key: one record for so many feeds."""
    parts = range(0, max(1, len(places)), MAXIMUM_PLACES)
    return tuple(
        {
            "key": key,
            "learnt_at": learnt_at,
            "places": tuple(places[first : first + MAXIMUM_PLACES]),
        }
        for first in parts
    )


class KeyCuts:
    """The lines of one log, by key."""

    __slots__ = ("_by_key",)

    def __init__(self, by_key: Mapping[bytes, Mapping[FeedId, int]]) -> None:
        self._by_key = by_key

    def in_time(self, feed: FeedId, sequence: int) -> EndedCounts:
        """Asks of a key whether that place of the feed lies before its line."""

        def counts(keys: PublicKeys) -> bool:
            places = self._by_key.get(key_hash(keys))
            return places is None or sequence <= places.get(feed, 0)

        return counts


def read_key_cuts(
    rows: Iterable[LoggedRecord], *, node: NodeId, trust: TrustStore, verifier: Verifier
) -> KeyCuts:
    """The lines that `node` drew; rows that aren't whole ones of its own draw none."""
    by_key: dict[bytes, dict[FeedId, int]] = {}
    if not any(trust.revocations):
        return KeyCuts(by_key)
    for row in rows:
        if not row.own or _MARK not in row.encoded:
            continue
        try:
            _add(by_key, row, node, trust, verifier)
        except PeerViolation:
            continue  # the walk over all records names what is wrong with it
    return KeyCuts(by_key)


def _add(
    by_key: dict[bytes, dict[FeedId, int]],
    row: LoggedRecord,
    node: NodeId,
    trust: TrustStore,
    verifier: Verifier,
) -> None:
    record = RECORD.decode(row.encoded)
    statement = STATEMENT.decode(record.statement)
    if statement.kind is not RecordKind.KEY_CUT or statement.originator != node:
        return
    opened = open_record(record, trust=trust, verifier=verifier, vouched_by=node)
    key, places = opened.fields["key"], opened.fields["places"]
    if not isinstance(key, bytes) or not isinstance(places, tuple):
        return
    lines = by_key.setdefault(key, {})
    for place in places:
        if isinstance(place, PlaceForm):
            feed = FEED_ID.decode(place.feed)
            lines[feed] = min(place.sequence, lines.get(feed, place.sequence))
