"""When each sensor has each object in sight: geometry alone, before any luck."""

from dataclasses import dataclass

import numpy as np

from bongsu.exercise.scenario import Scenario, ScenarioSensor
from bongsu.exercise.sensor_geometry import in_sight
from bongsu.exercise.truth import Truth, TruthObject
from bongsu.vocabulary.units import UtcNs, after_seconds, seconds_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One object in the sight of one sensor, by the instants of the sensor's scans."""

    sensor: ScenarioSensor
    flight_id: str
    object_name: str
    intervals: tuple[tuple[UtcNs, UtcNs], ...]  # first and last scan of each pass
    scans: int

    @property
    def first_at(self) -> UtcNs:
        return self.intervals[0][0]

    @property
    def first_delivered_at(self) -> UtcNs:
        """When the first plot could leave the sensor."""
        return after_seconds(self.first_at, self.sensor.delay_s)


def sights(scenario: Scenario, truth: Truth) -> tuple[Sight, ...]:
    """Every pair of sensor and object that ever sees and is seen."""
    pairs = ((sensor, body) for sensor in scenario.sensors for body in truth.objects)
    found = (sight_of(sensor, body, start=scenario.start) for sensor, body in pairs)
    return tuple(sight for sight in found if sight is not None)


def sight_of(sensor: ScenarioSensor, body: TruthObject, *, start: UtcNs) -> Sight | None:
    """When the sensor has the object in sight, or None where it never has."""
    numbers = _scan_numbers(sensor, body, start=start)
    offset_s = seconds_between(start, body.launched_at) + sensor.scan_offset_s
    time_s = offset_s + numbers * sensor.site.scan_interval_s
    burning = body.path.burning_at(time_s)
    seen = numbers[in_sight(sensor.site, body.position_at(time_s), burning)]
    if not seen.size:
        return None
    passes = np.split(seen, np.flatnonzero(np.diff(seen) > 1) + 1)
    return Sight(
        sensor=sensor,
        flight_id=body.flight_id,
        object_name=body.name,
        intervals=tuple(
            (
                sensor.observed_at(int(one[0]), start=start),
                sensor.observed_at(int(one[-1]), start=start),
            )
            for one in passes
        ),
        scans=len(seen),
    )


def _scan_numbers(
    sensor: ScenarioSensor, body: TruthObject, *, start: UtcNs
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The scans that fall between the object's first and last instant."""
    before_s = seconds_between(body.launched_at, start) - sensor.scan_offset_s
    interval_s = sensor.site.scan_interval_s
    first = max(0, int(np.ceil((before_s + body.begins_s) / interval_s)))
    last = int(np.floor((before_s + body.ends_s) / interval_s))
    return np.arange(first, max(first, last + 1), dtype=np.int64)
