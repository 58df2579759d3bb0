"""What the warning desk is told, and what it tells the node to do."""

from msgspec import Struct

from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import RecordId, TrackId


class PictureArrived(Struct, frozen=True):
    picture: TrackPicture


class PartnerWarningArrived(Struct, frozen=True):
    """A version that came, or came again with more open; `recalled` says why it was withdrawn."""

    record_id: RecordId
    warning: SeenWarning
    recalled: str | None = None


class PartnerWarningsRecalled(Struct, frozen=True):
    """Their originator withdrew these versions: they stay, and stand behind nothing any more."""

    records: frozenset[RecordId]
    reason: str


class OwnWarningRecalled(Struct, frozen=True):
    """A person withdrew one of our warnings, all versions: it ends."""

    warning_id: str
    reason: EndReason  # withdrawn, or false


class OwnVersionRecalled(Struct, frozen=True):
    """A person withdrew one version of a warning of ours that goes on."""

    warning_id: str
    version: int


class OwnWarningRestored(Struct, frozen=True):
    """Read back from our own log after a restart, oldest first."""

    warning: LaunchWarning


class PlaceLost(Struct, frozen=True):
    """Our log was restored from a backup: partners hold warnings of ours that it does not have.

    `epoch` is that of our feeds from now on.
    """

    epoch: int


class DisplaysDisputed(Struct, frozen=True):
    """Warnings, ours or partners', that another centre's displays show differently than ours.

    An originator's name stands for all of its. What is not named is in dispute no more.
    """

    about: frozenset[str]


class TimePassed(Struct, frozen=True):
    pass


Event = (
    PictureArrived
    | PartnerWarningArrived
    | PartnerWarningsRecalled
    | OwnWarningRestored
    | OwnWarningRecalled
    | OwnVersionRecalled
    | PlaceLost
    | DisplaysDisputed
    | TimePassed
)


class StateWarning(Struct, frozen=True):
    """Make it a record, store it, release it."""

    warning: LaunchWarning


class RefuseTrack(Struct, frozen=True):
    """More objects than the desk is bounded to; the node counts and shows it."""

    track_id: TrackId


Effect = StateWarning | RefuseTrack
