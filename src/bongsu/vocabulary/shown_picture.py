"""What one centre's displays make of what it was given of one originator's warnings."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.units import NodeId, UtcNs


class Aspect(Enum):
    """What two displays can differ in."""

    COUNT = "count"
    CLASS = "class"
    TIME = "time"
    INPUT = "not fed the same"  # neither need be wrong: one of the two lacks something


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownThreat:
    """An open warning as it is shown: its most likely class, its time of launch.

    `unsaid` names what is not compared: withheld from one of the two centres, and None here.
    What is None and not named there is shown as "not stated".
    """

    warning_id: str
    version: int
    object_class: ObjectClass | None
    launched_at: UtcNs | None
    unsaid: frozenset[Aspect] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """`fed` are the open warnings that it was made from, `threats` what is shown of them.

    Both are bounded, in the order of the warnings' ids; `fed_count` and `shown_count` are not.
    """

    originator: NodeId
    fed: tuple[HeldWarning, ...] = ()
    fed_count: int = 0
    threats: tuple[ShownThreat, ...] = ()
    shown_count: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is open and nothing shown."""
        return not self.fed_count and not self.shown_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """In what two displays differ, of which warning (None: of all), as each of them has it."""

    aspect: Aspect
    warning_id: str | None
    ours: str
    theirs: str
