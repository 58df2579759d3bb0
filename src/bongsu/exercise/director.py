"""The schedule of one sensor: which scan leaves it when. The sensor process only waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from bongsu.exercise.scenario import Scenario, ScenarioSensor
from bongsu.exercise.sensors import plots_of_scan
from bongsu.exercise.truth import Truth
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.units import SensorId, UtcNs, after_seconds, seconds_between


@dataclass(frozen=True, slots=True, kw_only=True)
class DueBatch:
    """A batch and the scenario's instant at which it leaves the sensor."""

    due_at: UtcNs
    batch: PlotBatch


def ends_at(scenario: Scenario, truth: Truth) -> UtcNs:
    """The end of the exercise: the last fall and the time that the scenario lingers on."""
    return after_seconds(truth.ended_at, scenario.linger_s)


def schedule(
    scenario: Scenario, truth: Truth, sensor_id: SensorId, *, not_before: UtcNs | None = None
) -> Iterator[DueBatch]:
    """Every batch of one sensor in order, up to the end of the exercise.

    A sensor that starts late, or again, gives `not_before`: it goes on with the first scan
    from then on and with that scan's own sequence number. Raises LocalMisuse for a sensor that
    the scenario does not have.
    """
    sensor = scenario.sensor(sensor_id)
    scan_number = 0 if not_before is None else first_scan_from(sensor, scenario, not_before)
    end = ends_at(scenario, truth)
    while (observed_at := sensor.observed_at(scan_number, start=scenario.start)) <= end:
        yield DueBatch(
            due_at=after_seconds(observed_at, sensor.delay_s),
            batch=plots_of_scan(sensor, truth, scan_number, seed=scenario.seed),
        )
        scan_number += 1


def first_scan_from(sensor: ScenarioSensor, scenario: Scenario, at: UtcNs) -> int:
    """The number of the first scan that is observed at or after the instant."""
    elapsed_s = seconds_between(at, scenario.start) - sensor.scan_offset_s
    return max(0, ceil(elapsed_s / sensor.site.scan_interval_s))
