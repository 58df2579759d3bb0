"""The door of the tracker: which batches and plots are believed, and what became of the rest.

Nothing that a sensor sends stops the tracker. A batch of the wrong realm, of an unknown
sensor, counted before, too old, too large or one too many is refused; one from the future is
quarantined and kept as evidence, within bounds; of the others each plot is looked at for
itself. If two sensors agree on a future, it is our own clock that is suspected (`clock_watch`).
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from types import MappingProxyType
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats
from bongsu.tracking.intake.batch_rate import rate_guard
from bongsu.tracking.intake.clock_watch import ClockWatch
from bongsu.tracking.intake.platforms import PlatformWatch
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import SensorId, UtcNs, seconds_between

SEQUENCES_REMEMBERED: Final = 256
QUARANTINED_PLOTS: Final = 256  # of one batch


class Refusal(Enum):
    """Why plots were not used."""

    WRONG_REALM = "marked with the other realm"
    UNKNOWN_SENSOR = "from a sensor that is not ours"
    SEEN_BEFORE = "of a sequence number that was used before"
    TOO_LATE = "too old"
    TOO_OFTEN = "of more batches than the sensor has scans for"
    TOO_MANY = "more than a batch may hold"
    MALFORMED = "not of the components of the sensor's kind"
    NOWHERE = "from a place where the sensor's platform cannot be"
    IMPOSSIBLE = "not finite, out of range or below the horizon"
    CROWDED_OUT = "without room for a new hypothesis"
    DOUBTED = "laid about tracks that other sensors stand for"


@dataclass(slots=True)
class SequenceGuard:
    """Lets each sequence number of a sensor through once, also out of order, within a window."""

    newest: int = 0
    _window: int = 0  # bit k: newest - k was used

    def is_new(self, sequence: int) -> bool:
        """True, once, for a number not used before; marks it as used."""
        if sequence > self.newest:
            step = min(sequence - self.newest, SEQUENCES_REMEMBERED)
            self._window = ((self._window << step) | 1) & ((1 << SEQUENCES_REMEMBERED) - 1)
            self.newest = sequence
            return True
        behind = self.newest - sequence
        if sequence < 1 or behind >= SEQUENCES_REMEMBERED or self._window >> behind & 1:
            return False
        self._window |= 1 << behind
        return True


class PlotIntake:
    """Judges batches; counts what it refuses, keeps what it quarantines."""

    def __init__(self, sensors: Sequence[SensorSite], settings: TrackerSettings) -> None:
        self._sites: Mapping[SensorId, SensorSite] = {site.sensor_id: site for site in sensors}
        self._guards = {sensor_id: SequenceGuard() for sensor_id in self._sites}
        self._rates = {
            site.sensor_id: rate_guard(
                scan_interval_s=site.scan_interval_s,
                per_scan=settings.maximum_batches_per_scan,
                late_s=settings.maximum_lateness_s,
            )
            for site in sensors
        }
        self._settings = settings
        self._refused: Counter[Refusal] = Counter()
        self._quarantine: deque[PlotBatch] = deque(maxlen=settings.maximum_quarantined_batches)
        self._last_heard: dict[SensorId, UtcNs] = {}
        self._platforms = PlatformWatch(self._sites)
        self.clock = ClockWatch(settings)
        self.quarantined_plots = 0

    @property
    def refused(self) -> Mapping[Refusal, int]:
        """Plots refused since the start, by reason."""
        return MappingProxyType(self._refused)

    @property
    def quarantine(self) -> tuple[PlotBatch, ...]:
        """The newest batches from the future, cut to a bounded size."""
        return tuple(self._quarantine)

    def refuse(self, reason: Refusal, count: int) -> None:
        """Count plots that were not used."""
        if count:
            self._refused[reason] += count

    def admit(self, batch: PlotBatch, *, now: UtcNs, newest: UtcNs | None) -> Floats | None:
        """The batch's plots as an array (m, components), or None where it was refused whole.

        newest: the instant of the newest batch used so far. Values are not judged here
        beyond being numbers: what is believable depends on the kind of sensor.
        """
        reason = self._stranger(batch)
        if reason is None:
            self.clock.note(batch.sensor_id, batch.observed_at, now=now)
            reason = self._too_old(batch, now=self.clock.time(now), newest=newest)
        if reason is not None:
            self.refuse(reason, len(batch.measurements))
            return None
        if self._is_ahead_of(self.clock.time(now), batch):
            self._hold(batch)
            return None
        if not self._rates[batch.sensor_id].lets_through(now):
            self.refuse(Refusal.TOO_OFTEN, len(batch.measurements))
            return None
        if not self._guards[batch.sensor_id].is_new(batch.sequence):
            self.refuse(Refusal.SEEN_BEFORE, len(batch.measurements))
            return None
        if not self._platforms.is_believed(batch):
            self.refuse(Refusal.NOWHERE, len(batch.measurements))
            return None
        self._last_heard[batch.sensor_id] = max(
            batch.observed_at, self._last_heard.get(batch.sensor_id, batch.observed_at)
        )
        plots = _as_array(batch, self._sites[batch.sensor_id])
        if plots is None:
            self.refuse(Refusal.MALFORMED, len(batch.measurements))
        return plots

    def silent(self, *, now: UtcNs) -> tuple[SensorId, ...]:
        """Sensors that were heard and are no longer, for three scans and 3 s at least."""
        return tuple(
            sensor_id
            for sensor_id, heard in self._last_heard.items()
            if seconds_between(now, heard) > max(3.0, 3.0 * self._sites[sensor_id].scan_interval_s)
        )

    def _stranger(self, batch: PlotBatch) -> Refusal | None:
        settings = self._settings
        if batch.realm is not settings.realm:
            return Refusal.WRONG_REALM
        if batch.sensor_id not in self._sites:
            return Refusal.UNKNOWN_SENSOR
        if len(batch.measurements) > settings.maximum_plots_per_batch:
            return Refusal.TOO_MANY
        return None

    def _too_old(self, batch: PlotBatch, *, now: UtcNs, newest: UtcNs | None) -> Refusal | None:
        settings = self._settings
        if seconds_between(now, batch.observed_at) > settings.maximum_age_s:
            return Refusal.TOO_LATE
        if (
            newest is not None
            and seconds_between(newest, batch.observed_at) > settings.maximum_lateness_s
        ):
            return Refusal.TOO_LATE
        return None

    def _is_ahead_of(self, now: UtcNs, batch: PlotBatch) -> bool:
        return seconds_between(batch.observed_at, now) > self._settings.future_tolerance_s

    def _hold(self, batch: PlotBatch) -> None:
        self.quarantined_plots += len(batch.measurements)
        kept = batch.measurements[:QUARANTINED_PLOTS]
        self._quarantine.append(replace(batch, measurements=kept))


def _as_array(batch: PlotBatch, site: SensorSite) -> Floats | None:
    """Measurements as floats (m, components), or None where their shape or type is wrong.

    A plot without the range rate that its radar may state has NaN there.
    """
    measurements, components = batch.measurements, site.components
    try:
        if components > len(site.sigmas):
            measurements = tuple(
                (*values, np.nan) if len(values) < components else values for values in measurements
            )
        if any(len(values) != components for values in measurements):
            return None
        flat = np.fromiter(
            chain.from_iterable(measurements), np.float64, len(measurements) * components
        )
    except (TypeError, ValueError, OverflowError):
        return None
    return flat.reshape(-1, components)
