"""The reader's end of a feed: what continues the chain is stored, then acknowledged. Sans-IO.

The node hands in only what was opened and whose signatures verified; this machine decides about
order and completeness. It remembers two positions: *accepted* (handed to the store) and
*stored* (on our disk); only the second is ever countersigned.
"""

from dataclasses import dataclass, replace
from enum import Enum

from bongsu.records.chain import Link, check_chain
from bongsu.records.feed import Entry
from bongsu.records.frame import OpenedFrame
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, UtcNs

SILENT_AFTER_NS = 3 * NS_PER_S - NS_PER_S // 2  # shown within 3 s, so decided half a second before
BEHIND_GRACE_NS = NS_PER_S // 5  # a head may overtake a frame that is on its way
BEHIND_FAULT_NS = 2 * NS_PER_S
ASK_AGAIN_AFTER_NS = NS_PER_S // 2
RECEIPT_WITHIN_NS = NS_PER_S // 20
SKEW_LIMIT_NS = 2 * NS_PER_S
REOPEN_AFTER_NS = 3 * NS_PER_S
FIRST_CONTACT_NS = 15 * NS_PER_S  # a partner that was never heard is absent after this


class Fault(Enum):
    """What people are told about a link, in words."""

    SILENCE = "nothing heard"
    BEHIND = "records are missing and were asked for"
    SKEW = "its clock and ours disagree"
    FORK = "it states two histories: both kept as evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    sequence: int
    entry_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadVerified:
    """A heartbeat with a good signature of the sender."""

    epoch: int
    head: Position
    stated_at: UtcNs
    received_at: UtcNs  # our system time


@dataclass(frozen=True, slots=True)
class FrameVerified:
    """A frame that was ours to open; its head is signed by the sender."""

    opened: OpenedFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochOpened:
    """The sender was restored and starts a new chain, signed; nothing continues the old one."""

    epoch: int
    genesis_hash: bytes


@dataclass(frozen=True, slots=True)
class EntriesStored:
    """Everything through this sequence is on our disk."""

    through: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class HistoryCompared:
    """Answer to CompareHistory."""

    sequence: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class StoringFailed:
    """The disk refused: nothing beyond `stored` counts as accepted any more."""

    stored: Position


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = (
    HeadVerified
    | FrameVerified
    | EpochOpened
    | EntriesStored
    | HistoryCompared
    | StoringFailed
    | TimePassed
)


@dataclass(frozen=True, slots=True)
class StoreEntries:
    entries: tuple[Entry, ...]
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """Countersign our stored position and send it."""

    through: int


@dataclass(frozen=True, slots=True)
class AskAfter:
    """Ask the sender to start again after this sequence."""

    sequence: int


@dataclass(frozen=True, slots=True)
class CompareHistory:
    """Does our chain have this hash at this sequence? Answer with HistoryCompared."""

    at: Position


@dataclass(frozen=True, slots=True)
class RaiseFault:
    fault: Fault


@dataclass(frozen=True, slots=True)
class ClearFault:
    fault: Fault
    caught_up: int  # entries that came since the fault was raised


@dataclass(frozen=True, slots=True)
class ReopenSession:
    """The engine may be stuck although the link looks up: start it over."""


