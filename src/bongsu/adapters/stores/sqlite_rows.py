"""Commits as rows in SQLite: many rows in one statement, each content once.

Python gives its lock away with each statement and may wait 5 ms to get it back while another
thread computes; so a frame of 256 entries must not be 512 statements.

What a record and its entries have in common lies in `contents` once: the partner that accepts a
record as it came, and the node that releases the same projection to many, keep one copy.
"""

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bongsu.adapters.stores.feed_columns import FEED_COLUMNS, feed_columns
from bongsu.adapters.stores.sqlite_schema import FEED
from bongsu.node.ports import Commit, Evidence, StoredEntry, StoredRecord
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.vocabulary.units import RecordId

MAXIMUM_EVIDENCE_ROWS = 10_000
MAXIMUM_EVIDENCE_OF_ONE_SOURCE = 1_000
MAXIMUM_EVIDENCE_BYTES = 64 * 1024
BULK_KINDS = frozenset(kind.value for kind in RecordKind if form_of(kind).lane is Lane.BULK)
ROWS_AT_ONCE = (256, 64, 16, 4, 1)  # few different statements: each is compiled once

_RECORDS = "INSERT INTO records VALUES {rows} ON CONFLICT (record_id) WHERE NOT bulk DO NOTHING"
_USED_LESS = (
    "UPDATE contents SET uses = uses - 1,"
    " encoded = CASE WHEN uses > 1 THEN encoded ELSE x'' END WHERE position = "
)
_RECORD_THERE = f"SELECT record FROM entries WHERE {FEED} AND sequence = ?"
_LET_GO = (
    f"{_USED_LESS} (SELECT content FROM entries WHERE {FEED} AND sequence = ?)",
    f"{_USED_LESS} (SELECT content FROM records WHERE position = ({_RECORD_THERE}))",
    f"UPDATE records SET content = 0 WHERE position = ({_RECORD_THERE})",
    f"UPDATE entries SET content = 0 WHERE {FEED} AND sequence = ?",
)

Row = tuple[object, ...]


