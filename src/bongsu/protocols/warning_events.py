"""What the warning desk is told, and what it tells the node to do."""

from dataclasses import dataclass

from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import RecordId, TrackId


@dataclass(frozen=True, slots=True)
class PictureArrived:
    picture: TrackPicture


@dataclass(frozen=True, slots=True)
class PartnerWarningArrived:
    record_id: RecordId
    warning: SeenWarning


@dataclass(frozen=True, slots=True)
class OwnWarningRestored:
    """Read back from our own log after a restart, oldest first."""

    warning: LaunchWarning


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = PictureArrived | PartnerWarningArrived | OwnWarningRestored | TimePassed


@dataclass(frozen=True, slots=True)
class StateWarning:
    """Make it a record, store it, release it."""

    warning: LaunchWarning


@dataclass(frozen=True, slots=True)
class RefuseTrack:
    """More objects than the desk is bounded to; the node counts and shows it."""

    track_id: TrackId


Effect = StateWarning | RefuseTrack
