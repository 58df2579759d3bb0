"""One record as people look at it: who said it, what it says, who has it, what came before."""

from bongsu.node.held_records import HeldRecord, held_record
from bongsu.node.plain_values import plain
from bongsu.node.ports import Store, StoredEntry, StoredRecord
from bongsu.node.recalls.recall_book import RecallBook, words_of
from bongsu.node.releases.release_preview import NamedRecord
from bongsu.node.services import Services
from bongsu.records.kinds import form_of
from bongsu.records.opened_record import open_unverified_record, verify_origin
from bongsu.records.projection import shown_fields, united
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import NodeId

MAXIMUM_HISTORY = 1_000


class RecordView:
    """Reads the log; changes nothing. Lives on the node's loop."""

    def __init__(self, services: Services, recalls: RecallBook) -> None:
        self._services = services
        self._recalls = recalls

    async def show(self, named: NamedRecord) -> object:
        """Everything this node knows of one record, as plain values."""
        return await self._services.beside(self._shown, named.record)

    def _shown(self, typed: str) -> object:
        services = self._services
        held = held_record(services.store, typed, realm=services.me.realm)
        entries = services.store.entries_of(held.opened.record_id)
        me = services.me.node
        brought = [RECORD.decode(e.encoded) for e in entries if e.feed.reader == me and e.encoded]
        record = united(held.record, *brought)  # what came by several ways, as one
        opened = open_unverified_record(record, realm=services.me.realm)
        return {
            "node": me,
            "realm": opened.realm.value,
            "record_id": opened.record_id.hex(),
            "kind": opened.kind.value,
            "originator": opened.originator,
            "created_at": opened.created_at,
            "signed_at": opened.signed_at,
            "stored_at": held.row.stored_at,
            "signature": self._signature(held, entries),
            "recalled": self._recalled(held.row),
            "fields": plain(opened.fields),
            "withheld": list(opened.withheld),
            "unknown": list(opened.unknown),
            "received_from": sorted({e.feed.sender for e in entries if e.feed.reader == me}),
            "sent_to": [_sent(services.store, e) for e in entries if e.feed.sender == me],
            "history": self._history(held),
        }

    def _recalled(self, row: StoredRecord) -> str | None:
        """Who withdrew it and why; nothing is deleted."""
        recall = self._recalls.of_row(row)
        return None if recall is None else words_of(recall)

    def _signature(self, held: HeldRecord, entries: tuple[StoredEntry, ...]) -> str:
        """Whether its origin can be verified now, in words."""
        services, originator = self._services, held.opened.originator
        senders: set[NodeId] = {entry.feed.sender for entry in entries}
        vouched = held.row.own or originator in senders
        try:
            verify_origin(
                held.record,
                trust=services.trust,
                verifier=services.verifier,
                vouched_by=originator if vouched else None,
            )
        except PeerViolation as error:
            return f"does not verify: {error.what}"
        if form_of(held.opened.kind).authority:
            return f"verifies: signed by {originator}, Ed25519 and ML-DSA-65"
        return f"stands under the signed head of {originator}'s feed"

    def _history(self, held: HeldRecord) -> list[dict[str, object]]:
        """Every version of the same thing that lies here, oldest first."""
        if held.row.subject is None:
            return []
        rows = self._services.store.records_about(held.row.subject)[-MAXIMUM_HISTORY:]
        history: list[dict[str, object]] = []
        for row in rows:
            if not row.encoded:
                continue  # its content was let go
            opened = open_unverified_record(
                RECORD.decode(row.encoded), realm=self._services.me.realm
            )
            history.append(
                {
                    "record_id": row.record_id.hex(),
                    "kind": row.kind,
                    "originator": row.originator,
                    "version": plain(opened.fields.get("version")),
                    "action": plain(opened.fields.get("action")),
                    "created_at": opened.created_at,
                    "recalled": self._recalled(row) is not None,
                }
            )
        return history


def _sent(store: Store, entry: StoredEntry) -> dict[str, object]:
    shown = sorted(shown_fields(RECORD.decode(entry.encoded))) if entry.encoded else []
    return {
        "reader": entry.feed.reader,
        "sequence": entry.sequence,
        "fields": shown,
        "acknowledged": store.acknowledged(entry.feed) >= entry.sequence,
    }
