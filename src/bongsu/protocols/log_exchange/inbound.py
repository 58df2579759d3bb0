"""The reader's end of a feed: what continues the chain is stored, then acknowledged. Sans-IO.

The node hands in only what was opened and whose signatures verified; this machine decides about
order and completeness. It remembers two positions: *accepted* (handed to the store) and
*stored* (on our disk); only the second is ever countersigned. A machine serves one feed in one
epoch: a sender that was restored opens a new feed, and that gets a machine of its own.

What proves that the sender is alive is a head stated later than every head before it: a recorded
one played again proves nothing. A later head that states less than an earlier one is a truncated
history, and that is a fork like any other.
"""

from dataclasses import dataclass, replace

from bongsu.protocols.log_exchange.inbound_events import (
    AskAfter,
    ClearFault,
    CompareHistory,
    Effect,
    EntriesStored,
    Event,
    Fault,
    FrameVerified,
    HeadVerified,
    HistoryCompared,
    Position,
    RaiseFault,
    ReopenSession,
    SendReceipt,
    StoreEntries,
    StoringFailed,
    TimePassed,
)
from bongsu.records.chain import Link, check_chain
from bongsu.records.frame import OpenedFrame
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, UtcNs

__all__ = [
    "AskAfter",
    "ClearFault",
    "CompareHistory",
    "Effect",
    "EntriesStored",
    "Event",
    "Fault",
    "FrameVerified",
    "HeadVerified",
    "HistoryCompared",
    "Inbound",
    "Position",
    "RaiseFault",
    "ReopenSession",
    "SendReceipt",
    "StoreEntries",
    "StoringFailed",
    "TimePassed",
    "step",
]

SILENT_AFTER_NS = 3 * NS_PER_S - NS_PER_S // 2  # shown within 3 s, so decided half a second before
FIRST_CONTACT_NS = 15 * NS_PER_S  # after our start, a partner that was never heard is absent
REOPEN_AFTER_NS = 3 * NS_PER_S  # then twice as long each time: other partners share the session
BEHIND_GRACE_NS = NS_PER_S // 5  # a head may overtake a frame that is on its way
BEHIND_FAULT_NS = 2 * NS_PER_S
ASK_AGAIN_AFTER_NS = NS_PER_S // 2  # then twice as long each time: a thin link is not flooded
DOUBLED_AT_MOST = 4
RECEIPT_WITHIN_NS = NS_PER_S // 20
RECEIPT_REPEATED_NS = 5 * NS_PER_S  # the last one of an idle feed may have been lost
SKEW_LIMIT_NS = 2 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """`stored` <= `accepted.sequence`; `claimed` is the highest sequence the sender signed."""

    epoch: int
    accepted: Position
    stored: int
    claimed: int = 0
    opened_at: MonotonicNs
    opened_with: int = 0  # stored when this machine began: the sender had signed that much
    heard_at: MonotonicNs | None = None
    head_stated_at: UtcNs = UtcNs(0)
    head_sequence: int = 0  # of the newest heartbeat
    behind_since: MonotonicNs | None = None
    behind_before: MonotonicNs | None = None  # until what ended it is on our disk
    disk_refused: bool = False  # since something was stored
    progressed_at: MonotonicNs | None = None
    asked_at: MonotonicNs | None = None
    asked: int = 0  # times since something was stored
    receipt_due: MonotonicNs | None = None
    receipt_said_at: MonotonicNs | None = None
    reopened_at: MonotonicNs | None = None
    reopened: int = 0  # times since something was heard
    faults: frozenset[Fault] = frozenset()
    fault_from: int = 0  # accepted sequence when the present faults began