Effect = (
    StoreEntries | SendReceipt | AskAfter | CompareHistory | RaiseFault | ClearFault | ReopenSession
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """`stored` <= `accepted.sequence` <= `claimed`, the highest sequence the sender signed."""

    epoch: int
    accepted: Position
    stored: int
    claimed: int = 0
    opened_at: MonotonicNs
    heard_at: MonotonicNs | None = None
    head_stated_at: UtcNs = UtcNs(0)
    behind_since: MonotonicNs | None = None
    asked_at: MonotonicNs | None = None
    receipt_due: MonotonicNs | None = None
    reopened_at: MonotonicNs | None = None
    faults: frozenset[Fault] = frozenset()
    fault_from: int = 0  # accepted sequence when the present faults began


def step(state: Inbound, event: Event, *, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case HeadVerified():
            return _head(state, event, now)
        case FrameVerified(opened):
            return _frame(state, opened, now)
        case EpochOpened(epoch=epoch, genesis_hash=genesis):
            return _new_epoch(state, epoch, genesis)
        case EntriesStored(through, urgent):
            return _stored(state, through, urgent, now)
        case HistoryCompared(_, agrees):
            return (state, ()) if agrees else _with_fault(state, Fault.FORK)
        case StoringFailed(position):
            return replace(state, accepted=position, stored=position.sequence), ()
        case TimePassed():
            return _time_passed(state, now)
    raise LocalMisuse(f"{event!r} is no event of a feed", remedy="Send one of its event types")


def _head(
    state: Inbound, event: HeadVerified, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    if event.epoch != state.epoch or event.stated_at <= state.head_stated_at:
        return state, ()  # another epoch, or a recorded heartbeat played again: proves nothing
    skewed = abs(event.received_at - event.stated_at) > SKEW_LIMIT_NS
    state = replace(
        state,
        heard_at=now,
        head_stated_at=event.stated_at,
        claimed=max(state.claimed, event.head.sequence),
    )
    state, effects = _without_fault(state, Fault.SILENCE)
    state, more = _with_fault(state, Fault.SKEW) if skewed else _without_fault(state, Fault.SKEW)
    effects = (*effects, *more)
    if event.head.sequence <= state.accepted.sequence:
        effects = (*effects, CompareHistory(event.head)) if event.head.sequence else effects
    return _note_behind(state, now), effects


def _frame(
    state: Inbound, opened: OpenedFrame, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    head = opened.head
    if head.feed.epoch != state.epoch or Fault.FORK in state.faults:
        return state, ()
    state = replace(state, claimed=max(state.claimed, head.sequence))
    check = check_chain(
        opened, after_sequence=state.accepted.sequence, after_hash=state.accepted.entry_hash
    )
    match check.link:
        case Link.GAP:
            return _note_behind(state, now), ()
        case Link.FORK:
            return _with_fault(state, Fault.FORK)
        case Link.DUPLICATE:
            # Shown once already. Our receipt may have been lost, so it is said again.
            again = replace(state, receipt_due=MonotonicNs(now + RECEIPT_WITHIN_NS))
            at = Position(sequence=head.sequence, entry_hash=head.hash)
            return again, (CompareHistory(at),)
        case Link.CONTINUES:
            reached = Position(sequence=head.sequence, entry_hash=head.hash)
            state = replace(state, accepted=reached, asked_at=None)
            return _note_behind(state, now), (StoreEntries(check.entries, check.hashes),)


def _new_epoch(state: Inbound, epoch: int, genesis: bytes) -> tuple[Inbound, tuple[Effect, ...]]:
    if epoch <= state.epoch:
        return state, ()
    start = Position(sequence=0, entry_hash=genesis)
    return replace(state, epoch=epoch, accepted=start, stored=0, claimed=0), ()


def _stored(
    state: Inbound, through: int, urgent: bool, now: MonotonicNs
) -> tuple[Inbound, tuple[Effect, ...]]:
    state = replace(state, stored=max(state.stored, through))
    if urgent:
        return replace(state, receipt_due=None), (SendReceipt(state.stored),)
    due = state.receipt_due or MonotonicNs(now + RECEIPT_WITHIN_NS)
    return replace(state, receipt_due=due), ()


def _note_behind(state: Inbound, now: MonotonicNs) -> Inbound:
    if state.claimed <= state.accepted.sequence:
        return replace(state, behind_since=None, asked_at=None)
    return replace(state, behind_since=state.behind_since or now)


def _time_passed(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    effects: tuple[Effect, ...] = ()
    if state.receipt_due is not None and now >= state.receipt_due:
        state = replace(state, receipt_due=None)
        effects = (SendReceipt(state.stored),)
    for part in (_check_behind, _check_silence):
        state, more = part(state, now)
        effects = (*effects, *more)
    return state, effects


def _check_behind(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    if state.behind_since is None:
        return _without_fault(state, Fault.BEHIND)
    effects: tuple[Effect, ...] = ()
    behind_for_ns = now - state.behind_since
    asked_lately = state.asked_at is not None and now - state.asked_at < ASK_AGAIN_AFTER_NS
    if behind_for_ns >= BEHIND_GRACE_NS and not asked_lately:
        state = replace(state, asked_at=now)
        effects = (AskAfter(state.accepted.sequence),)
    if behind_for_ns >= BEHIND_FAULT_NS:
        state, more = _with_fault(state, Fault.BEHIND)
        effects = (*effects, *more)
    return state, effects


def _check_silence(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    if state.heard_at is None:
        silent = now - state.opened_at >= FIRST_CONTACT_NS
        since = state.opened_at
    else:
        silent = now - state.heard_at >= SILENT_AFTER_NS
        since = state.heard_at
    if not silent:
        return state, ()
    state, effects = _with_fault(state, Fault.SILENCE)
    last = since if state.reopened_at is None else max(since, state.reopened_at)
    if now - last >= REOPEN_AFTER_NS:
        state = replace(state, reopened_at=now)
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
    came = state.accepted.sequence - state.fault_from
    return replace(state, faults=state.faults - {fault}), (ClearFault(fault, came),)
