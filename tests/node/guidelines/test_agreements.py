"""What holds is asked each time: a guideline comes into force while the node runs."""

from tests.records.made_up_guideline import guideline_text, in_force
from tests.records.made_up_nations import KR, NOW

from bongsu.adapters.simulated.clock import SimulatedClock, SimulatedTime
from bongsu.node.guidelines.agreements import Agreements
from bongsu.vocabulary.units import NS_PER_S

FIRST = in_force(guideline_text(version=1))
A_MINUTE_LATER = in_force(guideline_text(version=2, valid_from="2023-11-14T22:14:20Z"))


def test_a_guideline_that_was_signed_ahead_comes_into_force_by_its_date() -> None:
    time = SimulatedTime()
    clock = SimulatedClock(time=time, start_utc=NOW, scenario_start=NOW)
    agreements = Agreements(nation=KR, clock=clock, agreed=(FIRST, A_MINUTE_LATER))
    time.advance_s(59.999)
    assert agreements.in_force() == FIRST
    time.advance_s(0.001)
    assert agreements.in_force() == A_MINUTE_LATER


def test_a_clock_that_is_set_back_goes_back_to_what_held_then() -> None:
    clock = SimulatedClock(time=SimulatedTime(), start_utc=NOW, scenario_start=NOW)
    agreements = Agreements(nation=KR, clock=clock, agreed=(FIRST, A_MINUTE_LATER))
    clock.skew_ns = 90 * NS_PER_S
    assert agreements.in_force() == A_MINUTE_LATER
    clock.skew_ns = 0
    assert agreements.in_force() == FIRST


def test_the_last_signature_brings_it_into_force_at_once() -> None:
    clock = SimulatedClock(time=SimulatedTime(), start_utc=NOW, scenario_start=NOW)
    agreements = Agreements(nation=KR, clock=clock)
    assert agreements.in_force() is None
    agreements.take(FIRST)
    assert agreements.in_force() == FIRST
    assert agreements.agreed == (FIRST,)
