"""Recorded plots through the tracker, scan by scan: what it saw, how fast, how well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.adapters.plots.recording import Numbers, Recording
from bongsu.main.track_files import TrackFiles
from bongsu.physics.frames import ecef_to_enu
from bongsu.tracking.gospa import Gospa, gospa
from bongsu.tracking.outlook.generics import work_out_generics
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import SensorId, TrackId, UtcNs

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
    """The tracks after one batch; places are as seen from the recording's `place`."""

    scan: int
    sensor_id: SensorId
    observed_at: UtcNs
    tracks: tuple[ReplayedTrack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A replay's tracks and figures; scores are means from scan 10 on, None without truth."""

    scans: tuple[ReplayedScan, ...]
    detections: int
    refused: Mapping[str, int]  # plots that the tracker did not use, by reason
    quarantined_plots: int  # from the future
    notes: tuple[str, ...]  # of the recording's reader
    cpu_s: float  # of the tracker alone
    worst_scan_s: float
    gospa_m: float | None
    missed: float | None
    false: float | None

    @property
    def refused_plots(self) -> int:
        return sum(self.refused.values())

    @property
    def detections_per_cpu_s(self) -> float:
        return self.detections / self.cpu_s if self.cpu_s > 0.0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The tracker's confirmed tracks after one scan."""

    number: NDArray[np.int64]  # (n,)
    position_ecef_m: Numbers  # (n, 3)
    observed: NDArray[np.bool_]  # (n,)


def replay(
    recorded: Recording,
    *,
    cpu_time_s: Callable[[], float],
    files: TrackFiles | None = None,
) -> Replay:
    """Run the tracker over a recording; the truth, if any, is only held against its tracks.

    cpu_time_s: the process's CPU time so far. What counts is from a batch going in to the
    confirmed tracks' states and covariances standing ready.
    files: takes pictures, with what can be said of launch and impact; the last one always.
    """
    work_out_generics()  # once in a process: no batch shall pay for it
    tracker = Tracker(recorded.sensors, name=NAME)
    seen: list[_Seen] = []
    spent: list[float] = []
    for scan in range(len(recorded)):
        batch, now = recorded.batch(scan), recorded.received_at(scan)
        start = cpu_time_s()
        tracker.process(batch, now=now)
        tracks = tracker.confirmed()
        spent.append(cpu_time_s() - start)
        position = tracks.state[:, :3].copy()
        seen.append(_Seen(number=tracks.number, position_ecef_m=position, observed=tracks.observed))
        if files is not None and (files.is_due(now) or scan + 1 == len(recorded)):
            files.add(tracker.picture(now=now))
    positions = [_enu_m(recorded, one) for one in seen]
    scores = _scores(recorded, positions)
    return Replay(
        scans=tuple(
            _replayed(recorded, scan, tracker, *of_scan)
            for scan, of_scan in enumerate(zip(seen, positions, strict=True))
        ),
        detections=len(recorded.plots),
        refused={reason.value: count for reason, count in tracker.refused.items()},
        quarantined_plots=tracker.quarantined_plots,
        notes=recorded.notes,
        cpu_s=sum(spent),
        worst_scan_s=max(spent, default=0.0),
        gospa_m=_mean([score.value_m for score in scores]),
        missed=_mean([score.missed for score in scores]),
        false=_mean([score.false for score in scores]),
    )


def _enu_m(recorded: Recording, seen: _Seen) -> Numbers:
    site = recorded.place
    return ecef_to_enu(seen.position_ecef_m, site.latitude_rad, site.longitude_rad, site.height_m)


def _replayed(
    recorded: Recording, scan: int, tracker: Tracker, seen: _Seen, positions: Numbers
) -> ReplayedScan:
    listed = zip(seen.number.tolist(), positions.tolist(), seen.observed.tolist(), strict=True)
    return ReplayedScan(
        scan=scan,
        sensor_id=recorded.sensors[recorded.sensor[scan]].sensor_id,
        observed_at=UtcNs(int(recorded.observed_ns[scan])),
        tracks=tuple(
            ReplayedTrack(
                track_id=tracker.track_id(number),
                position_enu_m=(east, north, up),
                status=TrackStatus.OBSERVED if observed else TrackStatus.PREDICTED,
            )
            for number, (east, north, up), observed in listed
        ),
    )


def _scores(recorded: Recording, positions: list[Numbers]) -> list[Gospa]:
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
