"""The one schema of recorded plots (docs/plots.md): columns in, a recording in batches out.

Every file of plots, whatever its format, comes down to these columns, one row a plot. What a
file says wrongly as a whole (an unknown sensor, kilometres for metres) is refused here with the
remedy; a single impossible plot goes on to the tracker, which refuses and counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from bongsu.adapters.plots.recording import (
    MAXIMUM_BATCHES,
    MAXIMUM_PLOTS,
    Instants,
    Numbers,
    Places,
    Recording,
    sequences_of,
)
from bongsu.adapters.plots.units import unit_fault
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorKind, SensorSite

COMPONENTS: Final = {
    SensorKind.RADAR: ("range_m", "azimuth_rad", "elevation_rad", "range_rate_mps"),
    SensorKind.INFRARED: ("east_angle_rad", "north_angle_rad"),
}
COMPONENT_NAMES: Final = tuple(name for names in COMPONENTS.values() for name in names)
REQUIRED: Final = ("sensor_id", "observed_utc_ns")
COLUMNS: Final = (*REQUIRED, "received_utc_ns", *COMPONENT_NAMES)
WIDEST: Final = max(len(names) for names in COMPONENTS.values())
NOT_STATED: Final = -1  # of received_utc_ns
SCHEMA: Final = "docs/plots.md shows the schema"

AROUND: Final = 4  # batches on either side that an instant is held against
STRAY_NS: Final = 60_000_000_000  # so far from those around it, an instant tells no time


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotColumns:
    """Columns (M,) of recorded plots; a component is NaN where the row has none."""

    sensor_id: Sequence[str]
    observed_utc_ns: Instants
    received_utc_ns: Instants  # NOT_STATED where it is not
    components: dict[str, Numbers] = field(default_factory=dict)


def recording_of(
    columns: PlotColumns,
    sensors: Sequence[SensorSite],
    path: Path,
    *,
    notes: Sequence[str] = (),
    check_units: bool = True,
) -> Recording:
    """Plots in batches: those of one sensor at one instant; raises LocalMisuse on what is wrong.

    A row without any component says that the sensor looked and saw nothing.
    """
    if len(columns.observed_utc_ns) > MAXIMUM_PLOTS:
        raise refused(path, f"holds more than {MAXIMUM_PLOTS:,} plots", "Cut it into several files")
    _refuse_moving(sensors, path)
    sensor = _sensor_of(columns.sensor_id, sensors, path)
    plots, is_plot = _plots(columns, sensor, sensors, path)
    if check_units:
        _check_units(columns.observed_utc_ns, plots, sensor, sensors, path)
    return replace(_in_batches(columns, sensor, plots, is_plot, sensors, path), notes=tuple(notes))


def refused(path: Path, fault: str, remedy: str = f"Mend it: {SCHEMA}") -> LocalMisuse:
    """The error to raise for a file of plots."""
    return LocalMisuse(f"{path} {fault}", remedy=remedy)


def _refuse_moving(sensors: Sequence[SensorSite], path: Path) -> None:
    for site in sensors:
        if site.greatest_speed_mps > 0.0:
            raise refused(
                path,
                f"is of {site.sensor_id}, which moves, and recorded plots say no places of sensors",
                "Use the library, whose batches state where the platform is: docs/library.md",
            )


def _sensor_of(names: Sequence[str], sensors: Sequence[SensorSite], path: Path) -> Places:
    if not sensors:
        raise refused(
            path, "does not say what its sensors are", "Give their tables with --sensors FILE"
        )
    places = {str(site.sensor_id): index for index, site in enumerate(sensors)}
    sensor = np.fromiter((places.get(name, -1) for name in names), np.intp, len(names))
    unknown = np.flatnonzero(sensor < 0)
    if unknown.size:
        raise refused(
            path,
            f"has a plot of {str(names[int(unknown[0])])[:60]!r}, a sensor that is not described",
            f"Add it to the tables of sensors: {SCHEMA}",
        )
    return sensor


def _plots(
    columns: PlotColumns, sensor: Places, sensors: Sequence[SensorSite], path: Path
) -> tuple[Numbers, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Components (M, 3 or 4) in the order of each sensor's kind, and which rows are plots."""
    rows = len(sensor)
    plots = np.full((rows, WIDEST), np.nan)
    is_plot = np.zeros(rows, dtype=np.bool_)
    kinds = np.array([list(SensorKind).index(site.kind) for site in sensors])[sensor]
    for number, kind in enumerate(SensorKind):
        own = kinds == number
        for name, values in columns.components.items():
            given = ~np.isnan(values) & own
            if name in COMPONENTS[kind]:
                plots[own, COMPONENTS[kind].index(name)] = values[own]
                is_plot |= given
            elif given.any():
                site = sensors[sensor[int(np.flatnonzero(given)[0])]]
                raise refused(path, f"states {name} of {site.sensor_id}, which is {kind.value}")
    if np.isnan(plots[:, -1]).all():  # no range rates
        plots = plots[:, :-1]
    return plots, is_plot


