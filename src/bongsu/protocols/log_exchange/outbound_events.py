"""What the sender's end of a feed is told, and what it tells the node to do."""

from dataclasses import dataclass

from bongsu.vocabulary.units import MonotonicNs


@dataclass(frozen=True, slots=True)
class EntriesAppended:
    """Entries up to this sequence are on our disk."""

    through: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class ReaderKeyVerified:
    """The reader's short-lived key came, signed by its node key."""

    key_id: bytes
    expires_at: MonotonicNs


@dataclass(frozen=True, slots=True)
class ReaderKeyEnded:
    """Nothing is sealed to the reader's key any more: the node key that signed it has ended."""


@dataclass(frozen=True, slots=True)
class ReceiptVerified:
    """The reader countersigned its head; `agrees` says whether our chain has that hash there."""

    sequence: int
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadShown:
    """The reader shows a head that we signed; `agrees` says whether our chain has it there."""

    epoch: int
    sequence: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class EpochFilled:
    """What the reader lacked of the epoch before is on our disk in the new one, so many entries."""

    appended: int


@dataclass(frozen=True, slots=True)
class CatchUpAsked:
    """The reader lacks everything after this sequence."""

    after: int


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = (
    EntriesAppended
    | ReaderKeyVerified
    | ReaderKeyEnded
    | ReceiptVerified
    | HeadShown
    | EpochFilled
    | CatchUpAsked
    | TimePassed
)


@dataclass(frozen=True, slots=True)
class SendEntries:
    """Seal and send these entries, first and last included, in one frame."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SendHead:
    """Sign the head afresh and send it: the heartbeat."""


@dataclass(frozen=True, slots=True)
class ReportFork:
    """The reader countersigned another history than ours, and shows nothing that we had signed.

    Tell people, keep the evidence.
    """

    sequence: int


@dataclass(frozen=True, slots=True)
class OpenEpoch:
    """We signed what our log does not hold: we were restored, or our key is in other hands.

    Tell people. Release again in this epoch what the reader did not countersign (everything after
    `after`), and say `EpochFilled` when that is on disk.
    """

    epoch: int
    after: int


@dataclass(frozen=True, slots=True)
class TellEpochsSpent:
    """There is no number left for a further epoch: this node needs a new name."""


Effect = SendEntries | SendHead | ReportFork | OpenEpoch | TellEpochsSpent
