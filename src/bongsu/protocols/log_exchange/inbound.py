"""The reader's end of a feed: what continues the chain is stored, then acknowledged. Sans-IO.

The node hands in only what was opened and whose signatures verified; this machine decides about
order and completeness. It remembers two positions: *accepted* (handed to the store) and
*stored* (on our disk); only the second is ever countersigned. A machine serves one feed in one
epoch: a sender that was restored opens a new feed, and that gets a machine of its own.

What proves that the sender is alive is a head whose beat is above every beat before it: a recorded
one played again proves nothing. A later head that states less than an earlier one is a truncated
history, and that is a fork like any other. A sender whose clock was ahead has stated beats from
beyond our time. Once its clock is right and it begins anew it must be believed again, so such
beats count no higher than our time then; a recording of them, played until then, shows as skew.
"""

from dataclasses import replace

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
    KeyEnded,
    LinkCameBack,
    Position,
    RaiseFault,
    ReopenSession,
    SendReceipt,
    StoreEntries,
    StoringFailed,
    TimePassed,
)
from bongsu.protocols.log_exchange.inbound_state import Inbound, with_fault, without_fault
from bongsu.protocols.log_exchange.inbound_timers import receipt_due, say_receipt, time_passed
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
    "KeyEnded",
    "LinkCameBack",
    "Position",
    "RaiseFault",
    "ReopenSession",
    "SendReceipt",
    "StoreEntries",
    "StoringFailed",
    "TimePassed",
    "step",
]

SKEW_LIMIT_NS = 2 * NS_PER_S


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
            return (state, ()) if agrees else with_fault(state, Fault.FORK)
        case StoringFailed(position):
            return _refused(state, position, now), ()
        case LinkCameBack():
            return _asking_afresh(state), ()
        case KeyEnded():
            return _key_ended(state)
        case TimePassed():
            return time_passed(state, now)
    raise LocalMisuse(f"{event!r} is no event of a feed", remedy="Send one of its event types")


def _head(
    state: Inbound, event: HeadVerified, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    if event.epoch != state.epoch or event.beat <= state.believed_beat:
        return state, ()
    skewed = abs(event.received_at - event.stated_at) > SKEW_LIMIT_NS
    is_newest = event.beat > state.highest_beat
    truncated = is_newest and event.head.sequence < _signed_before(state, skewed, now)
    if Fault.SILENCE in state.faults:
        state = _asking_afresh(state)
    state = replace(
        state,
        heard_at=now,
        reopened_at=None,
        reopened=0,
        believed_beat=min(event.beat, UtcNs(event.received_at + SKEW_LIMIT_NS)),
        highest_beat=max(state.highest_beat, event.beat),
        head_sequence=max(state.head_sequence, event.head.sequence),
        claimed=max(state.claimed, event.head.sequence),
    )
    state, effects = without_fault(state, Fault.SILENCE)
    is_told = skewed and state.judges_link
    state, more = with_fault(state, Fault.SKEW) if is_told else without_fault(state, Fault.SKEW)
    state, compared = with_fault(state, Fault.FORK) if truncated else _compared(state, event.head)
    return _note_behind(state, now), (*effects, *more, *compared)


def _asking_afresh(state: Inbound) -> Inbound:
    """The link is back: ask at once."""
    return replace(state, asked_at=None, asked=0)


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
        return (state, ()) if agrees else with_fault(state, Fault.FORK)
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
            return with_fault(state, Fault.FORK)
        case Link.DUPLICATE:
            # Taken once already. Our receipt may have been lost, so it is said again.
            return _compared(receipt_due(state, now), reached)
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
    return say_receipt(state, now) if urgent else (receipt_due(state, now), ())


def _refused(state: Inbound, stored: Position, now: MonotonicNs) -> Inbound:
    state = replace(
        state,
        accepted=stored,
        stored=stored.sequence,
        behind_since=state.behind_before or state.behind_since,
        disk_refused=True,
    )
    return _note_behind(state, now)


def _key_ended(state: Inbound) -> tuple[Inbound, tuple[Effect, ...]]:
    """Whoever had the key could claim any time, length or history: what he claimed is forgotten.

    Should the feed really be forked, the first frame under the next key shows it again.
    """
    state = replace(
        state,
        believed_beat=UtcNs(0),
        highest_beat=UtcNs(0),
        head_sequence=0,
        claimed=state.accepted.sequence,
    )
    return without_fault(state, Fault.FORK)


def _note_behind(state: Inbound, now: MonotonicNs) -> Inbound:
    """What our disk refuses keeps us behind, however often it is handed over."""
    if state.claimed <= state.accepted.sequence and not state.disk_refused:
        before = state.behind_before or state.behind_since
        return replace(state, behind_since=None, behind_before=before)
    return state if state.behind_since is not None else replace(state, behind_since=now)
