"""Alarms: raised once, seen by somebody, raised again when it is another matter; nothing lost."""

from dataclasses import replace
from math import radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.protocols import alarms
from bongsu.protocols.alarms import (
    Acknowledged,
    Acknowledgement,
    Alarms,
    Condition,
    CountLeftOut,
    Looked,
    Silenced,
    TellOver,
    TellRaised,
    is_silenced,
    require_acknowledgeable,
    silence,
    step,
)
from bongsu.vocabulary.alarm import AlarmKind, Facts, Severity
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint, ObjectClass
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, UtcNs, after_seconds

NOW = UtcNs(1_700_000_000 * NS_PER_S)
BUSAN = GeoPoint(latitude_rad=radians(35.2), longitude_rad=radians(129.1))
TOKYO = GeoPoint(latitude_rad=radians(35.7), longitude_rad=radians(139.7))
FALLS = Facts(
    version=3,
    object_class=ObjectClass.MRBM,
    impact=BUSAN,
    within_m=20e3,
    impact_at=after_seconds(NOW, 300.0),
)


def warning(number: int = 1, facts: Facts = FALLS) -> Condition:
    return Condition(
        name=f"warning:KR-1/W{number:04d}",
        kind=AlarmKind.WARNING,
        severity=Severity.CRITICAL,
        source="KR-1",
        about=f"KR-1/W{number:04d}",
        facts=facts,
        lasting=True,
    )


LINK = Condition(
    name="link:US-1:nothing heard",
    kind=AlarmKind.LINK,
    severity=Severity.SERIOUS,
    source="US-1",
    about="nothing heard",
)


def looked(state: Alarms, *conditions: Condition, now: UtcNs = NOW) -> Alarms:
    return step(state, Looked(conditions), now=now)[0]


def seen(state: Alarms, condition: Condition, who: str = "Kim") -> Alarms:
    by = Acknowledgement(who=who, at=NOW, facts=condition.facts)
    return step(state, Acknowledged(condition.name, by), now=NOW)[0]


def test_an_alarm_is_raised_once_however_often_one_looks() -> None:
    state, effects = step(Alarms(), Looked((warning(),)), now=NOW)
    assert [type(effect) for effect in effects] == [TellRaised]
    state, effects = step(state, Looked((warning(),)), now=NOW)
    assert effects == ()
    assert len(state.unacknowledged) == 1


def test_who_acknowledged_a_version_is_called_again_for_what_is_another_matter() -> None:
    state = seen(looked(Alarms(), warning()), warning())
    assert state.unacknowledged == ()
    same = replace(FALLS, version=4, impact_at=after_seconds(NOW, 295.0))
    assert looked(state, warning(facts=same)).unacknowledged == ()
    for facts, why in (
        (replace(FALLS, impact=TOKYO), "outside the area"),
        (replace(FALLS, within_m=50e3), "wider"),
        (replace(FALLS, impact_at=after_seconds(NOW, 200.0)), "sooner"),
        (replace(FALLS, object_class=ObjectClass.ICBM), "another class"),
    ):
        again, effects = step(state, Looked((warning(facts=facts),)), now=NOW)
        [alarm] = again.unacknowledged
        assert why in alarm.why
        assert alarm.raised == 2
        assert alarm.seen_before is not None
        assert [type(effect) for effect in effects] == [TellRaised]


def test_a_first_predicted_impact_calls_again() -> None:
    bare = replace(FALLS, impact=None, within_m=None, impact_at=None)
    state = seen(looked(Alarms(), warning(facts=bare)), warning(facts=bare))
    [alarm] = looked(state, warning()).unacknowledged
    assert "an impact is predicted now" in alarm.why


def test_what_ended_unseen_stands_until_somebody_has_seen_it() -> None:
    state = looked(Alarms(), warning())
    state, effects = step(state, Looked(()), now=NOW)
    assert [type(effect) for effect in effects] == [TellOver]
    [alarm] = state.unacknowledged
    assert alarm.over_at == NOW
    assert seen(state, warning()).standing == {}
    assert looked(seen(looked(Alarms(), warning()), warning())).standing == {}


