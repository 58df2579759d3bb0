"""Who speaks for a nation: a person decides, two voices are shown, nobody is silenced wrongly."""

from collections.abc import Sequence

import pytest

from bongsu.protocols import sites
from bongsu.protocols.sites import (
    CLOCKS_DIFFER_NS,
    MAXIMUM_SITES,
    Sites,
    StandBy,
    StatusArrived,
    StatusStated,
    TellStatus,
    TellTwoSpeak,
    WarningStated,
    step,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.site import SiteState, SiteStatus
from bongsu.vocabulary.units import NationId, NodeId, UtcNs

KR, KR_1, KR_2, KR_3 = NationId("KR"), NodeId("KR-1"), NodeId("KR-2"), NodeId("KR-3")
JP_1 = NodeId("JP-1")


def said(
    node: NodeId, since: int, *, active: bool = True, in_place_of: NodeId | None = None
) -> SiteStatus:
    return SiteStatus(
        nation=NationId(node.partition("-")[0]),
        node=node,
        state=SiteState.ACTIVE if active else SiteState.STANDBY,
        since=UtcNs(since),
        in_place_of=in_place_of,
        reason="because",
    )


def after(state: Sites, *events: sites.Event) -> tuple[Sites, Sequence[sites.Effect]]:
    effects: tuple[sites.Effect, ...] = ()
    for event in events:
        state, more = step(state, event)
        effects = (*effects, *more)
    return state, effects


def pairs(effects: Sequence[sites.Effect]) -> list[tuple[NodeId, NodeId]]:
    return [effect.sites for effect in effects if isinstance(effect, TellTwoSpeak)]


def test_a_site_speaks_unless_it_was_configured_to_stand_by() -> None:
    assert Sites(me=KR_1).speaks
    assert not Sites(me=KR_2, stands_by_at_first=True).speaks


def test_a_site_that_was_replaced_stands_by_at_once_and_says_so() -> None:
    takeover = said(KR_2, 5, in_place_of=KR_1)
    state, effects = after(Sites(me=KR_1), StatusArrived(takeover))
    assert not state.speaks
    assert effects == (TellStatus(takeover), StandBy(takeover))


def test_what_a_site_says_after_it_was_replaced_is_its_own_word_again() -> None:
    state, _ = after(
        Sites(me=KR_1),
        StatusArrived(said(KR_2, 5, in_place_of=KR_1)),
        StatusStated(said(KR_1, 6, active=False)),
        StatusArrived(said(KR_2, 7, active=False)),
        StatusStated(said(KR_1, 8, in_place_of=KR_2)),
    )
    assert state.speaks


def test_a_takeover_older_than_our_last_word_does_not_silence_us() -> None:
    state, effects = after(
        Sites(me=KR_1),
        StatusStated(said(KR_1, 9)),
        StatusArrived(said(KR_2, 5, in_place_of=KR_1)),
    )
    assert state.speaks
    assert pairs(effects) == [(KR_1, KR_2)]


def test_an_orderly_takeover_is_no_second_voice() -> None:
    for order in (0, 1):
        events = [
            StatusArrived(said(KR_2, 7, in_place_of=KR_1)),
            StatusArrived(said(KR_1, 3)),
        ]
        _, effects = after(Sites(me=JP_1), *(events if order else events[::-1]))
        assert pairs(effects) == []


def test_two_sites_that_both_speak_are_told_once_to_everyone() -> None:
    state, effects = after(
        Sites(me=JP_1), StatusArrived(said(KR_1, 3)), StatusArrived(said(KR_2, 4))
    )
    assert pairs(effects) == [(KR_1, KR_2)]
    state, effects = after(state, StatusArrived(said(KR_2, 4)), WarningStated(KR_1, UtcNs(10**18)))
    assert effects == ()
    _, effects = after(state, StatusArrived(said(KR_1, 5)))
    assert pairs(effects) == [(KR_1, KR_2)]  # said anew: told anew


def test_a_replaced_site_that_goes_on_stating_warnings_is_a_second_voice() -> None:
    state, _ = after(Sites(me=JP_1), StatusArrived(said(KR_2, 5, in_place_of=KR_1)))
    state, effects = after(state, WarningStated(KR_1, UtcNs(5 + CLOCKS_DIFFER_NS)))
    assert effects == ()
    state, effects = after(state, WarningStated(KR_1, UtcNs(6 + CLOCKS_DIFFER_NS)))
    assert pairs(effects) == [(KR_1, KR_2)]
    _, effects = after(state, WarningStated(KR_1, UtcNs(7 + CLOCKS_DIFFER_NS)))
    assert effects == ()


def test_sites_of_different_nations_never_are_two_voices() -> None:
    _, effects = after(Sites(me=JP_1), StatusArrived(said(KR_1, 3)), StatusArrived(said(JP_1, 4)))
    assert pairs(effects) == []


def test_an_older_word_that_comes_late_changes_nothing() -> None:
    state, _ = after(Sites(me=JP_1), StatusArrived(said(KR_1, 9, active=False)))
    same, effects = after(state, StatusArrived(said(KR_1, 3)))
    assert (same, effects) == (state, ())


def test_sites_are_bounded() -> None:
    state = Sites(me=JP_1)
    for number in range(MAXIMUM_SITES + 5):
        state, _ = step(state, StatusArrived(said(NodeId(f"KR-S{number}"), 1, active=False)))
    assert len(state.known) == MAXIMUM_SITES


def test_another_event_is_refused() -> None:
    with pytest.raises(LocalMisuse):
        step(Sites(me=KR_1), "event")  # type: ignore[arg-type]
