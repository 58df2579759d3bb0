"""The sender's end of a feed: what to put on the wire, and when. Sans-IO.

Loss is repaired by the reader: it sees from the repeated head what it lacks, and asks. So nothing
here counts time per frame. What an ask can cost is bounded: one window, ten times a second, and
where it contradicts what the reader countersigned (an old one played again, or a reader that was
restored from a backup) once in five seconds.
"""

from dataclasses import dataclass, replace

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

HEARTBEAT_EVERY_NS = NS_PER_S // 2
FLUSH_WITHIN_NS = NS_PER_S // 20  # 50 ms: entries that are not urgent
FLUSH_AT_ENTRIES = 64
WINDOW_ENTRIES = 4_096  # on the wire beyond what the reader countersigned
FRAME_ENTRIES = 512  # a reader holds a few in memory while its disk works
CATCH_UP_AT_MOST_EVERY_NS = NS_PER_S // 10
REWIND_AT_MOST_EVERY_NS = 5 * NS_PER_S  # to before what the reader countersigned
LONG_AGO = MonotonicNs(-(2**62))


@dataclass(frozen=True, slots=True)
class EntriesAppended:
    """Entries up to this sequence are on our disk."""

    through: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class ReaderKeyVerified:
    """The reader's short-lived key came, signed by its node key."""

    key_id: bytes
    expires_at: MonotonicNs


@dataclass(frozen=True, slots=True)
class ReaderKeyEnded:
    """Nothing is sealed to the reader's key any more: the node key that signed it has ended."""


@dataclass(frozen=True, slots=True)
class ReceiptVerified:
    """The reader countersigned its head; `agrees` says whether our chain has that hash there."""

    sequence: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class CatchUpAsked:
    """The reader lacks everything after this sequence."""

    after: int


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = (
    EntriesAppended
    | ReaderKeyVerified
    | ReaderKeyEnded
    | ReceiptVerified
    | CatchUpAsked
    | TimePassed
)


@dataclass(frozen=True, slots=True)
class SendEntries:
    """Seal and send these entries, first and last included, in one frame."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SendHead:
    """Sign the head afresh and send it: the heartbeat."""


@dataclass(frozen=True, slots=True)
class ReportFork:
    """The reader countersigned another history than ours: tell people, keep the evidence."""

    sequence: int


Effect = SendEntries | SendHead | ReportFork


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """`acknowledged` <= `sent` <= `appended`, and `sent` is at most a window further on.

    After a restart: `appended` as on our disk, `sent` and `acknowledged` as the reader
    countersigned last. While the reader has countersigned everything the head is repeated every
    `idle_heartbeat_ns`: of two feeds to one reader, one is enough to say that we are there.
    """

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
    forked: bool = False


def step(state: Outbound, event: Event, *, now: MonotonicNs) -> tuple[Outbound, tuple[Effect, ...]]:
    """Take one event; a forked feed sends only what lets its reader find the fork too."""
    match event:
        case TimePassed():
            return _time_passed(state, now)
        case ReaderKeyEnded():
            return replace(state, key_id=b"", key_expires_at=MonotonicNs(0)), ()
        case CatchUpAsked(after) if state.forked:
            return _show_fork(state, after, now)
        case _ if state.forked:
            return state, ()
        case EntriesAppended(through, urgent):
            return _appended(state, through, urgent, now)
        case ReaderKeyVerified(key_id, expires_at):
            return _key_came(state, key_id, expires_at, now)
        case ReceiptVerified(sequence, agrees):
            return _countersigned(state, sequence, agrees, now)
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
    """What was sealed to another key and not acknowledged is sealed anew."""
    if key_id == state.key_id:
        return state, ()
    state = replace(state, key_id=key_id, key_expires_at=expires_at, sent=state.acknowledged)
    return _flush(state, now)


def _countersigned(
    state: Outbound, sequence: int, agrees: bool, now: MonotonicNs
) -> tuple[Outbound, tuple[Effect, ...]]:
    if not agrees or sequence > state.appended:
        return replace(state, forked=True), (ReportFork(sequence),)
    if sequence <= state.acknowledged:
        return state, ()
    state = replace(state, acknowledged=sequence, sent=max(state.sent, sequence))
    return _flush(state, now) if state.flush_at is None else (state, ())


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


def _time_passed(state: Outbound, now: MonotonicNs) -> tuple[Outbound, tuple[Effect, ...]]:
    effects: tuple[Effect, ...] = ()
    if state.flush_at is not None and now >= state.flush_at:
        state, effects = _flush(state, now)
    if now >= state.heartbeat_at:
        is_idle = state.acknowledged >= state.appended
        every_ns = state.idle_heartbeat_ns if is_idle else HEARTBEAT_EVERY_NS
        state = replace(state, heartbeat_at=MonotonicNs(now + every_ns))
        effects = (*effects, SendHead())
    return state, effects


def _flush(state: Outbound, now: MonotonicNs) -> tuple[Outbound, tuple[Effect, ...]]:
    """Send what waits, as far as the reader's key and the window allow."""
    state = replace(state, flush_at=None)
    if state.forked or not _has_key(state, now):
        return state, ()
    last = min(state.appended, state.acknowledged + WINDOW_ENTRIES)
    frames: list[Effect] = []
    for first in range(state.sent + 1, last + 1, FRAME_ENTRIES):
        frames.append(SendEntries(first, min(first + FRAME_ENTRIES - 1, last)))
    return replace(state, sent=max(state.sent, last)), tuple(frames)


def _has_key(state: Outbound, now: MonotonicNs) -> bool:
    return bool(state.key_id) and now < state.key_expires_at
