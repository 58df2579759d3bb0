"""What a node needs from the outside, as small as it can be said.

Adapters carry these names; tests and the simulator bring their own. Nothing here knows SQLite,
Zenoh or a key file.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

from bongsu.records.feed import FeedId
from bongsu.records.key_statements import KeyStatements
from bongsu.records.keys import Signer
from bongsu.vocabulary.units import MonotonicNs, NodeId, RecordId, UtcNs

MAXIMUM_PAYLOAD_BYTES = 9 * 1024 * 1024  # the largest sealed frame, with room to spare


class Clock(Protocol):
    """Three clocks: what records state, what keys and heads state, what timers count."""

    def utc(self) -> UtcNs:
        """Time that records state: in an exercise the scenario's, scaled."""
        ...

    def system_utc(self) -> UtcNs:
        """The machine's own time: keys, heads, clock skew."""
        ...

    def monotonic(self) -> MonotonicNs:
        """Unscaled; for timers and delays."""
        ...


class Entropy(Protocol):
    def __call__(self, size: int, /) -> bytes: ...


class Journal(Protocol):
    """Structured log: one event with fields per line."""

    def write(self, event: str, /, **fields: object) -> None: ...


class Row(Struct, frozen=True, gc=False):
    """Root of the rows that every record has: there are thousands a second, and a structure takes
    a fifth of the time of a frozen dataclass. Change one with `msgspec.structs.replace`."""


class StoredRecord(Row, frozen=True, kw_only=True):
    """A record with every disclosure that this node holds."""

    record_id: RecordId
    kind: str
    originator: NodeId
    own: bool
    encoded: bytes
    stored_at: UtcNs
    subject: str | None = None  # what all its versions share; see `KindForm.subject`


class StoredEntry(Row, frozen=True, kw_only=True):
    """A link of a feed's chain: the projection exactly as it was released or received."""

    feed: FeedId
    sequence: int
    record_id: RecordId
    encoded: bytes
    entry_hash: bytes
    subject: str | None = None


class PendingRelease(Struct, frozen=True, kw_only=True):
    """A record that a reader may have from `due_at` on, and not before."""

    record_id: RecordId
    reader: NodeId
    due_at: UtcNs


class SettledRelease(Struct, frozen=True, kw_only=True):
    """What became of a pending release is on disk: the entry beside it, or nothing to release."""

    record_id: RecordId
    reader: NodeId


class LetGo(Struct, frozen=True, kw_only=True):
    """The content of an entry leaves the log, and of its record with it; its hash stays."""

    feed: FeedId
    sequence: int
    record_id: RecordId
    content_hash: bytes


class StoredHead(Struct, frozen=True, kw_only=True):
    """A feed's head as its sender signed it."""

    feed: FeedId
    sequence: int
    encoded: bytes


class StoredReceipt(Struct, frozen=True, kw_only=True):
    """A feed's head as its reader countersigned it: that much is on the reader's disk."""

    feed: FeedId
    sequence: int
    encoded: bytes


class Evidence(Struct, frozen=True, kw_only=True):
    """Something refused, kept as it came (bounded)."""

    reason: str
    source: str
    payload: bytes
    kept_at: UtcNs


