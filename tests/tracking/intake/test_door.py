from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tracking.made_up_arcs import SITE, START, at, batch_of

from bongsu.tracking.intake.door import PlotIntake, Refusal, SequenceGuard
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import SensorId

PLOTS = np.array([[9e5, 1.5, 0.3], [8e5, 1.4, 0.4]])
OTHER = replace(SITE, sensor_id=SensorId("XA-RADAR-2"))


def intake(settings: TrackerSettings | None = None) -> PlotIntake:
    return PlotIntake((SITE, OTHER), settings or TrackerSettings())


def batch(sequence: int = 1, seconds: float = 0.0) -> PlotBatch:
    return batch_of(SITE, PLOTS, sequence=sequence, seconds=seconds)


def test_a_sound_batch_comes_out_as_an_array() -> None:
    plots = intake().admit(batch(), now=START, newest=None)
    assert plots is not None
    assert plots.tolist() == PLOTS.tolist()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(batch(), realm=Realm.LIVE), Refusal.WRONG_REALM),
        (replace(batch(), sensor_id=SensorId("XX-RADAR-9")), Refusal.UNKNOWN_SENSOR),
        (batch(seconds=-3_600.0), Refusal.TOO_LATE),
        (batch(seconds=-11.0), Refusal.TOO_LATE),
        (replace(batch(), measurements=((1.0, 2.0), (1.0, 2.0))), Refusal.MALFORMED),
        (replace(batch(), sequence=0), Refusal.SEEN_BEFORE),
        (replace(batch(), measurements=((9e5, 1.5, 0.3),) * 11), Refusal.TOO_MANY),
    ],
)
def test_a_bad_batch_is_refused_and_counted(bad: PlotBatch, reason: Refusal) -> None:
    door = intake(TrackerSettings(maximum_plots_per_batch=10))
    assert door.admit(bad, now=START, newest=START) is None
    assert dict(door.refused) == {reason: len(bad.measurements)}


def test_words_where_numbers_should_be_are_refused() -> None:
    door = intake()
    words = replace(batch(), measurements=(("far", "left", "up"),))  # type: ignore[arg-type]
    assert door.admit(words, now=START, newest=None) is None
    assert door.refused[Refusal.MALFORMED] == 1


def test_a_batch_from_the_future_is_kept_as_evidence_and_not_used() -> None:
    door = intake(TrackerSettings(maximum_quarantined_batches=2))
    for sequence in range(1, 5):
        early = batch(sequence=sequence, seconds=60.0)
        assert door.admit(early, now=START, newest=None) is None
    assert door.quarantined_plots == 8
    assert [kept.sequence for kept in door.quarantine] == [3, 4]
    assert not door.refused


def test_a_huge_batch_from_the_future_is_cut_before_it_is_kept() -> None:
    door = intake()
    huge = replace(batch(seconds=60.0), measurements=((9e5, 1.5, 0.3),) * 5_000)
    door.admit(huge, now=START, newest=None)
    assert len(door.quarantine[0].measurements) == 256
    assert door.quarantined_plots == 5_000


def test_a_batch_from_the_future_may_come_again_when_its_time_has_come() -> None:
    door = intake()
    early = batch(seconds=60.0)
    assert door.admit(early, now=START, newest=None) is None
    assert door.admit(early, now=at(60.0), newest=None) is not None


def test_two_sensors_that_agree_on_a_future_put_our_own_clock_under_suspicion() -> None:
    door = intake()
    door.admit(batch(seconds=60.0), now=START, newest=None)
    assert door.clock.suspicion(START) is None
    plots = door.admit(batch_of(OTHER, PLOTS, sequence=1, seconds=60.0), now=START, newest=None)
    assert door.clock.suspicion(START) is not None
    assert plots is not None
    door.admit(batch(), now=START, newest=None)
    assert door.clock.suspicion(START) is None


def test_a_sensor_that_fell_silent_is_named() -> None:
    door = intake()
    door.admit(batch(), now=START, newest=None)
    assert door.silent(now=at(3.0)) == ()
    assert door.silent(now=at(3.5)) == (SITE.sensor_id,)


@given(st.lists(st.integers(-3, 400), max_size=60))
def test_no_sequence_number_passes_twice_in_any_order(numbers: list[int]) -> None:
    guard = SequenceGuard()
    passed = [number for number in numbers if guard.is_new(number)]
    assert len(set(passed)) == len(passed)
    assert all(number >= 1 for number in passed)


@given(st.permutations(range(1, 200)))
def test_every_number_of_a_shuffled_stretch_passes_once(numbers: list[int]) -> None:
    guard = SequenceGuard()
    assert all(guard.is_new(number) for number in numbers)
    assert not any(guard.is_new(number) for number in numbers)
