"""Recalls and their answers as records, and back."""

from collections.abc import Mapping
from typing import Any

from bongsu.records.kinds import RecordKind
from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.recall import Recall, RecallAnswer, RecallScope


def recall_to_fields(recall: Recall) -> dict[str, object]:
    """The fields of a recall's record."""
    return {
        "recall_id": recall.recall_id,
        "node": recall.node,
        "nation": nation_of(recall.node),
        "stated_at": recall.stated_at,
        "scope": recall.scope,
        "record_id": recall.record_id,
        "about": recall.about,
        "reason": recall.reason,
    }


def answer_to_fields(answer: RecallAnswer) -> dict[str, object]:
    """The fields of an answer's record."""
    return {
        "recall_id": answer.recall_id,
        "recall": answer.recall,
        "node": answer.node,
        "nation": nation_of(answer.node),
        "stated_at": answer.stated_at,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "passed_on_to": answer.passed_on_to,
    }


def recall_of(opened: OpenedRecord) -> Recall:
    """The recall; raises PeerViolation where it is none, is not whole, or is in another's name."""
    fields = _whole(opened, RecordKind.RECALL)
    recall = Recall(
        recall_id=fields["recall_id"],
        node=fields["node"],
        stated_at=fields["stated_at"],
        scope=fields["scope"],
        record_id=fields["record_id"],
        about=fields["about"],
        reason=fields["reason"],
    )
    whole = recall.scope is RecallScope.ALL_VERSIONS
    if (recall.about is None) if whole else (recall.record_id is None):
        raise _refusal(opened, f"recalls {recall.scope.value} and does not say of what")
    if not recall.recall_id.startswith(f"{opened.originator}/"):
        raise _refusal(opened, f"calls itself {recall.recall_id}, a name of another node")
    return recall


def answer_of(opened: OpenedRecord) -> RecallAnswer:
    """The answer; raises PeerViolation where it is none, is not whole, or is in another's name."""
    fields = _whole(opened, RecordKind.RECALL_ANSWER)
    return RecallAnswer(
        recall_id=fields["recall_id"],
        recall=fields["recall"],
        node=fields["node"],
        stated_at=fields["stated_at"],
        outcome=fields["outcome"],
        reason=fields["reason"],
        passed_on_to=fields["passed_on_to"],
    )


def _whole(opened: OpenedRecord, kind: RecordKind) -> Mapping[str, Any]:
    if opened.kind is not kind:
        raise _refusal(opened, f"was taken for a {kind.value}")
    if opened.withheld:
        raise _refusal(opened, f"withholds {', '.join(opened.withheld)}")
    node = opened.originator
    if (opened.fields["node"], opened.fields["nation"]) != (node, nation_of(node)):
        raise _refusal(opened, f"speaks in the name of {opened.fields['node']}")
    return opened.fields


def _refusal(opened: OpenedRecord, why: str) -> PeerViolation:
    return PeerViolation(
        f"a {opened.kind.value} of {opened.originator} {why}", remedy="Keep it as evidence"
    )
