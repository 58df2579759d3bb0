"""Which record a node holds under one version of another node's warning."""

from dataclasses import dataclass

from bongsu.vocabulary.units import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWarning:
    """The id is the same for every reader; two ids for one version are two stories."""

    warning_id: str
    version: int
    record_id: RecordId
