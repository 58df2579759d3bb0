"""Recalls at a node: those of partners applied and answered, our own stated, answers gathered."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator

from bongsu.node.links.incoming import ReceivedRecord
from bongsu.node.ports import StoredRecord
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.recalls.paths import readers_of_recalled
from bongsu.node.recalls.recall_book import RecallBook, held, words_of
from bongsu.node.services import Services
from bongsu.protocols.recall import (
    AnswerRecall,
    Effect,
    Held,
    RecallArrived,
    RecordArrived,
    ShowRecalled,
    ShowWaiting,
)
from bongsu.records.correction_kinds import MAXIMUM_PASSED_ON_TO
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.recalls_as_records import (
    answer_of,
    answer_to_fields,
    recall_of,
    recall_to_fields,
)
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import PeerViolation, Unavailable
from bongsu.vocabulary.recall import Recall, RecallAnswer, RecallOutcome, RecallScope
from bongsu.vocabulary.units import RecordId

MAXIMUM_WAITING_ANSWERS = 4_096
RETRY_AFTER_S = 1.0

Show = Callable[[frozenset[RecordId], str], None]


class RecallDesk:
    """Lives on the node's loop."""

    def __init__(
        self, services: Services, publisher: Publisher, book: RecallBook, show: Show
    ) -> None:
        """`show` is told which records are withdrawn from now on, and why."""
        self._services = services
        self._publisher = publisher
        self._book = book
        self._show_to_watch = show
        self._issued = 0
        self._answers: asyncio.Queue[AnswerRecall] = asyncio.Queue(MAXIMUM_WAITING_ANSWERS)

    def restore(self) -> None:
        """Read every recall back from the log, and answer what a kill left without an answer."""
        answered = {answer.recall for _, answer in self.answers(own=True)}
        for own in (True, False):
            for opened, recall in self.recalls(own=own):
                self._issued = max(self._issued, _number(recall) if own else 0)
                for effect in self._taken(opened.record_id, recall):
                    is_open = not own and opened.record_id not in answered
                    if isinstance(effect, AnswerRecall) and is_open:
                        self._answer(effect)

    def next_id(self) -> str:
        """A name for our next recall, never given before."""
        self._issued += 1
        return f"{self._services.me.node}/R{self._issued:04d}"

    @property
    def waiting(self) -> tuple[Recall, ...]:
        """Recalls of partners whose records are not here."""
        return tuple(self._book.state.waiting.values())

    def take_recall(self, received: ReceivedRecord) -> None:
        """A partner's recall that is verified and on our disk."""
        try:
            recall = recall_of(received.record)
        except PeerViolation as error:
            payload = received.record.record_id
            self._services.refuse(error, source=received.sender, payload=payload)
            return
        for effect in self._taken(received.record.record_id, recall):
            self._perform(effect)

    def take_answer(self, received: ReceivedRecord) -> None:
        """A node's answer to a recall, ours or one that we passed on."""
        try:
            answer = answer_of(received.record)
        except PeerViolation as error:
            payload = received.record.record_id
            self._services.refuse(error, source=received.sender, payload=payload)
            return
        self._services.journal.write(
            "recall_answered",
            scenario_utc_ns=self._services.clock.utc(),
            recall=answer.recall_id,
            partner=answer.node,
            outcome=answer.outcome.value,
            reason=answer.reason,
        )

    def take_record(self, opened: OpenedRecord) -> Recall | None:
        """A record that came for the first time; the recall that withdraws it, if there is one."""
        record = _held(opened)
        for effect in self._book.take(RecordArrived(record)):
            self._perform(effect)
        return self._book.state.of(record)

    def recall_of(self, opened: OpenedRecord) -> Recall | None:
        """The recall that withdraws this record, None while it stands."""
        return self._book.state.of(_held(opened))

    def take_own(self, record_id: RecordId, recall: Recall) -> None:
        """A recall of ours that is on our disk."""
        for effect in self._taken(record_id, recall):
            if isinstance(effect, ShowRecalled):
                self._perform(effect)

    def answers_to(self, recall: RecordId) -> list[RecordId]:
        """Our answers to a recall, as records."""
        return [
            opened.record_id for opened, said in self.answers(own=True) if said.recall == recall
        ]

    def recalls(self, *, own: bool) -> Iterator[tuple[OpenedRecord, Recall]]:
        """Every sound recall in our log."""
        for opened in self._stored(RecordKind.RECALL, own=own):
            try:
                yield opened, recall_of(opened)
            except PeerViolation:
                continue  # refused, counted and kept as evidence when it came

    def answers(self, *, own: bool) -> Iterator[tuple[OpenedRecord, RecallAnswer]]:
        """Every sound answer in our log."""
        for opened in self._stored(RecordKind.RECALL_ANSWER, own=own):
            try:
                yield opened, answer_of(opened)
            except PeerViolation:
                continue  # as above

    def answers_about(self, recall_id: str, recall: RecordId) -> list[RecallAnswer]:
        """What other nodes said of one recall of ours."""
        found = []
        for row in self._services.store.records_about(recall_id):
            if row.kind == RecordKind.RECALL_ANSWER.value and not row.own:
                with contextlib.suppress(PeerViolation):  # refused when it came
                    found.append(answer_of(self._opened(row)))
        return [answer for answer in found if answer.recall == recall]

    def _stored(self, kind: RecordKind, *, own: bool) -> Iterator[OpenedRecord]:
        for row in self._services.store.records(kind=kind.value, own=own):
            yield self._opened(row)

    def _opened(self, row: StoredRecord) -> OpenedRecord:
        return open_unverified_record(RECORD.decode(row.encoded), realm=self._services.me.realm)

    def _taken(self, record_id: RecordId, recall: Recall) -> tuple[Effect, ...]:
        here = self._here(recall)
        return self._book.take(RecallArrived(recall=recall, record_id=record_id, held=here))

    def _here(self, recall: Recall) -> tuple[Held, ...]:
        """What is on our disk of what it recalls."""
        store = self._services.store
        if recall.scope is RecallScope.ALL_VERSIONS and recall.about is not None:
            rows = store.records_about(recall.about)
        else:
            row = None if recall.record_id is None else store.record(recall.record_id)
            rows = () if row is None else (row,)
        return tuple(
            held(row.record_id, RecordKind(row.kind), row.originator, row.subject) for row in rows
        )

    def _perform(self, effect: Effect) -> None:
        match effect:
            case ShowRecalled(recall, records):
                self._show(recall, records)
            case AnswerRecall():
                self._answer(effect)
            case ShowWaiting(recall):
                self._journal("recall_waiting", recall)

    def _show(self, recall: Recall, records: tuple[Held, ...]) -> None:
        ids = frozenset(record.record_id for record in records)
        self._journal(
            "record_recalled",
            recall,
            origin=recall.node,
            about=recall.about,
            records=sorted(record_id.hex() for record_id in ids),
            scope=recall.scope.value,
            reason=recall.reason,
        )
        self._show_to_watch(ids, recall.reason)

    def _answer(self, effect: AnswerRecall) -> None:
        if effect.outcome is RecallOutcome.REFUSED:
            self._journal("recall_refused", effect.recall, reason=effect.reason)
            error = PeerViolation(
                f"{effect.recall.node} recalls what it may not: {effect.reason}",
                remedy="Ask its officers what they meant to recall",
            )
            self._services.refuse(error, source=effect.recall.node, payload=effect.record_id)
        try:
            self._answers.put_nowait(effect)
        except asyncio.QueueFull:
            self._services.health.refuse("answers to recalls put off until the next start")

    async def answer_all(self) -> None:
        """Run until cancelled: state each answer, with the nodes that we had passed it on to."""
        services = self._services
        while True:
            effect = await self._answers.get()
            recall = effect.recall
            try:
                readers = await services.beside(
                    readers_of_recalled, services.store, services.me.node, recall_to_fields(recall)
                )
            except Unavailable:
                await asyncio.sleep(RETRY_AFTER_S)
                self._answers.put_nowait(effect)
                continue
            most = MAXIMUM_PASSED_ON_TO if _is_applied(effect) else 0
            answer = RecallAnswer(
                recall_id=recall.recall_id,
                recall=effect.record_id,
                node=services.me.node,
                stated_at=services.clock.utc(),
                outcome=effect.outcome,
                reason=effect.reason,
                passed_on_to=tuple(sorted(readers))[:most],
            )
            self._publisher.publish(
                Statement(
                    kind=RecordKind.RECALL_ANSWER,
                    fields=answer_to_fields(answer),
                    created_at=answer.stated_at,
                    stored=lambda _record_id, _stored_at: None,
                )
            )

    def _journal(self, event: str, recall: Recall, **fields: object) -> None:
        self._services.journal.write(
            event,
            scenario_utc_ns=self._services.clock.utc(),
            recall=recall.recall_id,
            words=words_of(recall),
            **fields,
        )


def _number(recall: Recall) -> int:
    number = recall.recall_id.rpartition("/R")[2]
    return int(number) if number.isdecimal() else 0


def _is_applied(effect: AnswerRecall) -> bool:
    return effect.outcome is RecallOutcome.APPLIED


def _held(opened: OpenedRecord) -> Held:
    about = form_of(opened.kind).subject_of(opened.fields)
    return held(opened.record_id, opened.kind, opened.originator, about)