def test_only_the_version_that_was_seen_is_acknowledged_and_only_once() -> None:
    state = looked(Alarms(), warning())
    assert require_acknowledgeable(state, warning().name, 3).condition == warning()
    with pytest.raises(LocalMisuse, match="version 2 .* was seen, and version 3 is the newest"):
        require_acknowledgeable(state, warning().name, 2)
    with pytest.raises(LocalMisuse, match="acknowledged already by Kim"):
        require_acknowledgeable(seen(state, warning()), warning().name, 3)
    with pytest.raises(LocalMisuse, match="no alarm 'x' stands"):
        require_acknowledgeable(state, "x", None)


def test_silence_is_not_acknowledge_and_covers_nothing_that_comes_later() -> None:
    state = looked(Alarms(), warning(1))
    quiet = silence("Kim", 60.0, now=NOW, elapsed=MonotonicNs(0))
    state, _ = step(state, Silenced(quiet), now=NOW)
    later = after_seconds(NOW, 5.0)
    state = looked(state, warning(1), warning(2), now=later)
    first, second = (state.standing[warning(number).name] for number in (1, 2))
    assert len(state.unacknowledged) == 2
    assert is_silenced(state, first, elapsed=MonotonicNs(30 * NS_PER_S))
    assert not is_silenced(state, second, elapsed=MonotonicNs(30 * NS_PER_S))
    assert not is_silenced(state, first, elapsed=MonotonicNs(60 * NS_PER_S))
    for seconds in (0.0, 121.0, float("nan")):
        with pytest.raises(LocalMisuse, match="of silence"):
            silence("Kim", seconds, now=NOW, elapsed=MonotonicNs(0))


def test_after_a_restart_what_was_seen_of_a_warning_holds_and_of_a_link_does_not() -> None:
    state = seen(seen(Alarms(), warning()), LINK)
    state = looked(state, warning(), LINK)
    assert [alarm.condition for alarm in state.unacknowledged] == [LINK]
    worse = warning(facts=replace(FALLS, impact=TOKYO))
    [alarm] = looked(seen(Alarms(), warning()), worse).unacknowledged
    assert "outside the area" in alarm.why


def test_q7_what_falls_first_stands_first_among_what_nobody_has_seen() -> None:
    late = warning(1, replace(FALLS, impact_at=after_seconds(NOW, 600.0)))
    soon = warning(2, replace(FALLS, impact_at=after_seconds(NOW, 20.0)))
    past = warning(3, replace(FALLS, impact_at=after_seconds(NOW, -5.0)))
    unknown = warning(4, Facts(version=1))
    state = seen(looked(Alarms(), LINK, late, soon, past, unknown), late)
    ordered = sorted(state.standing.values(), key=lambda alarm: alarm.urgency)
    assert [alarm.condition for alarm in ordered] == [past, soon, unknown, LINK, late]


def test_a_flood_is_bounded_counted_and_loses_the_least_urgent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alarms, "MAXIMUM_ALARMS", 3)
    links = [replace(LINK, name=f"link:{number}") for number in range(4)]
    state, effects = step(Alarms(), Looked((*links, warning(1), warning(2))), now=NOW)
    assert CountLeftOut(3) in effects
    assert state.left_out == 3
    assert {warning(1).name, warning(2).name} <= set(state.standing)


@given(st.lists(st.sets(st.integers(0, 5)), max_size=12), st.sets(st.integers(0, 5)))
def test_nothing_that_was_raised_goes_before_somebody_has_seen_it(
    looks: list[set[int]], acknowledged: set[int]
) -> None:
    state, raised = Alarms(), set[int]()
    for present in looks:
        state = looked(state, *(warning(number) for number in sorted(present)))
        raised |= present
    for number in acknowledged & raised:
        if state.standing[warning(number).name].acknowledged is None:
            state = seen(state, warning(number))
    left = {int(alarm.condition.name[-4:]) for alarm in state.unacknowledged}
    assert left == raised - acknowledged
