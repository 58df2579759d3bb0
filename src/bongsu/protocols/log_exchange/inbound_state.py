"""What the reader's end of a feed remembers, and the faults that people were told of."""

from msgspec import Struct
from msgspec.structs import replace

from bongsu.protocols.log_exchange.inbound_events import (
    ClearFault,
    Effect,
    Fault,
    Position,
    RaiseFault,
)
from bongsu.vocabulary.units import MonotonicNs, UtcNs


class Inbound(Struct, frozen=True, kw_only=True):
    """`stored` <= `accepted.sequence`; `claimed` is the highest sequence the sender signed.

    Of a sender's feeds one `judges_link`: silence and skew are told once, by that one.
    """

    epoch: int
    judges_link: bool = True
    accepted: Position
    stored: int
    claimed: int = 0
    opened_at: MonotonicNs
    opened_with: int = 0  # stored when this machine began: the sender had signed that much
    heard_at: MonotonicNs | None = None
    believed_beat: UtcNs = UtcNs(0)  # of the newest heartbeat, not from beyond our own time
    highest_beat: UtcNs = UtcNs(0)
    head_sequence: int = 0  # the highest of a heartbeat
    behind_since: MonotonicNs | None = None
    behind_before: MonotonicNs | None = None  # until what ended it is on our disk
    disk_refused: bool = False  # since something was stored
    progressed_at: MonotonicNs | None = None
    asked_at: MonotonicNs | None = None
    asked: int = 0  # times since something was stored
    receipt_due: MonotonicNs | None = None
    receipt_said_at: MonotonicNs | None = None
    receipt_said: int = 0  # how much it said is stored
    reopened_at: MonotonicNs | None = None
    reopened: int = 0  # times since something was heard
    shared: Position | None = None  # with a sender that states less than it did
    shown_at: MonotonicNs | None = None  # when its own head was shown to the sender
    faults: frozenset[Fault] = frozenset()
    fault_from: int = 0  # accepted sequence when the present faults began


def with_fault(state: Inbound, fault: Fault) -> tuple[Inbound, tuple[Effect, ...]]:
    """People are told once."""
    if fault in state.faults:
        return state, ()
    start = state.accepted.sequence if not state.faults else state.fault_from
    return replace(state, faults=state.faults | {fault}, fault_from=start), (RaiseFault(fault),)


def without_fault(state: Inbound, fault: Fault) -> tuple[Inbound, tuple[Effect, ...]]:
    """People are told that it is over, and how much came since the faults began."""
    if not state.faults or fault not in state.faults:
        return state, ()
    came = max(0, state.accepted.sequence - state.fault_from)
    return replace(state, faults=state.faults - {fault}), (ClearFault(fault, came),)
