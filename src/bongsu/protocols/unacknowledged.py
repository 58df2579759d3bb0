"""Alarms that are not on a partner's disk by its own signature: told after ten seconds. Sans-IO.

The sender has to know who did not get a warning while there is still time to pick up a telephone.
Told once for each record, and again when it was acknowledged after all. Bounded: what is beyond
the bound is counted, not forgotten silently.
"""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, RecordId

TOLD_AFTER_NS = 10 * NS_PER_S
MAXIMUM_WAITING = 1_000


class AlarmStored(Struct, frozen=True):
    """A warning or a recall for this partner is on our disk, at this place of its feed."""

    sequence: int
    record_id: RecordId


class ReceiptVerified(Struct, frozen=True):
    """The partner countersigned its disk through this sequence."""

    through: int


class TimePassed(Struct, frozen=True):
    pass


Event = AlarmStored | ReceiptVerified | TimePassed


class TellNotAcknowledged(Struct, frozen=True):
    """No receipt covers it, so long after it was on our disk."""

    record_id: RecordId
    waited_ns: int


class TellAcknowledgedLate(Struct, frozen=True):
    """It was told as not acknowledged, and now it is on the partner's disk."""

    record_id: RecordId
    waited_ns: int


class CountBeyondBound(Struct, frozen=True):
    """More wait than are watched one by one."""

    record_id: RecordId


Effect = TellNotAcknowledged | TellAcknowledgedLate | CountBeyondBound


class Waiting(Struct, frozen=True, kw_only=True):
    record_id: RecordId
    since: MonotonicNs
    is_told: bool = False


class Unacknowledged(Struct, frozen=True, kw_only=True):
    """By sequence, oldest first."""

    waiting: Mapping[int, Waiting] = field(default_factory=dict)

    @property
    def told(self) -> tuple[RecordId, ...]:
        """Records that people were told of and that are not acknowledged yet."""
        return tuple(one.record_id for one in self.waiting.values() if one.is_told)


def step(
    state: Unacknowledged, event: Event, *, now: MonotonicNs
) -> tuple[Unacknowledged, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case AlarmStored(sequence, record_id):
            if len(state.waiting) >= MAXIMUM_WAITING:
                return state, (CountBeyondBound(record_id),)
            waiting = Waiting(record_id=record_id, since=now)
            return Unacknowledged(waiting={**state.waiting, sequence: waiting}), ()
        case ReceiptVerified(through):
            return _acknowledged(state, through, now)
        case TimePassed():
            return _overdue(state, now)
    raise LocalMisuse(f"{event!r} is no event here", remedy="Send one of its event types")


def _acknowledged(
    state: Unacknowledged, through: int, now: MonotonicNs
) -> tuple[Unacknowledged, tuple[Effect, ...]]:
    covered = [(at, one) for at, one in state.waiting.items() if at <= through]
    if not covered:
        return state, ()
    late = tuple(
        TellAcknowledgedLate(one.record_id, now - one.since) for _, one in covered if one.is_told
    )
    left = {at: one for at, one in state.waiting.items() if at > through}
    return Unacknowledged(waiting=left), late


def _overdue(state: Unacknowledged, now: MonotonicNs) -> tuple[Unacknowledged, tuple[Effect, ...]]:
    if not state.waiting:
        return state, ()
    due = {
        at: one
        for at, one in state.waiting.items()
        if not one.is_told and now - one.since >= TOLD_AFTER_NS
    }
    if not due:
        return state, ()
    told = {at: replace(one, is_told=True) for at, one in due.items()}
    effects = tuple(TellNotAcknowledged(one.record_id, now - one.since) for one in due.values())
    return Unacknowledged(waiting={**state.waiting, **told}), effects
