"""How old a status of keys is, and when people are told that it is stale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.protocols import key_status
from bongsu.protocols.key_status import (
    Effect,
    Event,
    Heard,
    KeyStatuses,
    StatedOutOfTurn,
    StateStatus,
    StatusVerified,
    TellFresh,
    TellStale,
    TimePassed,
    age_ns,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NationId, NodeId, UtcNs

KR, US = NationId("KR"), NationId("US")
START_UTC_S = 1_700_000_000.0
INSTANTS = st.integers(0, 200 * NS_PER_S).map(MonotonicNs)


def ns(at_s: float) -> MonotonicNs:
    return MonotonicNs(round(at_s * NS_PER_S))


@st.composite
def states_after_a_look(draw: st.DrawFn) -> tuple[KeyStatuses, MonotonicNs]:
    """What is known of two nations, as it stands after time was last looked at."""
    heard = {
        NodeId(node): Heard(
            nation=NationId(node[:2]), stated_at=UtcNs(0), fresh_at=draw(INSTANTS), digest=b"d" * 32
        )
        for node in draw(st.sets(st.sampled_from(("KR-1", "KR-2", "US-1"))))
    }
    expected = draw(st.sampled_from(((), (KR,), (KR, US))))
    known = KeyStatuses(expected=expected, opened_at=draw(INSTANTS), heard=heard)
    looked_at = draw(INSTANTS)
    state, _ = key_status.step(known, TimePassed(), now=looked_at)
    return state, looked_at


@given(known=states_after_a_look(), later_ns=st.integers(0, 200 * NS_PER_S))
def test_nothing_is_due_before_it_says_so(
    known: tuple[KeyStatuses, MonotonicNs], later_ns: int
) -> None:
    state, looked_at = known
    now = MonotonicNs(looked_at + later_ns)
    if now < key_status.quiet_until(state):
        assert key_status.step(state, TimePassed(), now=now) == (state, ())


class Listener:
    """One node's knowledge of Korea's and America's keys."""

    def __init__(self) -> None:
        self.state = KeyStatuses(expected=(KR, US), opened_at=ns(0.0))

    def take(self, event: Event, at_s: float) -> list[Effect]:
        self.state, effects = key_status.step(self.state, event, now=ns(at_s))
        return list(effects)

    def hears(self, at_s: float, *, node: str = "KR-1", stated_s: float | None = None) -> None:
        stated = at_s if stated_s is None else stated_s
        self.take(
            StatusVerified(
                node=NodeId(node),
                nation=NationId(node[:2]),
                stated_at=UtcNs(ns(START_UTC_S + stated)),
                received_at=UtcNs(ns(START_UTC_S + at_s)),
                digest=b"d" * 32,
            ),
            at_s,
        )

    def told(self, at_s: float) -> list[Effect]:
        return [one for one in self.take(TimePassed(), at_s) if not isinstance(one, StateStatus)]

    def age_s(self, nation: NationId, at_s: float) -> float | None:
        age = age_ns(self.state, nation, now=ns(at_s))
        return None if age is None else age / NS_PER_S


def test_our_own_status_is_stated_at_once_and_every_ten_seconds() -> None:
    listener = Listener()
    stated = [
        at / 10 for at in range(0, 301) if StateStatus() in listener.take(TimePassed(), at / 10)
    ]
    assert stated == [0.0, 10.0, 20.0, 30.0]


def test_a_status_out_of_turn_puts_the_next_one_off() -> None:
    listener = Listener()
    listener.take(TimePassed(), 0.0)
    listener.take(StatedOutOfTurn(), 7.0)
    assert StateStatus() not in listener.take(TimePassed(), 16.9)
    assert StateStatus() in listener.take(TimePassed(), 17.0)


def test_a_nation_that_was_never_heard_of_is_stale_after_a_minute() -> None:
    listener = Listener()
    assert listener.told(60.0) == []
    assert listener.told(60.1) == [TellStale(KR), TellStale(US)]
    assert listener.told(70.0) == []
    assert listener.age_s(KR, 70.0) is None


def test_the_newest_status_of_any_of_its_nodes_counts() -> None:
    listener = Listener()
    listener.hears(1.0, node="US-1")
    listener.hears(1.0, node="KR-1")
    listener.hears(50.0, node="KR-2")
    assert listener.age_s(KR, 60.0) == 10.0
    assert listener.told(61.1) == [TellStale(US)]


def test_who_is_heard_again_is_fresh_again() -> None:
    listener = Listener()
    listener.hears(1.0, node="US-1")
    listener.hears(1.0, node="KR-1")
    assert TellStale(KR) in listener.told(61.1)
    listener.hears(62.0, node="KR-1")
    assert TellFresh(KR) in listener.told(62.0)


def test_a_status_played_again_is_no_news() -> None:
    listener = Listener()
    listener.hears(5.0)
    for at_s in (10.0, 30.0, 50.0):
        listener.hears(at_s, stated_s=5.0)
    assert listener.age_s(KR, 65.0) == 60.0


def test_a_status_that_was_held_up_is_as_old_as_its_own_time() -> None:
    listener = Listener()
    listener.hears(40.0, stated_s=10.0)
    assert listener.age_s(KR, 41.0) == 31.0


def test_a_clock_that_is_ahead_makes_no_status_younger_than_its_arrival() -> None:
    listener = Listener()
    listener.hears(40.0, stated_s=500.0)
    assert listener.age_s(KR, 41.0) == 1.0


def test_what_is_no_event_is_refused() -> None:
    with pytest.raises(LocalMisuse):
        Listener().take("nonsense", 0.0)  # type: ignore[arg-type]
