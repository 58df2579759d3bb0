"""Recalls: a node withdraws what it stated; who had it answers. Nothing is deleted."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.units import NodeId, RecordId, UtcNs


class RecallScope(Enum):
    """How much of a thing is withdrawn."""

    THIS_VERSION = "this version"
    ALL_VERSIONS = "all versions"


class RecallOutcome(Enum):
    """What a node did with a recall; who has not answered is *unreached*."""

    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """`recall_id` is "NODE/R0001". One version is named by its record, all by what they are about.

    `record_id` is set for one version; `about` (a warning's id) for all of them, and for one
    version where it is known.
    """

    recall_id: str
    node: NodeId
    stated_at: UtcNs
    scope: RecallScope
    record_id: RecordId | None
    about: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAnswer:
    """What one node says of one recall.

    `recall` is the record of the recall, `passed_on_to` the nodes to which the answering node
    had passed on what is recalled, and now the recall.
    """

    recall_id: str
    recall: RecordId
    node: NodeId
    stated_at: UtcNs
    outcome: RecallOutcome
    reason: str | None
    passed_on_to: tuple[NodeId, ...]