class Commit(Struct, frozen=True, kw_only=True):
    """Rows that become durable together or not at all."""

    records: tuple[StoredRecord, ...] = ()
    entries: tuple[StoredEntry, ...] = ()
    heads: tuple[StoredHead, ...] = ()
    receipts: tuple[StoredReceipt, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pending: tuple[PendingRelease, ...] = ()
    settled: tuple[SettledRelease, ...] = ()
    let_go: tuple[LetGo, ...] = ()


class Sought(Struct, frozen=True, kw_only=True):
    """Which records; None is not asked for. Times: from `stored_from` on, before `stored_to`."""

    kinds: tuple[str, ...] | None = None
    originator: NodeId | None = None
    subject: str | None = None
    stored_from: UtcNs | None = None
    stored_to: UtcNs | None = None


class PlacedRecord(Struct, frozen=True, kw_only=True):
    """A record and its place in the log: what was stored later has a higher one."""

    position: int
    row: StoredRecord


class FoundRecords(Struct, frozen=True, kw_only=True):
    """Newest first. `before`: go on before this place; None where the log's beginning was seen."""

    placed: tuple[PlacedRecord, ...]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSize:
    """How much a log takes, and how much more it could; None where that can't be known."""

    bytes_used: int
    bytes_free: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPosition:
    """How far a feed is on this disk."""

    feed: FeedId
    sequence: int
    entry_hash: bytes


class Store(Protocol):
    """An append-only log. `append` never blocks; its future is done when all rows are on disk."""

    def append(self, commit: Commit) -> Future[None]: ...

    def positions(self) -> tuple[FeedPosition, ...]: ...

    def entries(self, feed: FeedId, *, after: int, limit: int) -> tuple[StoredEntry, ...]: ...

    def entry_hash(self, feed: FeedId, sequence: int) -> bytes | None: ...

    def content_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """What was kept of an entry whose content was let go, None where it was not."""
        ...

    def size(self) -> StoreSize: ...

    def acknowledged(self, feed: FeedId) -> int: ...

    def newest_head(self, feed: FeedId) -> StoredHead | None:
        """The signed head of the highest sequence that is kept of a feed."""
        ...

    def records(self, *, kind: str, own: bool) -> Iterable[StoredRecord]: ...

    def record(self, record_id: RecordId) -> StoredRecord | None:
        """The record of that id.

        A bulk record is found while a release of it is pending; otherwise a store may leave it
        out: an index over the hashes of much costs more than all the rest of the log.
        """
        ...

    def records_between(
        self, first: RecordId, last: RecordId, *, limit: int
    ) -> tuple[StoredRecord, ...]:
        """Records whose ids lie there, both ends included: for a person who types a prefix.

        Bulk records too: it may read the whole list, for rare questions only.
        """
        ...

    def records_about(self, subject: str) -> tuple[StoredRecord, ...]:
        """Every version of one thing, in the order in which they were stored."""
        ...

    def newest_records(self, sought: Sought, *, before: int | None, limit: int) -> FoundRecords:
        """Records that were stored before a place, None for the newest of all; at most `limit`.

        It looks through so much of the log and no more, and may have found fewer, or none: ask
        again with the `before` that comes back.
        """
        ...

    def placed_records(
        self,
        *,
        kind: str,
        own: bool,
        after: int = 0,
        before: int | None = None,
        newest_first: bool = False,
        limit: int,
    ) -> tuple[PlacedRecord, ...]:
        """Records of one kind between two places, neither included; at most `limit`.

        Found by their kind: what else lies between costs nothing.
        """
        ...

    def entries_about(
        self, subject: str, *, sender: NodeId | None = None
    ) -> tuple[StoredEntry, ...]:
        """Who was ever sent a version, and in which projection; of one sender or of every feed."""
        ...

    def entries_of(self, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Every projection of one record in any feed; scans the log, for rare questions only."""
        ...

    def pending(self, *, limit: int) -> tuple[PendingRelease, ...]:
        """Releases that are not settled, the one due first first, at most so many."""
        ...

    def close(self) -> None: ...


class KeyKeeper(Protocol):
    """Where keys lie on this machine: the trust folder, and our node's own private keys."""

    def keep_public(self, statements: KeyStatements) -> None:
        """Add verified statements to the trust folder, for the next start and the tracker."""
        ...

    def read_private(self, folder: str | None) -> Signer:
        """The node's keys in `folder`, or where they always are. Raises LocalMisuse."""
        ...

    def install_private(self, folder: str) -> None:
        """From now on the keys in `folder` are the node's own. Raises LocalMisuse."""
        ...


class MessageEngine(Protocol):
    """Carries bytes between nodes and is trusted with nothing: it may lose, double and reorder."""

    @property
    def dropped(self) -> int:
        """How many messages were never sent: no room, no way, or closed."""
        ...

    def open(self, received: Callable[[NodeId, str, bytes], None]) -> None:
        """Start; `received(sender as named by the wire, channel, payload)` on any thread.

        Once in its life: LocalMisuse for a second time, or after `close`.
        """
        ...

    def send(self, to: NodeId, channel: str, payload: bytes) -> bool:
        """Queue for sending; False when it was dropped: the bounded queue is full, or closed.

        Raises LocalMisuse for a payload of more than `MAXIMUM_PAYLOAD_BYTES`.
        """
        ...

    def reopen(self, partner: NodeId | None = None) -> None:
        """Start over with fresh sessions on the way to `partner`, because it fell silent.

        Without a partner, with all of them: the files of the link's keys are others now.
        """
        ...

    def close(self) -> None:
        """Send what waits, within a bound; nothing is heard or taken any more. Safe twice."""
        ...