def _check_units(
    observed_ns: Instants,
    plots: Numbers,
    sensor: Places,
    sensors: Sequence[SensorSite],
    path: Path,
) -> None:
    for index, site in enumerate(sensors):
        own = sensor == index
        beyond = plots[own, site.components :]
        if np.isfinite(beyond).any():
            raise refused(
                path,
                f"states range_rate_mps of {site.sensor_id}, of which no sigma is stated",
                "Add sigma_range_rate_mps to that radar's table",
            )
        fault = unit_fault(site, observed_ns[own], plots[own, : len(site.sigmas)])
        if fault is not None:
            raise refused(path, f"has {fault.what}", fault.remedy)


def _in_batches(
    columns: PlotColumns,
    sensor: Places,
    plots: Numbers,
    is_plot: np.ndarray[tuple[int], np.dtype[np.bool_]],
    sensors: Sequence[SensorSite],
    path: Path,
) -> Recording:
    keys = np.stack(
        [sensor.astype(np.int64), columns.observed_utc_ns, columns.received_utc_ns], axis=-1
    )
    if len(keys) == 0:
        keys = keys.reshape(0, 3)
    unique, first_row, batch = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    if len(unique) > MAXIMUM_BATCHES:
        raise refused(
            path, f"holds more than {MAXIMUM_BATCHES:,} scans", "Cut it into several files"
        )
    in_file = np.argsort(first_row, kind="stable")
    unique = unique[in_file]
    received = arrivals_ns(unique[:, 1], unique[:, 2])
    by_arrival = np.argsort(received, kind="stable")
    place = np.empty(len(unique), dtype=np.intp)
    place[in_file[by_arrival]] = np.arange(len(unique))
    of_row = place[batch.ravel()][is_plot]
    order = np.argsort(of_row, kind="stable")
    of_batch = unique[by_arrival, 0].astype(np.intp)
    return Recording(
        sensors=tuple(sensors),
        sensor=of_batch,
        sequence=sequences_of(of_batch, sensors),
        observed_ns=unique[by_arrival, 1],
        received_ns=np.maximum.accumulate(received[by_arrival]),
        plots=plots[is_plot][order],
        first=np.searchsorted(of_row[order], np.arange(len(unique) + 1)),
    )


def arrivals_ns(observed_ns: Instants, received_ns: Instants) -> Instants:
    """When batches (B,), in the file's order, came in: as stated, else as soon as possible.

    Without a statement a batch came when it was observed, or with the one in front of it if that
    was later. An instant a minute off from those around it in the file moves no clock: one wrong
    time costs its own batch only.
    """
    stated = received_ns != NOT_STATED
    if stated.all():
        return received_ns
    strays = np.abs(observed_ns - _medians(observed_ns)) > STRAY_NS
    told = np.where(stated, received_ns, np.where(strays, np.iinfo(np.int64).min, observed_ns))
    told = np.maximum.accumulate(told)
    earliest = told[told > np.iinfo(np.int64).min][:1]
    return np.asarray(np.maximum(told, earliest if earliest.size else 0), dtype=np.int64)


def _medians(values: Instants) -> Instants:
    """The median of each value (B,) and its neighbours on either side."""
    if len(values) <= 2 * AROUND:
        return np.full_like(values, np.sort(values)[len(values) // 2] if len(values) else 0)
    padded = np.concatenate([values[:AROUND][::-1], values, values[-AROUND:][::-1]])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    return np.asarray(np.sort(windows, axis=-1)[:, AROUND])
