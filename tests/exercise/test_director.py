from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from tests.exercise.made_up import LAUNCHED_AT, PUBLISHED, SCENARIO, START, trajectory, truth

from bongsu.exercise.coverage import Sight, sight_of, sights
from bongsu.exercise.director import ends_at, schedule
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.sensor_geometry import in_sight
from bongsu.exercise.sensors import plots_of_scan
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import SensorId, UtcNs, after_seconds

SMALL = parse_scenario(SCENARIO, published=PUBLISHED)
RADAR, INFRARED, SHIP = SMALL.sensors
TRUTH = truth()
RADAR_ID = SensorId("KR-RADAR-1")


def test_every_scan_leaves_the_sensor_in_order_and_after_its_delay() -> None:
    due = list(islice(schedule(SMALL, TRUTH, RADAR_ID), 20))
    assert [one.batch.sequence for one in due] == list(range(1, 21))
    assert [(one.batch.observed_at - START) / 1e9 for one in due] == pytest.approx(
        [0.5 + 2.0 * number for number in range(20)]
    )
    assert all(one.due_at == after_seconds(one.batch.observed_at, 0.3) for one in due)
    assert due[7].batch == plots_of_scan(RADAR, TRUTH, 7, seed=SMALL.seed)


def test_the_schedule_ends_when_the_exercise_has_lingered_after_the_last_fall() -> None:
    last = list(schedule(SMALL, TRUTH, RADAR_ID))[-1].batch.observed_at
    end = ends_at(SMALL, TRUTH)
    assert end == after_seconds(TRUTH.ended_at, 60.0)
    assert 0 <= (end - last) / 1e9 < 2.0


def test_a_sensor_that_starts_again_goes_on_with_the_same_scans() -> None:
    whole = list(islice(schedule(SMALL, TRUTH, RADAR_ID), 60))
    for at_s in (-5.0, 0.0, 40.5, 40.6, 80.0):
        again = next(schedule(SMALL, TRUTH, RADAR_ID, not_before=after_seconds(START, at_s)))
        expected = next(one for one in whole if one.batch.observed_at >= after_seconds(START, at_s))
        assert again == expected


def test_a_sensor_that_the_scenario_does_not_have_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="no sensor 'XX-1'"):
        next(schedule(SMALL, TRUTH, SensorId("XX-1")))


def scans_seen(sensor: ScenarioSensor, body: int) -> list[UtcNs]:
    """Independent of the batched walk: look at each scan on its own."""
    seen = []
    for number in range(1_500):
        at = sensor.observed_at(number, start=START)
        states, burning = TRUTH.states_at(at)
        if in_sight(sensor.site, states[:, :3], burning)[body]:
            seen.append(at)
    return seen


@pytest.mark.parametrize("sensor", [RADAR, INFRARED, SHIP], ids=lambda s: s.site.sensor_id)
@pytest.mark.parametrize("body", [0, 1], ids=["payload", "stage"])
def test_sight_is_what_single_scans_see(sensor: ScenarioSensor, body: int) -> None:
    found = sight_of(sensor, TRUTH.objects[body], start=START)
    seen = scans_seen(sensor, body)
    if not seen:
        assert found is None
    else:
        assert isinstance(found, Sight)
        assert (found.first_at, found.intervals[-1][1], found.scans) == (
            seen[0],
            seen[-1],
            len(seen),
        )
        assert found.first_delivered_at == after_seconds(seen[0], sensor.delay_s)


def test_a_sensor_that_loses_and_finds_an_object_has_two_intervals() -> None:
    payload = TRUTH.objects[0]
    twice = trajectory(payload.path.state_ecef, burning_s=((40.0, 60.0), (80.0, 100.0)))
    found = sight_of(INFRARED, replace(payload, path=twice), start=START)
    assert found is not None
    after = [[(at - LAUNCHED_AT) / 1e9 for at in interval] for interval in found.intervals]
    assert np.array(after) == pytest.approx(np.array([[40.0, 59.0], [80.0, 99.0]]))


def test_only_pairs_that_see_and_are_seen_are_listed() -> None:
    listed = {(s.sensor.site.sensor_id, s.object_name) for s in sights(SMALL, TRUTH)}
    assert ("US-IR-1", "payload") in listed
    assert ("US-IR-1", "stage 1") not in listed
