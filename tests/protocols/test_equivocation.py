"""Holders of one node's warnings compare ids: what is told, what is found, what is forgotten."""

import pytest

from bongsu.protocols import equivocation
from bongsu.protocols.equivocation import (
    MAXIMUM_TOLD,
    MAXIMUM_VERSIONS,
    TOLD_AT_ONCE,
    TOLD_WITHIN_NS,
    Comparison,
    Effect,
    PartnerHolds,
    StoriesDiffer,
    TellHeld,
    TimePassed,
    WarningHeld,
)
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.units import MonotonicNs, NodeId, RecordId

KR_1, JP_1, FR_1 = NodeId("KR-1"), NodeId("JP-1"), NodeId("FR-1")
START = MonotonicNs(0)
LATER = MonotonicNs(TOLD_WITHIN_NS)
ONE, OTHER = RecordId(b"1" * 32), RecordId(b"2" * 32)


def held(record_id: RecordId = ONE, *, version: int = 1) -> HeldWarning:
    return HeldWarning(warning_id="KR-1/W0001", version=version, record_id=record_id)


def after(*events: equivocation.Event, now: MonotonicNs = START) -> tuple[Comparison, list[Effect]]:
    state = Comparison()
    said: list[Effect] = []
    for event in events:
        state, effects = equivocation.step(state, event, now=now)
        said += effects
    return state, said


def test_what_is_held_is_told_within_a_second_and_once() -> None:
    state, said = after(WarningHeld(KR_1, held()), WarningHeld(KR_1, held(OTHER, version=2)))
    assert said == []
    state, early = equivocation.step(state, TimePassed(), now=MonotonicNs(LATER - 1))
    state, told = equivocation.step(state, TimePassed(), now=LATER)
    state, again = equivocation.step(state, TimePassed(), now=MonotonicNs(10 * LATER))
    assert early == again == ()
    assert told == (TellHeld(KR_1, (held(), held(OTHER, version=2))),)


def test_what_was_read_back_from_the_log_is_compared_and_not_told_again() -> None:
    state, _ = after(WarningHeld(KR_1, held(), is_news=False))
    _, told = equivocation.step(state, TimePassed(), now=MonotonicNs(10 * LATER))
    assert told == ()
    _, said = equivocation.step(state, PartnerHolds(JP_1, KR_1, (held(OTHER),)), now=START)
    assert said == (StoriesDiffer(KR_1, held(), OTHER, JP_1),)


@pytest.mark.parametrize("ours_first", [True, False])
def test_two_ids_under_one_version_are_two_stories_whoever_has_his_first(ours_first: bool) -> None:
    events = [WarningHeld(KR_1, held()), PartnerHolds(JP_1, KR_1, (held(OTHER),))]
    _, said = after(*(events if ours_first else reversed(events)))
    assert said == [StoriesDiffer(KR_1, held(), OTHER, JP_1)]


def test_the_same_id_and_other_versions_are_one_story() -> None:
    _, said = after(
        WarningHeld(KR_1, held()),
        PartnerHolds(JP_1, KR_1, (held(), held(OTHER, version=2))),
        WarningHeld(KR_1, held(OTHER, version=2)),
    )
    assert said == []


def test_two_stories_told_to_ourselves_are_found_too() -> None:
    _, said = after(WarningHeld(KR_1, held()), WarningHeld(KR_1, held(OTHER)))
    assert said == [StoriesDiffer(KR_1, held(), OTHER, None)]


def test_each_contradiction_is_said_once_and_each_partner_compared_for_itself() -> None:
    _, said = after(
        WarningHeld(KR_1, held()),
        PartnerHolds(JP_1, KR_1, (held(OTHER),)),
        PartnerHolds(JP_1, KR_1, (held(OTHER),)),
        PartnerHolds(FR_1, KR_1, (held(OTHER),)),
        WarningHeld(KR_1, held()),
    )
    assert [one.partner for one in said if isinstance(one, StoriesDiffer)] == [JP_1, FR_1]


def test_much_at_once_is_told_at_once_in_parts() -> None:
    events = [WarningHeld(KR_1, held(version=1 + at)) for at in range(TOLD_AT_ONCE + 1)]
    state, _ = after(*events)
    _, told = equivocation.step(state, TimePassed(), now=START)
    assert [len(one.held) for one in told if isinstance(one, TellHeld)] == [TOLD_AT_ONCE, 1]


def test_what_a_partner_claims_without_end_is_forgotten_from_its_beginning() -> None:
    claims = [held(version=1 + at) for at in range(MAXIMUM_VERSIONS + 10)]
    state, _ = after(PartnerHolds(JP_1, KR_1, tuple(claims)))
    [book] = state.books.values()
    assert len(book) == MAXIMUM_VERSIONS
    assert ("KR-1/W0001", 1) not in book


def test_books_of_partners_beyond_the_bound_go() -> None:
    events = [PartnerHolds(JP_1, NodeId(f"N{at}-1"), (held(),)) for at in range(300)]
    state, _ = after(*events)
    assert len(state.books) == equivocation.MAXIMUM_ORIGINATORS


def test_our_own_books_stay_whatever_a_partner_claims() -> None:
    events = [PartnerHolds(JP_1, NodeId(f"N{at}-1"), (held(),)) for at in range(600)]
    state, _ = after(WarningHeld(KR_1, held()), *events)
    assert (None, KR_1) in state.books


def test_who_contradicts_himself_without_end_is_counted_and_not_answered_without_end() -> None:
    ours = [WarningHeld(KR_1, held(version=1 + at)) for at in range(100)]
    theirs = tuple(held(OTHER, version=1 + at) for at in range(100))
    state, said = after(*ours, PartnerHolds(JP_1, KR_1, theirs))
    assert len([one for one in said if isinstance(one, StoriesDiffer)]) == MAXIMUM_TOLD
    assert state.contradictions == {KR_1: 100}
