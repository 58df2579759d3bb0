"""Alarms without a receipt: told after ten seconds, once, and again when they arrived after all."""

import pytest

from bongsu.protocols import unacknowledged
from bongsu.protocols.unacknowledged import (
    TOLD_AFTER_NS,
    AlarmStored,
    CountBeyondBound,
    Effect,
    Event,
    ReceiptVerified,
    TellAcknowledgedLate,
    TellNotAcknowledged,
    TimePassed,
    Unacknowledged,
    step,
)
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, RecordId

FIRST, SECOND = RecordId(b"1" * 32), RecordId(b"2" * 32)


def play(*events: tuple[float, Event]) -> tuple[Unacknowledged, list[Effect]]:
    """Events with the seconds at which they come."""
    state, told = Unacknowledged(), list[Effect]()
    for at_s, event in events:
        state, effects = step(state, event, now=MonotonicNs(round(at_s * NS_PER_S)))
        told += effects
    return state, told


def test_what_is_receipted_in_time_is_not_spoken_of() -> None:
    state, told = play(
        (0.0, AlarmStored(1, FIRST)), (9.9, ReceiptVerified(1)), (30.0, TimePassed())
    )
    assert told == []
    assert state.waiting == {}


def test_after_ten_seconds_it_is_told_and_only_once() -> None:
    state, told = play(
        (0.0, AlarmStored(1, FIRST)),
        (9.9, TimePassed()),
        (10.0, TimePassed()),
        (20.0, TimePassed()),
    )
    assert told == [TellNotAcknowledged(FIRST, TOLD_AFTER_NS)]
    assert state.told == (FIRST,)


def test_a_receipt_of_earlier_entries_acknowledges_nothing_later() -> None:
    _, told = play(
        (0.0, AlarmStored(1, FIRST)),
        (0.0, AlarmStored(7, SECOND)),
        (1.0, ReceiptVerified(6)),
        (10.0, TimePassed()),
    )
    assert told == [TellNotAcknowledged(SECOND, TOLD_AFTER_NS)]


def test_what_arrives_after_all_is_told_with_its_time() -> None:
    state, told = play(
        (0.0, AlarmStored(1, FIRST)), (10.0, TimePassed()), (42.0, ReceiptVerified(5))
    )
    assert told[-1] == TellAcknowledgedLate(FIRST, 42 * NS_PER_S)
    assert state.waiting == {}


def test_beyond_the_bound_they_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unacknowledged, "MAXIMUM_WAITING", 1)
    state, told = play((0.0, AlarmStored(1, FIRST)), (0.0, AlarmStored(2, SECOND)))
    assert told == [CountBeyondBound(SECOND)]
    assert len(state.waiting) == 1
