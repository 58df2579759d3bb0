"""Kinds of record that withdraw others: a recall, and each node's answer to it.

Both go by the path of what they speak of, whatever guideline holds: a recall to exactly those
to whom its sender sent what it recalls, an answer to those who sent the recall.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records import names
from bongsu.records.kind_forms import KindForm, RecordKind, one
from bongsu.vocabulary.recall import RecallOutcome, RecallScope

MAXIMUM_PASSED_ON_TO = 64
MAXIMUM_REASON = 1_024

_RECALL_ID = one(Annotated[str, Meta(min_length=1, max_length=96)])
_REASON = Annotated[str, Meta(min_length=1, max_length=MAXIMUM_REASON)]

RECALL = KindForm(
    RecordKind.RECALL,
    {
        "recall_id": _RECALL_ID,
        "node": one(names.Node),
        "nation": one(names.Nation),
        "stated_at": one(names.Instant),
        "scope": one(RecallScope),
        "record_id": one(names.RecordName | None),
        "about": one(Annotated[str, Meta(min_length=1, max_length=96)] | None),
        "reason": one(_REASON),
    },
    authority=True,
    subject="recall_id",
    by_path=True,
)

RECALL_ANSWER = KindForm(
    RecordKind.RECALL_ANSWER,
    {
        "recall_id": _RECALL_ID,
        "recall": one(names.RecordName),
        "node": one(names.Node),
        "nation": one(names.Nation),
        "stated_at": one(names.Instant),
        "outcome": one(RecallOutcome),
        "reason": one(_REASON | None),
        "passed_on_to": one(
            Annotated[tuple[names.Node, ...], Meta(max_length=MAXIMUM_PASSED_ON_TO)]
        ),
    },
    authority=True,
    subject="recall_id",
    by_path=True,
)
