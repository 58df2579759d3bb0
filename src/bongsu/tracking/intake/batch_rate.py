"""How often a sensor may send: what is more than it could ever scan costs it, and not us."""

from dataclasses import dataclass

from bongsu.vocabulary.units import UtcNs, seconds_between


@dataclass(slots=True, kw_only=True)
class RateGuard:
    """Lets so many batches a second through on average, and a backlog of so many at once."""

    per_second: float
    backlog: float
    _left: float = 0.0
    _last: UtcNs | None = None

    def lets_through(self, now: UtcNs) -> bool:
        """Whether one more may pass at `now`; a clock that goes back gives nothing."""
        if self._last is None:
            self._left, self._last = self.backlog, now
        passed_s = max(seconds_between(now, self._last), 0.0)
        self._last = max(now, self._last)
        self._left = min(self._left + passed_s * self.per_second, self.backlog)
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


def rate_guard(*, scan_interval_s: float, per_scan: int, late_s: float) -> RateGuard:
    """A guard for a sensor of that scan interval, each scan in at most so many batches.

    The backlog is what comes at once when a link that was down for `late_s` is up again.
    """
    per_second = per_scan / scan_interval_s
    return RateGuard(per_second=per_second, backlog=max(per_second * late_s, float(per_scan)))
