"""Our short-lived reader keys: what partners seal to. Private halves are in memory only.

A new key is made a minute before the old one ends, and when our clock was set: partners refuse an
announcement whose times they can't believe. The old one stays usable, because frames sealed to it
may be on their way. At its end, ten minutes after it began, it is forgotten, and with it every
recording of traffic that was sealed to it.
"""

from collections.abc import Mapping

from bongsu.node.services import Services
from bongsu.records.keys import Opener
from bongsu.records.reader_key import LIFETIME_NS, SIGNED_ANNOUNCEMENT, announce_key, key_id_of
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

CLOCK_SET_NS = 10 * NS_PER_S  # small steps change nothing for a key of ten minutes
RENEWED_BEFORE_END_NS = 60 * NS_PER_S


class ReaderKeys:
    """The current key, the ones before while they may still be needed, the announcement."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._openers: dict[bytes, Opener] = {}
        self._forget_at: dict[bytes, MonotonicNs] = {}
        self._renew_at = MonotonicNs(0)
        self._clock_offset_ns = 0  # of system time to monotonic time, when the key was made
        self._may_change_at = MonotonicNs(0)  # a clock that is set all the time makes few keys
        self.announcement = b""

    @property
    def openers(self) -> Mapping[bytes, Opener]:
        """Private halves by key id."""
        return self._openers

    def renew_if_due(self) -> bool:
        """Make a new key when it is time; True when there is a new announcement to send."""
        now = self._services.clock.monotonic()
        if self.announcement and now < self._renew_at and not self._clock_was_set(now):
            self._forget(now)
            return False
        self.renew()
        return True

    def renew(self) -> None:
        """Make a new key and its announcement, signed with our present node key."""
        now = self._services.clock.monotonic()
        self._clock_offset_ns = self._services.clock.system_utc() - now
        self._may_change_at = MonotonicNs(now + CLOCK_SET_NS)
        opener = self._services.new_opener()
        key_id = key_id_of(opener.public_key)
        self._openers[key_id] = opener
        self._forget_at[key_id] = MonotonicNs(now + LIFETIME_NS)
        self._renew_at = MonotonicNs(now + LIFETIME_NS - RENEWED_BEFORE_END_NS)
        signed = announce_key(
            opener.public_key,
            self._services.signer,
            realm=self._services.me.realm,
            node=self._services.me.node,
            now=self._services.clock.system_utc(),
            speaks=self._services.versions.speaks,
        )
        self.announcement = SIGNED_ANNOUNCEMENT.encode(signed)

    def _clock_was_set(self, now: MonotonicNs) -> bool:
        """Whether the announcement's times are not those of the clock that we go by now."""
        if now < self._may_change_at:
            return False
        offset_ns = self._services.clock.system_utc() - now
        return abs(offset_ns - self._clock_offset_ns) > CLOCK_SET_NS

    def _forget(self, now: MonotonicNs) -> None:
        for key_id, until in tuple(self._forget_at.items()):
            if now >= until:
                del self._forget_at[key_id]
                del self._openers[key_id]