class SqliteRows:
    """Writes commits through one connection; everything else that writes would confuse it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._contents = self._positions_after("contents")
        self._records = self._positions_after("records")

    def insert(self, commits: Iterable[Commit]) -> None:
        """All rows of all commits in one transaction, or none; raises what SQLite raises."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for commit in commits:
                self._insert_commit(commit)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk may have rolled it back already
                self._connection.execute("ROLLBACK")
            raise

    def _insert_commit(self, commit: Commit) -> None:
        content = self._insert_contents((*commit.records, *commit.entries))
        records = self._insert_records(commit.records, content)
        feeds = {id(e.feed): e.feed for e in commit.entries}  # few, of many entries
        columns = {key: feed_columns(feed) for key, feed in feeds.items()}
        entries = [
            (
                *columns[id(e.feed)],
                e.sequence,
                e.record_id,
                records.get(e.record_id) or self._position_of(e.record_id),
                content[id(e.encoded)],
                e.entry_hash,
                e.subject,
            )
            for e in commit.entries
        ]
        self._insert_many("INSERT INTO entries VALUES {rows}", entries)
        for table, signed in (("heads", commit.heads), ("receipts", commit.receipts)):
            self._connection.executemany(
                f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)"
                f" ON CONFLICT ({FEED_COLUMNS}, sequence) DO NOTHING",
                [(*feed_columns(row.feed), row.sequence, row.encoded) for row in signed],
            )
        self._insert_releases(commit, records)
        self._let_go(commit)
        for evidence in commit.evidence:
            self._insert_evidence(evidence)

    def _insert_contents(self, rows: Sequence[StoredRecord | StoredEntry]) -> dict[int, int]:
        """Positions by the identity of the bytes: what a commit shares is one object in it."""
        encoded = {id(row.encoded): row.encoded for row in rows}
        uses = Counter([id(row.encoded) for row in rows])
        content = {key: next(self._contents) for key in encoded}
        self._insert_many(
            "INSERT INTO contents VALUES {rows}",
            [(content[key], encoded[key], uses[key]) for key in encoded],
        )
        return content

    def _insert_records(
        self, records: Sequence[StoredRecord], content: dict[int, int]
    ) -> dict[RecordId, int]:
        """Positions by id, but of those that were there already, which stay as they are."""
        positions = {record.record_id: next(self._records) for record in records}
        self._insert_many(
            _RECORDS,
            [
                (
                    positions[r.record_id],
                    r.record_id,
                    r.kind in BULK_KINDS,
                    r.kind,
                    r.originator,
                    r.own,
                    content[id(r.encoded)],
                    r.stored_at,
                    r.subject,
                )
                for r in records
            ],
        )
        for record in records:
            if record.kind not in BULK_KINDS:
                del positions[record.record_id]  # found by its id instead
        return positions

    def _position_of(self, record_id: RecordId) -> int | None:
        """Where a record stands that came earlier, or whose row may have met an older one."""
        found = self._connection.execute(
            "SELECT position FROM records WHERE record_id = ?1 AND NOT bulk"
            " UNION ALL SELECT record FROM pending WHERE record_id = ?1 LIMIT 1",
            (record_id,),
        ).fetchone()
        return None if found is None else found[0]

    def _insert_releases(self, commit: Commit, records: dict[RecordId, int]) -> None:
        self._connection.executemany(
            "INSERT INTO pending VALUES (?, ?, ?, ?) ON CONFLICT (record_id, reader) DO NOTHING",
            [
                (
                    p.record_id,
                    p.reader,
                    p.due_at,
                    records.get(p.record_id) or self._position_of(p.record_id),
                )
                for p in commit.pending
            ],
        )
        self._connection.executemany(
            "INSERT INTO settled VALUES (?, ?) ON CONFLICT (record_id, reader) DO NOTHING",
            [(s.record_id, s.reader) for s in commit.settled],
        )

    def _let_go(self, commit: Commit) -> None:
        """The one change of rows: content goes, its hash stays in its place."""
        places = [(*feed_columns(gone.feed), gone.sequence) for gone in commit.let_go]
        self._connection.executemany(
            "INSERT INTO let_go VALUES (?, ?, ?, ?, ?, ?)",
            [(*at, gone.content_hash) for at, gone in zip(places, commit.let_go, strict=True)],
        )
        for place in places:
            for statement in _LET_GO:
                self._connection.execute(statement, place)

    def _insert_evidence(self, evidence: Evidence) -> None:
        """Kept within a bound for all and one for each source; beyond them it is counted only."""
        self._connection.execute(
            "INSERT INTO evidence (reason, source, payload, kept_at) SELECT ?, ?, ?, ?"
            " WHERE (SELECT COALESCE(MAX(position), 0) FROM evidence) < ?"
            " AND (SELECT COUNT(*) FROM evidence WHERE source = ?) < ?",
            (
                evidence.reason,
                evidence.source,
                evidence.payload[:MAXIMUM_EVIDENCE_BYTES],
                evidence.kept_at,
                MAXIMUM_EVIDENCE_ROWS,
                evidence.source,
                MAXIMUM_EVIDENCE_OF_ONE_SOURCE,
            ),
        )

    def _insert_many(self, statement: str, rows: Sequence[Row]) -> None:
        begun = 0
        for size in ROWS_AT_ONCE:
            while len(rows) - begun >= size:
                part = rows[begun : begun + size]
                one = f"({', '.join('?' * len(part[0]))})"
                self._connection.execute(
                    statement.format(rows=", ".join([one] * size)),
                    list(itertools.chain.from_iterable(part)),
                )
                begun += size

    def _positions_after(self, table: str) -> Iterator[int]:
        query = f"SELECT COALESCE(MAX(position), 0) + 1 FROM {table}"
        return itertools.count(self._connection.execute(query).fetchone()[0])
