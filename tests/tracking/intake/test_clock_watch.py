"""Whose time agrees with whose."""

import pytest
from tests.tracking.made_up_arcs import START, at

from bongsu.tracking.intake.clock_watch import ClockWatch
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.units import SensorId

A, B, C, D = (SensorId(f"XA-RADAR-{number}") for number in range(1, 5))


def told(**ahead_s: float) -> ClockWatch:
    watch = ClockWatch(TrackerSettings())
    for name, seconds in ahead_s.items():
        watch.note({"a": A, "b": B, "c": C, "d": D}[name], at(seconds), now=START)
    return watch


def test_sensors_that_are_on_time_say_nothing() -> None:
    watch = told(a=0.0, b=-3.0, c=0.2)
    assert watch.suspicion(START) is None
    assert watch.alone(START) == ()
    assert watch.time(START) == START


def test_two_futures_that_differ_are_two_sensors_under_suspicion() -> None:
    watch = told(a=60.0, b=90.0, c=0.0)
    assert watch.suspicion(START) is None
    assert watch.alone(START) == (A, B)


def test_delays_on_the_way_do_not_hide_an_agreement() -> None:
    suspicion = told(a=3.0, b=2.2).suspicion(START)
    assert suspicion is not None
    assert suspicion.slow_s == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("ahead_s", "followed"),
    [
        ({"a": 5.0, "b": 5.0}, True),
        ({"a": 5.0, "b": 5.0, "c": 0.0}, True),  # more of them, and near enough
        ({"a": 5.0, "b": 5.0, "c": 0.0, "d": 0.0}, False),
        ({"a": 500.0, "b": 500.0, "c": 0.0}, False),  # it would push out the one that is on time
        ({"a": 500.0, "b": 500.0}, True),
        ({"a": 500.0, "b": 500.0, "c": 90.0}, True),  # alone, and on time with nobody
    ],
)
def test_their_time_is_followed_where_it_outweighs_ours(
    ahead_s: dict[str, float], followed: bool
) -> None:
    watch = told(**ahead_s)
    suspicion = watch.suspicion(START)
    assert suspicion is not None
    assert suspicion.followed is followed
    assert (watch.time(START) > START) is followed


def test_sensors_that_agree_that_our_clock_is_fast_are_heard_and_not_followed() -> None:
    watch = told(a=-3_600.0, b=-3_600.4)
    suspicion = watch.suspicion(START)
    assert suspicion is not None
    assert not suspicion.followed
    assert "3600.0 s fast" in suspicion.in_words
    assert watch.time(START) == START


def test_what_was_said_long_ago_counts_no_more() -> None:
    watch = told(a=300.0, b=300.0)
    assert watch.suspicion(at(61.0)) is None
    assert watch.alone(at(61.0)) == ()
