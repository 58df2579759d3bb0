"""What a watch officer has to have seen, and the words in which it is recorded that they did.

*Acknowledged* is seen: neither true (confirmed) nor agreed (concurred).
"""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.estimates import GeoPoint, ObjectClass
from bongsu.vocabulary.units import UtcNs


class Severity(Enum):
    """How it sounds and where it stands; the first is the worst."""

    CRITICAL = "critical"  # something is flying, or somebody lies
    SERIOUS = "serious"  # what is shown may be wrong or late
    ADVISORY = "advisory"  # less is seen than usual


class AlarmKind(Enum):
    """What an alarm is about."""

    WARNING = "launch warning"
    RECALL = "recall"
    DISPLAYS = "displays disagree"
    CLOCK = "clock suspected"
    LINK = "link"
    SENSOR = "sensor"


class WatchAction(Enum):
    """What a person on watch did."""

    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    SHIFT_BEGUN = "shift begun"
    SHIFT_ENDED = "shift ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What of a warning makes it another matter for somebody who acknowledged it; None: not said.

    `within_m`: the larger half-axis of the 95 % ellipse of the predicted impact.
    """

    version: int | None = None
    object_class: ObjectClass | None = None
    impact: GeoPoint | None = None
    within_m: float | None = None
    impact_at: UtcNs | None = None


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEntry:
    """One line of the watch's log. `alarm`, `alarm_kind`, `severity`: None where it is of none.

    `facts`: what the alarm said when it was acknowledged. `for_s`: how long it was silenced for.
    """

    action: WatchAction
    who: str
    at: UtcNs
    alarm: str | None = None
    alarm_kind: AlarmKind | None = None
    severity: Severity | None = None
    facts: Facts = NO_FACTS
    for_s: float | None = None
    note: str = ""
