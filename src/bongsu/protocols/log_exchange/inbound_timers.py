"""What the reader's end does because time passed: receipts, asks, faults, a fresh session."""

from msgspec.structs import replace

from bongsu.protocols.log_exchange.inbound_events import (
    AskAfter,
    Effect,
    Fault,
    ReopenSession,
    SendReceipt,
    ShowHead,
)
from bongsu.protocols.log_exchange.inbound_state import Inbound, with_fault, without_fault
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

SILENT_AFTER_NS = 3 * NS_PER_S - NS_PER_S // 2  # shown within 3 s, so decided half a second before
FIRST_CONTACT_NS = 15 * NS_PER_S  # after our start, a partner that was never heard is absent
REOPEN_AFTER_NS = 3 * NS_PER_S  # then twice as long each time: other partners share the session
BEHIND_GRACE_NS = NS_PER_S // 5  # a head may overtake a frame that is on its way
BEHIND_FAULT_NS = 2 * NS_PER_S
ASK_AGAIN_AFTER_NS = NS_PER_S // 2  # then twice as long each time: a thin link is not flooded
DOUBLED_AT_MOST = 4
SHOWN_AT_MOST_EVERY_NS = NS_PER_S
SHOWN_AGAIN_NS = 5 * NS_PER_S
LOST_ITS_PLACE = frozenset({Fault.TRUNCATED, Fault.FORK})
NOW_ALREADY = MonotonicNs(-(2**63))
NEVER = MonotonicNs(2**63 - 1)
RECEIPT_WITHIN_NS = NS_PER_S // 20
RECEIPT_AT_ENTRIES = 1_024  # sooner, so that the sender's window moves on before it is used up
RECEIPT_REPEATED_NS = 5 * NS_PER_S  # the last one of an idle feed may have been lost


def time_passed(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    """Do what is due."""
    effects: tuple[Effect, ...] = ()
    for part in (_check_receipt, _check_behind, _check_silence, _check_shown):
        state, more = part(state, now)
        effects = (*effects, *more)
    return state, effects


def quiet_until(state: Inbound) -> MonotonicNs:
    """Before this instant nothing is due, as long as the state stays as it is.

    A node has dozens of feeds and asks each twenty times a second; nearly always nothing is due.
    """
    if state.behind_since is not None or state.faults:
        return NOW_ALREADY
    receipt = NEVER if state.stored == 0 else MonotonicNs(_said_at(state) + RECEIPT_REPEATED_NS)
    receipt = receipt if state.receipt_due is None else state.receipt_due
    return min(receipt, _silent_at(state)) if state.judges_link else receipt


def _check_receipt(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    if state.receipt_due is not None:
        return say_receipt(state, now) if now >= state.receipt_due else (state, ())
    if state.stored > 0 and now - _said_at(state) >= RECEIPT_REPEATED_NS:
        return say_receipt(state, now)
    return state, ()


def _said_at(state: Inbound) -> MonotonicNs:
    return state.receipt_said_at if state.receipt_said_at is not None else state.opened_at


def _check_behind(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    if state.behind_since is None or state.faults & LOST_ITS_PLACE:
        return without_fault(state, Fault.BEHIND)  # of a forked feed nothing is asked for
    effects: tuple[Effect, ...] = ()
    behind_for_ns = now - state.behind_since
    lacks = state.claimed > state.accepted.sequence
    if lacks and now >= _ask_at(state, state.behind_since):
        state = replace(state, asked_at=now, asked=state.asked + 1)
        effects = (AskAfter(state.accepted.sequence),)
    if behind_for_ns >= BEHIND_FAULT_NS:
        state, more = with_fault(state, Fault.BEHIND)
        effects = (*effects, *more)
    return state, effects


def _check_shown(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    """What was shown may have been lost."""
    if not state.faults & LOST_ITS_PLACE:
        return state, ()
    return show_head(state, now, every_ns=SHOWN_AGAIN_NS)


def show_head(
    state: Inbound, now: MonotonicNs, *, every_ns: int = SHOWN_AT_MOST_EVERY_NS
) -> tuple[Inbound, tuple[Effect, ...]]:
    """Show the sender the newest head of its own that we hold, unless that was done lately."""
    if state.shown_at is not None and now - state.shown_at < every_ns:
        return state, ()
    return replace(state, shown_at=now), (ShowHead(state.shared),)


def _ask_at(state: Inbound, behind_since: MonotonicNs) -> int:
    """While frames flow nothing is asked for: what is missing is on its way already."""
    quiet_since = max(behind_since, state.progressed_at or behind_since)
    if state.asked_at is None:
        return quiet_since + BEHIND_GRACE_NS
    patience_ns = ASK_AGAIN_AFTER_NS << min(state.asked - 1, DOUBLED_AT_MOST)
    return max(quiet_since, state.asked_at) + patience_ns


def _check_silence(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    if not state.judges_link or now < _silent_at(state):
        return state, ()
    state, effects = with_fault(state, Fault.SILENCE)
    last = state.reopened_at if state.reopened_at is not None else _heard_since(state)
    if now - last >= REOPEN_AFTER_NS << min(state.reopened, DOUBLED_AT_MOST):
        state = replace(state, reopened_at=now, reopened=state.reopened + 1)
        effects = (*effects, ReopenSession())
    return state, effects


def _heard_since(state: Inbound) -> MonotonicNs:
    return state.opened_at if state.heard_at is None else state.heard_at


def _silent_at(state: Inbound) -> MonotonicNs:
    allowed_ns = FIRST_CONTACT_NS if state.heard_at is None else SILENT_AFTER_NS
    return MonotonicNs(_heard_since(state) + allowed_ns)


def receipt_due(state: Inbound, now: MonotonicNs) -> Inbound:
    """A receipt is to follow shortly; several share one."""
    due = MonotonicNs(now + RECEIPT_WITHIN_NS) if state.receipt_due is None else state.receipt_due
    return replace(state, receipt_due=due)


def say_receipt(state: Inbound, now: MonotonicNs) -> tuple[Inbound, tuple[Effect, ...]]:
    """Say now how much is on our disk."""
    state = replace(state, receipt_due=None, receipt_said_at=now, receipt_said=state.stored)
    return state, (SendReceipt(state.stored),)
