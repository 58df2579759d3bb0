"""How much the log takes, how fast it grows, and until when its disk has room.

Growth is what was measured over the last day at most, on this node. A forecast is said only
once an hour or more was measured; before that people see sizes alone.
"""

from collections import deque
from dataclasses import asdict, dataclass

from bongsu.node.control import NoBody
from bongsu.node.ports import StoreSize
from bongsu.node.services import Services
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

MEASURED_EVERY_NS = 60 * NS_PER_S
MEASURES_KEPT = 24 * 60  # a day
FORECAST_AFTER_NS = 3_600 * NS_PER_S
DAY_NS = 86_400 * NS_PER_S
LOW_DAYS = 7.0
LOW_BYTES = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    at: MonotonicNs
    size: StoreSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`bytes_a_day` and `days_left` are None where too little was measured or nothing grows."""

    bytes_used: int
    bytes_free: int | None
    bytes_a_day: float | None
    days_left: float | None
    low: bool


def forecast(first: Measure, last: Measure) -> Forecast:
    """What the growth between two measures of one log makes of the room that is left."""
    used, free = last.size.bytes_used, last.size.bytes_free
    measured_ns = last.at - first.at
    growth = None
    if measured_ns >= FORECAST_AFTER_NS:
        growth = (used - first.size.bytes_used) / measured_ns * DAY_NS
    days = free / growth if growth is not None and growth > 0 and free is not None else None
    low = (days is not None and days < LOW_DAYS) or (free is not None and free < LOW_BYTES)
    return Forecast(bytes_used=used, bytes_free=free, bytes_a_day=growth, days_left=days, low=low)


class DiskRoom:
    """Measures now and then, and tells people in time. Lives on the node's loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._measures: deque[Measure] = deque(maxlen=MEASURES_KEPT)
        self._due = MonotonicNs(0)
        self._told_low = False

    def time_passed(self) -> None:
        """Measure when it is due, beside the loop."""
        now = self._services.clock.monotonic()
        if now >= self._due:
            self._due = MonotonicNs(now + MEASURED_EVERY_NS)
            self._services.submit(self._measure)

    async def as_seen(self, _: NoBody) -> object:
        """The present size and the forecast, for people."""
        await self._services.beside(self._measure)
        if not self._measures:
            raise Unavailable("the log's size can't be read", remedy="Check the log's disk")
        me = self._services.me
        found = forecast(self._measures[0], self._measures[-1])
        return {"node": me.node, "realm": me.realm.value, **asdict(found)}

    def _measure(self) -> None:
        size = self._services.store.size()
        self._measures.append(Measure(at=self._services.clock.monotonic(), size=size))
        found = forecast(self._measures[0], self._measures[-1])
        if found.low != self._told_low:
            self._told_low = found.low
            self._services.journal.write(
                "disk_low" if found.low else "disk_has_room",
                scenario_utc_ns=self._services.clock.utc(),
                **asdict(found),
            )
