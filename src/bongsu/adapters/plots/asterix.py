"""Recorded plots as ASTERIX: monoradar target reports (CAT 048) and system tracks (CAT 062).

ASTERIX says neither where a radar stands nor how exact it is: the sensors' tables come from
elsewhere, a source's sensor being named after its codes, SAC-25-SIC-10. It has a time of day and
no date: a recording begins on 1 January 1970.

A turning radar sees each object at another instant, while a batch of plots has one. So a turn is
cut into sectors, each a batch at the middle of its plots, in which the radar sees an object with
its share of the stated probability: no plot is moved, and a batch that could not hold an object
costs that object's track next to nothing.

A system track is another system's estimate and no plot: its errors hang together from one update
to the next, which no covariance of ours knows. It is read as a plot of its place, with a note.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from bongsu.adapters.plots.asterix_records import TargetReport, target_reports
from bongsu.adapters.plots.columns import NOT_STATED, PlotColumns, recording_of, refused
from bongsu.adapters.plots.recording import MAXIMUM_PLOTS, Instants, Numbers, Recording
from bongsu.physics.frames import ecef_to_enu, enu_to_ecef
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NS_PER_S

SECTORS: Final = 32  # of a turn: at 10 s a turn a plot is 0.16 s from its batch's instant at most
LEAST_RANGE_M: Final = 1.0  # nearer there is no direction
DAY_S: Final = 86_400.0
HEIGHT_STEPS: Final = 12  # each leaves a tenth of the fault, at 500 km a hundredth
NOT_OURS: Final = "another system's tracks, read as plots: their errors hang together, so the "
NOT_OURS_MEANS: Final = "stated uncertainty is too small"


def read_plots_asterix(path: Path, *, sensors: Sequence[SensorSite]) -> Recording:
    """Read and check a recording; raises LocalMisuse that names the byte and what is wrong.

    sensors: the radars, named SAC-<code>-SIC-<code>; a system's site is any place to see from.
    """
    sites = {str(site.sensor_id): site for site in sensors}
    reports: list[TargetReport] = []
    left_out: Counter[str] = Counter()
    for report in target_reports(path):
        if report.left_out is not None:
            left_out[report.left_out] += 1
        else:
            reports.append(report)
        if len(reports) > MAXIMUM_PLOTS:
            raise refused(path, f"holds more than {MAXIMUM_PLOTS:,} plots", "Cut it")
    for report in reports:
        if report.source not in sites or sites[report.source].kind is not SensorKind.RADAR:
            raise refused(
                path,
                f"has records of {report.source}, which is no radar that is described",
                f"Describe it with --sensors FILE, under the id {report.source}",
            )
    seconds = days_joined(np.array([report.second_of_day for report in reports]))
    observed_ns, sectors = _sector_instants(reports, seconds, sites)
    return recording_of(
        PlotColumns(
            sensor_id=[report.source for report in reports],
            observed_utc_ns=observed_ns,
            received_utc_ns=np.full(len(reports), NOT_STATED, dtype=np.int64),
            components=dict(
                zip(
                    ("range_m", "azimuth_rad", "elevation_rad"),
                    _polar(reports, sites).T,
                    strict=True,
                )
            ),
        ),
        [_per_sector(site, sectors.get(name, 1)) for name, site in sites.items()],
        path,
        notes=_notes(reports, left_out, seconds, observed_ns),
        check_units=False,
    )


def days_joined(second_of_day: Numbers) -> Numbers:
    """Seconds (M,) from the first midnight on: where the time falls by half a day, one passed."""
    steps = np.diff(second_of_day, prepend=second_of_day[:1])
    turns = (steps < -DAY_S / 2.0).astype(float) - (steps > DAY_S / 2.0).astype(float)
    return np.asarray(np.maximum(second_of_day + DAY_S * np.cumsum(turns), 0.0))


def _sector_instants(
    reports: Sequence[TargetReport], seconds: Numbers, sites: dict[str, SensorSite]
) -> tuple[Instants, dict[str, int]]:
    """The instant (M,) of each plot's batch, and how many sectors each sensor's scan has."""
    names = np.array([report.source for report in reports])
    instants = np.zeros(len(reports))
    sectors = {}
    for name in dict.fromkeys(names.tolist()):
        own = np.flatnonzero(names == name)
        interval_s = sites[name].scan_interval_s
        turning = _turns(seconds[own], interval_s)
        sectors[name] = SECTORS if turning else 1
        width_s = interval_s / sectors[name]
        _, of_sector = np.unique(np.floor(seconds[own] / width_s), return_inverse=True)
        sums = np.bincount(of_sector, weights=seconds[own])
        instants[own] = (sums / np.bincount(of_sector))[of_sector]
    return np.round(instants * NS_PER_S).astype(np.int64), sectors


def _turns(seconds: Numbers, interval_s: float) -> bool:
    """Whether plots are spread over the scan, as a turning antenna's are."""
    scans = len(np.unique(np.floor(seconds / interval_s)))
    return len(np.unique(np.floor(SECTORS * seconds / interval_s))) > 1.5 * scans


