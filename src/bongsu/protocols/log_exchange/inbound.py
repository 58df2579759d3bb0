"""The reader's end of a feed: what continues the chain is stored, then acknowledged. Sans-IO.

The node hands in only what was opened and whose signatures verified; this machine decides about
order and completeness. It remembers two positions: *accepted* (handed to the store) and
*stored* (on our disk); only the second is ever countersigned.

A sender that lost its place (a restored backup) states less than it did, or another history. It is
shown the newest head of its own that we hold, and opens a later epoch: a feed of its own, while the
old one stays as it is.

What proves that the sender is alive is a head whose beat is above every beat before it: a recorded
one played again proves nothing. A later head that states less than an earlier one is a truncated
history; people are told, whether it was lost or cut short. A sender whose clock was ahead has
stated beats from beyond our time. Once its clock is right and it begins anew it must be believed
again, so such beats count no higher than our time then; a recording of them, played until then,
shows as skew.
"""

from msgspec.structs import replace

from bongsu.protocols.log_exchange.inbound_events import (
    AskAfter,
    ClearFault,
    CompareHistory,
    Effect,
    EntriesStored,
    EpochOpened,
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
    ShowHead,
    StoreEntries,
    StoringFailed,
    TimePassed,
)
from bongsu.protocols.log_exchange.inbound_state import Inbound, with_fault, without_fault
from bongsu.protocols.log_exchange.inbound_timers import (
    LOST_ITS_PLACE,
    RECEIPT_AT_ENTRIES,
    quiet_until,
    receipt_due,
    say_receipt,
    show_head,
    time_passed,
)
from bongsu.records.chain import Link, check_chain
from bongsu.records.frame import OpenedFrame
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, UtcNs

__all__ = [
    "LOST_ITS_PLACE",
    "AskAfter",
    "ClearFault",
    "CompareHistory",
    "Effect",
    "EntriesStored",
    "EpochOpened",
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
    "ShowHead",
    "StoreEntries",
    "StoringFailed",
    "TimePassed",
    "quiet_until",
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
        case HistoryCompared(at, agrees):
            return _history_compared(state, at, agrees, now)
        case EpochOpened(epoch=epoch, start=start):
            return _epoch_opened(state, epoch, start, now)
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
    if event.beat <= state.believed_beat:
        return state, ()
    if event.epoch != state.epoch:
        return show_head(state, now) if event.epoch < state.epoch else (state, ())
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
    state, cut = _truncated(state, event.head, now) if truncated else _whole(state, is_newest)
    state, compared = _compared(state, event.head, now)
    return _note_behind(state, now), (*effects, *more, *cut, *compared)


def _truncated(
    state: Inbound, said: Position, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    """It states less than it did. Where that lies on our chain we first find out what we share."""
    if Fault.TRUNCATED in state.faults:
        return state, ()
    state, raised = with_fault(replace(state, shared=None, shown_at=now), Fault.TRUNCATED)
    if 0 < said.sequence <= state.stored:
        return state, raised
    state, shown = show_head(replace(state, shown_at=None), now)
    return state, (*raised, *shown)


def _whole(state: Inbound, is_newest: bool) -> tuple[Inbound, tuple[Effect, ...]]:
    """Its newest head states all that it ever did."""
    return without_fault(state, Fault.TRUNCATED) if is_newest else (state, ())


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


def _compared(
    state: Inbound, said: Position, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    """Does a signed position lie on our chain? What is still being stored waits for a later one."""
    if said.sequence == state.accepted.sequence:
        return _history_compared(state, said, said.entry_hash == state.accepted.entry_hash, now)
    if 0 < said.sequence <= state.stored:
        return state, (CompareHistory(said),)
    return state, ()


def _history_compared(
    state: Inbound, at: Position, agrees: bool, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    if not agrees:
        return _forked(state, now)
    if Fault.TRUNCATED not in state.faults or at == state.shared:
        return state, ()
    if at.sequence > state.stored:
        return state, ()  # not on our disk yet: what is shared is countersigned
    return show_head(replace(state, shared=at, shown_at=None), now)


def _forked(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    """Both sides are kept; whether its sender was restored it will know when it sees its head."""
    if Fault.FORK in state.faults:
        return state, ()
    state, raised = with_fault(state, Fault.FORK)
    state, shown = show_head(replace(state, shown_at=None), now)
    return state, (*raised, *shown)


def _epoch_opened(
    state: Inbound, epoch: int, start: Position, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    """A feed of its own; what is known of the link goes on. The old epoch stays as it is."""
    if epoch <= state.epoch:
        return state, ()
    effects: tuple[Effect, ...] = ()
    for fault in (Fault.TRUNCATED, Fault.FORK, Fault.BEHIND):
        state, cleared = without_fault(state, fault)
        effects = (*effects, *cleared)
    opened = Inbound(
        epoch=epoch,
        judges_link=state.judges_link,
        accepted=start,
        stored=start.sequence,
        opened_at=now,
        opened_with=start.sequence,
        heard_at=state.heard_at,
        believed_beat=state.believed_beat,
        highest_beat=state.highest_beat,
        reopened_at=state.reopened_at,
        reopened=state.reopened,
        faults=state.faults,
    )
    return opened, effects


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
            return _forked(state, now)
        case Link.DUPLICATE:
            # Taken once already. Our receipt may have been lost, so it is said again.
            return _compared(receipt_due(state, now), reached, now)
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
    if urgent or state.stored - state.receipt_said >= RECEIPT_AT_ENTRIES:
        return say_receipt(state, now)
    return receipt_due(state, now), ()


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
    effects: tuple[Effect, ...] = ()
    for fault in (Fault.FORK, Fault.TRUNCATED):
        state, cleared = without_fault(state, fault)
        effects = (*effects, *cleared)
    return state, effects


def _note_behind(state: Inbound, now: MonotonicNs) -> Inbound:
    """What our disk refuses keeps us behind, however often it is handed over."""
    if state.claimed <= state.accepted.sequence and not state.disk_refused:
        before = state.behind_before or state.behind_since
        if state.behind_since is None and state.behind_before == before:
            return state
        return replace(state, behind_since=None, behind_before=before)
    return state if state.behind_since is not None else replace(state, behind_since=now)
