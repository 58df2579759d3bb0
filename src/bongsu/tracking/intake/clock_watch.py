"""Whose clock is wrong, ours or a sensor's? What the times of their batches say of it.

One sensor that is alone with its time is suspect itself. Sensors, two at least, that agree with
each other against our clock put our own under suspicion. Where more of them agree on that than
are on time with us, their time is followed: a clock of ours that is slow must not keep every
warning back. It is followed no further than late plots are used, so that what honest sensors say
by our time still counts; further only where nobody who was heard of late is on time with us.
"""

from typing import Final, NamedTuple

from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.units import NS_PER_S, SensorId, UtcNs, seconds_between

AGREE_WITHIN_S: Final = 1.0  # delays on the way differ
BELIEVED_FOR_S: Final = 60.0  # a sensor's word about the time, by our clock


class _Said(NamedTuple):
    """By how much a sensor's newest batch was ahead of our clock when it came."""

    ahead_s: float
    came_at: UtcNs


class ClockWatch:
    """Remembers of each sensor how its time stood to ours; one entry a sensor."""

    def __init__(self, settings: TrackerSettings) -> None:
        self._settings = settings
        self._said: dict[SensorId, _Said] = {}

    def note(self, sensor_id: SensorId, observed_at: UtcNs, *, now: UtcNs) -> None:
        """A batch of a sensor of ours came, used or not."""
        self._said[sensor_id] = _Said(seconds_between(observed_at, now), now)

    def suspicion(self, now: UtcNs) -> ClockSuspicion | None:
        """Sensors that agree with each other against our clock: the most that do."""
        if not any(self._is_off(said.ahead_s) for said in self._said.values()):
            return None
        of_late = self._of_late(now)
        off = sorted((ahead_s, name) for name, ahead_s in of_late.items() if self._is_off(ahead_s))
        together = max((_agreeing(off, first) for first in range(len(off))), key=len, default=[])
        if len(together) < 2:
            return None
        slow_s = together[-1][0]  # the least delayed says most
        on_time = len(of_late) - len(off)
        near = slow_s <= self._settings.maximum_lateness_s and len(together) > on_time
        return ClockSuspicion(
            sensors=tuple(sorted(name for _, name in together)),
            slow_s=slow_s,
            followed=slow_s > 0.0 and (near or on_time == 0),
        )

    def time(self, now: UtcNs) -> UtcNs:
        """The time by which plots are judged: ours, or the one that sensors agree on."""
        suspicion = self.suspicion(now)
        if suspicion is None or not suspicion.followed:
            return now
        return UtcNs(now + round(suspicion.slow_s * NS_PER_S))

    def alone(self, now: UtcNs) -> tuple[SensorId, ...]:
        """Sensors that are off our time and agree with nobody: they are suspect themselves."""
        suspicion = self.suspicion(now)
        agreeing = () if suspicion is None else suspicion.sensors
        return tuple(
            sensor_id
            for sensor_id, ahead_s in sorted(self._of_late(now).items())
            if self._is_off(ahead_s) and sensor_id not in agreeing
        )

    def _of_late(self, now: UtcNs) -> dict[SensorId, float]:
        return {
            sensor_id: said.ahead_s
            for sensor_id, said in self._said.items()
            if abs(seconds_between(now, said.came_at)) <= BELIEVED_FOR_S
        }

    def _is_off(self, ahead_s: float) -> bool:
        settings = self._settings
        return not -settings.maximum_age_s <= ahead_s <= settings.future_tolerance_s


def _agreeing(off: list[tuple[float, SensorId]], first: int) -> list[tuple[float, SensorId]]:
    """Those of `off`, in the order of their times, that agree with the one at `first`."""
    until_s = off[first][0] + AGREE_WITHIN_S
    return [one for one in off[first:] if one[0] <= until_s]
