"""One scan of one radar, from plots to updated tracks, hypotheses and lone plots."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask, Serials
from bongsu.tracking.association.choice import branch, gains, settle
from bongsu.tracking.association.doubt import NOTHING, Doubt, SetAside, set_aside, with_false_plots
from bongsu.tracking.association.gating import Pairs, in_range, weigh
from bongsu.tracking.association.merged_plots import merged_plots
from bongsu.tracking.association.shared_plots import aside, shared_plots, updated_again
from bongsu.tracking.association.split_plots import with_splits
from bongsu.tracking.flight.filtering import Innovations, innovations
from bongsu.tracking.flight.recovery import recover, worth_a_look
from bongsu.tracking.flight.scan_update import miss, updated
from bongsu.tracking.flight.track_table import (
    Rows,
    is_confirmed,
    joined,
    no_rows,
    only,
    put,
)
from bongsu.tracking.initiation.first_plots import first_plots
from bongsu.tracking.initiation.hypotheses import outdone
from bongsu.tracking.initiation.lone_plots import LonePlots, kept_lone_plots, pair_up
from bongsu.tracking.pairs.parted_pairs import Pair, Split
from bongsu.tracking.radar.look import Look, RadarScan, RadarStation, look_of
from bongsu.tracking.radar.measurement import Radar, positions_of_plots
from bongsu.tracking.radar.range_rate import weighed_by_range_rate
from bongsu.tracking.settings import TrackerSettings


class ScanResult(NamedTuple):
    """What a scan leaves behind."""

    rows: Rows
    lone: LonePlots
    crowded_out: int  # plots that found no room among the lone ones
    plots: Floats  # (m, 3), as pairs that part share them
    twice: Serials  # numbers of the tracks whose plot is the mean of two
    apart_m: Sequence[tuple[Pair, float]]  # differences of range between two that part
    set_aside: int  # plots of a doubted radar, about tracks that others stand for


def take_scan(
    rows: Rows,
    lone: LonePlots,
    station: RadarStation,
    scan: RadarScan,
    *,
    radars: Mapping[int, Radar],
    splits: Sequence[Split],
    others: Mapping[int, Doubt],
    settings: TrackerSettings,
) -> ScanResult:
    """Update every row (in place), branch hypotheses, start new ones of lone plots.

    radars: by their index among the tracker's sensors. Confirmed tracks come first and have
    the first choice of plots; what they leave may grow several hypotheses each. splits: pairs
    of tracks that share their plots. others: what other radars showed, by index.
    """
    look = look_of(station, scan, rows, settings)
    positions = positions_of_plots(station.radar, scan.plots)
    earlier, later = pair_up(lone, positions, look)
    known = len(rows)
    rows = joined(rows, first_plots(lone.take(earlier), look, radars)) if len(earlier) else rows
    innovation = innovations(look.sensing, rows["state"], rows["covariance"], station.radar.noise)
    pairs = _weighed(aside(innovation, splits), look, known, later)
    pairs = _by_range_rate(pairs, rows, innovation, look)
    look, held = _doubted(rows, pairs, others, innovation, look)
    pairs = _without(pairs, held.tracks, len(rows))
    gain = gains(pairs, look.around)
    settled = settle(pairs, gain, rows, look.around)
    merged = merged_plots(rows, pairs, settled, splits, innovation, look)
    settled = _others(settled, pairs.track[settled], merged.places, len(rows))
    shared = shared_plots(pairs, settled, splits, innovation, look)
    pairs = shared.pairs
    explained = np.zeros(len(scan.plots), dtype=np.bool_)
    explained[pairs.plot[settled]] = True
    explained[merged.plots] = explained[held.plots] = True
    found = np.concatenate([pairs.track[settled], merged.places, held.tracks])
    recovered, tracks = _recovered(rows, found, innovation, explained, look)
    doubtful = with_splits(look, explained.nonzero()[0])
    if doubtful is not look:
        gain = np.where(rows["number"][pairs.track] > 0, gain, gains(pairs, doubtful.around))
    branched = branch(pairs, gain, rows, explained=explained)
    chosen = np.concatenate([settled, branched])
    used = look._replace(scan=_as_shared(scan, shared.plots))
    seen = updated(rows, pairs.only(chosen), gain[chosen], innovation, used)
    again = seen.take(shared.twice)
    updated_again(again, shared.plots[pairs.plot[settled[shared.twice]]], look)
    put(seen, shared.twice, again)
    odds = rows["log_odds"][held.tracks]
    miss(rows, innovation, look)
    rows["log_odds"][held.tracks] = odds
    put(rows, pairs.track[settled], seen[: len(settled)])
    put(rows, tracks, recovered)
    put(rows, merged.places, merged.rows)
    grown = seen[len(settled) :]
    done = outdone(rows, grown, pairs.track[branched])
    done[known:] = True  # of a single plot: they go on as lone plots
    _learn_clutter(look, explained)
    explained[pairs.plot[branched][grown["log_odds"] > 0.0]] = True
    lone, crowded_out = kept_lone_plots(lone, positions, (~explained).nonzero()[0], doubtful)
    return ScanResult(
        rows=joined(only(rows, ~done), grown),
        lone=lone,
        crowded_out=crowded_out,
        plots=shared.plots,
        twice=again["number"],
        apart_m=shared.apart_m,
        set_aside=len(held.plots),
    )


def _doubted(
    rows: Rows, pairs: Pairs, others: Mapping[int, Doubt], innovation: Innovations, look: Look
) -> tuple[Look, SetAside]:
    """Judge the radar by tracks that others stand for; the look as its doubt leaves it."""
    if not others:
        return look, NOTHING
    station, scan = look.station, look.scan
    held = set_aside(
        station.doubt,
        rows,
        pairs,
        innovation,
        scan.plots,
        others,
        at_ns=scan.observed_ns,
        usual=1 if station.radar.site.split_probability == 0.0 else 2,
    )
    if not len(held.tracks):
        return look, held
    expected = innovation.expected.plots[is_confirmed(rows)]
    around = with_false_plots(look.around, scan.plots, expected, station.radar)
    return look._replace(around=around), held


def _without(pairs: Pairs, tracks: Indices, count: int) -> Pairs:
    """The pairs of all other tracks, of `count` rows."""
    if len(tracks) == 0:
        return pairs
    others = np.ones(count, dtype=np.bool_)
    others[tracks] = False
    return pairs.only(others[pairs.track].nonzero()[0])


def _others(settled: Indices, tracks: Indices, merged: Indices, count: int) -> Indices:
    """What is settled (s,) for tracks (s,) that are not among the merged ones, of `count` rows."""
    if len(merged) == 0:
        return settled
    alone = np.ones(count, dtype=np.bool_)
    alone[merged] = False
    return settled[alone[tracks]]


def _as_shared(scan: RadarScan, plots: Floats) -> RadarScan:
    """The scan with plots as pairs share them; a plot of a middle has no range rate of its own."""
    if scan.rates is None:
        return scan._replace(plots=plots)
    own = (plots == scan.plots).all(axis=1)
    return scan._replace(plots=plots, rates=np.where(own, scan.rates, np.nan))


def _weighed(innovation: Innovations, look: Look, known: int, later: Indices) -> Pairs:
    """Pairs inside the gate: of the known rows with all plots, of each new row with its own."""
    track, plot = in_range(innovation, look.scan.plots, known)
    if len(later):
        track = np.concatenate([track, np.arange(known, known + len(later))])
        plot = np.concatenate([plot, later])
    return weigh(innovation, look.scan.plots, track, plot)


def _by_range_rate(pairs: Pairs, rows: Rows, innovation: Innovations, look: Look) -> Pairs:
    """The pairs that also fit by range rate, where the scan has any."""
    if look.scan.rates is None:
        return pairs
    return weighed_by_range_rate(
        pairs,
        innovation.expected,
        rows["state"],
        rows["covariance"],
        look.scan.plots,
        look.scan.rates,
        look.station.radar,
        since_s=look.scan.since_s,
    )


def _learn_clutter(look: Look, explained: Mask) -> None:
    unexplained = (~explained).nonzero()[0]
    look.station.clutter.add_scan(look.scan.plots[unexplained], look.scan.serials[unexplained])


def _recovered(
    rows: Rows, seen: Indices, innovation: Innovations, explained: Mask, look: Look
) -> tuple[Rows, Indices]:
    """Confirmed tracks that were not seen, found in a wider gate: updated copies, their places.

    Marks the plots that they take in `explained`.
    """
    unseen = is_confirmed(rows)
    unseen[seen] = False
    places, free = unseen.nonzero()[0], (~explained).nonzero()[0]
    if len(places) == 0:
        return no_rows(), places
    ranges = innovation.expected.plots[places, 0]
    lost = rows.take(places)
    near = worth_a_look(lost, ranges, look.scan.plots[free, 0], look.scan.observed_ns)
    lost, places = only(lost, near), places[near]
    if len(lost) == 0:
        return lost, places
    pairs, gain, wider = recover(lost, free, look)
    explained[pairs.plot] = True
    return updated(lost, pairs, gain, wider, look), places[pairs.track]
