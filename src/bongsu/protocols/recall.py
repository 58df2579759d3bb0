"""Recalls: what was withdrawn, by whom, and what a node answers. Sans-IO.

Rules:

- Only the originator recalls a record. A recall of somebody else's is refused, and says so.
- A recall that comes before its record waits, and applies when that comes. Who sends more that
  wait than his share is refused; the rest is not held up by it.
- *All versions* is for good: a version that comes later, by whatever way, is recalled too.
- The same recall again changes nothing. A second one of the same thing applies like the first,
  whose reason stays the one that is shown.
- Nothing is deleted: what is recalled stays, and is shown as recalled with the reason.
- Recalls and answers are not recalled themselves, nor is what crosses by the starting rule: that
  is superseded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.recall import Recall, RecallOutcome, RecallScope
from bongsu.vocabulary.units import NodeId, RecordId

MAXIMUM_OF_ONE_NODE = 10_000
MAXIMUM_WAITING_OF_ONE_NODE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A record that is on our disk."""

    record_id: RecordId
    originator: NodeId
    about: str | None
    recallable: bool = True  # by its kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallArrived:
    """A recall whose origin verified. `held`: what is here of the record or thing that it names."""

    recall: Recall
    record_id: RecordId  # of the recall itself
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class RecordArrived:
    """A record that came for the first time."""

    record: Held


Event = RecallArrived | RecordArrived


@dataclass(frozen=True, slots=True)
class ShowRecalled:
    """From now on these records are shown as recalled; `news` is false for what just came."""

    recall: Recall
    records: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class AnswerRecall:
    """Say what we did with it, to whoever sent it."""

    recall: Recall
    record_id: RecordId
    outcome: RecallOutcome
    reason: str | None


@dataclass(frozen=True, slots=True)
class ShowWaiting:
    """It waits for a record that is not here."""

    recall: Recall


Effect = ShowRecalled | AnswerRecall | ShowWaiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalls:
    """Every recall that holds, by what it recalls; and those that wait for their record."""

    known: frozenset[RecordId] = frozenset()
    of_records: Mapping[RecordId, Recall] = field(default_factory=dict)
    of_things: Mapping[str, Recall] = field(default_factory=dict)
    waiting: Mapping[RecordId, Recall] = field(default_factory=dict)  # by the recall's record
    counts: Mapping[NodeId, int] = field(default_factory=dict)

    def of(self, record: Held) -> Recall | None:
        """The recall that withdraws this record, None while it stands."""
        found = self.of_records.get(record.record_id)
        if found is None and record.about is not None:
            found = self.of_things.get(record.about)
        return found if found is not None and found.node == record.originator else None


def step(state: Recalls, event: Event) -> tuple[Recalls, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case RecallArrived(recall=recall, record_id=record_id, held=held):
            return _take_recall(state, recall, record_id, held)
        case RecordArrived(record):
            return _take_record(state, record)
    raise LocalMisuse(f"{event!r} is no event of recalls", remedy="Send one of its event types")


def _take_recall(
    state: Recalls, recall: Recall, record_id: RecordId, held: tuple[Held, ...]
) -> tuple[Recalls, tuple[Effect, ...]]:
    if record_id in state.known:
        return state, ()
    refused = _why_refused(state, recall, held)
    if refused is not None:
        return state, (AnswerRecall(recall, record_id, RecallOutcome.REFUSED, refused),)
    count = state.counts.get(recall.node, 0) + 1
    state = replace(
        state, known=state.known | {record_id}, counts={**state.counts, recall.node: count}
    )
    spoken_of = _spoken_of(recall, held)
    if not spoken_of:
        return replace(state, waiting={**state.waiting, record_id: recall}), (ShowWaiting(recall),)
    return _apply(state, recall, record_id, spoken_of)


def _why_refused(state: Recalls, recall: Recall, held: Iterable[Held]) -> str | None:
    node = recall.node
    if recall.about is not None and not recall.about.startswith(f"{node}/"):
        return f"{recall.about} is not {node}'s to recall"
    named = [record for record in held if record.record_id == recall.record_id]
    if any(record.originator != node for record in named):
        return f"the record is {named[0].originator}'s, not {node}'s to recall"
    if any(not record.recallable for record in named):
        return "records of that kind are not recalled"
    if state.counts.get(node, 0) >= MAXIMUM_OF_ONE_NODE:
        return f"more than {MAXIMUM_OF_ONE_NODE:,} recalls of {node} are held"
    waiting = sum(other.node == node for other in state.waiting.values())
    if not _spoken_of(recall, held) and waiting >= MAXIMUM_WAITING_OF_ONE_NODE:
        return f"{waiting} recalls of {node} wait for their records"
    return None


def _spoken_of(recall: Recall, held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple(record for record in held if _speaks_of(recall, record))


def _speaks_of(recall: Recall, record: Held) -> bool:
    if record.originator != recall.node or not record.recallable:
        return False
    if recall.scope is RecallScope.ALL_VERSIONS:
        return record.about is not None and record.about == recall.about
    return record.record_id == recall.record_id


def _apply(
    state: Recalls, recall: Recall, record_id: RecordId, records: tuple[Held, ...]
) -> tuple[Recalls, tuple[Effect, ...]]:
    if recall.scope is RecallScope.ALL_VERSIONS and recall.about is not None:
        first = state.of_things.get(recall.about, recall)
        state = replace(state, of_things={**state.of_things, recall.about: first})
    elif recall.record_id is not None:
        first = state.of_records.get(recall.record_id, recall)
        state = replace(state, of_records={**state.of_records, recall.record_id: first})
    return state, (
        ShowRecalled(recall, records),
        AnswerRecall(recall, record_id, RecallOutcome.APPLIED, None),
    )


def _take_record(state: Recalls, record: Held) -> tuple[Recalls, tuple[Effect, ...]]:
    """What waited for it applies, or is refused now that it is known whose it is."""
    effects: tuple[Effect, ...] = ()
    for record_id, recall in tuple(state.waiting.items()):
        if _speaks_of(recall, record):
            state = _no_longer_waiting(state, record_id)
            state, more = _apply(state, recall, record_id, (record,))
            effects = (*effects, *more)
        elif recall.record_id == record.record_id:
            state = _no_longer_waiting(state, record_id)
            why = f"the record is {record.originator}'s, not {recall.node}'s to recall"
            effects = (*effects, AnswerRecall(recall, record_id, RecallOutcome.REFUSED, why))
    return state, effects


def _no_longer_waiting(state: Recalls, record_id: RecordId) -> Recalls:
    still = {other: recall for other, recall in state.waiting.items() if other != record_id}
    return replace(state, waiting=still)
