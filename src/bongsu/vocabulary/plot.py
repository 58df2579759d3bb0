"""Plots: what one sensor detected in one scan."""

from dataclasses import dataclass

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import MonotonicNs, SensorId, TrackId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Where a sensor on a ship, aircraft or satellite was in a scan, and how it moved: ECEF."""

    position_ecef_m: tuple[float, float, float]
    velocity_ecef_mps: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotBatch:
    """All plots of one scan of one sensor, also when there were none.

    `measurements` holds one tuple per plot in the components of the sensor's kind
    (see `vocabulary.sensor.SensorKind`). `observed_at` is the instant of all of them.
    `sequence` starts at 1 and rises by one per batch of this sensor.
    `emitted_at` is the sensor machine's monotonic clock; it serves latency figures only.
    `platform` is stated by sensors that move, in every batch, and by no other.
    """

    sensor_id: SensorId
    realm: Realm
    sequence: int
    observed_at: UtcNs
    emitted_at: MonotonicNs
    measurements: tuple[tuple[float, ...], ...]
    platform: Platform | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedPlot:
    """A plot that a tracker gave to a confirmed track; components as in `PlotBatch`."""

    track_id: TrackId
    measurement: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedScan:
    """The plots of one scan that stand behind confirmed tracks, and the sensor's place (WGS 84)."""

    sensor_id: SensorId
    sensor_kind: SensorKind
    observed_at: UtcNs
    latitude_rad: float
    longitude_rad: float
    height_m: float
    sigmas: tuple[float, ...]
    plots: tuple[TrackedPlot, ...]
