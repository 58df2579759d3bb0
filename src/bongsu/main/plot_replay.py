"""Recorded plots through the tracker, scan by scan: what it saw, how fast, how well."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.adapters.plots_npz import Numbers, RecordedPlots
from bongsu.physics.frames import ecef_to_enu
from bongsu.tracking.gospa import Gospa, gospa
from bongsu.tracking.tracker import ConfirmedTracks, Tracker
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import TrackId

NAME: Final = "REPLAY"
SCORED_FROM_SCAN: Final = 10  # by then most tracks of a recording's first objects stand
CUTOFF_M: Final = 5_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedTrack:
    track_id: TrackId
    position_enu_m: tuple[float, float, float]
    status: TrackStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedScan:
    scan: int
    tracks: tuple[ReplayedTrack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A replay's tracks and figures; scores are means from scan 10 on, None without truth."""

    scans: tuple[ReplayedScan, ...]
    detections: int
    refused_plots: int
    cpu_s: float  # of the tracker alone
    worst_scan_s: float
    gospa_m: float | None
    missed: float | None
    false: float | None

    @property
    def detections_per_cpu_s(self) -> float:
        return self.detections / self.cpu_s if self.cpu_s > 0.0 else 0.0


def replay(recorded: RecordedPlots, *, cpu_time_s: Callable[[], float]) -> Replay:
    """Run the tracker over a recording; the truth, if any, is only held against its tracks.

    cpu_time_s: the process's CPU time so far. What counts is from a batch going in to the
    confirmed tracks' states and covariances standing ready.
    """
    tracker = Tracker([recorded.site], name=NAME)
    scans: list[ReplayedScan] = []
    scores: list[Gospa] = []
    spent: list[float] = []
    for scan in range(recorded.scans):
        batch = recorded.batch(scan)
        start = cpu_time_s()
        tracker.process(batch, now=batch.observed_at)
        tracks = tracker.confirmed()
        spent.append(cpu_time_s() - start)
        positions = _enu_m(recorded, tracks)
        scans.append(_replayed(scan, tracker, tracks, positions))
        if scan >= SCORED_FROM_SCAN:
            scores.extend(_scored(recorded, scan, positions))
    return Replay(
        scans=tuple(scans),
        detections=len(recorded.plots),
        refused_plots=sum(tracker.refused.values()),
        cpu_s=sum(spent),
        worst_scan_s=max(spent, default=0.0),
        gospa_m=_mean([score.value_m for score in scores]),
        missed=_mean([score.missed for score in scores]),
        false=_mean([score.false for score in scores]),
    )


def _enu_m(recorded: RecordedPlots, tracks: ConfirmedTracks) -> Numbers:
    site = recorded.site
    return ecef_to_enu(tracks.state[:, :3], site.latitude_rad, site.longitude_rad, site.height_m)


def _replayed(
    scan: int, tracker: Tracker, tracks: ConfirmedTracks, positions: Numbers
) -> ReplayedScan:
    listed = zip(tracks.number.tolist(), positions.tolist(), tracks.observed.tolist(), strict=True)
    return ReplayedScan(
        scan=scan,
        tracks=tuple(
            ReplayedTrack(
                track_id=tracker.track_id(number),
                position_enu_m=(east, north, up),
                status=TrackStatus.OBSERVED if observed else TrackStatus.PREDICTED,
            )
            for number, (east, north, up), observed in listed
        ),
    )


def _scored(recorded: RecordedPlots, scan: int, positions: Numbers) -> list[Gospa]:
    truth = recorded.truth_enu_m
    if truth is None or scan >= len(truth):
        return []
    there = truth[scan][np.isfinite(truth[scan]).all(axis=1)]
    return [gospa(there, positions, cutoff_m=CUTOFF_M)]


def _mean(values: list[float] | list[int]) -> float | None:
    return float(np.mean(values)) if values else None
