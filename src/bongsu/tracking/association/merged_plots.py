"""Plots that confirmed tracks share because a radar cannot tell their objects apart.

Objects in one cell of a radar's resolution come back as one plot somewhere between them. Taken
for the plot of one, it would pull that track aside, and the other would look lost. So a plot may
be that of several tracks: its mean is then the middle of what is expected of them, each place
between them is as likely (strengths are exponential, so their shares are even). Each track is
moved by what the plot says of their middle; none becomes surer of its own place, for how far
they are apart no shared plot tells, and one plot is no evidence of two. Only radars that state a
resolution are asked for this.
Source: Koch and van Keuk, IEEE Trans. Aerospace and Electronic Systems 33 (1997), for the
likelihood of plots that may be unresolved; the even shares are those of Swerling's first case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.association.gating import Pairs, gate, stretches
from bongsu.tracking.flight.filtering import Innovations, inverse_of_symmetric
from bongsu.tracking.flight.scan_update import note_plots
from bongsu.tracking.flight.track_table import Rows, is_confirmed, no_rows
from bongsu.tracking.pairs.parted_pairs import Split
from bongsu.tracking.radar.look import Look
from bongsu.tracking.radar.measurement import residuals

LEAST_PROBABILITY: Final = 0.05  # of two objects being in one cell, to be thought of
REACH_SIGMAS: Final = 3.0
MOST_MEMBERS: Final = 500  # tracks that share plots, in one scan

_NOWHERE: Final = np.zeros(0, dtype=np.intp)


class Merged(NamedTuple):
    """Tracks that share plots, updated: copies of their rows, and where these belong."""

    rows: Rows
    places: Indices
    plots: Indices  # of the scan, each once


class _Duos(NamedTuple):
    """Pairs of confirmed tracks that may be in one cell, (d,) each, and their common plot."""

    tracks: tuple[Indices, Indices]
    log_probability: Floats  # of being in one cell
    common: Innovations


@dataclass(slots=True)
class _Groups:
    """Which tracks share which plot; no track shares two."""

    members_of: dict[int, list[int]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def add(self, plot: int, tracks: tuple[int, int], owner: int | None) -> None:
        """Let two tracks share a plot, where that does not part either from another plot."""
        members = self.members_of.get(plot, [] if owner is None else [owner])
        new = [track for track in tracks if track not in members]
        joins = not members or len(new) == 1
        if joins and self.taken.isdisjoint(new) and len(self.taken) < MOST_MEMBERS:
            self.members_of[plot] = members + new
            self.taken.update(members, new)


def merged_plots(
    rows: Rows,
    pairs: Pairs,
    settled: Indices,
    splits: Sequence[Split],
    innovation: Innovations,
    look: Look,
) -> Merged:
    """Find the plots that confirmed tracks share, and update the tracks with them.

    settled: places among the pairs that confirmed tracks take; of two tracks that have a plot
    each none is looked at. splits: pairs that share plots in another way.
    """
    if not any(look.station.radar.site.resolution):
        return Merged(no_rows(), _NOWHERE, _NOWHERE)
    plot_of = np.full(len(rows), -1, dtype=np.intp)
    plot_of[pairs.track[settled]] = pairs.plot[settled]
    open_rows = is_confirmed(rows)
    open_rows[[row for split in splits for row in split.rows]] = False
    duos = _duos(innovation, open_rows, plot_of, look)
    alone = np.zeros(len(rows))
    alone[pairs.track[settled]] = pairs.log_density[settled]
    groups = _grouped(duos, plot_of, alone, look)
    if not groups.members_of:
        return Merged(no_rows(), _NOWHERE, _NOWHERE)
    return _updated(rows, groups, innovation, look)


def _duos(innovation: Innovations, open_rows: Mask, plot_of: Indices, look: Look) -> _Duos:
    """Pairs of open tracks, at least one of them without a plot, that may be in one cell."""
    cell = np.array(look.station.radar.site.resolution)
    plots, noise = innovation.expected.plots, look.station.radar.noise
    unsure = np.maximum(np.diagonal(innovation.covariance - noise, axis1=1, axis2=2), 0.0)
    by_range = open_rows.nonzero()[0]
    by_range = by_range[plots[by_range, 0].argsort(kind="stable")]
    ranges = plots[by_range, 0]
    reach = cell[0] + REACH_SIGMAS * np.sqrt(2.0 * unsure[by_range, 0])
    first, second = stretches(ranges, ranges, ranges + reach)
    later = second > first
    one, other = by_range[first[later]], by_range[second[later]]
    lacking = (plot_of[one] < 0) | (plot_of[other] < 0)
    one, other = one[lacking], other[lacking]
    apart = residuals(plots[other], plots[one])
    sigma = np.sqrt(unsure[one] + unsure[other]) + 1e-9
    within = _phi((cell - apart) / sigma) - _phi((-cell - apart) / sigma)
    probability = np.prod(within, axis=1)
    likely = (probability > LEAST_PROBABILITY).nonzero()[0]
    one, other, apart = one[likely], other[likely], apart[likely]
    spread = innovation.covariance[one] + innovation.covariance[other] - 2.0 * noise
    covariance = 0.25 * spread + noise + apart[:, :, None] * apart[:, None, :] / 12.0
    information, determinant = inverse_of_symmetric(covariance)
    common = Innovations(
        expected=innovation.of(one)._replace(
            plots=plots[one] + 0.5 * apart, information=information
        ),
        covariance=covariance,
        log_determinant=np.log(determinant * (2.0 * np.pi) ** 3),
    )
    return _Duos((one, other), np.log(probability[likely]), common)


def _grouped(duos: _Duos, plot_of: Indices, alone: Floats, look: Look) -> _Groups:
    """Let tracks share plots where that is likelier than one or both not being seen.

    alone: (n,), log-density of each track's own plot, were it its own alone.
    """
    groups = _Groups()
    fits = gate(duos.common, look.scan.plots)
    one, other = duos.tracks[0][fits.track], duos.tracks[1][fits.track]
    owned = np.zeros(len(look.scan.plots), dtype=np.bool_)
    owned[plot_of[plot_of >= 0]] = True
    owner = np.where(plot_of[one] == fits.plot, one, other)
    by_one = plot_of[owner] == fits.plot
    by_none = (plot_of[one] < 0) & (plot_of[other] < 0) & ~owned[fits.plot]
    around = look.around
    seen = log(around.detection_probability) - around.log_missed
    otherwise = np.where(by_one, alone[owner], around.log_clutter[fits.plot] - seen)
    better = seen + duos.log_probability[fits.track] + fits.log_density - otherwise
    chosen = ((by_one | by_none) & (better > 0.0)).nonzero()[0]
    for place in chosen[(-better[chosen]).argsort(kind="stable")].tolist():
        tracks = (int(one[place]), int(other[place]))
        groups.add(int(fits.plot[place]), tracks, int(owner[place]) if by_one[place] else None)
    return groups


def _updated(rows: Rows, groups: _Groups, innovation: Innovations, look: Look) -> Merged:
    members = [np.array(tracks) for tracks in groups.members_of.values()]
    places = np.concatenate(members)
    shares = np.concatenate([np.full(len(tracks), 1.0 / len(tracks)) for tracks in members])
    plots = np.array(list(groups.members_of), dtype=np.intp)
    plot = plots.repeat([len(tracks) for tracks in members])
    middle, covariance = (
        np.concatenate(parts)
        for parts in zip(*(_common(tracks, innovation, look) for tracks in members), strict=True)
    )
    information, determinant = inverse_of_symmetric(covariance)
    copies = rows.take(places)
    off = residuals(look.scan.plots[plot], middle)
    weighed = np.matvec(information, off)
    cross = innovation.expected.cross_covariance[places]
    copies["state"] += shares[:, None] * np.matvec(cross, weighed)
    squared = np.vecdot(off, weighed)
    log_density = -0.5 * (squared + np.log(determinant * (2.0 * np.pi) ** 3))
    first = np.concatenate([np.arange(len(tracks)) == 0 for tracks in members])
    around = look.around
    surer = log(around.detection_probability) + log_density - around.log_clutter[plot]
    note_plots(copies, plot, squared, np.where(first, surer, 0.0), first, look)
    return Merged(copies, places, plots)


def _common(tracks: Indices, innovation: Innovations, look: Look) -> tuple[Floats, Floats]:
    """The plot that tracks (k,) should share and its spread, for each of them: (k, 3), (k, 3, 3).

    Of k even shares the mean is 1/k each; their spread is that of the places over k + 1.
    """
    noise, count = look.station.radar.noise, len(tracks)
    away = residuals(innovation.expected.plots[tracks], innovation.expected.plots[tracks[:1]])
    centre = away.mean(axis=0)
    scatter = (away - centre).T @ (away - centre) / (count * (count + 1.0))
    unsure = (innovation.covariance[tracks] - noise).sum(axis=0) / count**2
    middle = innovation.expected.plots[tracks[0]] + centre
    return np.tile(middle, (count, 1)), np.tile(noise + scatter + unsure, (count, 1, 1))


def _phi(x: Floats) -> Floats:
    """The normal distribution function, to 0.0004."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
