"""What the reader's end of a feed is told, and what it tells the node to do."""

from enum import Enum

from msgspec import Struct

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


class Position(Struct, frozen=True, kw_only=True):
    sequence: int
    entry_hash: bytes


class HeadVerified(Struct, frozen=True, kw_only=True):
    """A heartbeat with a good signature of the sender."""

    epoch: int
    head: Position
    beat: UtcNs
    stated_at: UtcNs
    received_at: UtcNs  # our system time


class FrameVerified(Struct, frozen=True):
    """A frame that was ours to open; its head is signed by the sender."""

    opened: OpenedFrame


class EntriesStored(Struct, frozen=True):
    """Everything through this sequence is on our disk."""

    through: int
    urgent: bool


class HistoryCompared(Struct, frozen=True):
    """Answer to CompareHistory."""

    at: Position
    agrees: bool


class StoringFailed(Struct, frozen=True):
    """The disk refused: nothing beyond `stored` counts as accepted any more."""

    stored: Position


class LinkCameBack(Struct, frozen=True):
    """The sender was silent and is heard again, by another of its feeds."""


class EpochOpened(Struct, frozen=True, kw_only=True):
    """The sender signed a head of a later epoch: what we hold of that one, mostly nothing."""

    epoch: int
    start: Position


class KeyEnded(Struct, frozen=True):
    """A key of the sender's node has ended: nothing that it stated beyond our disk counts."""


class TimePassed(Struct, frozen=True):
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


class StoreEntries(Struct, frozen=True):
    entries: tuple[Entry, ...]
    hashes: tuple[bytes, ...]


class SendReceipt(Struct, frozen=True):
    """Countersign our stored position and send it."""

    through: int


class AskAfter(Struct, frozen=True):
    """Ask the sender to start again after this sequence."""

    sequence: int


class CompareHistory(Struct, frozen=True):
    """Does our chain on disk have this hash there? Answer with HistoryCompared."""

    at: Position


class ShowHead(Struct, frozen=True):
    """Show the sender the newest head of its own that we hold: it knows less than it signed.

    `shared` is the last place that both sides are known to have, None where none is: countersign
    that first.
    """

    shared: Position | None


class RaiseFault(Struct, frozen=True):
    fault: Fault


class ClearFault(Struct, frozen=True):
    fault: Fault
    caught_up: int  # entries that came since the fault was raised


class ReopenSession(Struct, frozen=True):
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
