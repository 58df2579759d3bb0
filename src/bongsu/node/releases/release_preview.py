"""Who would get what of a record, by which way, and what already went to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from bongsu.node.control import Body
from bongsu.node.held_records import HeldRecord, held_record
from bongsu.node.plain_values import plain
from bongsu.node.ports import PendingRelease, Store, StoredEntry
from bongsu.node.services import Services
from bongsu.records.guideline_words import given_away_in_words
from bongsu.records.kinds import RecordKind, form_of, guided_kinds
from bongsu.records.names import nation_of
from bongsu.records.projection import shown_fields
from bongsu.records.record import RECORD
from bongsu.records.release_preview import ForeseenRelease, Previewed, foresee, stated_fields
from bongsu.records.version_role import role_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId, RecordId

MAXIMUM_PENDING = 10_000

Relays = Mapping[NodeId, NodeId | None]  # by partner: the node that carries for it, None: direct


class NamedRecord(Body, frozen=True, kw_only=True):
    """A record by its id, or the beginning of it."""

    record: Annotated[str, Meta(max_length=64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """What the log says of a record: itself, other versions of its subject, what waits."""

    of_it: Sequence[StoredEntry]
    of_others: Sequence[StoredEntry]
    acknowledged: frozenset[NodeId]
    pending: Sequence[PendingRelease]


class ReleasePreview:
    """Answers for every partner node. Lives on the node's loop; changes nothing."""

    def __init__(self, services: Services, relays: Relays) -> None:
        self._services = services
        self._relays = relays

    async def of_named(self, named: NamedRecord) -> object:
        """The preview of a record in the log, as plain values."""
        services = self._services
        held = await services.beside(
            held_record, services.store, named.record, realm=services.me.realm
        )
        opened = held.opened
        _require_guided(opened.kind)
        log = await services.beside(_read_log, services.store, services.me.node, held)
        return self._answer(
            Previewed(
                kind=opened.kind,
                originator=nation_of(opened.originator),
                held=opened.fields.keys(),
                stated=stated_fields(opened.fields),
                role=role_of(opened.kind, opened.fields),
            ),
            log,
            record_id=opened.record_id,
            subject=held.row.subject,
        )

    async def of_fields(self, kind: RecordKind, fields: Mapping[str, object]) -> object:
        """The preview of what was not stated yet, as plain values."""
        subject = form_of(kind).subject_of(fields)
        services = self._services
        earlier: Sequence[StoredEntry] = ()
        if subject is not None:
            earlier = await services.beside(
                services.store.entries_about, subject, sender=services.me.node
            )
        return self._answer(
            Previewed(
                kind=kind,
                originator=services.me.nation,
                held=fields.keys(),
                stated=stated_fields(fields),
                role=role_of(kind, fields),
            ),
            _Log(of_it=(), of_others=earlier, acknowledged=frozenset(), pending=()),
            record_id=None,
            subject=subject,
        )

    def _answer(
        self, record: Previewed, log: _Log, *, record_id: RecordId | None, subject: str | None
    ) -> object:
        in_force = self._services.agreements.in_force()
        guideline = None if in_force is None else in_force.guideline
        me = self._services.me
        return {
            "node": me.node,
            "realm": me.realm.value,
            "record_id": plain(record_id),
            "kind": record.kind.value,
            "originator": record.originator,
            "subject": subject,
            "guideline": None
            if guideline is None
            else f"{guideline.guideline_id} version {guideline.version}",
            "readers": [self._reader(record, log, reader) for reader in sorted(self._relays)],
        }

    def _reader(self, record: Previewed, log: _Log, reader: NodeId) -> dict[str, object]:
        services = self._services
        shown = [shown_fields(RECORD.decode(row.encoded)) for row in _to(log.of_others, reader)]
        foreseen = foresee(
            services.agreements.in_force(),
            record,
            sender=services.me.nation,
            reader=nation_of(reader),
            already_shown=frozenset().union(*shown),
            trusted=services.trust.nations,
        )
        went = [shown_fields(RECORD.decode(row.encoded)) for row in _to(log.of_it, reader)]
        waits = [one.due_at for one in log.pending if one.reader == reader]
        return {
            "reader": reader,
            "relay": self._relays[reader],
            **_foreseen(foreseen, record, reader),
            "went": sorted(frozenset().union(*went)) if went else None,
            "acknowledged": reader in log.acknowledged,
            "waits_until": waits[0] if waits else None,
            "other_versions": len(shown),
        }


def _foreseen(foreseen: ForeseenRelease, record: Previewed, reader: NodeId) -> dict[str, object]:
    nation = nation_of(reader)
    return {
        "fields": sorted(foreseen.fields),
        "withheld": sorted(foreseen.withheld),
        "rule": foreseen.decision.rule,
        "reason": foreseen.decision.reason,
        "delay_s": foreseen.decision.delay_s,
        "given_away": [
            {
                "field": one.field,
                "means": given_away_in_words(record.originator, nation, one),
            }
            for one in foreseen.given_away
        ],
        "onward": [plain(one) for one in foreseen.onward],
    }


def _require_guided(kind: RecordKind) -> None:
    if kind not in guided_kinds():
        raise LocalMisuse(
            f"a {kind.value} crosses by a fixed rule, whatever the guideline says",
            remedy="See who has it with: bongsu record show",
        )


def _read_log(store: Store, me: NodeId, held: HeldRecord) -> _Log:
    record_id, subject = held.opened.record_id, held.row.subject
    about = () if subject is None else store.entries_about(subject, sender=me)
    of_it = [row for row in store.entries_of(record_id) if row.feed.sender == me]
    return _Log(
        of_it=of_it,
        of_others=[row for row in about if row.record_id != record_id],
        acknowledged=frozenset(
            row.feed.reader for row in of_it if store.acknowledged(row.feed) >= row.sequence
        ),
        pending=[one for one in store.pending(limit=MAXIMUM_PENDING) if one.record_id == record_id],
    )


def _to(rows: Sequence[StoredEntry], reader: NodeId) -> list[StoredEntry]:
    """Entries to one reader whose content was not let go."""
    return [row for row in rows if row.feed.reader == reader and row.encoded]
