"""Make the documents' example: the flight of 3 October 2022 as two made-up sensors see it.

    python -m tools.make_example_plots docs/examples/flight.jsonl

The truth is flown with thrust, burn, pitch, wind and drag of its own; every seed gives other plots.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from bench.flown_worlds import EYE, RADAR, flown_world

from bongsu.adapters.plots.columns import COMPONENTS
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.vocabulary.sensor_tables import table_of

SEED = 2
AFTER_BURNOUT_S = 75.0
CLUTTER = 0.4  # a scan of either sensor
DIGITS = 8  # of what is written: 10 nrad and 10 nm


def main(path: Path) -> None:
    """Write the sensors, then a line a plot, or a line without components for an empty scan."""
    world = flown_world(SEED)
    sensors = tuple(_quieter(sensor) for sensor in (EYE, RADAR))
    until_s = world.figures.burnout_s + AFTER_BURNOUT_S
    lines: list[Any] = [{"sensors": [table_of(sensor.site) for sensor in sensors]}]
    kinds = {sensor.site.sensor_id: COMPONENTS[sensor.site.kind] for sensor in sensors}
    for batch in world.batches(sensors, until_s, seed=SEED):
        stated = {"sensor_id": batch.sensor_id, "observed_utc_ns": batch.observed_at}
        names = kinds[batch.sensor_id]
        seen = [
            dict(zip(names, (round(value, DIGITS) for value in plot), strict=True))
            for plot in batch.measurements
        ]
        lines += [stated | one for one in seen or [{}]]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines) + b"\n")


def _quieter(sensor: ScenarioSensor) -> ScenarioSensor:
    return replace(sensor, site=replace(sensor.site, clutter_per_scan=CLUTTER))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
