"""What a person files: notices of launches to come, and intelligence reports."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.units import RecordId, UtcNs


class FilingAction(Enum):
    FILED = "filed"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


class VehicleKind(Enum):
    """As the state that announces the launch calls it."""

    SATELLITE_LAUNCH_VEHICLE = "satellite launch vehicle"
    BALLISTIC_MISSILE = "ballistic missile"
    SOUNDING_ROCKET = "sounding rocket"
    OTHER = "other"


class SourceKind(Enum):
    """Where a report comes from, in the coarsest words."""

    OPEN = "open sources"
    IMAGERY = "imagery"
    SIGNALS = "signals"
    HUMAN = "human"
    LIAISON = "another service"
    SEVERAL = "several kinds"


class Confidence(Enum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A named polygon on the ground; its last point joins its first."""

    name: str
    points: tuple[GeoPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchNotice:
    """A launch that a state announced, as one nation passes it on to others."""

    notice_id: str  # "KR-1/N2026-7": the node, then as the person names it
    version: int
    action: FilingAction
    stated_at: UtcNs
    filed_by: str  # the state that announced it, as it calls itself
    filed_at: UtcNs
    vehicle: VehicleKind
    window_from: UtcNs
    window_to: UtcNs
    launch_area: Area
    impact_areas: tuple[Area, ...]
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntelligenceReport:
    """A report with a tear line: below it stands what may be shared without its sources."""

    report_id: str  # "KR-1/R12"
    version: int
    action: FilingAction
    stated_at: UtcNs
    observed_from: UtcNs
    observed_to: UtcNs
    source_kind: SourceKind
    confidence: Confidence
    above_line: str  # the whole, with sources and methods
    below_line: str  # the substance alone
    area: Area | None
    derived_from: tuple[RecordId, ...]
