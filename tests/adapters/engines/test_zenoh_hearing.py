"""Whose silence replaces a session, and whose does not."""

from tests.adapters.links import JP, KR, US

from bongsu.adapters.engines.zenoh_hearing import Hearing


def test_sessions_that_bring_nothing_at_all_are_stuck() -> None:
    hearing = Hearing()
    hearing.note("listener", KR)
    assert hearing.are_stuck("another", KR)
    assert hearing.are_stuck("listener", KR)  # what it said itself before does not speak for them


def test_a_partner_that_is_switched_off_rarely_cuts_the_link_of_one_that_is_heard() -> None:
    hearing = Hearing()
    answers = []
    for _ in range(8):
        hearing.note("listener", KR)
        answers.append(hearing.are_stuck("listener", JP))
    assert answers == [False, False, False, True] * 2


def test_what_was_heard_before_somebody_asked_counts_once() -> None:
    hearing = Hearing()
    hearing.note("listener", US)
    assert not hearing.are_stuck("listener", KR)
    assert hearing.are_stuck("listener", JP)
