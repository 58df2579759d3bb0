"""Challenges that a browser has to sign: short, single-use, bounded in number and in how often."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bongsu.node.people import NotLetInError
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

LASTS_S: Final = 120
MAXIMUM_OPEN: Final = 64
BEGUN_A_MINUTE: Final = 30
CHALLENGE_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """`invited`: name and code of who enrols; None where somebody logs in."""

    challenge: bytes
    ends: int
    invited: tuple[str, str] | None


class Ceremonies:
    """Lives on the server's loop."""

    def __init__(self, now: Callable[[], MonotonicNs]) -> None:
        self._now = now
        self._open: dict[str, Ceremony] = {}
        self._begun: deque[int] = deque(maxlen=BEGUN_A_MINUTE)

    def count(self) -> None:
        """Count an attempt. Raises Unavailable where there were too many of late."""
        now = self._now()
        if len(self._begun) == BEGUN_A_MINUTE and now - self._begun[0] < 60 * NS_PER_S:
            raise Unavailable("too many try to log in", remedy="Wait a minute")
        self._begun.append(now)

    def begin(self, invited: tuple[str, str] | None = None) -> tuple[str, bytes]:
        """The name and the challenge of a new one; the oldest gives way."""
        while len(self._open) >= MAXIMUM_OPEN:
            del self._open[next(iter(self._open))]
        name, challenge = secrets.token_urlsafe(CHALLENGE_BYTES), secrets.token_bytes(32)
        ends = self._now() + LASTS_S * NS_PER_S
        self._open[name] = Ceremony(challenge=challenge, ends=ends, invited=invited)
        return name, challenge

    def take(self, name: str, *, enrols: bool) -> Ceremony:
        """End it, whatever comes of it. Raises NotLetInError where it was used or is too old."""
        found = self._open.pop(name, None)
        if found is None or found.ends <= self._now() or (found.invited is not None) != enrols:
            raise NotLetInError(
                "this was answered already, or too late", remedy="Begin again on the login page"
            )
        return found
