"""What leans on records that are not here is shown as such until they come; bounded."""

import pytest

from bongsu.protocols import dependencies
from bongsu.protocols.dependencies import (
    GIVEN_UP_AFTER_NS,
    Dependencies,
    Effect,
    Event,
    GiveUp,
    RecordCame,
    ShowComplete,
    ShowIncomplete,
    TimePassed,
    step,
)
from bongsu.vocabulary.units import MonotonicNs, NodeId, RecordId

KR, US = NodeId("KR-1"), NodeId("US-1")


def rid(number: int) -> RecordId:
    return RecordId(number.to_bytes(32, "big"))


def came(number: int, *missing: int, of: NodeId = KR) -> RecordCame:
    return RecordCame(
        record_id=rid(number), originator=of, missing=frozenset(rid(one) for one in missing)
    )


def play(*events: Event, at: int = 0) -> tuple[Dependencies, list[Effect]]:
    state, told = Dependencies(), list[Effect]()
    for event in events:
        state, effects = step(state, event, now=MonotonicNs(at))
        told += effects
    return state, told


def test_what_leans_on_nothing_missing_is_not_spoken_of() -> None:
    assert play(came(1), came(2)) == (Dependencies(), [])


def test_it_is_complete_when_the_last_of_them_has_come() -> None:
    state, told = play(came(1, 8, 9), came(8), came(9))
    assert told == [ShowIncomplete(rid(1), frozenset({rid(8), rid(9)})), ShowComplete(rid(1))]
    assert state.waiting == {}


def test_several_wait_for_the_same_one() -> None:
    _, told = play(came(1, 9), came(2, 9), came(9))
    assert told[2:] == [ShowComplete(rid(1)), ShowComplete(rid(2))]


def test_what_comes_may_itself_lean_on_something() -> None:
    state, told = play(came(1, 9), came(9, 10))
    assert told[1:] == [ShowComplete(rid(1)), ShowIncomplete(rid(9), frozenset({rid(10)}))]
    assert set(state.waiting) == {rid(9)}


def test_what_never_comes_is_given_up_after_a_while() -> None:
    state, _ = play(came(1, 9))
    state, told = step(state, TimePassed(), now=MonotonicNs(GIVEN_UP_AFTER_NS))
    assert told == ()
    state, told = step(state, TimePassed(), now=MonotonicNs(GIVEN_UP_AFTER_NS + 1))
    assert told == (GiveUp(rid(1), late=True),)
    assert state.waiting == {}


def test_a_node_that_floods_us_pushes_out_its_own_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "MAXIMUM_WAITING_OF_ONE_NODE", 2)
    state, told = play(came(1, 9, of=US), came(2, 9), came(3, 9), came(4, 9))
    assert told[-1] == GiveUp(rid(2), late=False)
    assert set(state.waiting) == {rid(1), rid(3), rid(4)}
