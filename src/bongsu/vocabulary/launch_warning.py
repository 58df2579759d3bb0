"""Launch warnings: issued, amended, ended; nothing is deleted."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.estimates import (
    ClassProbability,
    Fan,
    Flight,
    ImpactEstimate,
    LaunchEstimate,
)
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, RecordId, SensorId, TrackId, UtcNs


class WarningAction(Enum):
    ISSUED = "issued"
    AMENDED = "amended"
    ENDED = "ended"


class EndReason(Enum):
    OBSERVED = "observed"  # a sensor saw it come down
    EXPIRED = "expired"  # predicted time passed, nobody saw it
    WITHDRAWN = "withdrawn"  # no longer needed
    FALSE = "false"  # never was


class Confirmation(Enum):
    """One source may warn; it never confirms."""

    SINGLE_SOURCE = "single-source, unconfirmed"
    CORROBORATED = "corroborated"  # a second nation's own sensor of the same kind
    CONFIRMED = "confirmed"  # an independent kind of sensor


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchWarning:
    """What one nation's node says of one object at one time.

    `warning_id` is "NODE/W0001" and stays the same over all amendments; `version` starts
    at 1. `data_at` is the time of the newest plot behind it: the age of the data is
    counted from there. Times of impact are instants; screens compute the time left.
    """

    warning_id: str
    version: int
    action: WarningAction
    node: NodeId
    nation: NationId
    track_id: TrackId
    stated_at: UtcNs
    first_observed_at: UtcNs
    data_at: UtcNs
    track_status: TrackStatus
    phase: Phase
    confirmation: Confirmation
    sensors: tuple[SensorId, ...]
    sensor_kinds: tuple[SensorKind, ...]
    corroborated_by: tuple[RecordId, ...] = ()
    classification: tuple[ClassProbability, ...] = ()
    launch: LaunchEstimate | None = None
    impact: ImpactEstimate | None = None
    fan: Fan | None = None
    flight: Flight | None = None
    caveats: tuple[str, ...] = ()
    end_reason: EndReason | None = None
