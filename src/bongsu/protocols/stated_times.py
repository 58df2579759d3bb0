"""What a partner says of its time, held against ours: believed for order in nothing.

Order follows the chain. A time that can't be right flags the record and never drops it; a clock
that is off is shown and stops no warning: what depends on a partner's time (how long its
short-lived key may be sealed to) is held against its own clock, as its signed heads show it.
"""

from msgspec import Struct

from bongsu.protocols.log_exchange.inbound import SKEW_LIMIT_NS
from bongsu.vocabulary.units import NS_PER_S, UtcNs, seconds_between

MAXIMUM_OFF_NS = 2 * 3_600 * NS_PER_S  # beyond it a partner's clock is not followed


def time_doubts(
    signed_at: UtcNs, *, before: UtcNs | None, received_at: UtcNs, clocks_disagree: bool
) -> tuple[str, ...]:
    """Why a record's times may be wrong, in words; none where nothing speaks against them.

    `before` is when the record before it in its feed was signed, `received_at` our own time. That a
    record is old is no reason: it may have waited for a link.
    """
    doubts: list[str] = []
    if signed_at - received_at > SKEW_LIMIT_NS:
        doubts.append(f"signed {seconds_between(signed_at, received_at):.0f} s after our own time")
    if before is not None and signed_at < before:
        earlier_s = seconds_between(before, signed_at)
        doubts.append(f"signed {earlier_s:.0f} s before the record that it follows")
    if clocks_disagree:
        doubts.append("its node's clock and ours disagree")
    return tuple(doubts)


class PartnerClock(Struct, frozen=True):
    """How far a partner's clock is ahead of ours, from its newest signed head."""

    ahead_ns: int = 0

    def now(self, ours: UtcNs) -> UtcNs:
        """The partner's time when ours is this; our own where its clock is off beyond measure."""
        return UtcNs(ours + self.ahead_ns) if abs(self.ahead_ns) <= MAXIMUM_OFF_NS else ours
