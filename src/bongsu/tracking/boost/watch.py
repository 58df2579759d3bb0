"""Infrared plots, and every track that burns: where the bank of hypotheses meets the table.

An infrared plot goes to a boosted track by its angles, or prolongs a chain that becomes one.
A radar plot that the table's association gave to a boosted track goes to its hypotheses too.
A radar track that climbs and does not fly freely is taken for boosted. After each scan the
rows of boosted tracks are written anew from the bank.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from bongsu.physics.geodesy import climb_mps, height_above_ellipsoid_m
from bongsu.tracking.arrays import Floats, Indices, Serials
from bongsu.tracking.association.assignment import assign
from bongsu.tracking.boost.bank import BURNT_OUT_SHARE, BoostBank
from bongsu.tracking.boost.ensemble import BoostEnsemble
from bongsu.tracking.boost.model import BoostNoise
from bongsu.tracking.boost.prior import FirstSight, first_infrared_sight, first_sight_of_state
from bongsu.tracking.boost.rows import follow, forget_dropped, rows_of, write_boosted
from bongsu.tracking.boost.update import radar_model
from bongsu.tracking.flight.manoeuvre import is_not_ballistic, set_free
from bongsu.tracking.flight.track_table import Rows, is_confirmed, joined, put
from bongsu.tracking.infrared.eye import (
    HIGHEST_DETECTION_PROBABILITY,
    Eye,
    InfraredScan,
    expected_angles,
    eye_of,
    fits,
    mark_seen,
    row_of,
    squared_sigmas,
    unseen_s,
)
from bongsu.tracking.infrared.initiation import Chain, extended
from bongsu.tracking.infrared.measurement import InfraredView, believable_angles
from bongsu.tracking.radar.measurement import Radar
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NS_PER_S, SensorId

MAXIMUM_NEW_PLOTS: Final = 1_000  # in one scan, that belong to no track; more are not looked at
RELIGHT_GATE_SQUARED: Final = 12.0
RELIGHT_SIGMA_RAD: Final = 5e-4  # 20 km on the ground
HIGHEST_BOOST_M: Final = 600e3
HIGHEST_NEW_BOOST_M: Final = 120e3  # of a track that is taken for boosted without a sign of it
NEW_OUT: Final = 0.5  # probability that a new climbing track's engine is out
ODDLY_OUT: Final = 0.1  # and that of one that does not fly freely
SLOWEST_CLIMB_MPS: Final = 100.0
BRAKED_BELOW_M: Final = 60e3
BRAKED_FOR_S: Final = 4.0  # as if by 30 m/s^2
LEAST_BURNING_SHARE: Final = 1e-3  # that a track is given when an infrared plot seeks its own
SEEN_AGAIN_NS: Final = 10 * NS_PER_S
_NO_SERIALS: Final = np.zeros(0, dtype=np.int64)


class BoostWatch:
    """Keeps the boosted tracks of one tracker."""

    def __init__(self, sites: Sequence[SensorSite], ensemble: Callable[[], BoostEnsemble]) -> None:
        """ensemble: asked for when a first boost is seen, not before."""
        self._ensemble = ensemble
        self._noise = BoostNoise()
        self.bank = BoostBank(self._noise)
        self._at_ns = 0
        self.crowded_out = 0  # plots without room, since the tracker asked last
        # Of the last infrared scan: numbers of tracks, and the plots that they were given.
        self.given: tuple[Serials, Indices] = (_NO_SERIALS, _NO_SERIALS)
        self._judged = 0  # the greatest number of a track that was looked at
        self._eyes: Mapping[SensorId, Eye] = {
            site.sensor_id: eye_of(site, index)
            for index, site in enumerate(sites)
            if site.kind is SensorKind.INFRARED
        }

    @property
    def views(self) -> Mapping[int, InfraredView]:
        """The infrared sensors' views by their index among the tracker's sensors."""
        return {eye.index: eye.view for eye in self._eyes.values()}

    def believable(self, sensor_id: SensorId, plots: Floats) -> Floats:
        """The plots (m, 2) that the sensor could have made."""
        return np.asarray(plots[believable_angles(self._eyes[sensor_id].view, plots)])

    def move(self, rows: Rows, to_ns: int) -> None:
        """Move the bank to an instant to which the rows were moved already."""
        self._at_ns = to_ns
        if self.bank.tracks:
            follow(rows, self.bank, to_ns)

    def take_infrared(
        self, rows: Rows, sensor_id: SensorId, scan: InfraredScan, *, first_number: int, room: int
    ) -> Rows:
        """Use one scan of infrared; returns the table with new tracks last.

        New tracks are numbered from first_number on; no more than `room` are taken in.
        """
        forget_dropped(rows, self.bank)
        eye = self._eyes[sensor_id]
        unclaimed = np.ones(len(scan.plots), dtype=np.bool_)
        unclaimed[self._look(rows, eye, scan)] = False
        fresh_plots = scan.plots[unclaimed]
        self.crowded_out += max(len(fresh_plots) - MAXIMUM_NEW_PLOTS, 0)
        eye.chains, ripe = extended(
            eye.chains,
            eye.view,
            fresh_plots[:MAXIMUM_NEW_PLOTS],
            observed_ns=scan.observed_ns,
            emitted_ns=scan.emitted_ns,
            unseen_s=unseen_s(eye, scan.observed_ns),
        )
        eye.last_scan_ns = max(scan.observed_ns, eye.last_scan_ns or 0)
        new = [chain for chain in ripe if not self._relit(rows, eye, chain)][:room]
        for number, chain in enumerate(new, first_number):
            self.bank.begin(
                number,
                self._grown(eye, chain),
                reference_ns=chain.observed_ns[0],
                at_ns=chain.observed_ns[-1],
            )
        fresh = [row_of(eye, chain, number) for number, chain in enumerate(new, first_number)]
        rows = joined(rows, *fresh) if fresh else rows
        self.bank.move(self._at_ns)
        self._note_found(rows)
        self._write(rows)
        return rows

    def take_radar(
        self,
        rows: Rows,
        radar: Radar,
        plots: Floats,
        serials: Serials,
        *,
        twice: Serials,
        in_air: Serials,
        since_s: float,
    ) -> None:
        """Use the plots (m, 3) of one radar scan that the table's rows have taken.

        `serials` (m,) rise by one from plot to plot; the plots of the tracks with the numbers
        `twice` are means of two. Those with the numbers `in_air` fly there without an engine,
        and are no boost. The scan was since_s before the table's instant.
        """
        forget_dropped(rows, self.bank)
        if self.bank.tracks and len(serials):
            newest = rows["plots"][rows_of(rows, self.bank.numbers), 0] - serials[0]
            taken = np.where((newest >= 0) & (newest < len(serials)), newest, -1)
            self._look_by_radar(radar, taken, plots, since_s)
            again = np.where(np.isin(self.bank.numbers, twice), taken, -1)
            if (again >= 0).any():
                self._look_by_radar(radar, again, plots, since_s)
        self._note_found(rows)
        self._suspect(rows, in_air)
        self._write(rows)

    def _look_by_radar(
        self, radar: Radar, plot_of_track: Indices, plots: Floats, since_s: float
    ) -> None:
        self.bank.look(
            radar_model(radar),
            None,
            plot_of_track.astype(np.intp),
            plots,
            detection_probability=HIGHEST_DETECTION_PROBABILITY,
            clutter_density=1.0,
            since_s=since_s,
        )

    def _note_found(self, rows: Rows) -> None:
        """A track that was given up while it burned may have been seen again."""
        if self.bank.lost:
            unseen_ns = self._at_ns - rows["last_observed_ns"]
            self.bank.found(rows["number"][unseen_ns < SEEN_AGAIN_NS])

    def _look(self, rows: Rows, eye: Eye, scan: InfraredScan) -> Indices:
        """Give plots to boosted tracks; returns those that were given."""
        tracks = rows_of(rows, self.bank.numbers)
        plot_of_track = np.full(len(tracks), -1, dtype=np.intp)
        self.given = (_NO_SERIALS, _NO_SERIALS)
        if len(tracks) == 0:
            return plot_of_track
        if len(scan.plots):
            track, plot, gain = fits(rows[tracks], eye, scan)
            burning = np.maximum(self.bank.burning_share(), LEAST_BURNING_SHARE)
            gain = gain + np.log(burning[track])  # what is out shows nothing
            chosen = assign(track, plot, -gain)
            plot_of_track[track[chosen]] = plot[chosen]
        self.bank.look(
            eye.model,
            eye.view,
            plot_of_track,
            scan.plots,
            detection_probability=eye.detection_probability,
            clutter_density=eye.clutter_density,
            since_s=scan.since_s,
        )
        seen = tracks[plot_of_track >= 0]
        mark_seen(rows, seen, eye, scan.observed_ns, scan.emitted_ns)
        given = plot_of_track[plot_of_track >= 0]
        self.given = (rows["number"][seen], given)
        return given

    def _relit(self, rows: Rows, eye: Eye, chain: Chain) -> bool:
        """Whether the chain is a known track that burns again, or is first seen burning."""
        others = np.flatnonzero(is_confirmed(rows) & ~np.isin(rows["number"], self.bank.numbers))
        if len(others) == 0:
            return False
        angles, spread = expected_angles(rows[others], eye, since_s=0.0)
        squared = squared_sigmas(chain.angles_rad[-1] - angles, spread)
        # A track that may be anywhere would take every new launch for its own.
        vague = np.trace(spread, axis1=1, axis2=2) > RELIGHT_SIGMA_RAD**2
        squared = np.where(vague, np.inf, squared)
        best = int(np.argmin(squared))
        if squared[best] > RELIGHT_GATE_SQUARED:
            return False
        row = others[best]
        mark_seen(rows, np.array([row]), eye, chain.observed_ns[-1], chain.emitted_ns[-1])
        self._begin_from_state(rows, int(row), engine_out=ODDLY_OUT)
        return True

    def _suspect(self, rows: Rows, in_air: Serials) -> None:
        """Take tracks that climb for boosted: low and new ones, and those that fly oddly."""
        number = rows["number"]
        odd = is_not_ballistic(rows)
        newest = int(number.max(initial=0))
        if newest <= self._judged and not np.count_nonzero(odd):
            return
        new = number > self._judged
        odd &= is_confirmed(rows) & ~np.isin(number, in_air)  # lift is no thrust
        candidates = np.flatnonzero((new | odd) & ~np.isin(number, self.bank.numbers))
        self._judged = max(self._judged, newest)
        if len(candidates) == 0:
            return
        height, climb = _height_and_climb(rows["state"][candidates])
        ceiling = np.where(odd[candidates], HIGHEST_BOOST_M, HIGHEST_NEW_BOOST_M)
        for row in candidates[(climb > SLOWEST_CLIMB_MPS) & (height < ceiling)].tolist():
            self._begin_from_state(rows, row, engine_out=ODDLY_OUT if odd[row] else NEW_OUT)

    def _begin_from_state(self, rows: Rows, row: int, *, engine_out: float) -> None:
        state, covariance = rows["state"][row], rows["covariance"][row]
        sight = first_sight_of_state(self._ensemble(), state, covariance, engine_out=engine_out)
        if sight is not None:
            number, at_ns = int(rows["number"][row]), self._at_ns
            self.bank.begin(number, sight, reference_ns=at_ns, at_ns=at_ns)

    def _grown(self, eye: Eye, chain: Chain) -> FirstSight:
        """First sight of a chain's first plot, updated by its other plots."""
        sight = first_infrared_sight(
            self._ensemble(), eye.view, chain.angles_rad[0], chain.unseen_s
        )
        alone = BoostBank(self._noise)
        first_ns = chain.observed_ns[0]
        alone.begin(0, sight, reference_ns=first_ns, at_ns=first_ns)
        for observed_ns, angles in zip(chain.observed_ns[1:], chain.angles_rad[1:], strict=True):
            alone.move(observed_ns)
            alone.look(
                eye.model,
                eye.view,
                np.zeros(1, dtype=np.intp),
                angles[None],
                detection_probability=eye.detection_probability,
                clutter_density=eye.clutter_density,
                since_s=0.0,
            )
        return replace(sight, hypotheses=alone.hypotheses)

    def _write(self, rows: Rows) -> None:
        if self.bank.tracks:
            self.bank.forget(self.bank.spent())
            self.bank.forget(self._braked(rows))
            write_boosted(rows, self.bank, looked=True)

    def _braked(self, rows: Rows) -> Serials:
        """Tracks without thrust that do not coast as their boost said: air that it did not know.

        Their rows are loosened, for what it did to them meanwhile.
        """
        out = self.bank.numbers[self.bank.burning_share() <= BURNT_OUT_SHARE]
        index = rows_of(rows, out)
        height = height_above_ellipsoid_m(rows["state"][index, :3])
        braked = is_not_ballistic(rows[index]) & (height < BRAKED_BELOW_M)
        loosened = rows[index[braked]]
        set_free(loosened, np.full(len(loosened), BRAKED_FOR_S))
        put(rows, index[braked], loosened)
        return np.asarray(out[braked])


def _height_and_climb(state: Floats) -> tuple[Floats, Floats]:
    """Height above the ellipsoid and its rate, of states (n, 6)."""
    position, velocity = state[:, :3], state[:, 3:]
    return height_above_ellipsoid_m(position), climb_mps(position, velocity)
