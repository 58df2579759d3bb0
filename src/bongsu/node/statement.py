"""What a node says, before it is a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import MonotonicNs, NationId, RecordId, UtcNs

Stored = Callable[[RecordId, MonotonicNs], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What this node says; `stored` is called with the record's id once it is on disk."""

    kind: RecordKind
    fields: Mapping[str, object]
    created_at: UtcNs
    stored: Stored
    readers: frozenset[NationId] | None = None  # fewer than may have it; None: all who may
