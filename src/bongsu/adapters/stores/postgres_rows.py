"""Commits as rows in PostgreSQL: one statement a table, whatever the number of rows."""

from collections.abc import Sequence

from bongsu.adapters.stores.feed_columns import FEED_COLUMNS, feed_columns
from bongsu.adapters.stores.group_commit import misfit
from bongsu.adapters.stores.postgres_connection import Connection
from bongsu.node.ports import Commit, Evidence, LetGo, StoredEntry
from bongsu.records.feed import FeedId

MAXIMUM_EVIDENCE_ROWS = 10_000
MAXIMUM_EVIDENCE_OF_ONE_SOURCE = 1_000
MAXIMUM_EVIDENCE_BYTES = 64 * 1024

_RECORDS = (
    "INSERT INTO records (record_id, kind, originator, own, encoded, stored_at, subject)"
    " SELECT a, b, c, d, e, f, g FROM unnest($1::bytea[], $2::text[], $3::text[],"
    " $4::boolean[], $5::bytea[], $6::bigint[], $7::text[])"
    " WITH ORDINALITY AS rows (a, b, c, d, e, f, g, place) ORDER BY place"
    " ON CONFLICT (record_id) DO NOTHING"
)
_ENTRIES = (
    "INSERT INTO entries SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[],"
    " $5::bigint[], $6::bytea[], $7::bytea[], $8::bytea[], $9::text[])"
)
_SIGNED = (
    "INSERT INTO {table} SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[],"
    f" $5::bigint[], $6::bytea[]) ON CONFLICT ({FEED_COLUMNS}, sequence) DO NOTHING"
)
_PENDING = (
    "INSERT INTO pending (record_id, reader, due_at) SELECT a, b, c FROM"
    " unnest($1::bytea[], $2::text[], $3::bigint[]) WITH ORDINALITY AS rows (a, b, c, place)"
    " ORDER BY place ON CONFLICT (record_id, reader) DO NOTHING"
)
_SETTLED = (
    "INSERT INTO settled SELECT * FROM unnest($1::bytea[], $2::text[])"
    " ON CONFLICT (record_id, reader) DO NOTHING"
)
_GONE = "unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bytea[])"
_LET_GO = (
    f"INSERT INTO let_go SELECT * FROM {_GONE}",
    f"UPDATE entries SET encoded = ''::bytea FROM {_GONE} AS gone (a, b, c, d, e, f)"
    " WHERE sender = a AND reader = b AND lane = c AND epoch = d AND sequence = e",
)
_RECORDS_LET_GO = "UPDATE records SET encoded = ''::bytea WHERE record_id = ANY($1::bytea[])"
_EVIDENCE = (
    "INSERT INTO evidence (reason, source, payload, kept_at)"
    " SELECT $1::text, $2::text, $3::bytea, $4::bigint"
    " WHERE (SELECT COUNT(*) FROM (SELECT 1 FROM evidence LIMIT $5) AS kept) < $5"
    " AND (SELECT COUNT(*) FROM evidence WHERE source = $2) < $6"
)

Row = tuple[object, ...]


async def insert_rows(connection: Connection, commits: Sequence[Commit]) -> None:
    """Insert every row of every commit, within the transaction that the caller began."""
    await _insert(
        connection,
        _RECORDS,
        [
            (r.record_id, r.kind, r.originator, r.own, r.encoded, r.stored_at, r.subject)
            for commit in commits
            for r in commit.records
        ],
    )
    entries = [entry for commit in commits for entry in commit.entries]
    _require_order(entries)
    await _insert(
        connection,
        _ENTRIES,
        [
            (*feed_columns(e.feed), e.sequence, e.record_id, e.encoded, e.entry_hash, e.subject)
            for e in entries
        ],
    )
    for table in ("heads", "receipts"):
        rows: list[Row] = [
            (*feed_columns(row.feed), row.sequence, row.encoded)
            for commit in commits
            for row in (commit.heads if table == "heads" else commit.receipts)
        ]
        await _insert(connection, _SIGNED.format(table=table), rows)
    pending = [(p.record_id, p.reader, p.due_at) for commit in commits for p in commit.pending]
    await _insert(connection, _PENDING, pending)
    settled = [(s.record_id, s.reader) for commit in commits for s in commit.settled]
    await _insert(connection, _SETTLED, settled)
    await _let_go(connection, [gone for commit in commits for gone in commit.let_go])
    for commit in commits:
        for evidence in commit.evidence:
            await _insert_evidence(connection, evidence)


def _require_order(entries: Sequence[StoredEntry]) -> None:
    """One statement takes them as a set: that each follows the one before it is checked here."""
    ends: dict[FeedId, int] = {}
    for entry in entries:
        if entry.sequence != ends.get(entry.feed, entry.sequence - 1) + 1:
            raise misfit(ValueError("an entry does not follow the last one of its feed"))
        ends[entry.feed] = entry.sequence


async def _insert(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    if rows:
        await connection.execute(statement, *map(list, zip(*rows, strict=True)))


async def _let_go(connection: Connection, let_go: Sequence[LetGo]) -> None:
    """The one change of rows: content goes, its hash stays in its place."""
    rows = [(*feed_columns(gone.feed), gone.sequence, gone.content_hash) for gone in let_go]
    for statement in _LET_GO:
        await _insert(connection, statement, rows)
    if let_go:
        await connection.execute(_RECORDS_LET_GO, [gone.record_id for gone in let_go])


async def _insert_evidence(connection: Connection, evidence: Evidence) -> None:
    """Kept within a bound for all and one for each source; beyond them it is counted only."""
    await connection.execute(
        _EVIDENCE,
        _text(evidence.reason),
        _text(evidence.source),
        evidence.payload[:MAXIMUM_EVIDENCE_BYTES],
        evidence.kept_at,
        MAXIMUM_EVIDENCE_ROWS,
        MAXIMUM_EVIDENCE_OF_ONE_SOURCE,
    )


def _text(value: str) -> str:
    """PostgreSQL's text has no NUL; a reason may quote one."""
    return value.replace("\0", "\ufffd")
