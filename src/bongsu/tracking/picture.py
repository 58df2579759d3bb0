"""What a tracker tells its node: rows of the table as tracks in the shared words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Mask
from bongsu.tracking.flight.manoeuvre import is_not_ballistic
from bongsu.tracking.flight.track_table import PHASES, Rows
from bongsu.tracking.outlook.statement import Outlook
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.track import Phase, Track, TrackStatus
from bongsu.vocabulary.units import MonotonicNs, SensorId, TrackId, UtcNs

_UPPER: Final = np.triu_indices(6)
PARTED: Final = "parted from {}: one of them may be a spent stage"
TIME_UNSURE: Final = "time unsure: our own clock is under suspicion"
NOT_BALLISTIC: Final = "ballistic estimate not valid: the path is not ballistic"


def is_observed(rows: Rows, *, at: UtcNs, settings: TrackerSettings) -> Mask:
    """Which rows (n,) were seen lately: within a few scans of the sensor that saw them last."""
    unseen_ns = at - rows["last_observed_ns"]
    lately: Mask = unseen_ns <= settings.observed_within_scans * rows["interval_ns"]
    return lately


def track_id(name: str, number: int) -> TrackId:
    """The track's name, unique for ever: the tracker's name and a number never used again."""
    return TrackId(f"{name}/T{number:04d}")


def tracks_of(
    rows: Rows,
    *,
    at: UtcNs,
    name: str,
    sites: Sequence[SensorSite],
    settings: TrackerSettings,
    dropped: bool = False,
    caveats: tuple[str, ...] = (),
) -> tuple[Track, ...]:
    """Rows, moved to the instant `at`, as tracks; `caveats` hold for every one of them."""
    if len(rows) == 0:
        return ()
    if dropped:
        status = [TrackStatus.DROPPED] * len(rows)
    else:
        observed = is_observed(rows, at=at, settings=settings).tolist()
        status = [TrackStatus.OBSERVED if seen else TrackStatus.PREDICTED for seen in observed]
    sensors_of = _sensors_by_bits(rows, sites)
    covariances = rows["covariance"][:, _UPPER[0], _UPPER[1]].tolist()
    columns = zip(
        rows["number"].tolist(),
        rows["first_observed_ns"].tolist(),
        rows["last_observed_ns"].tolist(),
        rows["last_emitted_ns"].tolist(),
        rows["sensors"].tolist(),
        _phases(rows),
        is_not_ballistic(rows).tolist(),
        status,
        rows["state"].tolist(),
        covariances,
        strict=True,
    )
    return tuple(
        Track(
            track_id=track_id(name, number),
            at=at,
            first_observed_at=UtcNs(first),
            last_observed_at=UtcNs(last),
            last_plot_emitted_at=MonotonicNs(emitted),
            status=stands,
            phase=phase,
            position_ecef_m=(state[0], state[1], state[2]),
            velocity_ecef_mps=(state[3], state[4], state[5]),
            covariance=tuple(covariance),
            sensors=sensors_of[bits][0],
            sensor_kinds=sensors_of[bits][1],
            caveats=(*caveats, NOT_BALLISTIC) if manoeuvring else caveats,
        )
        for (
            number,
            first,
            last,
            emitted,
            bits,
            phase,
            manoeuvring,
            stands,
            state,
            covariance,
        ) in columns
    )


def _phases(rows: Rows) -> list[Phase]:
    """Phase of each row; what flies oddly, and not on lift, manoeuvres."""
    told = (PHASES[index] for index in rows["phase"].tolist())
    odd = is_not_ballistic(rows).tolist()
    return [
        Phase.MANOEUVRE if manoeuvres and phase is not Phase.GLIDE else phase
        for phase, manoeuvres in zip(told, odd, strict=True)
    ]


def with_outlooks(
    tracks: Sequence[Track],
    outlooks: Sequence[Outlook],
    kin: Mapping[int, tuple[int, ...]],
    *,
    name: str,
) -> tuple[Track, ...]:
    """Tracks (n) with what their outlooks (n) say of launch and fall.

    kin: the tracks from which a track may have parted, by number.
    """
    parted = {
        track_id(name, number): tuple(PARTED.format(track_id(name, other)) for other in others)
        for number, others in kin.items()
    }
    return tuple(
        replace(
            track,
            launch=outlook.launch,
            impact=outlook.impact,
            fan=outlook.fan,
            flight=outlook.flight,
            classification=outlook.classification,
            caveats=track.caveats + outlook.caveats + parted.get(track.track_id, ()),
        )
        for track, outlook in zip(tracks, outlooks, strict=True)
    )


def _sensors_by_bits(
    rows: Rows, sites: Sequence[SensorSite]
) -> dict[int, tuple[tuple[SensorId, ...], tuple[SensorKind, ...]]]:
    """Names and kinds of the sensors for every bit set that occurs."""
    named = {}
    for bits in set(rows["sensors"].tolist()):
        seen_by = [site for index, site in enumerate(sites) if bits >> index & 1]
        kinds = dict.fromkeys(site.kind for site in seen_by)
        named[bits] = (tuple(site.sensor_id for site in seen_by), tuple(kinds))
    return named