def step(state: Inbound, event: Event, *, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case HeadVerified():
            return _head(state, event, now)
        case FrameVerified(opened):
            return _frame(state, opened, now)
        case EntriesStored(through, urgent):
            return _stored(state, through, urgent, now)
        case HistoryCompared(_, agrees):
            return (state, ()) if agrees else _with_fault(state, Fault.FORK)
        case StoringFailed(position):
            return _refused(state, position, now), ()
        case TimePassed():
            return _time_passed(state, now)
    raise LocalMisuse(f"{event!r} is no event of a feed", remedy="Send one of its event types")


def _head(
    state: Inbound, event: HeadVerified, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    if event.epoch != state.epoch or event.stated_at <= state.head_stated_at:
        return state, ()
    skewed = abs(event.received_at - event.stated_at) > SKEW_LIMIT_NS
    truncated = event.head.sequence < _signed_before(state, skewed, now)
    if Fault.SILENCE in state.faults:
        state = replace(state, asked_at=None, asked=0)  # the link is back: ask at once
    state = replace(
        state,
        heard_at=now,
        reopened_at=None,
        reopened=0,
        head_stated_at=event.stated_at,
        head_sequence=event.head.sequence,
        claimed=max(state.claimed, event.head.sequence),
    )
    state, effects = _without_fault(state, Fault.SILENCE)
    state, more = _with_fault(state, Fault.SKEW) if skewed else _without_fault(state, Fault.SKEW)
    state, compared = _with_fault(state, Fault.FORK) if truncated else _compared(state, event.head)
    return _note_behind(state, now), (*effects, *more, *compared)


def _signed_before(state: Inbound, skewed: bool, now: MonotonicNs) -> int:
    """What the sender had surely signed before the head that came now.

    Frames may overtake heads, so what we stored lately proves nothing; what we held when we began
    does, once a head is surely younger than that.
    """
    is_younger = not skewed and now - state.opened_at > SKEW_LIMIT_NS
    return max(state.head_sequence, state.opened_with if is_younger else 0)


def _compared(state: Inbound, said: Position) -> tuple[Inbound, tuple[Effect, ...]]:
    """Does a signed position lie on our chain? What is still being stored waits for a later one."""
    if said.sequence == state.accepted.sequence:
        agrees = said.entry_hash == state.accepted.entry_hash
        return (state, ()) if agrees else _with_fault(state, Fault.FORK)
    if 0 < said.sequence <= state.stored:
        return state, (CompareHistory(said),)
    return state, ()


def _frame(
    state: Inbound, opened: OpenedFrame, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    head = opened.head
    if head.feed.epoch != state.epoch or Fault.FORK in state.faults:
        return state, ()
    state = replace(state, claimed=max(state.claimed, head.sequence))
    reached = Position(sequence=head.sequence, entry_hash=head.hash)
    check = check_chain(
        opened, after_sequence=state.accepted.sequence, after_hash=state.accepted.entry_hash
    )
    match check.link:
        case Link.GAP:
            return _note_behind(state, now), ()
        case Link.FORK:
            return _with_fault(state, Fault.FORK)
        case Link.DUPLICATE:
            # Taken once already. Our receipt may have been lost, so it is said again.
            return _compared(_receipt_due(state, now), reached)
        case Link.CONTINUES:
            state = replace(state, accepted=reached, progressed_at=now)
            return _note_behind(state, now), (StoreEntries(check.entries, check.hashes),)


def _stored(
    state: Inbound, through: int, urgent: bool, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    # Never beyond `accepted`: a commit that was under way when another failed proves less.
    stored = max(state.stored, min(through, state.accepted.sequence))
    state = replace(
        state, stored=stored, asked_at=None, asked=0, behind_before=None, disk_refused=False
    )
    state = _note_behind(state, now)
    return _say_receipt(state, now) if urgent else (_receipt_due(state, now), ())


def _refused(state: Inbound, stored: Position, now: MonotonicNs) -> Inbound:
    state = replace(
        state,
        accepted=stored,
        stored=stored.sequence,
        behind_since=state.behind_before or state.behind_since,
        disk_refused=True,
    )
    return _note_behind(state, now)


def _receipt_due(state: Inbound, now: MonotonicNs) -> Inbound:
    due = MonotonicNs(now + RECEIPT_WITHIN_NS) if state.receipt_due is None else state.receipt_due
    return replace(state, receipt_due=due)


def _say_receipt(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    state = replace(state, receipt_due=None, receipt_said_at=now)
    return state, (SendReceipt(state.stored),)


def _note_behind(state: Inbound, now: MonotonicNs) -> Inbound:
    """What our disk refuses keeps us behind, however often it is handed over."""
    if state.claimed <= state.accepted.sequence and not state.disk_refused:
        before = state.behind_before or state.behind_since
        return replace(state, behind_since=None, behind_before=before)
    return state if state.behind_since is not None else replace(state, behind_since=now)


def _time_passed(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    effects: tuple[Effect, ...] = ()
    for part in (_check_receipt, _check_behind, _check_silence):
        state, more = part(state, now)
        effects = (*effects, *more)
    return state, effects


def _check_receipt(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    if state.receipt_due is not None:
        return _say_receipt(state, now) if now >= state.receipt_due else (state, ())
    said_at = state.receipt_said_at if state.receipt_said_at is not None else state.opened_at
    if state.stored > 0 and now - said_at >= RECEIPT_REPEATED_NS:
        return _say_receipt(state, now)
    return state, ()


def _check_behind(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    if state.behind_since is None or Fault.FORK in state.faults:
        return _without_fault(state, Fault.BEHIND)  # of a forked feed nothing is asked for
    effects: tuple[Effect, ...] = ()
    behind_for_ns = now - state.behind_since
    lacks = state.claimed > state.accepted.sequence
    if lacks and now >= _ask_at(state, state.behind_since):
        state = replace(state, asked_at=now, asked=state.asked + 1)
        effects = (AskAfter(state.accepted.sequence),)
    if behind_for_ns >= BEHIND_FAULT_NS:
        state, more = _with_fault(state, Fault.BEHIND)
        effects = (*effects, *more)
    return state, effects


def _ask_at(state: Inbound, behind_since: MonotonicNs) -> int:
    """While frames flow nothing is asked for: what is missing is on its way already."""
    quiet_since = max(behind_since, state.progressed_at or behind_since)
    if state.asked_at is None:
        return quiet_since + BEHIND_GRACE_NS
    patience_ns = ASK_AGAIN_AFTER_NS << min(state.asked - 1, DOUBLED_AT_MOST)
    return max(quiet_since, state.asked_at) + patience_ns


def _check_silence(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    since = state.opened_at if state.heard_at is None else state.heard_at
    allowed_ns = FIRST_CONTACT_NS if state.heard_at is None else SILENT_AFTER_NS
    if now - since < allowed_ns:
        return state, ()
    state, effects = _with_fault(state, Fault.SILENCE)
    last = state.reopened_at if state.reopened_at is not None else since
    if now - last >= REOPEN_AFTER_NS << min(state.reopened, DOUBLED_AT_MOST):
        state = replace(state, reopened_at=now, reopened=state.reopened + 1)
        effects = (*effects, ReopenSession())
    return state, effects


def _with_fault(state: Inbound, fault: Fault) -> tuple[Inbound, tuple[Effect, ...]]:
    if fault in state.faults:
        return state, ()
    start = state.accepted.sequence if not state.faults else state.fault_from
    return replace(state, faults=state.faults | {fault}, fault_from=start), (RaiseFault(fault),)


def _without_fault(state: Inbound, fault: Fault) -> tuple[Inbound, tuple[Effect, ...]]:
    if fault not in state.faults:
        return state, ()
    came = max(0, state.accepted.sequence - state.fault_from)
    return replace(state, faults=state.faults - {fault}), (ClearFault(fault, came),)
