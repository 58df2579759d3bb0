"""Reading a partner's frames: opened, verified, and made into rows. Used beside the loop.

Nothing here decides about order; that is for the feed's machine, which may then take the rows of
all of a frame's entries or of the last ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bongsu.node.ports import StoredEntry, StoredRecord
from bongsu.node.services import Services
from bongsu.records.feed import Entry, FeedId
from bongsu.records.frame import OpenedFrame, open_frame
from bongsu.records.keys import Opener
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import (
    OpenedRecord,
    check_verified,
    open_verified,
    verify_origin,
)
from bongsu.records.record import RECORD, Record, Statement
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import UtcNs


class ReadEntry(NamedTuple):
    """An entry with its rows; a refused record keeps its place in the chain, and has no other.

    `opened` is kept of what somebody here takes.
    """

    entry: Entry
    row: StoredEntry
    opened: OpenedRecord | None = None
    record: StoredRecord | None = None
    refusal: PeerViolation | None = None


@dataclass(frozen=True, slots=True)
class ReadFrame:
    """A frame that leads to a head of the partner, and each of its entries."""

    opened: OpenedFrame
    entries: tuple[ReadEntry, ...]


class FrameReader:
    """Reads frames of one feed. Safe on any thread."""

    def __init__(
        self, services: Services, feed: FeedId, is_taken: Callable[[RecordKind], bool]
    ) -> None:
        self._services = services
        self._feed = feed
        self._is_taken = is_taken

    def read(self, payload: bytes, openers: Mapping[bytes, Opener]) -> ReadFrame:
        """All of it; `openers` are the keys that we hold, by their ids.

        Raises PeerViolation for what is not a good frame of this feed's lane, Unavailable for one
        that is sealed to a key which is not held any more.
        """
        trust = self._services.trust
        opened = open_frame(
            payload,
            reader=self._services.me.node,
            openers=openers,
            trust=trust,
            verifier=self._services.verifier,
        )
        feed = opened.head.feed
        self._require_feed(feed)
        now = self._services.clock.utc()
        pairs = zip(opened.frame.entries, opened.hashes, strict=True)
        return ReadFrame(
            opened, tuple([self._entry(feed, entry, hash_, now, trust) for entry, hash_ in pairs])
        )

    def _require_feed(self, found: FeedId) -> None:
        partner, lane = self._feed.sender, self._feed.lane
        if (found.sender, found.lane) != (partner, lane):
            brought = found.sender if found.sender != partner else f"its {found.lane.value} lane"
            raise PeerViolation(
                f"{partner} brought a frame of {brought} in its {lane.value} lane",
                remedy="Keep it as evidence",
            )
        if found.epoch < self._feed.epoch:
            raise PeerViolation(
                f"{partner} brought a frame of epoch {found.epoch}, which is over",
                remedy="Drop it: somebody plays a recording, or the sender was restored just now",
            )

    def _entry(
        self, feed: FeedId, entry: Entry, hash_: bytes, now: UtcNs, trust: TrustStore
    ) -> ReadEntry:
        record = entry.record
        record_id, encoded = record.record_id, RECORD.encode(record)

        def row(subject: str | None) -> StoredEntry:
            return StoredEntry(
                feed=feed,
                sequence=entry.sequence,
                record_id=record_id,
                encoded=encoded,
                entry_hash=hash_,
                subject=subject,
            )

        try:
            statement = verify_origin(
                record,
                trust=trust,
                verifier=self._services.verifier,
                vouched_by=self._feed.sender,
            )
            opened = self._opened(record, statement)
        except PeerViolation as error:
            return ReadEntry(entry, row(None), refusal=error)
        subject = None if opened is None else form_of(opened.kind).subject_of(opened.fields)
        return ReadEntry(
            entry,
            row(subject),
            opened,
            StoredRecord(
                record_id=record_id,
                kind=statement.kind.value,
                originator=statement.originator,
                own=False,
                encoded=encoded,
                stored_at=now,
                subject=subject,
            ),
        )

    def _opened(self, record: Record, statement: Statement) -> OpenedRecord | None:
        """What somebody takes, or is found by its subject; all else is checked as strictly."""
        if self._is_taken(statement.kind) or form_of(statement.kind).subject is not None:
            return open_verified(record, statement)
        check_verified(record, statement)
        return None
