"""Plots of many sensors in, one picture of tracks out.

The tracker holds one table of rows at one instant, that of the newest batch. A batch first
passes the intake; then the table is moved to the batch's instant (or, for a late batch, the
sensor's view is moved back), and the sensor's kind decides what its plots do to the table.
It reads no clock: `now` is an argument everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from bongsu.tracking.air.watch import AirWatch
from bongsu.tracking.arrays import Floats, Mask, Serials
from bongsu.tracking.boost.ensemble import generic_ensemble
from bongsu.tracking.boost.rows import follow
from bongsu.tracking.boost.watch import BoostWatch
from bongsu.tracking.flight.prediction import predict_rows
from bongsu.tracking.flight.track_table import (
    MAXIMUM_SENSORS,
    Rows,
    confirmed_rows,
    is_confirmed,
    joined,
    no_rows,
    only,
    variance_of_position_m2,
)
from bongsu.tracking.infrared.eye import InfraredScan
from bongsu.tracking.infrared.sun_geometry import SunLimits
from bongsu.tracking.initiation.hypotheses import ripe, rivals, taken
from bongsu.tracking.initiation.lone_plots import LonePlots, no_lone_plots
from bongsu.tracking.intake.door import PlotIntake, Refusal
from bongsu.tracking.intake.tracked_scans import TrackedScans, newest_of
from bongsu.tracking.outlook.book import OutlookBook
from bongsu.tracking.pairs.confusion import Confusion
from bongsu.tracking.pairs.parted_pairs import PartedPairs
from bongsu.tracking.picture import (
    TIME_UNSURE,
    is_observed,
    track_id,
    tracks_of,
    with_outlooks,
)
from bongsu.tracking.radar.look import RadarScan, RadarStation, sensing_of, station_of
from bongsu.tracking.radar.measurement import believable, parts_of, radar_on
from bongsu.tracking.radar.scan import take_scan
from bongsu.tracking.registration.registration import Registration
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import NS_PER_S, SensorId, TrackId, UtcNs, seconds_between

GROUND_RADIUS_M: Final = 6_350_000.0  # below every place on the Earth's surface
MAXIMUM_DROPPED: Final = 1_000
DEFAULT_SETTINGS: Final = TrackerSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedTracks:
    """Confirmed tracks as arrays, n of them."""

    number: Serials  # (n,), rising with the time of confirmation
    state: Floats  # (n, 6), ECEF position, m, and velocity, m/s
    covariance: Floats  # (n, 6, 6)
    observed: Mask  # (n,), seen lately by a sensor


class Tracker:
    """Turns plot batches of several sensors into one picture of tracks."""

    def __init__(
        self,
        sensors: Sequence[SensorSite],
        *,
        name: str,
        settings: TrackerSettings = DEFAULT_SETTINGS,
    ) -> None:
        """Raises LocalMisuse where a site cannot be a sensor of its kind, or twice the same."""
        self._sites = _checked(sensors)
        self._name = name
        self._settings = settings
        self._intake = PlotIntake(self._sites, settings)
        self._stations: dict[SensorId, RadarStation] = {
            site.sensor_id: station_of(site, index)
            for index, site in enumerate(self._sites)
            if site.kind is SensorKind.RADAR
        }
        self._radars = {station.index: station.radar for station in self._stations.values()}
        self._watch = BoostWatch(self._sites, generic_ensemble)
        self._air = AirWatch()
        self._book = OutlookBook(generic_ensemble, self._watch.views, SunLimits())
        self._confusion = Confusion()
        self._parted = PartedPairs()
        self._scans = TrackedScans(name)
        self._registration = Registration(self._sites)
        self._rows: Rows = no_rows()
        self._lone: LonePlots = no_lone_plots()
        self._at: UtcNs | None = None
        self._dropped: Rows = no_rows()
        self._next_serial = 0
        self._next_number = settings.first_track_number

    @property
    def refused(self) -> Mapping[Refusal, int]:
        """Plots refused since the start, by reason."""
        return self._intake.refused

    @property
    def quarantine(self) -> tuple[PlotBatch, ...]:
        """The newest batches from the future, cut to a bounded size, as evidence."""
        return self._intake.quarantine

    @property
    def quarantined_plots(self) -> int:
        """Plots from the future since the start; they are not among the refused."""
        return self._intake.quarantined_plots

    def clock_suspicion(self, *, now: UtcNs) -> ClockSuspicion | None:
        """Sensors that agree with each other against our own clock, if any do."""
        return self._intake.clock.suspicion(now)

    def process(self, batch: PlotBatch, *, now: UtcNs) -> None:
        """Use one batch; whatever cannot be used is counted, and nothing is raised for it."""
        plots = self._intake.admit(batch, now=now, newest=self._at)
        if plots is None:
            return
        if self._at is None or batch.observed_at > self._at:
            self._advance(batch.observed_at)
        station = self._stations.get(batch.sensor_id)
        if station is None:
            self._take_infrared_plots(plots, batch)
        else:
            self._take_radar_plots(self._placed(station, batch), plots, batch)

    def picture(self, *, now: UtcNs) -> TrackPicture:
        """Every confirmed track, moved to `now`; those dropped since the last picture once."""
        suspicion, told = self.clock_suspicion(now=now), self._intake.clock.time(now)
        at = told if self._at is None else max(told, self._at)
        self._drop(_outlived(self._rows, at=at, settings=self._settings))
        self._drop(self._book.overdue(self._rows, at))
        rows = confirmed_rows(self._rows)
        self._registration.widen(rows)
        bank = self._watch.bank.copy()
        if self._at is not None:
            predict_rows(rows, seconds_between(at, self._at))
            follow(rows, bank, at)
            self._air.copy().move(rows, seconds_between(at, self._at), to_ns=at)
            self._parted.set_apart(rows, at)
            self._confusion.blur(rows, known_apart=self._parted.all_pairs)
        kin = self._confusion.kin(rows)
        outlooks = self._book.outlooks(rows, bank, kin, at)
        dropped, self._dropped = self._dropped, no_rows()
        shown = partial(
            tracks_of,
            at=at,
            name=self._name,
            sites=self._sites,
            settings=self._settings,
            caveats=() if suspicion is None else (TIME_UNSURE,),
        )
        return TrackPicture(
            at=at,
            tracks=with_outlooks(shown(rows), outlooks, kin, name=self._name)
            + shown(dropped, dropped=True),
            refused_plots=sum(self._intake.refused.values()),
            quarantined_plots=self._intake.quarantined_plots,
            silent_sensors=self._intake.silent(now=told),
            clock=suspicion,
            off_time_sensors=self._intake.clock.alone(now),
            biases=self._registration.stated(),
            scans=self._scans.take(),
        )

    def look_ahead(self) -> None:
        """Work ahead for the next pictures, once the last one is on its way: see `OutlookBook`.

        Pictures are as right without it, and take longer.
        """
        self._book.look_ahead()

    def confirmed(self) -> ConfirmedTracks:
        """The confirmed tracks as arrays, at the instant of the newest batch."""
        rows = confirmed_rows(self._rows)
        self._registration.widen(rows)
        at = self._at if self._at is not None else UtcNs(0)
        return ConfirmedTracks(
            number=rows["number"],
            state=rows["state"],
            covariance=rows["covariance"],
            observed=is_observed(rows, at=at, settings=self._settings),
        )

    def track_id(self, number: int) -> TrackId:
        """The name of the track of that number."""
        return track_id(self._name, number)

    def _advance(self, to: UtcNs) -> None:
        """Move the table to a newer instant; what was unseen for too long does not come along."""
        rows = self._rows
        self._drop(_outlived(rows, at=to, settings=self._settings))
        self._lone = self._lone.take((self._lone["expires_ns"] >= to).nonzero()[0])
        if self._at is not None:
            predict_rows(self._rows, seconds_between(to, self._at))
            self._air.move(self._rows, seconds_between(to, self._at), to_ns=to)
        self._watch.move(self._rows, to)
        self._at = to

    def _take_infrared_plots(self, plots: Floats, batch: PlotBatch) -> None:
        sound = self._watch.believable(batch.sensor_id, plots)
        self._intake.refuse(Refusal.IMPOSSIBLE, len(plots) - len(sound))
        before = len(self._rows)
        self._rows = self._watch.take_infrared(
            self._rows,
            batch.sensor_id,
            InfraredScan(
                plots=self._registration.corrected(batch.sensor_id, sound),
                observed_ns=batch.observed_at,
                emitted_ns=batch.emitted_at,
                since_s=seconds_between(self._at or batch.observed_at, batch.observed_at),
            ),
            first_number=self._next_number,
            room=self._room(),
        )
        self._next_number += len(self._rows) - before
        numbers, given = self._watch.given
        self._given(batch, numbers, sound[given])
        self._intake.refuse(Refusal.CROWDED_OUT, self._watch.crowded_out)
        self._watch.crowded_out = 0
        self._drop(_unlikely(self._rows, self._settings))

    def _placed(self, station: RadarStation, batch: PlotBatch) -> RadarStation:
        """The station where the batch says that its platform is."""
        if batch.platform is None:
            return station
        radar = radar_on(batch.platform, station.radar)
        self._radars[station.index] = radar
        self._stations[batch.sensor_id] = station = replace(station, radar=radar)
        return station

    def _take_radar_plots(self, station: RadarStation, plots: Floats, batch: PlotBatch) -> None:
        sound = plots[believable(station.radar, plots)]
        self._intake.refuse(Refusal.IMPOSSIBLE, len(plots) - len(sound))
        sound = sound[sound[:, 0].argsort()]  # as measured: so they are noted
        places, rates = parts_of(self._registration.corrected(batch.sensor_id, sound))
        first, self._next_serial = self._next_serial, self._next_serial + len(sound)
        scan = RadarScan(
            plots=places,
            rates=rates,
            serials=np.arange(first, self._next_serial),
            observed_ns=batch.observed_at,
            emitted_ns=batch.emitted_at,
            since_s=seconds_between(self._at or batch.observed_at, batch.observed_at),
        )
        result = take_scan(
            self._rows,
            self._lone,
            station,
            scan,
            radars=self._radars,
            splits=self._parted.splits(self._rows, scan.observed_ns),
            others={one.index: one.doubt for one in self._stations.values() if one is not station},
            settings=self._settings,
        )
        self._rows, self._lone = result.rows, result.lone
        self._intake.refuse(Refusal.CROWDED_OUT, result.crowded_out)
        self._intake.refuse(Refusal.DOUBTED, result.set_aside)
        self._confirm()
        self._watch.take_radar(
            self._rows,
            station.radar,
            result.plots,
            scan.serials,
            twice=result.twice,
            in_air=self._air.numbers,
            since_s=scan.since_s,
        )
        self._air.take_radar(
            self._rows,
            station.radar,
            result.plots,
            scan.serials,
            sensing=sensing_of(station.radar, scan.since_s),
            rates=rates,
            since_s=scan.since_s,
            boosted=self._watch.bank.numbers,
        )
        self._parted.learn(self._rows, station.radar, result.apart_m, scan.observed_ns)
        self._parted.hold(self._rows, station.radar, self._watch.bank, scan.observed_ns)
        numbers, given = newest_of(self._rows, scan.serials)
        self._given(batch, numbers, sound[given])
        self._confusion.note(self._rows)
        self._parted.begin(self._rows, self._watch.bank)
        self._drop(_unlikely(self._rows, self._settings))

    def _given(self, batch: PlotBatch, numbers: Serials, plots: Floats) -> None:
        """Confirmed tracks (k,) were given these plots (k, c), as measured, of a batch."""
        station = self._stations.get(batch.sensor_id)
        site = self._site_of(batch) if station is None else station.radar.site
        self._scans.note(site, batch.observed_at, numbers, plots)
        # Offsets are sought of sensors that stand: those of a platform turn with it.
        if batch.observed_at == self._at and batch.platform is None:
            self._registration.take(
                batch.sensor_id,
                batch.observed_at,
                self._rows,
                numbers,
                plots,
                held=np.concatenate([self._watch.bank.numbers, self._air.numbers]),
            )

    def _site_of(self, batch: PlotBatch) -> SensorSite:
        return next(site for site in self._sites if site.sensor_id == batch.sensor_id)

    def _confirm(self) -> None:
        """Give numbers to the hypotheses that are sure enough, and drop their rivals."""
        new = ripe(self._rows, self._settings)[: self._room()]
        if len(new) == 0:
            return
        self._rows["number"][new] = self._next_number + np.arange(len(new))
        self._next_number += len(new)
        plots = self._rows["plots"][new].ravel()
        for station in self._stations.values():
            station.clutter.explain(plots)
        self._rows = only(self._rows, ~rivals(self._rows, plots))
        self._lone = self._lone[~taken(self._lone["serial"], plots)]

    def _room(self) -> int:
        """How many more tracks may be confirmed."""
        return max(self._settings.maximum_tracks - int(is_confirmed(self._rows).sum()), 0)

    def _drop(self, gone: Mask) -> None:
        if not np.count_nonzero(gone):
            return
        tracks = self._rows[gone & is_confirmed(self._rows)]
        self._dropped = joined(self._dropped, tracks)[-MAXIMUM_DROPPED:]
        self._rows = only(self._rows, ~gone)


def _checked(sensors: Sequence[SensorSite]) -> tuple[SensorSite, ...]:
    sites = tuple(sensors)
    if len({site.sensor_id for site in sites}) != len(sites):
        raise LocalMisuse(
            "Two sensors have the same name", remedy="Give every sensor site its own sensor_id."
        )
    if len(sites) > MAXIMUM_SENSORS:
        raise LocalMisuse(
            f"{len(sites)} sensors are too many for one tracker",
            remedy=f"Give a tracker at most {MAXIMUM_SENSORS}, and start another one.",
        )
    return sites


def _outlived(rows: Rows, *, at: UtcNs, settings: TrackerSettings) -> Mask:
    """Rows (n,) that were unseen for longer than their kind may be."""
    unseen_ns = at - rows["last_observed_ns"]
    patience_ns = np.where(
        is_confirmed(rows),
        np.maximum(settings.maximum_coast_s * NS_PER_S, rows["patience_ns"]),
        settings.hypothesis_lifetime_scans * rows["interval_ns"],
    )
    outlived: Mask = unseen_ns > patience_ns
    return outlived


def _unlikely(rows: Rows, settings: TrackerSettings) -> Mask:
    """Tracks (n,) that are likelier clutter than not, lost in their uncertainty, or down."""
    blurred = variance_of_position_m2(rows) > settings.maximum_sigma_position_m**2
    lost = (rows["log_odds"] < 0.0) | (blurred & (rows["patience_ns"] == 0))
    position = rows["state"][:, :3]
    down = np.vecdot(position, position) < GROUND_RADIUS_M**2
    unlikely: Mask = is_confirmed(rows) & (lost | down)
    return unlikely
