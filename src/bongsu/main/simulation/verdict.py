"""What must hold, how often it was looked at, and the first thing that did not."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

from bongsu.adapters.simulated.clock import SimulatedTime
from bongsu.vocabulary.units import NS_PER_S


class Invariant(Enum):
    """What must never happen, in words for people."""

    NO_LOSS = "nothing is lost"
    NO_DUPLICATE = "nothing is shown twice"
    ORDER = "order is kept"
    NO_LEAK = "nothing is shown that may not be"
    NOT_EARLY = "nothing is shown before its time"
    ON_DISK = "acknowledged means on disk"
    STORED_BEFORE_SENT = "nothing leaves before it is on disk"
    REALMS_APART = "live and exercise stay apart"
    HEADS_GO_ON = "heads never run back"
    REFUSALS_COUNTED = "every refusal is counted"
    COMES_TO_REST = "a mended federation comes to rest"
    KEEPS_RUNNING = "no fault ends a node"

    __hash__ = object.__hash__  # as members are compared; `Enum` hashes their names, in Python


@dataclass(frozen=True, slots=True)
class Violation:
    """The first thing that went wrong in a run."""

    invariant: Invariant
    what: str
    at_s: float


@dataclass(slots=True)
class Verdict:
    """One for each run; the first violation ends it."""

    time: SimulatedTime
    checked: Counter[Invariant] = field(default_factory=Counter)
    violation: Violation | None = None

    def require(self, holds: bool, invariant: Invariant, what: str, *parts: object) -> None:
        """Count one look; keep the first that does not hold. `parts` fill the {} of `what`."""
        self.checked[invariant] += 1
        if not holds and self.violation is None:
            at_s = self.time.elapsed_ns / NS_PER_S
            self.violation = Violation(invariant, what.format(*parts), at_s)
