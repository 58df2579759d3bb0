"""Sites of one nation: one of them speaks, the others stand by."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.units import NationId, NodeId, UtcNs


class SiteState(Enum):
    ACTIVE = "active"
    STANDBY = "standby"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStatus:
    """What one node said of itself: whether it speaks for its nation, and in whose place."""

    nation: NationId
    node: NodeId
    state: SiteState
    since: UtcNs
    in_place_of: NodeId | None
    reason: str
