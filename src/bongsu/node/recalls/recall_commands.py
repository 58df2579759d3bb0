"""What people ask a node about recalls: who had it, withdraw it, what became of that."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated

from msgspec import Meta

from bongsu.node.control import Body, Offered
from bongsu.node.held_records import held_record, is_record_id
from bongsu.node.ports import StoredRecord
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.recalls.paths import readers_of_recalled
from bongsu.node.recalls.recall_book import words_of
from bongsu.node.recalls.recall_desk import RecallDesk
from bongsu.node.recalls.recall_status import is_settled, receipts_of, status_of
from bongsu.node.services import Services
from bongsu.node.watch import Watch
from bongsu.records.correction_kinds import MAXIMUM_REASON
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.recalls_as_records import recall_to_fields
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.launch_warning import EndReason
from bongsu.vocabulary.recall import Recall, RecallScope
from bongsu.vocabulary.units import NodeId, RecordId

_Name = Annotated[str, Meta(min_length=1, max_length=128)]


class RecalledBody(Body, frozen=True, kw_only=True):
    """A record's id, or what records are about; with a version's number one version of that.

    `all_versions`: with a record's id, every version of what it is about.
    """

    record: _Name
    version: Annotated[int, Meta(ge=1, le=2**31)] | None = None
    all_versions: bool = False


class RecallBody(RecalledBody, frozen=True, kw_only=True):
    """`false`: our warning never was one; otherwise it is no longer needed."""

    reason: Annotated[str, Meta(min_length=1, max_length=MAXIMUM_REASON)]
    false: bool = False


class StatusBody(Body, frozen=True, kw_only=True):
    """One of our recalls, or all of them."""

    recall: _Name | None = None


class RecallCommands:
    """Carries out on the node's loop what people ask for."""

    def __init__(
        self, services: Services, *, publisher: Publisher, desk: RecallDesk, watch: Watch
    ) -> None:
        self._services = services
        self._publisher = publisher
        self._desk = desk
        self._watch = watch

    @property
    def offered(self) -> Mapping[str, Offered]:
        """The commands by name."""
        return {
            "recall_preview": Offered(RecalledBody, self._preview),
            "recall": Offered(RecallBody, self._recall),
            "recall_status": Offered(StatusBody, self._status),
        }

    async def _preview(self, body: RecalledBody) -> object:
        """Whom a recall would go to."""
        recall, _ = self._named(body, recall_id="", reason="")
        services = self._services
        readers = await services.beside(
            readers_of_recalled, services.store, services.me.node, recall_to_fields(recall)
        )
        return {**self._about(recall), "had_by": self._as_partners(readers)}

    async def _recall(self, body: RecallBody) -> object:
        recall, version = self._named(body, recall_id=self._desk.next_id(), reason=body.reason)
        whole = recall.scope is RecallScope.ALL_VERSIONS
        if whole and recall.about is not None:
            self._watch.end_recalled(
                recall.about, EndReason.FALSE if body.false else EndReason.WITHDRAWN
            )

        def then(record_id: RecordId) -> None:
            self._desk.take_own(record_id, recall)
            if not whole and recall.about is not None and version is not None:
                self._watch.restate_recalled(recall.about, version)

        record_id = await self._publisher.stated(
            RecordKind.RECALL, recall_to_fields(recall), then=then
        )
        services = self._services
        readers = await services.beside(
            readers_of_recalled, services.store, services.me.node, recall_to_fields(recall)
        )
        return {
            **self._about(recall),
            "recall_id": recall.recall_id,
            "record": record_id.hex(),
            "had_by": self._as_partners(readers),
        }

    async def _status(self, body: StatusBody) -> object:
        ours = [
            (opened.record_id, recall)
            for opened, recall in self._desk.recalls(own=True)
            if body.recall in (None, recall.recall_id, opened.record_id.hex())
        ]
        if body.recall is not None and not ours:
            raise LocalMisuse(
                f"{body.recall} is no recall of {self._services.me.node}",
                remedy="See all of them with: bongsu recall status --config FILE",
            )
        return {
            "node": self._services.me.node,
            "realm": self._services.me.realm.value,
            "recalls": [await self._status_of(record_id, recall) for record_id, recall in ours],
            "waiting": [
                {**self._about(recall), "recall_id": recall.recall_id}
                for recall in self._desk.waiting
            ],
        }

    async def _status_of(self, record_id: RecordId, recall: Recall) -> object:
        services = self._services
        received = await services.beside(
            receipts_of, services.store, services.me.node, recall, record_id
        )
        answers = await services.beside(self._desk.answers_about, recall.recall_id, record_id)
        nodes = status_of(recall, received=received, answers=answers)
        return {
            **self._about(recall),
            "recall_id": recall.recall_id,
            "record": record_id.hex(),
            "stated_at": recall.stated_at,
            "settled": is_settled(nodes),
            "nodes": [
                {**asdict(node), "linked": node.node in self._publisher.releasing.readers}
                for node in nodes
            ],
        }

    def _named(
        self, body: RecalledBody, *, recall_id: str, reason: str
    ) -> tuple[Recall, int | None]:
        """The recall that a body asks for, and the number of the version where it is one."""
        rows = [row for row in self._rows(body.record) if self._is_ours(row)]
        version = body.version
        by_id = is_record_id(body.record)
        if version is not None:
            rows = [row for row in rows if self._version_of(row) == version]
        if not rows:
            what = body.record if version is None else f"{body.record} version {version}"
            raise LocalMisuse(
                f"there is no record {what} in the log of {self._services.me.node}",
                remedy="Give a warning's id (KR-1/W0001) or a record id",
            )
        whole = body.all_versions or (not by_id and version is None)
        if whole and rows[-1].subject is None:
            raise LocalMisuse(
                f"{body.record} stands alone: it has no versions", remedy="Leave --all out"
            )
        recall = Recall(
            recall_id=recall_id,
            node=self._services.me.node,
            stated_at=self._services.clock.utc(),
            scope=RecallScope.ALL_VERSIONS if whole else RecallScope.THIS_VERSION,
            record_id=None if whole else rows[-1].record_id,
            about=rows[-1].subject,
            reason=reason,
        )
        return recall, None if whole else self._version_of(rows[-1])

    def _rows(self, name: str) -> tuple[StoredRecord, ...]:
        services = self._services
        if is_record_id(name):
            return (held_record(services.store, name, realm=services.me.realm).row,)
        return services.store.records_about(name)

    def _is_ours(self, row: StoredRecord) -> bool:
        if not row.own:
            raise LocalMisuse(
                f"that record is of {row.originator}",
                remedy=f"Only {row.originator} can recall it; ask its officers",
            )
        form = form_of(RecordKind(row.kind))
        if form.by_path or form.starting:
            raise LocalMisuse(
                f"a {row.kind} is not recalled", remedy="State a new one that takes its place"
            )
        return True

    def _version_of(self, row: StoredRecord) -> int | None:
        opened = open_unverified_record(RECORD.decode(row.encoded), realm=self._services.me.realm)
        version = opened.fields.get("version")
        return version if isinstance(version, int) else None

    def _about(self, recall: Recall) -> dict[str, object]:
        return {
            "node": self._services.me.node,
            "realm": self._services.me.realm.value,
            "words": words_of(recall),
            "about": recall.about,
            "record_id": None if recall.record_id is None else recall.record_id.hex(),
            "scope": recall.scope.value,
            "reason": recall.reason,
        }

    def _as_partners(self, readers: Iterable[NodeId]) -> list[dict[str, object]]:
        linked = self._publisher.releasing.readers
        return [{"node": node, "linked": node in linked} for node in sorted(readers)]
