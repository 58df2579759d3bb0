"""A record as this node holds it, with what its release depends on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bongsu.node.ports import Store, StoredEntry, StoredRecord
from bongsu.node.recalls.paths import Fields, path_of
from bongsu.node.services import Identity
from bongsu.records.kinds import KindForm, RecordKind, form_of
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.projection import united
from bongsu.records.record import RECORD, Record
from bongsu.records.version_role import VersionRole, role_of
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

NOBODY: frozenset[NodeId] = frozenset()
NO_PATH: Mapping[NodeId, Fields] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """`record` has every disclosure that is here. Made by `version_of`.

    `path`: for a recall or an answer, whom it goes to, with what passed between us. `brought_by`:
    the nodes that sent it to us. `sent_to`: those to whom we sent it already. `is_recalled`: its
    originator withdrew it.
    """

    record: Record
    record_id: RecordId
    form: KindForm
    originator: NodeId
    fields: Mapping[str, Any]
    subject: str | None
    role: VersionRole
    stored_at: UtcNs
    path: Mapping[NodeId, Fields]
    brought_by: frozenset[NodeId]
    sent_to: frozenset[NodeId]
    is_recalled: bool = False

    @property
    def kind(self) -> RecordKind:
        return self.form.kind


def version_of(
    record: Record,
    *,
    kind: RecordKind,
    originator: NodeId,
    fields: Mapping[str, Any],
    stored_at: UtcNs,
    path: Mapping[NodeId, Fields] = NO_PATH,
    brought_by: frozenset[NodeId] = NOBODY,
    sent_to: frozenset[NodeId] = NOBODY,
) -> Version:
    """The version that a record with these fields is."""
    form = form_of(kind)
    return Version(
        record=record,
        record_id=record.record_id,
        form=form,
        originator=originator,
        fields=fields,
        subject=form.subject_of(fields),
        role=role_of(kind, fields),
        stored_at=stored_at,
        path=path,
        brought_by=brought_by,
        sent_to=sent_to,
    )


def held_version(store: Store, me: Identity, record_id: RecordId) -> Version | None:
    """The record of that id, None where it is not here or its content was let go."""
    row = store.record(record_id)
    if row is None or not row.encoded:
        return None
    projections = _projections(store, row)
    brought = [entry for entry in projections if entry.feed.reader == me.node]
    record = united(RECORD.decode(row.encoded), *(RECORD.decode(one.encoded) for one in brought))
    opened = open_unverified_record(record, realm=me.realm)
    by_path = form_of(opened.kind).by_path
    return version_of(
        record,
        kind=opened.kind,
        originator=opened.originator,
        fields=opened.fields,
        stored_at=row.stored_at,
        path=path_of(store, me.node, opened.kind, opened.fields) if by_path else {},
        brought_by=frozenset(entry.feed.sender for entry in brought),
        sent_to=frozenset(e.feed.reader for e in projections if e.feed.sender == me.node),
    )


def _projections(store: Store, row: StoredRecord) -> tuple[StoredEntry, ...]:
    """Every way it came and went; of what is about nothing none is looked for."""
    if row.subject is None:
        return ()
    about = store.entries_about(row.subject)
    return tuple(entry for entry in about if entry.record_id == row.record_id)
