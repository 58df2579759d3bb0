"""What `bongsu demo` has to say at its end: the contents of its tables, page and JSON.

This is an edge: angles are in degrees and lengths in km, and every name carries its unit.
Times named `_s` count scenario seconds after the true launch. What is not known is None
(null in JSON), never zero. The warnings alone keep the vocabulary's own type here; see
`report_json` for their shape in JSON.
"""

from typing import Literal

import msgspec

from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import NationId, NodeId, SensorId, UtcNs

Quantity = Literal["apogee", "range", "flight time", "launch point", "impact point"]
Moment = Literal["T+60 s", "T+120 s", "burnout", "burnout + 60 s", "end"]
PublishedRole = Literal["input", "compared"]
PlaceVerdict = Literal["in time", "late", "no warning", "not reached"]


class PublishedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The flight as it was published; never what the tracker knew."""

    id: str
    date_utc: str
    site: str
    latitude_deg: float
    longitude_deg: float
    object_class: str | None = msgspec.field(default=None, name="class")
    apogee_km: float | None = None
    range_km: float | None = None
    flight_time_min: float | None = None
    bearing_deg: float | None = None
    source: str = ""


class ScenarioFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How the made-up world was set up."""

    seed: int
    speed: float  # scenario seconds per second
    launched_at_utc_ns: UtcNs
    ends_of_burning_s: tuple[float, ...] = ()  # stage by stage; the last one is burnout
    impact_s: float | None = None


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """Scenario seconds after the launch."""

    from_s: float
    to_s: float


class ReportedSensor(msgspec.Struct, frozen=True, kw_only=True):
    """A made-up sensor, and when it had the object in sight."""

    sensor_id: SensorId
    nation: NationId
    kind: SensorKind
    latitude_deg: float
    longitude_deg: float
    maximum_range_km: float | None = None
    scan_interval_s: float | None = None
    in_sight: tuple[Interval, ...] = ()
    first_plot_s: float | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    latitude_deg: float
    longitude_deg: float


class EllipseKm(msgspec.Struct, frozen=True, kw_only=True):
    """Area that holds the place with the stated probability; semi-axes."""

    semi_major_km: float
    semi_minor_km: float
    azimuth_deg: float
    probability: float = 0.95


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """One nation's estimate of one quantity at one moment.

    A number carries `value` and `stated_sigma` in the row's unit; a point carries `place`
    and `ellipse`, and its `error` is the distance to the true place in km.
    """

    nation: NationId
    at: Moment
    value: float | None = None
    stated_sigma: float | None = None
    place: Place | None = None
    ellipse: EllipseKm | None = None
    error: float | None = None


class ComparisonRow(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity: truth, what was published and what role that plays, the estimates."""

    quantity: Quantity
    unit: str
    truth: float | None = None
    truth_place: Place | None = None
    published: float | None = None
    published_role: PublishedRole | None = None
    estimates: tuple[Estimate, ...] = ()


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds of unscaled time; None where nothing was counted."""

    p50: float | None
    p99: float | None
    count: int


class LinkDelay(msgspec.Struct, frozen=True, kw_only=True):
    """From a node's record to the partner's verified and stored copy."""

    sender: NationId = msgspec.field(name="from")
    reader: NationId = msgspec.field(name="to")
    p50: float | None
    p99: float | None
    count: int


class LatencyMs(msgspec.Struct, frozen=True, kw_only=True):
    plot_to_own_warning: Delay
    own_record_to_partner: tuple[LinkDelay, ...]


class FeedCount(msgspec.Struct, frozen=True, kw_only=True):
    """Records of one feed."""

    sender: NationId = msgspec.field(name="from")
    reader: NationId = msgspec.field(name="to")
    sent: int
    received: int
    lost: int


class NodeVerification(msgspec.Struct, frozen=True, kw_only=True):
    """The result of checking every feed's chain and every signature in one node's log."""

    nation: NationId
    node: NodeId
    verified: bool
    records: int
    entries: int
    heads: int
    receipts: int
    signatures: int
    first_bad: str | None = None


class PlaceOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the first warning for a place preceded the passage or impact there."""

    place: str
    nation: NationId
    latitude_deg: float
    longitude_deg: float
    first_warning_s: float | None
    passage_s: float | None
    verdict: PlaceVerdict
    cause: str | None = None


class NationWarnings(msgspec.Struct, frozen=True, kw_only=True):
    """Every version that a nation's own node stated, oldest first."""

    nation: NationId
    versions: tuple[LaunchWarning, ...]


class TruthSample(msgspec.Struct, frozen=True, kw_only=True):
    time_s: float
    latitude_deg: float
    longitude_deg: float
    altitude_km: float
    burning: bool


class EstimatedSample(msgspec.Struct, frozen=True, kw_only=True):
    time_s: float
    latitude_deg: float
    longitude_deg: float
    altitude_km: float
    observed: bool  # False: predicted, not observed


class EstimatedTrack(msgspec.Struct, frozen=True, kw_only=True):
    nation: NationId
    samples: tuple[EstimatedSample, ...]


class WithheldFields(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of the nation's records that this partner was not to see."""

    sender: NationId = msgspec.field(name="from")
    reader: NationId = msgspec.field(name="to")
    fields: tuple[str, ...]


class RefusedInput(msgspec.Struct, frozen=True, kw_only=True):
    nation: NationId
    reason: str
    count: int


class DemoReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the demo shows at its end."""

    realm: Realm
    flight: PublishedFigures
    scenario: ScenarioFacts
    comparison: tuple[ComparisonRow, ...]
    latency_ms: LatencyMs
    feeds: tuple[FeedCount, ...]
    verified: bool
    verification: tuple[NodeVerification, ...]
    sensors: tuple[ReportedSensor, ...] = ()
    places: tuple[PlaceOutcome, ...] = ()
    warnings: tuple[NationWarnings, ...] = ()
    truth_track: tuple[TruthSample, ...] = ()
    estimated_tracks: tuple[EstimatedTrack, ...] = ()
    withheld: tuple[WithheldFields, ...] = ()
    refused: tuple[RefusedInput, ...] = ()

    @property
    def banner(self) -> str:
        """The word on every page, screen and file."""
        return self.realm.banner
