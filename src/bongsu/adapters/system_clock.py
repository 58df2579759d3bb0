"""The machine's clocks, and an exercise's scaled scenario clock: the only file that reads time."""

import time
from dataclasses import dataclass, field

from bongsu.vocabulary.units import MonotonicNs, UtcNs


class SystemClock:
    """The live realm's clock."""

    speed = 1.0

    def utc(self) -> UtcNs:
        return UtcNs(time.time_ns())

    def monotonic(self) -> MonotonicNs:
        return MonotonicNs(time.monotonic_ns())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioClock:
    """Scenario time of an exercise: `scenario_start` falls on `anchor_utc`, then runs at `speed`.

    Every process of an exercise gets the same three numbers, so that all of them agree. The
    system clock is read once; after that only the monotonic clock counts, so that a step of
    the system clock during an exercise does no harm.
    """

    scenario_start: UtcNs
    anchor_utc: UtcNs
    speed: float = 1.0
    _utc_at_zero: int = field(default_factory=lambda: time.time_ns() - time.monotonic_ns())

    def utc(self) -> UtcNs:
        elapsed_ns = time.monotonic_ns() + self._utc_at_zero - self.anchor_utc
        return UtcNs(self.scenario_start + round(elapsed_ns * self.speed))

    def monotonic(self) -> MonotonicNs:
        return MonotonicNs(time.monotonic_ns())
