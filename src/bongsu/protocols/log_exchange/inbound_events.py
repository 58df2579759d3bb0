"""What the reader's end of a feed is told, and what it tells the node to do."""

from dataclasses import dataclass
from enum import Enum

from bongsu.records.feed import Entry
from bongsu.records.frame import OpenedFrame
from bongsu.vocabulary.units import UtcNs


class Fault(Enum):
    """What people are told about a link, in words."""

    SILENCE = "nothing heard"
    BEHIND = "records are missing and were asked for"
    SKEW = "its clock and ours disagree"
    TRUNCATED = "it states less than it did: restored from a backup, or cut short"
    FORK = "it states two histories: both kept as evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    sequence: int
    entry_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadVerified:
    """A heartbeat with a good signature of the sender."""

    epoch: int
    head: Position
    beat: UtcNs
    stated_at: UtcNs
    received_at: UtcNs  # our system time


@dataclass(frozen=True, slots=True)
class FrameVerified:
    """A frame that was ours to open; its head is signed by the sender."""

    opened: OpenedFrame


@dataclass(frozen=True, slots=True)
class EntriesStored:
    """Everything through this sequence is on our disk."""

    through: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class HistoryCompared:
    """Answer to CompareHistory."""

    at: Position
    agrees: bool


@dataclass(frozen=True, slots=True)
class StoringFailed:
    """The disk refused: nothing beyond `stored` counts as accepted any more."""

    stored: Position


@dataclass(frozen=True, slots=True)
class LinkCameBack:
    """The sender was silent and is heard again, by another of its feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochOpened:
    """The sender signed a head of a later epoch: what we hold of that one, mostly nothing."""

    epoch: int
    start: Position


@dataclass(frozen=True, slots=True)
class KeyEnded:
    """A key of the sender's node has ended: nothing that it stated beyond our disk counts."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = (
    HeadVerified
    | FrameVerified
    | EntriesStored
    | HistoryCompared
    | StoringFailed
    | LinkCameBack
    | EpochOpened
    | KeyEnded
    | TimePassed
)


@dataclass(frozen=True, slots=True)
class StoreEntries:
    entries: tuple[Entry, ...]
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """Countersign our stored position and send it."""

    through: int


@dataclass(frozen=True, slots=True)
class AskAfter:
    """Ask the sender to start again after this sequence."""

    sequence: int


@dataclass(frozen=True, slots=True)
class CompareHistory:
    """Does our chain on disk have this hash there? Answer with HistoryCompared."""

    at: Position


@dataclass(frozen=True, slots=True)
class ShowHead:
    """Show the sender the newest head of its own that we hold: it knows less than it signed.

    `shared` is the last place that both sides are known to have, None where none is: countersign
    that first.
    """

    shared: Position | None


@dataclass(frozen=True, slots=True)
class RaiseFault:
    fault: Fault


@dataclass(frozen=True, slots=True)
class ClearFault:
    fault: Fault
    caught_up: int  # entries that came since the fault was raised


@dataclass(frozen=True, slots=True)
class ReopenSession:
    """The engine may be stuck although the link looks up: start it over."""


Effect = (
    StoreEntries
    | SendReceipt
    | AskAfter
    | CompareHistory
    | ShowHead
    | RaiseFault
    | ClearFault
    | ReopenSession
)
