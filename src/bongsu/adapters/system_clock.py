"""The machine's clocks, and an exercise's scaled scenario clock: the only file that reads time."""

import time
from dataclasses import dataclass, field

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import MonotonicNs, UtcNs

FASTEST = 1_000.0


class SystemClock:
    """The live realm's clock: records state the machine's own time."""

    speed = 1.0

    def utc(self) -> UtcNs:
        return UtcNs(time.time_ns())

    def system_utc(self) -> UtcNs:
        return UtcNs(time.time_ns())

    def monotonic(self) -> MonotonicNs:
        return MonotonicNs(time.monotonic_ns())


def utc_at_monotonic_zero() -> int:
    """System time at the zero of the monotonic clock, as of now."""
    return time.time_ns() - time.monotonic_ns()


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
    _utc_at_zero: int = field(default_factory=utc_at_monotonic_zero)

    def __post_init__(self) -> None:
        if not 0.0 < self.speed <= FASTEST:
            raise LocalMisuse(
                f"scenario time at speed {self.speed}",
                remedy=f"Name a speed above 0 and up to {FASTEST:g}; 1 is real time",
            )

    def utc(self) -> UtcNs:
        elapsed_ns = time.monotonic_ns() + self._utc_at_zero - self.anchor_utc
        return UtcNs(self.scenario_start + round(elapsed_ns * self.speed))

    def system_utc(self) -> UtcNs:
        return UtcNs(time.time_ns())

    def monotonic(self) -> MonotonicNs:
        return MonotonicNs(time.monotonic_ns())

    def real_seconds_until(self, scenario_utc: UtcNs) -> float:
        """Unscaled seconds until that scenario time (negative when it has passed)."""
        return (scenario_utc - self.utc()) / self.speed / 1e9


def cpu_time_s() -> float:
    """CPU seconds that this process has used so far."""
    return time.process_time()
