"""Recorded plots through the tracker, scan by scan: what it saw, how fast, how well."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.adapters.plots_npz import Numbers, RecordedPlots
from bongsu.physics.frames import ecef_to_enu
from bongsu.tracking.gospa import Gospa, gospa
from bongsu.tracking.tracker import Tracker
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The tracker's confirmed tracks after one scan."""

    number: NDArray[np.int64]  # (n,)
    position_ecef_m: Numbers  # (n, 3)
    observed: NDArray[np.bool_]  # (n,)


def replay(recorded: RecordedPlots, *, cpu_time_s: Callable[[], float]) -> Replay:
    """Run the tracker over a recording; the truth, if any, is only held against its tracks.

    cpu_time_s: the process's CPU time so far. What counts is from a batch going in to the
    confirmed tracks' states and covariances standing ready.
    """
    tracker = Tracker([recorded.site], name=NAME)
    seen: list[_Seen] = []
    spent: list[float] = []
    for scan in range(recorded.scans):
        batch = recorded.batch(scan)
        start = cpu_time_s()
        tracker.process(batch, now=batch.observed_at)
        tracks = tracker.confirmed()
        spent.append(cpu_time_s() - start)
        position = tracks.state[:, :3].copy()
        seen.append(_Seen(number=tracks.number, position_ecef_m=position, observed=tracks.observed))
    positions = [_enu_m(recorded, one) for one in seen]
    scores = _scores(recorded, positions)
    return Replay(
        scans=tuple(
            _replayed(scan, tracker, *of_scan)
            for scan, of_scan in enumerate(zip(seen, positions, strict=True))
        ),
        detections=len(recorded.plots),
        refused_plots=sum(tracker.refused.values()),
        cpu_s=sum(spent),
        worst_scan_s=max(spent, default=0.0),
        gospa_m=_mean([score.value_m for score in scores]),
        missed=_mean([score.missed for score in scores]),
        false=_mean([score.false for score in scores]),
    )


def _enu_m(recorded: RecordedPlots, seen: _Seen) -> Numbers:
    site = recorded.site
    return ecef_to_enu(seen.position_ecef_m, site.latitude_rad, site.longitude_rad, site.height_m)


def _replayed(scan: int, tracker: Tracker, seen: _Seen, positions: Numbers) -> ReplayedScan:
    listed = zip(seen.number.tolist(), positions.tolist(), seen.observed.tolist(), strict=True)
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


def _scores(recorded: RecordedPlots, positions: list[Numbers]) -> list[Gospa]:
    """GOSPA of each scan from the tenth on for which there is a truth."""
    if recorded.truth_enu_m is None:
        return []
    both = list(zip(recorded.truth_enu_m, positions, strict=False))[SCORED_FROM_SCAN:]
    return [
        gospa(truth[np.isfinite(truth).all(axis=1)], places, cutoff_m=CUTOFF_M)
        for truth, places in both
    ]


def _mean(values: list[float] | list[int]) -> float | None:
    return float(np.mean(values)) if values else None
