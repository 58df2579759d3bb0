"""What the live view and the plain lines consume: facts as nodes report them, past tense.

Each fact carries the scenario's UTC at which it happened and the nation whose node reports
it. Delays are unscaled milliseconds.
"""

from dataclasses import dataclass

from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, RecordId, SensorId, TrackId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSetting:
    """What stands before the first event: which flight, whose nodes, which links."""

    realm: Realm
    flight_id: str
    site: str
    launched_at: UtcNs  # the truth's, for the clock T+; no node knows it
    speed: float  # scenario seconds per second
    nations: tuple[NationId, ...]
    links: tuple[tuple[NationId, NationId], ...]  # direct ones
    relay: NationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStarted:
    at: UtcNs
    nation: NationId
    node: NodeId
    sensors: tuple[SensorId, ...]
    partners: tuple[NationId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStopped:
    at: UtcNs
    nation: NationId
    node: NodeId
    reason: str = "stopped cleanly"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPlotSeen:
    """The first plot of this sensor that belongs to the object."""

    at: UtcNs
    nation: NationId
    sensor_id: SensorId
    sensor_kind: SensorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWarningStated:
    """The nation's node has the record on its disk."""

    at: UtcNs
    nation: NationId
    warning: LaunchWarning
    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerWarningVerified:
    """A partner's record arrived, verified, and is on this nation's disk."""

    at: UtcNs
    nation: NationId
    origin: NationId
    warning: SeenWarning
    record_id: RecordId
    delay_ms: float
    relayed_by: NationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFault:
    """Silence, a gap or clock skew on the link to a partner."""

    at: UtcNs
    nation: NationId
    partner: NationId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRestored:
    """The link to a partner works: for the first time, or again."""

    at: UtcNs
    nation: NationId
    partner: NationId
    caught_up: int  # entries that had waited


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorSilent:
    at: UtcNs
    nation: NationId
    sensor_id: SensorId


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorHeardAgain:
    at: UtcNs
    nation: NationId
    sensor_id: SensorId


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRefused:
    """`count` is the node's total so far for this reason."""

    at: UtcNs
    nation: NationId
    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackStatusChanged:
    at: UtcNs
    nation: NationId
    track_id: TrackId
    status: TrackStatus


DemoEvent = (
    NodeStarted
    | NodeStopped
    | FirstPlotSeen
    | OwnWarningStated
    | PartnerWarningVerified
    | LinkFault
    | LinkRestored
    | SensorSilent
    | SensorHeardAgain
    | InputRefused
    | TrackStatusChanged
)
