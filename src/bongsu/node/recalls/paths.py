"""The ways that a recall and its answers go: where the record that they speak of went.

A recall goes to exactly those to whom we sent what it recalls; an answer to those who sent us the
recall. Both are read from the log, which alone knows.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bongsu.node.ports import Store, StoredEntry
from bongsu.records.kinds import RecordKind
from bongsu.records.projection import shown_fields
from bongsu.records.record import RECORD
from bongsu.vocabulary.recall import RecallScope
from bongsu.vocabulary.units import NodeId

Fields = frozenset[str]


def path_of(
    store: Store, me: NodeId, kind: RecordKind, fields: Mapping[str, Any]
) -> dict[NodeId, Fields]:
    """Nodes that a recall or an answer with these fields goes to, with what passed between us."""
    if kind is RecordKind.RECALL:
        return readers_of_recalled(store, me, fields)
    rows = store.entries_about(fields["recall_id"])
    return _united(
        (row.feed.sender, row)
        for row in rows
        if row.record_id == fields["recall"] and row.feed.reader == me
    )


def readers_of_recalled(
    store: Store, me: NodeId, fields: Mapping[str, Any]
) -> dict[NodeId, Fields]:
    """Everyone to whom we sent what a recall with these fields recalls."""
    about, record_id = fields["about"], fields["record_id"]
    row = None if record_id is None else store.record(record_id)
    if row is not None:
        about = row.subject  # as it is, whatever the recall says of it
    if about is not None:
        rows = store.entries_about(about, sender=me)
    else:
        rows = tuple(row for row in store.entries_of(record_id) if row.feed.sender == me)
    if fields["scope"] is RecallScope.THIS_VERSION:
        rows = tuple(row for row in rows if row.record_id == record_id)
    return _united((row.feed.reader, row) for row in rows)


def _united(rows: Iterable[tuple[NodeId, StoredEntry]]) -> dict[NodeId, Fields]:
    found: dict[NodeId, Fields] = {}
    for node, row in rows:
        found[node] = found.get(node, Fields()) | shown_fields(RECORD.decode(row.encoded))
    return found
