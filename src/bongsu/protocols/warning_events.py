"""What the warning desk is told, and what it tells the node to do."""

from dataclasses import dataclass

from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import RecordId, TrackId


@dataclass(frozen=True, slots=True)
class PictureArrived:
    picture: TrackPicture


@dataclass(frozen=True, slots=True)
class PartnerWarningArrived:
    """A version that came, or came again with more open; `recalled` says why it was withdrawn."""

    record_id: RecordId
    warning: SeenWarning
    recalled: str | None = None


@dataclass(frozen=True, slots=True)
class PartnerWarningsRecalled:
    """Their originator withdrew these versions: they stay, and stand behind nothing any more."""

    records: frozenset[RecordId]
    reason: str


@dataclass(frozen=True, slots=True)
class OwnWarningRecalled:
    """A person withdrew one of our warnings, all versions: it ends."""

    warning_id: str
    reason: EndReason  # withdrawn, or false


@dataclass(frozen=True, slots=True)
class OwnVersionRecalled:
    """A person withdrew one version of a warning of ours that goes on."""

    warning_id: str
    version: int


@dataclass(frozen=True, slots=True)
class OwnWarningRestored:
    """Read back from our own log after a restart, oldest first."""

    warning: LaunchWarning


@dataclass(frozen=True, slots=True)
class PlaceLost:
    """Our log was restored from a backup: partners hold warnings of ours that it does not have.

    `epoch` is that of our feeds from now on.
    """

    epoch: int


@dataclass(frozen=True, slots=True)
class DisplaysDisputed:
    """Warnings, ours or partners', that another centre's displays show differently than ours.

    An originator's name stands for all of its. What is not named is in dispute no more.
    """

    about: frozenset[str]


@dataclass(frozen=True, slots=True)
class TimePassed:
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


@dataclass(frozen=True, slots=True)
class StateWarning:
    """Make it a record, store it, release it."""

    warning: LaunchWarning


@dataclass(frozen=True, slots=True)
class RefuseTrack:
    """More objects than the desk is bounded to; the node counts and shows it."""

    track_id: TrackId


Effect = StateWarning | RefuseTrack
