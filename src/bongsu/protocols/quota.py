"""How much one partner may bring on one channel: decided by size alone, before anything is read.

A token bucket for messages and one for bytes, for each channel. What an honest partner sends at its
busiest passes (a catch-up of 30,000 records a second in frames of 64 to 1,024 entries); whatever is
beyond that costs a subtraction, and no cryptography. Nothing is lost by a refusal: frames are asked
for again, and heads, receipts and announcements are repeated by themselves.

Frames may come by the thousand. The rest is small, rare and dear to verify, so it is bounded
tightly: a head comes every half second, an announcement every two, a status of keys every ten, an
ask twice a second at most, and a receipt with each commit.

A frame that passed and then proved to be none costs as much as many that are one: an honest partner
sends none such, and garbage soon finds its bucket empty.
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, field

from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

KIB, MIB = 1_024, 1_048_576
FAILED_COSTS = 20  # messages
OWED_AT_MOST_S = 1.0


class Allowance(Struct, frozen=True, kw_only=True):
    """What may come in a second for ever, and at once after a rest."""

    messages_per_s: float
    messages_at_once: float
    bytes_per_s: float
    bytes_at_once: float


ALLOWANCES: Mapping[str, Allowance] = MappingProxyType(
    {
        "urgent": Allowance(
            messages_per_s=200,
            messages_at_once=400,
            bytes_per_s=32 * MIB,
            bytes_at_once=64 * MIB,
        ),
        "bulk": Allowance(
            messages_per_s=800,
            messages_at_once=1_200,
            bytes_per_s=128 * MIB,
            bytes_at_once=256 * MIB,
        ),
        "head": Allowance(
            messages_per_s=8, messages_at_once=16, bytes_per_s=32 * KIB, bytes_at_once=64 * KIB
        ),
        "receipt": Allowance(
            messages_per_s=150,
            messages_at_once=300,
            bytes_per_s=600 * KIB,
            bytes_at_once=1_200 * KIB,
        ),
        "ask": Allowance(
            messages_per_s=8, messages_at_once=16, bytes_per_s=32 * KIB, bytes_at_once=64 * KIB
        ),
        "key": Allowance(
            messages_per_s=4, messages_at_once=16, bytes_per_s=32 * KIB, bytes_at_once=128 * KIB
        ),
        "shown": Allowance(
            messages_per_s=4, messages_at_once=16, bytes_per_s=16 * KIB, bytes_at_once=64 * KIB
        ),
        "keys": Allowance(
            messages_per_s=1, messages_at_once=8, bytes_per_s=64 * KIB, bytes_at_once=512 * KIB
        ),
        "carry-keys": Allowance(
            messages_per_s=1, messages_at_once=8, bytes_per_s=8 * KIB, bytes_at_once=1 * MIB
        ),
    }
)
"""By channel. A channel that is not here is refused unread anyway."""


class Arrived(Struct, frozen=True):
    """So many bytes came on a channel."""

    channel: str
    size_bytes: int


class Failed(Struct, frozen=True):
    """One that had passed on this channel was not what it claimed to be."""

    channel: str


class Pass(Struct, frozen=True):
    """It may be read."""


class Refuse(Struct, frozen=True):
    """It may not; nothing of it is read."""


PASS, REFUSE = Pass(), Refuse()


class _Bucket(Struct, frozen=True, kw_only=True):
    messages: float
    bytes: float
    filled_at: MonotonicNs


class Quota(Struct, frozen=True):
    """One partner's buckets, by channel; a channel that was never used is full."""

    buckets: Mapping[str, _Bucket] = field(default_factory=dict)


def step(state: Quota, event: Arrived | Failed, *, now: MonotonicNs) -> tuple[Quota, Pass | Refuse]:
    """Take one event; what is refused takes nothing from the bucket. A failure is no answer."""
    allowance = ALLOWANCES.get(event.channel)
    if allowance is None:
        return state, PASS
    messages, room = _filled(state.buckets.get(event.channel), allowance, now)
    answer: Pass | Refuse = PASS
    if isinstance(event, Failed):
        messages = max(messages - FAILED_COSTS, -OWED_AT_MOST_S * allowance.messages_per_s)
    elif messages < 1 or room < event.size_bytes:
        answer = REFUSE
    else:
        messages, room = messages - 1, room - event.size_bytes
    bucket = _Bucket(messages=messages, bytes=room, filled_at=now)
    return Quota({**state.buckets, event.channel: bucket}), answer


def _filled(bucket: _Bucket | None, allowance: Allowance, now: MonotonicNs) -> tuple[float, float]:
    """Messages and bytes that a bucket holds by now."""
    if bucket is None:
        return allowance.messages_at_once, allowance.bytes_at_once
    elapsed_s = (now - bucket.filled_at) / NS_PER_S
    return (
        min(allowance.messages_at_once, bucket.messages + elapsed_s * allowance.messages_per_s),
        min(allowance.bytes_at_once, bucket.bytes + elapsed_s * allowance.bytes_per_s),
    )
