"""Names that carry units. SI and radians inside; other units only at the edges."""

from typing import NewType

UtcNs = NewType("UtcNs", int)  # nanoseconds since 1970-01-01T00:00:00Z, no leap seconds
MonotonicNs = NewType("MonotonicNs", int)  # unscaled; compares within one machine only
NationId = NewType("NationId", str)  # "KR"
NodeId = NewType("NodeId", str)  # "KR-1": nation and site
SensorId = NewType("SensorId", str)  # "KR-RADAR-1"
TrackId = NewType("TrackId", str)  # "KR-1/T0001": unique for ever
RecordId = NewType("RecordId", bytes)  # SHA-256 of the signed statement

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


def seconds_between(later: UtcNs, earlier: UtcNs) -> float:
    """Signed seconds from `earlier` to `later`, exact to 1 ns over the subtraction."""
    return (later - earlier) / NS_PER_S


def after_seconds(at: UtcNs, seconds: float) -> UtcNs:
    """The instant `seconds` after `at` (before it where negative)."""
    return UtcNs(at + round(seconds * NS_PER_S))
