"""The sender's end of a feed: what to put on the wire, and when. Sans-IO.

Loss is repaired by the reader: it sees from the repeated head what it lacks, and asks. So nothing
here counts time per frame. What an ask can cost is bounded: one window, ten times a second, and
where it contradicts what the reader countersigned (an old one played again, or a reader that was
restored from a backup) once in five seconds.

Where the reader countersigned what our log does not hold, nothing more goes out until that is
explained. Mostly our own signature explains it: the reader shows it, we were restored from a
backup, and go on in a new epoch. Where nothing is shown the reader states another history.
"""

from msgspec import Struct
from msgspec.structs import replace

from bongsu.protocols.log_exchange.outbound_events import (
    CatchUpAsked,
    Effect,
    EntriesAppended,
    EpochFilled,
    Event,
    HeadShown,
    OpenEpoch,
    ReaderKeyEnded,
    ReaderKeyVerified,
    ReceiptVerified,
    ReportFork,
    SendEntries,
    SendHead,
    TellEpochsSpent,
    TimePassed,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

__all__ = [
    "CatchUpAsked",
    "Effect",
    "EntriesAppended",
    "EpochFilled",
    "Event",
    "HeadShown",
    "OpenEpoch",
    "Outbound",
    "ReaderKeyEnded",
    "ReaderKeyVerified",
    "ReceiptVerified",
    "ReportFork",
    "SendEntries",
    "SendHead",
    "TellEpochsSpent",
    "TimePassed",
    "step",
]

HEARTBEAT_EVERY_NS = NS_PER_S // 2
FLUSH_WITHIN_NS = NS_PER_S // 20  # 50 ms: entries that are not urgent
FLUSH_AT_ENTRIES = 64
WINDOW_ENTRIES = 4_096  # on the wire beyond what the reader countersigned
FRAME_ENTRIES = 512  # a reader holds a few in memory while its disk works
CATCH_UP_AT_MOST_EVERY_NS = NS_PER_S // 10
REWIND_AT_MOST_EVERY_NS = 5 * NS_PER_S  # to before what the reader countersigned
SHOWN_WITHIN_NS = 15 * NS_PER_S  # a reader that holds more than we do shows us our own head
MAXIMUM_EPOCH = 2**31
LONG_AGO = MonotonicNs(-(2**62))


class Outbound(Struct, frozen=True, kw_only=True):
    """`acknowledged` <= `sent` <= `appended`, and `sent` is at most a window further on.

    After a restart: `appended` as on our disk, `sent` and `acknowledged` as the reader
    countersigned last. While the reader has countersigned everything the head is repeated every
    `idle_heartbeat_ns`: of two feeds to one reader, one is enough to say that we are there.
    """

    epoch: int = 1
    opening: int | None = None  # the epoch that is being filled; meanwhile nothing is sent
    appended: int = 0
    sent: int = 0
    acknowledged: int = 0
    key_id: bytes = b""
    key_expires_at: MonotonicNs = MonotonicNs(0)
    flush_at: MonotonicNs | None = None
    idle_heartbeat_ns: int = HEARTBEAT_EVERY_NS
    heartbeat_at: MonotonicNs = MonotonicNs(0)
    caught_up_at: MonotonicNs = LONG_AGO
    rewound_at: MonotonicNs = LONG_AGO
    doubted: int | None = None  # where the reader countersigned what is not ours
    doubted_at: MonotonicNs = LONG_AGO
    forked: bool = False  # it has shown nothing that would explain it

    @property
    def is_held(self) -> bool:
        """Whether nothing goes out but heads, and what lets the reader find a fork."""
        return self.forked or self.doubted is not None or self.opening is not None


def step(state: Outbound, event: Event, *, now: MonotonicNs) -> tuple[Outbound, tuple[Effect, ...]]:
    """Take one event; a feed that is held sends only what lets its reader find a fork too."""
    match event:
        case TimePassed():
            return _time_passed(state, now)
        case ReaderKeyEnded():
            return replace(state, key_id=b"", key_expires_at=MonotonicNs(0)), ()
        case EntriesAppended(through, urgent):
            return _appended(state, through, urgent, now)
        case ReaderKeyVerified(key_id, expires_at):
            return _key_came(state, key_id, expires_at, now)
        case HeadShown():
            return _shown(state, event)
        case EpochFilled(appended):
            return _filled(state, appended, now)
        case ReceiptVerified(sequence, agrees):
            return _countersigned(state, sequence, agrees, now)
        case CatchUpAsked(after) if state.is_held:
            return _show_fork(state, after, now)
        case CatchUpAsked(after):
            return _catch_up(state, after, now)
    raise LocalMisuse(f"{event!r} is no event of a feed", remedy="Send one of its event types")


def _appended(
    state: Outbound, through: int, urgent: bool, now: MonotonicNs
) -> tuple[Outbound, tuple[Effect, ...]]:
    if through < state.appended:
        raise LocalMisuse(
            f"entry {through} appended after {state.appended}", remedy="Append in order"
        )
    due = MonotonicNs(now + FLUSH_WITHIN_NS) if state.flush_at is None else state.flush_at
    head_due = MonotonicNs(min(state.heartbeat_at, now + HEARTBEAT_EVERY_NS))
    state = replace(state, appended=through, flush_at=due, heartbeat_at=head_due)
    if urgent or state.appended - state.sent >= FLUSH_AT_ENTRIES:
        return _flush(state, now)
    return state, ()


def _key_came(
    state: Outbound, key_id: bytes, expires_at: MonotonicNs, now: MonotonicNs
) -> tuple[Outbound, tuple[Effect, ...]]:
    """What was sealed to another key and not acknowledged is sealed anew.

    Of the same key it is told again how long it is good for: when it came first the two clocks may
    not have known each other. What waited for that goes out.
    """
    if key_id == state.key_id:
        had_key = _has_key(state, now)
        state = replace(state, key_expires_at=expires_at)
        return _flush(state, now) if _has_key(state, now) and not had_key else (state, ())
    state = replace(state, key_id=key_id, key_expires_at=expires_at, sent=state.acknowledged)
    return _flush(state, now)


def _countersigned(
    state: Outbound, sequence: int, agrees: bool, now: MonotonicNs
) -> tuple[Outbound, tuple[Effect, ...]]:
    if state.opening is not None:
        return state, ()
    is_ours = agrees and sequence <= state.appended
    if state.forked and not (is_ours and _is_explained(state, sequence)):
        return state, ()
    if not is_ours:
        first = state.doubted is None
        doubted_at = now if first else state.doubted_at
        return replace(state, doubted=sequence, doubted_at=doubted_at), ()
    was_held = state.is_held
    state = replace(state, doubted=None, forked=False)
    if sequence > state.acknowledged:
        state = replace(state, acknowledged=sequence, sent=max(state.sent, sequence))
    elif not was_held:
        return state, ()
    return _flush(state, now) if state.flush_at is None else (state, ())


def _is_explained(state: Outbound, sequence: int) -> bool:
    """Whether the reader now countersigns our own chain where it countersigned another, or beyond.

    So it does when what was lost with a disk has been stated anew, entry by entry the same.
    """
    return state.doubted is not None and sequence >= state.doubted


def _shown(state: Outbound, shown: HeadShown) -> tuple[Outbound, tuple[Effect, ...]]:
    """Our own signature on what is not in our log is proof, whoever shows it."""
    if state.opening is not None or shown.epoch < state.epoch:
        return state, ()
    if shown.epoch == state.epoch and shown.agrees and shown.sequence <= state.appended:
        return state, ()  # the reader has no more than we have
    epoch = shown.epoch + 1
    if epoch > MAXIMUM_EPOCH:
        return replace(state, forked=True, doubted=None), (TellEpochsSpent(),)
    return replace(state, opening=epoch), (OpenEpoch(epoch, state.acknowledged),)


def _filled(
    state: Outbound, appended: int, now: MonotonicNs
) -> tuple[Outbound, tuple[Effect, ...]]:
    """The new epoch begins: its head goes out at once, then all of it."""
    if state.opening is None:
        raise LocalMisuse("no epoch is being filled", remedy="Fill one when OpenEpoch says so")
    state = replace(
        state,
        epoch=state.opening,
        opening=None,
        appended=appended,
        sent=0,
        acknowledged=0,
        doubted=None,
        forked=False,
        heartbeat_at=now,
        caught_up_at=LONG_AGO,
        rewound_at=LONG_AGO,
    )
    return _flush(state, now)


def _catch_up(state: Outbound, after: int, now: MonotonicNs) -> tuple[Outbound, tuple[Effect, ...]]:
    """Start again after what the reader has; asked too often, the same answer is not repeated."""
    if not 0 <= after < state.appended or now - state.caught_up_at < CATCH_UP_AT_MOST_EVERY_NS:
        return state, ()
    if after < state.acknowledged:
        if now - state.rewound_at < REWIND_AT_MOST_EVERY_NS:
            return state, ()
        state = replace(state, rewound_at=now, acknowledged=after)
    return _flush(replace(state, sent=after, caught_up_at=now), now)


def _show_fork(
    state: Outbound, after: int, now: MonotonicNs
) -> tuple[Outbound, tuple[Effect, ...]]:
    """One frame of our history to a reader that holds another: its evidence, and no more."""
    if not 0 <= after < state.appended or not _has_key(state, now):
        return state, ()
    if now - state.caught_up_at < REWIND_AT_MOST_EVERY_NS:
        return state, ()
    last = min(state.appended, after + FRAME_ENTRIES)
    return replace(state, caught_up_at=now), (SendEntries(after + 1, last),)


def quiet_until(state: Outbound) -> MonotonicNs:
    """Before this instant nothing is due, as long as the state stays as it is."""
    due = state.heartbeat_at if state.flush_at is None else min(state.flush_at, state.heartbeat_at)
    if state.doubted is None or state.forked:
        return due
    return min(due, MonotonicNs(state.doubted_at + SHOWN_WITHIN_NS))


def _time_passed(state: Outbound, now: MonotonicNs) -> tuple[Outbound, tuple[Effect, ...]]:
    effects: tuple[Effect, ...] = ()
    if state.flush_at is not None and now >= state.flush_at:
        state, effects = _flush(state, now)
    if state.doubted is not None and not state.forked and now - state.doubted_at >= SHOWN_WITHIN_NS:
        effects = (*effects, ReportFork(state.doubted))
        state = replace(state, forked=True)
    if now >= state.heartbeat_at:
        is_idle = state.acknowledged >= state.appended
        every_ns = state.idle_heartbeat_ns if is_idle else HEARTBEAT_EVERY_NS
        state = replace(state, heartbeat_at=MonotonicNs(now + every_ns))
        effects = (*effects, SendHead())
    return state, effects


def _flush(state: Outbound, now: MonotonicNs) -> tuple[Outbound, tuple[Effect, ...]]:
    """Send what waits, as far as the reader's key and the window allow."""
    state = replace(state, flush_at=None)
    if state.is_held or not _has_key(state, now):
        return state, ()
    last = min(state.appended, state.acknowledged + WINDOW_ENTRIES)
    frames: list[Effect] = []
    for first in range(state.sent + 1, last + 1, FRAME_ENTRIES):
        frames.append(SendEntries(first, min(first + FRAME_ENTRIES - 1, last)))
    return replace(state, sent=max(state.sent, last)), tuple(frames)


def _has_key(state: Outbound, now: MonotonicNs) -> bool:
    return bool(state.key_id) and now < state.key_expires_at
