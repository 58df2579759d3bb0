"""What the live view knows, folded from events."""

from dataclasses import replace

import pytest
from tests.console.made_up_flight import JP, KR, LAUNCHED_AT, US

from bongsu.console.demo_events import (
    DemoEvent,
    DemoSetting,
    InputRefused,
    LinkFault,
    NodeStarted,
    OwnWarningStated,
    PartnerWarningVerified,
    SensorHeardAgain,
    SensorSilent,
    TrackStatusChanged,
)
from bongsu.console.live_state import (
    MAXIMUM_KEPT,
    MAXIMUM_LOG_LINES,
    NOT_HEARD_YET,
    LiveState,
    after,
    at_start,
    at_time,
)
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, SensorId, TrackId, after_seconds

AT = after_seconds(LAUNCHED_AT, 62.0)


@pytest.fixture
def state(setting: DemoSetting) -> LiveState:
    return at_start(setting)


def test_at_the_end_each_nation_holds_its_own_and_both_partners_last_words(
    state: LiveState, events: list[DemoEvent]
) -> None:
    for event in events:
        state = after(state, event)
    korea = state.nations[KR]
    assert [h.warning.warning_id for h in korea.own.values()] == ["KR-1/W0001"]
    assert {origin for origin, _ in korea.partners} == {US, JP}
    assert all(h.warning.end_reason is not None for h in korea.own.values())
    assert not korea.running


def test_a_late_copy_of_an_old_version_does_not_take_the_place_of_a_newer(
    state: LiveState, events: list[DemoEvent]
) -> None:
    received = [e for e in events if isinstance(e, PartnerWarningVerified) and e.nation == JP][:9]
    newest, oldest = received[-1], received[0]
    same = [e for e in received if e.origin == newest.origin]
    state = after(after(state, newest), same[0])
    (held,) = state.nations[JP].partners.values()
    assert held.warning.version == newest.warning.version
    assert oldest.at <= newest.at


def test_a_partner_that_was_never_heard_is_shown_as_that(state: LiveState) -> None:
    started = NodeStarted(at=AT, nation=KR, node=NodeId("KR-1"), sensors=(), partners=(US,))
    state = after(state, started)
    assert state.nations[KR].links == {US: NOT_HEARD_YET}
    state = after(state, LinkFault(at=AT, nation=KR, partner=US, reason="gap"))
    assert state.nations[KR].links == {US: "gap"}


def test_a_silent_sensor_is_kept_until_it_is_heard_again(state: LiveState) -> None:
    sensor = SensorId("KR-RADAR-1")
    state = after(state, SensorSilent(at=AT, nation=KR, sensor_id=sensor))
    assert state.nations[KR].silent_sensors == {sensor}
    state = after(state, SensorHeardAgain(at=AT, nation=KR, sensor_id=sensor))
    assert state.nations[KR].silent_sensors == frozenset()


def test_the_clock_never_runs_backwards(state: LiveState) -> None:
    state = at_time(state, AT)
    assert at_time(state, LAUNCHED_AT).now == AT


def test_an_unknown_nation_is_logged_and_changes_nothing_else(state: LiveState) -> None:
    event = InputRefused(at=AT, nation=NationId("XX"), count=1, reason="no such sensor")
    changed = after(state, event)
    assert changed.nations == state.nations
    assert "XX  refused input: no such sensor (total 1)" in changed.log[-1]


def test_a_flood_of_anything_stays_bounded(state: LiveState, events: list[DemoEvent]) -> None:
    own = next(e for e in events if isinstance(e, OwnWarningStated))
    for number in range(MAXIMUM_LOG_LINES + 50):
        warning = replace(own.warning, warning_id=f"KR-1/W{number:04d}")
        state = after(state, replace(own, warning=warning))
        state = after(state, InputRefused(at=AT, nation=KR, count=1, reason=f"reason {number}"))
        track_id = TrackId(f"KR-1/T{number:04d}")
        status = TrackStatus.OBSERVED
        state = after(state, TrackStatusChanged(at=AT, nation=KR, track_id=track_id, status=status))
    nation = state.nations[own.nation]
    assert len(nation.own) == MAXIMUM_KEPT
    assert len(state.nations[KR].refused) == MAXIMUM_KEPT
    assert len(state.nations[KR].track_status) == MAXIMUM_KEPT
    assert len(state.log) == MAXIMUM_LOG_LINES
