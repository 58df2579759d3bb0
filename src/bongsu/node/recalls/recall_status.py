"""Who had what was recalled, and what each of them did with the recall."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bongsu.node.ports import Store
from bongsu.node.recalls.paths import readers_of_recalled
from bongsu.records.recalls_as_records import recall_to_fields
from bongsu.vocabulary.recall import Recall, RecallAnswer, RecallOutcome
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

UNREACHED = "unreached"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    """`state` is applied, refused or unreached; `at` is since when.

    `by_way_of`: the node that had passed it on, None where it was sent from here. `received`:
    the recall is on its disk, by its own receipt; only known of those whom we sent it.
    """

    node: NodeId
    by_way_of: NodeId | None
    state: str
    at: UtcNs
    reason: str | None
    received: bool | None


def status_of(
    recall: Recall,
    *,
    received: Mapping[NodeId, bool],
    answers: Iterable[RecallAnswer],
) -> list[NodeStatus]:
    """One line a node: those whom we sent it, and those to whom these say they passed it on.

    `received` has everyone whom we ever sent it. Of several answers of one node the newest counts.
    """
    newest = {answer.node: answer for answer in sorted(answers, key=lambda one: one.stated_at)}
    by_way_of: dict[NodeId, NodeId | None] = dict.fromkeys(received)
    for answer in newest.values():
        for node in answer.passed_on_to:
            by_way_of.setdefault(node, answer.node)
    for node in newest:
        by_way_of.setdefault(node, None)
    return [
        _node_status(node, way, recall, newest.get(node), received.get(node))
        for node, way in sorted(by_way_of.items())
    ]


def _node_status(
    node: NodeId,
    by_way_of: NodeId | None,
    recall: Recall,
    answer: RecallAnswer | None,
    received: bool | None,
) -> NodeStatus:
    return NodeStatus(
        node=node,
        by_way_of=by_way_of,
        state=UNREACHED if answer is None else answer.outcome.value,
        at=recall.stated_at if answer is None else answer.stated_at,
        reason=None if answer is None else answer.reason,
        received=received,
    )


def receipts_of(
    store: Store, me: NodeId, recall: Recall, record_id: RecordId
) -> dict[NodeId, bool]:
    """Everyone whom we ever sent what is recalled, and whether the recall is on his disk."""
    had = readers_of_recalled(store, me, recall_to_fields(recall))
    return {**dict.fromkeys(had, False), **dict(_received(store, me, recall, record_id))}


def _received(
    store: Store, me: NodeId, recall: Recall, record_id: RecordId
) -> Iterator[tuple[NodeId, bool]]:
    for row in store.entries_about(recall.recall_id, sender=me):
        if row.record_id == record_id:
            yield row.feed.reader, store.acknowledged(row.feed) >= row.sequence


def is_settled(nodes: Iterable[NodeStatus]) -> bool:
    """Whether every node that had it has applied it."""
    return all(node.state == RecallOutcome.APPLIED.value for node in nodes)
