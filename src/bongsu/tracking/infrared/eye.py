"""One infrared sensor at work: which of its plots fit which rows, and what it sees of them."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from bongsu.physics.ellipsoid import EQUATORIAL_RADIUS_M
from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.boost.update import PlotModel
from bongsu.tracking.flight.track_table import LOG_ODDS_CEILING, PHASES, Rows, no_rows
from bongsu.tracking.gaussian import log_density
from bongsu.tracking.infrared.initiation import Chain
from bongsu.tracking.infrared.measurement import InfraredView, angles_of
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.track import Phase
from bongsu.vocabulary.units import NS_PER_S

BOOST: Final = PHASES.index(Phase.BOOST)
GATE_SQUARED: Final = 25.0
LEAST_CLUTTER_PER_SCAN: Final = 1e-4
HIGHEST_DETECTION_PROBABILITY: Final = 0.98  # a miss never rules an engine out
LONGEST_GAP_SCANS: Final = 2.5  # between scans: after more the sensor was away
AWAY_S: Final = 300.0
MISSED_SCANS: Final = 0.3  # a first plot may have been missed


@dataclass(slots=True, kw_only=True)
class Eye:
    """One infrared sensor and what it is in the middle of."""

    index: int  # among the tracker's sensors
    view: InfraredView
    model: PlotModel
    clutter_density: float  # per rad^2
    detection_probability: float
    chains: tuple[Chain, ...] = ()
    last_scan_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraredScan:
    """One scan's plots (m, 2); `since_s` is its time before the table's instant."""

    plots: Floats
    observed_ns: int
    emitted_ns: int
    since_s: float


def eye_of(site: SensorSite, index: int) -> Eye:
    view = InfraredView.of(site)
    side_rad = 2.0 * float(np.arcsin(1.0 / (1.0 + site.height_m / EQUATORIAL_RADIUS_M)))
    false_plots = max(site.clutter_per_scan, LEAST_CLUTTER_PER_SCAN)
    return Eye(
        index=index,
        view=view,
        model=infrared_model(view),
        clutter_density=false_plots / side_rad**2,
        detection_probability=min(site.detection_probability, HIGHEST_DETECTION_PROBABILITY),
    )


def fits(rows: Rows, eye: Eye, scan: InfraredScan) -> tuple[Indices, Indices, Floats]:
    """Pairs of track and plot inside the gate, with log-likelihood ratios against clutter."""
    angles, spread = expected_angles(rows, eye, since_s=scan.since_s)
    reach = np.sqrt(GATE_SQUARED * np.diagonal(spread, axis1=1, axis2=2))
    near = [
        np.flatnonzero((np.abs(scan.plots - angle) < half).all(axis=1))
        for angle, half in zip(angles, reach, strict=True)
    ]
    track = np.repeat(np.arange(len(rows)), [len(plots) for plots in near])
    plot = np.concatenate([np.zeros(0, dtype=np.intp), *near])
    residual = scan.plots[plot] - angles[track]
    inside = squared_sigmas(residual, spread[track]) < GATE_SQUARED
    track, plot = track[inside], plot[inside]
    gain = log_density(residual[inside], spread[track]) - np.log(eye.clutter_density)
    return track, plot, gain


def expected_angles(rows: Rows, eye: Eye, *, since_s: float) -> tuple[Floats, Floats]:
    """The angles (n, 2) at which rows should be seen, and their spread (n, 2, 2)."""
    position = rows["state"][:, :3] - since_s * rows["state"][:, 3:]
    angles, jacobian = angles_of(eye.view, position)
    spread = jacobian @ rows["covariance"][:, :3, :3] @ jacobian.transpose(0, 2, 1)
    return angles, spread + eye.model.noise


def squared_sigmas(residual: Floats, spread: Floats) -> Floats:
    """Squared distances (n,) of residuals (n, k) in sigmas of their spreads (n, k, k)."""
    solved = np.linalg.solve(spread, residual[..., None])[..., 0]
    return np.asarray(np.einsum("ni,ni->n", residual, solved))


def unseen_s(eye: Eye, observed_ns: int) -> float:
    """For how long that direction was not looked at before a first plot of this scan."""
    if eye.last_scan_ns is None:
        return AWAY_S
    gap_s = (observed_ns - eye.last_scan_ns) / NS_PER_S
    interval_s = eye.view.site.scan_interval_s
    if gap_s > LONGEST_GAP_SCANS * interval_s:
        return AWAY_S
    return (1.0 + MISSED_SCANS) * max(gap_s, interval_s)


def row_of(eye: Eye, chain: Chain, number: int) -> Rows:
    """A confirmed row without state; the bank writes that."""
    row = no_rows(1)
    row["number"] = number
    row["log_odds"] = LOG_ODDS_CEILING
    row["hits"] = len(chain.observed_ns)
    row["phase"] = BOOST
    row["first_observed_ns"] = chain.observed_ns[0]
    mark_seen(row, np.zeros(1, dtype=np.intp), eye, chain.observed_ns[-1], chain.emitted_ns[-1])
    return row


def mark_seen(rows: Rows, seen: Indices, eye: Eye, observed_ns: int, emitted_ns: int) -> None:
    """Note a plot in the rows (k) that were seen."""
    newer = seen[rows["last_observed_ns"][seen] <= observed_ns]
    rows["last_observed_ns"][newer] = observed_ns
    rows["last_emitted_ns"][newer] = emitted_ns
    rows["interval_ns"][newer] = round(eye.view.site.scan_interval_s * NS_PER_S)
    rows["sensors"][seen] |= 1 << eye.index
    rows["hits"][seen] += 1


def infrared_model(view: InfraredView) -> PlotModel:
    """How an infrared sensor's plots follow from positions."""
    return PlotModel(
        sensing=partial(angles_of, view),
        residuals=np.subtract,
        noise=np.diag(np.square(view.site.sigmas)),
    )
