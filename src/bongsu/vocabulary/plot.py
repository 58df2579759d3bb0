"""Plots: what one sensor detected in one scan."""

from dataclasses import dataclass

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs, SensorId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotBatch:
    """All plots of one scan of one sensor, also when there were none.

    `measurements` holds one tuple per plot in the components of the sensor's kind
    (see `vocabulary.sensor.SensorKind`). `observed_at` is the instant of all of them.
    `sequence` starts at 1 and rises by one per batch of this sensor.
    `emitted_at` is the sensor machine's monotonic clock; it serves latency figures only.
    """

    sensor_id: SensorId
    realm: Realm
    sequence: int
    observed_at: UtcNs
    emitted_at: MonotonicNs
    measurements: tuple[tuple[float, ...], ...]
