"""One look of one radar: the station, its plots, and what they are weighed against."""

from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Serials
from bongsu.tracking.association.choice import Surroundings
from bongsu.tracking.association.clutter import ClutterEstimate
from bongsu.tracking.association.doubt import Doubt
from bongsu.tracking.flight.filtering import Sensing
from bongsu.tracking.flight.free_flight import move
from bongsu.tracking.flight.track_table import Rows, is_confirmed
from bongsu.tracking.radar.measurement import Radar, coverage_volume, expected_plots, radar_of
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import NS_PER_S

LEAST_EXTENT_SIGMAS: Final = 20.0
MAXIMUM_DETECTION_PROBABILITY: Final = 0.999  # a miss never rules an object out


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarStation:
    """A radar with what was learnt about it; `index` is its place among the tracker's sensors."""

    index: int
    radar: Radar
    clutter: ClutterEstimate
    interval_ns: int
    doubt: Doubt


class RadarScan(NamedTuple):
    """One scan's believable plots (m, 3), sorted by range, with their serial numbers (m,).

    `since_s` is the time from the scan to the instant of the table: above zero for a scan
    that came late.
    """

    plots: Floats
    serials: Serials
    observed_ns: int
    emitted_ns: int
    since_s: float
    rates: Floats | None = None  # (m,), range rates; NaN where a plot has none


class Look(NamedTuple):
    """All that the steps of one scan share."""

    station: RadarStation
    scan: RadarScan
    sensing: Sensing
    around: Surroundings
    settings: TrackerSettings


def station_of(site: SensorSite, index: int) -> RadarStation:
    """Make a station of a radar site; raises LocalMisuse where its figures make no radar."""
    radar = radar_of(site)
    clutter = ClutterEstimate(
        stated_per_scan=site.clutter_per_scan,
        coverage_volume=coverage_volume(radar),
        least_extent=LEAST_EXTENT_SIGMAS * np.sqrt(radar.variance),
    )
    interval_ns = round(site.scan_interval_s * NS_PER_S)
    return RadarStation(
        index=index, radar=radar, clutter=clutter, interval_ns=interval_ns, doubt=Doubt()
    )


def look_of(station: RadarStation, scan: RadarScan, rows: Rows, settings: TrackerSettings) -> Look:
    """Prepare a look at the table's rows."""
    return Look(
        station=station,
        scan=scan,
        sensing=sensing_of(station.radar, scan.since_s),
        around=_surroundings(station, scan, rows, settings),
        settings=settings,
    )


def sensing_of(radar: Radar, since_s: float) -> Sensing:
    """Expected plots as a function of the state at the table's instant.

    For a scan that came late the state is moved back to its instant. What process noise adds
    over the few seconds between is left out: in free flight it is centimetres.
    """
    if since_s == 0.0:
        return lambda state: expected_plots(radar, state[:, :3])

    def late(state: Floats) -> tuple[Floats, Floats]:
        moved, transition = move(state, -since_s)
        plots, jacobian = expected_plots(radar, moved[:, :3])
        return plots, jacobian @ transition[:, :3]

    return late


def _surroundings(
    station: RadarStation, scan: RadarScan, rows: Rows, settings: TrackerSettings
) -> Surroundings:
    detection_probability = station.radar.site.detection_probability
    clutter = station.clutter
    confirmed = is_confirmed(rows)
    expected = detection_probability * int(np.count_nonzero(confirmed))
    per_scan = clutter.per_scan(unexplained=len(scan.plots) - expected)
    log_clutter = clutter.log_densities(
        scan.plots,
        per_scan=per_scan,
        tracks=lambda: expected_plots(station.radar, rows["state"][confirmed, :3])[0],
    )
    volume = clutter.volume()
    least = log(per_scan / volume)
    return Surroundings(
        detection_probability=detection_probability,
        log_clutter=log_clutter,
        least_log_clutter=least,
        crowded=bool(np.maximum.reduce(log_clutter, initial=least) > least + 1e-9),
        new_log_odds=log(settings.expected_new_objects_per_scan / volume) - log_clutter,
        log_missed=log(1.0 - min(detection_probability, MAXIMUM_DETECTION_PROBABILITY)),
    )