def _per_sector(site: SensorSite, sectors: int) -> SensorSite:
    return replace(
        site,
        detection_probability=site.detection_probability / sectors,
        clutter_per_scan=site.clutter_per_scan / sectors,
    )


def _polar(reports: Sequence[TargetReport], sites: dict[str, SensorSite]) -> Numbers:
    """Range, azimuth and elevation (M, 3) of the reports as seen from their sites."""
    polar = np.zeros((len(reports), 3))
    for row, report in enumerate(reports):
        if report.range_m is not None and report.azimuth_deg is not None:
            polar[row, :2] = report.range_m, np.radians(report.azimuth_deg)
    names = np.array([report.source for report in reports])
    heights = np.array([report.height_m or 0.0 for report in reports])
    measured = np.array([report.range_m is not None for report in reports], dtype=np.bool_)
    for name in dict.fromkeys(names.tolist()):
        own = names == name
        rows = np.flatnonzero(own & measured)
        polar[rows, 2] = elevations_rad(sites[name], polar[rows, 0], polar[rows, 1], heights[rows])
        rows = np.flatnonzero(own & ~measured)
        polar[rows] = _seen_from(
            sites[name], [reports[row] for row in rows.tolist()], heights[rows]
        )
    polar[:, 1] = (polar[:, 1] + np.pi) % (2.0 * np.pi) - np.pi
    return polar


def elevations_rad(
    site: SensorSite, range_m: Numbers, azimuth_rad: Numbers, height_m: Numbers
) -> Numbers:
    """The elevations (m,) at which plots stand at heights (m,) above the ellipsoid.

    In steps from the flat answer. NaN where no elevation leads to that height: no plot.
    """
    range_m = np.maximum(range_m, LEAST_RANGE_M)
    sine = (height_m - site.height_m) / range_m
    for _ in range(HEIGHT_STEPS):
        ground = range_m * np.sqrt(np.clip(1.0 - sine**2, 0.0, 1.0))
        place = np.stack(
            [ground * np.sin(azimuth_rad), ground * np.cos(azimuth_rad), range_m * sine], axis=-1
        )
        ecef = enu_to_ecef(place, site.latitude_rad, site.longitude_rad, site.height_m)
        sine = sine + (height_m - ecef_to_geodetic(ecef)[2]) / range_m
    return np.asarray(np.where(np.abs(sine) <= 1.0, np.arcsin(np.clip(sine, -1.0, 1.0)), np.nan))


def _seen_from(site: SensorSite, reports: Sequence[TargetReport], height_m: Numbers) -> Numbers:
    ecef = geodetic_to_ecef(
        np.radians([report.latitude_deg or 0.0 for report in reports]),
        np.radians([report.longitude_deg or 0.0 for report in reports]),
        height_m,
    )
    east, north, up = ecef_to_enu(ecef, site.latitude_rad, site.longitude_rad, site.height_m).T
    ground = np.hypot(east, north)
    return np.stack(
        [np.hypot(ground, up), np.arctan2(east, north), np.arctan2(up, ground)], axis=-1
    )


def _notes(
    reports: Sequence[TargetReport], left_out: Counter[str], seconds: Numbers, observed_ns: Instants
) -> tuple[str, ...]:
    notes = [f"left out: {count:,} records {reason}" for reason, count in left_out.items()]
    if reports:
        off_s = float(np.abs(seconds - observed_ns / NS_PER_S).max())
        if off_s > 0.0:
            notes.append(f"plots are up to {off_s:.3f} s from the instant of their batch")
    if any(report.range_m is None for report in reports):
        notes.append(NOT_OURS + NOT_OURS_MEANS)
    return tuple(notes)
