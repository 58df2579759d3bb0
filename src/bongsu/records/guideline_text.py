"""The form of a guideline's text: every key known, stated and bounded; none has a default."""

from typing import Annotated, Any

from msgspec import Meta, Struct, field

from bongsu.records.guideline_limits import (
    MAXIMUM_DELAY_S,
    MAXIMUM_LATENCY_MS,
    MAXIMUM_PARTIES,
    MAXIMUM_RULES,
    MAXIMUM_WINDOW_S,
)
from bongsu.records.kinds import RecordKind
from bongsu.records.names import Nation
from bongsu.vocabulary.realm import Realm

Delay = Annotated[int, Meta(ge=0, le=MAXIMUM_DELAY_S)]
_Nations = Annotated[list[Nation], Meta(min_length=1, max_length=MAXIMUM_PARTIES)]
_Fields = Annotated[list[str], Meta(max_length=128)]


class RuleText(Struct, forbid_unknown_fields=True):
    """Who shows whose records of one kind to whom."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    kind: RecordKind
    originators: _Nations
    readers: _Nations
    withhold: _Fields
    delay_s: Delay
    onward: bool


class ContractText(Struct, forbid_unknown_fields=True):
    """What one nation's link to another is to keep."""

    sender: Nation = field(name="from")
    reader: Nation = field(name="to")
    latency_ms: Annotated[int, Meta(ge=1, le=MAXIMUM_LATENCY_MS)]
    completeness: Annotated[float, Meta(gt=0.0, le=1.0)]
    window_s: Annotated[int, Meta(ge=1, le=MAXIMUM_WINDOW_S)]


class GuidelineText(Struct, forbid_unknown_fields=True):
    """The whole text; a guideline without contracts agrees on none."""

    id: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{0,63}\Z")]
    version: Annotated[int, Meta(ge=1, le=2**31)]
    realm: Realm
    parties: Annotated[list[Nation], Meta(min_length=2, max_length=MAXIMUM_PARTIES)]
    valid_from: Any
    fields: dict[RecordKind, _Fields]
    rules: Annotated[list[RuleText], Meta(max_length=MAXIMUM_RULES)]
    contracts: Annotated[list[ContractText], Meta(max_length=MAXIMUM_PARTIES**2)] = []
