"""What the sender's end of a feed is told, and what it tells the node to do."""

from msgspec import Struct

from bongsu.vocabulary.units import MonotonicNs


class EntriesAppended(Struct, frozen=True):
    """Entries up to this sequence are on our disk."""

    through: int
    urgent: bool


class ReaderKeyVerified(Struct, frozen=True):
    """The reader's short-lived key came, signed by its node key."""

    key_id: bytes
    expires_at: MonotonicNs


class ReaderKeyEnded(Struct, frozen=True):
    """Nothing is sealed to the reader's key any more: the node key that signed it has ended."""


class ReceiptVerified(Struct, frozen=True):
    """The reader countersigned its head; `agrees` says whether our chain has that hash there."""

    sequence: int
    agrees: bool


class HeadShown(Struct, frozen=True, kw_only=True):
    """The reader shows a head that we signed; `agrees` says whether our chain has it there."""

    epoch: int
    sequence: int
    agrees: bool


class EpochFilled(Struct, frozen=True):
    """What the reader lacked of the epoch before is on our disk in the new one, so many entries."""

    appended: int


class CatchUpAsked(Struct, frozen=True):
    """The reader lacks everything after this sequence."""

    after: int


class TimePassed(Struct, frozen=True):
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


class SendEntries(Struct, frozen=True):
    """Seal and send these entries, first and last included, in one frame."""

    first: int
    last: int


class SendHead(Struct, frozen=True):
    """Sign the head afresh and send it: the heartbeat."""


class ReportFork(Struct, frozen=True):
    """The reader countersigned another history than ours, and shows nothing that we had signed.

    Tell people, keep the evidence.
    """

    sequence: int


class OpenEpoch(Struct, frozen=True):
    """We signed what our log does not hold: we were restored, or our key is in other hands.

    Tell people. Release again in this epoch what the reader did not countersign (everything after
    `after`), and say `EpochFilled` when that is on disk.
    """

    epoch: int
    after: int


class TellEpochsSpent(Struct, frozen=True):
    """There is no number left for a further epoch: this node needs a new name."""


Effect = SendEntries | SendHead | ReportFork | OpenEpoch | TellEpochsSpent
