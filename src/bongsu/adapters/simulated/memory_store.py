"""A log in memory: as durable as its owner says, and refusing as a full disk does.

What was committed outlives the store: `Disk` is what a machine keeps when its process is killed.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import islice

from msgspec import structs

from bongsu.adapters.stores.feed_columns import feed_columns
from bongsu.adapters.stores.sought_records import found, lowest_place
from bongsu.node.ports import (
    Commit,
    Evidence,
    FeedPosition,
    FoundRecords,
    LetGo,
    PendingRelease,
    PlacedRecord,
    Sought,
    StoredEntry,
    StoredHead,
    StoredReceipt,
    StoredRecord,
    StoreSize,
)
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.units import NodeId, RecordId

MAXIMUM_EVIDENCE_ROWS = 10_000


@dataclass(slots=True)
class Disk:
    """What is durable; `full` refuses every further commit until there is room again."""

    records: dict[RecordId, StoredRecord] = field(default_factory=dict)
    about: dict[str, list[RecordId]] = field(default_factory=dict)  # records, by subject
    entries: dict[FeedId, list[StoredEntry]] = field(default_factory=dict)
    heads: dict[tuple[FeedId, int], StoredHead] = field(default_factory=dict)
    receipts: dict[tuple[FeedId, int], StoredReceipt] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    pending: dict[tuple[RecordId, NodeId], PendingRelease] = field(default_factory=dict)
    settled: set[tuple[RecordId, NodeId]] = field(default_factory=set)
    let_go: dict[tuple[FeedId, int], bytes] = field(default_factory=dict)
    full: bool = False
    commits: int = 0

    def backup(self) -> "Disk":
        """A copy of what is durable now, on another disk."""
        return replace(
            self,
            records=dict(self.records),
            about={subject: list(ids) for subject, ids in self.about.items()},
            entries={feed: list(rows) for feed, rows in self.entries.items()},
            heads=dict(self.heads),
            receipts=dict(self.receipts),
            evidence=list(self.evidence),
            pending=dict(self.pending),
            settled=set(self.settled),
            let_go=dict(self.let_go),
            full=False,
        )

    def commit(self, commit: Commit) -> None:
        """All rows or none. Raises Unavailable when full, LocalMisuse for a hole in a chain."""
        if self.full:
            raise Unavailable("the disk is full", remedy="Make room on it")
        ends: dict[FeedId, int] = {}
        for entry in commit.entries:
            end = ends.get(entry.feed) or len(self.entries.get(entry.feed, ()))
            if entry.sequence != end + 1:
                place = f"{entry.sequence} of {entry.feed.sender} to {entry.feed.reader}"
                raise LocalMisuse(
                    f"entry {place} does not follow {end}",
                    remedy="Entries follow one another, and each place is written once only",
                )
            ends[entry.feed] = entry.sequence
        for record in commit.records:
            self._keep(record)
        for entry in commit.entries:
            self.entries.setdefault(entry.feed, []).append(entry)
        for head in commit.heads:
            self.heads.setdefault((head.feed, head.sequence), head)
        for receipt in commit.receipts:
            self.receipts.setdefault((receipt.feed, receipt.sequence), receipt)
        for release in commit.pending:
            self.pending.setdefault((release.record_id, release.reader), release)
        self.settled |= {(release.record_id, release.reader) for release in commit.settled}
        for gone in commit.let_go:
            self._let_go(gone)
        room = MAXIMUM_EVIDENCE_ROWS - len(self.evidence)
        self.evidence.extend(commit.evidence[: max(0, room)])
        self.commits += 1

    def _keep(self, record: StoredRecord) -> None:
        if record.record_id not in self.records:
            self.records[record.record_id] = record
            if record.subject is not None:
                self.about.setdefault(record.subject, []).append(record.record_id)

    def _let_go(self, gone: LetGo) -> None:
        rows = self.entries[gone.feed]
        rows[gone.sequence - 1] = structs.replace(rows[gone.sequence - 1], encoded=b"")
        if gone.record_id in self.records:
            self.records[gone.record_id] = structs.replace(
                self.records[gone.record_id], encoded=b""
            )
        self.let_go[gone.feed, gone.sequence] = gone.content_hash


class MemoryStore:
    """Implements `node.ports.Store` on a `Disk`.

    With `at_once` (the default) a commit is done when `append` returns; without, it waits for
    `complete`, as rows wait for a slow disk. Only what is done can be read.
    """

    def __init__(self, disk: Disk, *, at_once: bool = True) -> None:
        self.disk = disk
        self.at_once = at_once
        self._waiting: deque[tuple[Commit, Future[None]]] = deque()
        self._closed = False

    @property
    def waiting(self) -> tuple[Commit, ...]:
        """Commits that are not durable yet, oldest first."""
        return tuple(commit for commit, _ in self._waiting)

    def append(self, commit: Commit) -> Future[None]:
        """Queue rows; the future is done when they are durable, or carries why they are not."""
        done: Future[None] = Future()
        if self._closed:
            done.set_exception(Unavailable("the log is closed", remedy="Start the node again"))
            return done
        self._waiting.append((commit, done))
        if self.at_once:
            self.complete()
        return done

    def complete(self, number: int | None = None) -> None:
        """Make the oldest `number` waiting commits durable, or all of them."""
        left = len(self._waiting) if number is None else min(number, len(self._waiting))
        for _ in range(left):
            commit, done = self._waiting.popleft()
            if not done.set_running_or_notify_cancel():
                continue
            try:
                self.disk.commit(commit)
            except (LocalMisuse, Unavailable) as error:
                done.set_exception(error)
            else:
                done.set_result(None)

    def positions(self) -> tuple[FeedPosition, ...]:
        """The last entry of every feed."""
        return tuple(
            FeedPosition(feed=feed, sequence=rows[-1].sequence, entry_hash=rows[-1].entry_hash)
            for feed, rows in self.disk.entries.items()
        )

    def entries(self, feed: FeedId, *, after: int, limit: int) -> tuple[StoredEntry, ...]:
        """Entries of one feed in order, from `after` + 1 on."""
        return tuple(self.disk.entries.get(feed, [])[after : after + limit])

    def entry_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """The hash of the chain there, None where there is no such entry."""
        rows = self.disk.entries.get(feed, [])
        return rows[sequence - 1].entry_hash if 0 < sequence <= len(rows) else None

    def content_hash(self, feed: FeedId, sequence: int) -> bytes | None:
        """What was kept of an entry whose content was let go, None where it was not."""
        return self.disk.let_go.get((feed, sequence))

    def size(self) -> StoreSize:
        """The bytes of content; nobody knows how much memory there may be."""
        entries = (row.encoded for feed in self.disk.entries.values() for row in feed)
        records = (row.encoded for row in self.disk.records.values())
        used = sum(map(len, entries)) + sum(map(len, records))
        return StoreSize(bytes_used=used, bytes_free=None)

    def acknowledged(self, feed: FeedId) -> int:
        """The last sequence that the reader countersigned, 0 where none."""
        return max((at for of, at in self.disk.receipts if of == feed), default=0)

    def newest_head(self, feed: FeedId) -> StoredHead | None:
        """The signed head of the highest sequence, None where none is kept."""
        kept = [head for (of, _), head in self.disk.heads.items() if of == feed]
        return max(kept, key=lambda head: head.sequence, default=None)

    def records(self, *, kind: str, own: bool) -> Iterator[StoredRecord]:
        """Records of one kind in the order in which they were stored."""
        return _of_kind(tuple(self.disk.records.values()), kind, own)

    def record(self, record_id: RecordId) -> StoredRecord | None:
        """The record of that id."""
        return self.disk.records.get(record_id)

    def records_between(
        self, first: RecordId, last: RecordId, *, limit: int
    ) -> tuple[StoredRecord, ...]:
        """Records whose ids lie between two values, both included; bulk is looked through."""
        found = (row for id_, row in self.disk.records.items() if first <= id_ <= last)
        return tuple(islice(found, limit))

    def records_about(self, subject: str) -> tuple[StoredRecord, ...]:
        """Every version of one thing, in the order in which they were stored."""
        disk = self.disk
        return tuple(
            disk.records[id_] for id_ in disk.about.get(subject, ()) if id_ in disk.records
        )

    def newest_records(self, sought: Sought, *, before: int | None, limit: int) -> FoundRecords:
        """Records before a place, newest first."""
        rows = tuple(self.disk.records.values())
        end = len(rows) if before is None else min(before - 1, len(rows))
        lowest = lowest_place(sought, end + 1)
        fitting = (
            PlacedRecord(position=at, row=rows[at - 1])
            for at in range(end, lowest - 1, -1)
            if _is_sought(rows[at - 1], sought)
        )
        return found(tuple(islice(fitting, limit)), lowest=lowest, limit=limit)

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
        """Records of one kind between two places."""
        placed = [
            PlacedRecord(position=at, row=row)
            for at, row in enumerate(tuple(self.disk.records.values()), start=1)
            if at > after and (before is None or at < before) and (row.kind, row.own) == (kind, own)
        ]
        return tuple(placed[::-1][:limit] if newest_first else placed[:limit])

    def entries_about(
        self, subject: str, *, sender: NodeId | None = None
    ) -> tuple[StoredEntry, ...]:
        """Every projection of every version of one thing, feed by feed in order."""
        return tuple(
            row
            for feed in sorted(self.disk.entries, key=feed_columns)
            if sender in (None, feed.sender)
            for row in self.disk.entries[feed]
            if row.subject == subject
        )

    def entries_of(self, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Every projection of one record, feed by feed."""
        return tuple(
            row
            for feed in sorted(self.disk.entries, key=feed_columns)
            for row in self.disk.entries[feed]
            if row.record_id == record_id
        )

    def pending(self, *, limit: int) -> tuple[PendingRelease, ...]:
        """Releases that are not settled, the one due first first, at most so many."""
        left = [
            release for key, release in self.disk.pending.items() if key not in self.disk.settled
        ]
        return tuple(sorted(left, key=lambda release: release.due_at)[:limit])

    def close(self) -> None:
        """Commit what waits, then refuse. Safe to call twice."""
        self.complete()
        self._closed = True


def _of_kind(rows: Iterable[StoredRecord], kind: str, own: bool) -> Iterator[StoredRecord]:
    return (row for row in rows if row.kind == kind and row.own == own)


def _is_sought(row: StoredRecord, sought: Sought) -> bool:
    begins, ends = sought.stored_from, sought.stored_to
    return (
        (sought.kinds is None or row.kind in sought.kinds)
        and sought.originator in (None, row.originator)
        and sought.subject in (None, row.subject)
        and (begins is None or row.stored_at >= begins)
        and (ends is None or row.stored_at < ends)
    )
