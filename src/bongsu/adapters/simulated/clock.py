"""A clock that stands still until it is told that time passed."""

from dataclasses import dataclass

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, UtcNs


@dataclass(slots=True)
class SimulatedTime:
    """Time itself, shared by every machine of a simulated world; nanoseconds since its start."""

    elapsed_ns: int = 0

    def advance_ns(self, duration_ns: int) -> None:
        """Let time pass. Raises LocalMisuse for a duration below 0."""
        if duration_ns < 0:
            raise LocalMisuse(f"time passed by {duration_ns} ns", remedy="Time only goes forward")
        self.elapsed_ns += duration_ns

    def advance_s(self, duration_s: float) -> None:
        """Let time pass."""
        self.advance_ns(round(duration_s * NS_PER_S))


@dataclass(slots=True, kw_only=True)
class SimulatedClock:
    """One machine's three clocks. Implements `node.ports.Clock`.

    `skew_ns` is how far this machine's own time runs ahead of true time; it may be set anew at
    any moment, as an operator or a bad time server does. Scenario time runs at `speed` and is
    never stepped; with `states_own_time` records state the machine's own time, as in the live
    realm.
    """

    time: SimulatedTime
    start_utc: UtcNs
    scenario_start: UtcNs
    monotonic_start: MonotonicNs = MonotonicNs(0)
    speed: float = 1.0
    skew_ns: int = 0
    states_own_time: bool = False

    def utc(self) -> UtcNs:
        if self.states_own_time:
            return self.system_utc()
        return UtcNs(self.scenario_start + round(self.time.elapsed_ns * self.speed))

    def system_utc(self) -> UtcNs:
        return UtcNs(self.start_utc + self.time.elapsed_ns + self.skew_ns)

    def monotonic(self) -> MonotonicNs:
        return MonotonicNs(self.monotonic_start + self.time.elapsed_ns)
