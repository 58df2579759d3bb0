"""Recorded plots as JSON lines: one line that describes the sensors, then one line a plot.

The columns are those of docs/plots.md. JSON has no NaN and no infinity: a number that is not
there is left out or null. Read line by line, so a file's size costs no memory beyond its plots.
"""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta

from bongsu.adapters.plots.columns import (
    COMPONENT_NAMES,
    NOT_STATED,
    PlotColumns,
    recording_of,
    refused,
)
from bongsu.adapters.plots.recording import MAXIMUM_PLOTS, Recording
from bongsu.adapters.plots.sensor_tables_file import SensorTables, sites_of
from bongsu.vocabulary.sensor import SensorSite

LONGEST_LINE_BYTES: Final = 1_000_000
Instant = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The line that describes the sensors, as tables of a tracker's configuration."""

    sensors: SensorTables


class PlotRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One plot, or without components: the sensor looked and saw nothing."""

    sensor_id: Annotated[str, Meta(max_length=40)]
    observed_utc_ns: Instant
    received_utc_ns: Instant | None = None
    range_m: float | None = None
    azimuth_rad: float | None = None
    elevation_rad: float | None = None
    range_rate_mps: float | None = None
    east_angle_rad: float | None = None
    north_angle_rad: float | None = None


def read_plots_jsonl(path: Path, *, sensors: Sequence[SensorSite] = ()) -> Recording:
    """Read and check a recording; raises LocalMisuse that names the line and what is wrong.

    sensors: used where the file itself describes none.
    """
    header, row = msgspec.json.Decoder(Header), msgspec.json.Decoder(PlotRow)
    told = tuple(sensors)
    names: list[str] = []
    instants = array("q")
    components = array("d")
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE_BYTES + 1):
                number += 1
                if len(line) > LONGEST_LINE_BYTES or len(names) > MAXIMUM_PLOTS:
                    raise ValueError("is longer than a line, or the file than a file, may be")
                if number == 1 and line.lstrip().startswith(b'{"sensors"'):
                    told = sites_of(header.decode(line).sensors)
                elif line.strip():
                    _take(row.decode(line), names, instants, components)
    except (ValueError, RecursionError) as error:
        raise refused(path, f"line {number}: {error}") from None
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror}", "Name a file of plots") from None
    times = np.frombuffer(instants, dtype=np.int64).reshape(-1, 2)
    values = np.frombuffer(components, dtype=np.float64).reshape(-1, len(COMPONENT_NAMES))
    return recording_of(
        PlotColumns(
            sensor_id=names,
            observed_utc_ns=times[:, 0],
            received_utc_ns=times[:, 1],
            components={name: values[:, at] for at, name in enumerate(COMPONENT_NAMES)},
        ),
        told,
        path,
    )


def _take(
    row: PlotRow, names: list[str], instants: "array[int]", components: "array[float]"
) -> None:
    names.append(row.sensor_id)
    received = NOT_STATED if row.received_utc_ns is None else row.received_utc_ns
    instants.extend((row.observed_utc_ns, received))
    for name in COMPONENT_NAMES:
        value: float | None = getattr(row, name)
        components.append(np.nan if value is None else value)
