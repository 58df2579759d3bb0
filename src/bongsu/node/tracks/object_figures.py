"""Objects that several nations track, in figures for people: each one's own, and together. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from bongsu.node.tracks.track_book import KnownTrack
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.records.names import nation_of
from bongsu.tracking.fusion.contribution import Parts, followed
from bongsu.tracking.fusion.estimate import UPPER, Estimate, estimate_of
from bongsu.tracking.fusion.shared_picture import shared_picture
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.seen_track import FusedEstimate, SeenTrack, SharedObject
from bongsu.vocabulary.units import NodeId, TrackId, UtcNs, seconds_between


def object_figures(
    known: Sequence[tuple[NodeId, KnownTrack]], *, now: UtcNs, me: NodeId
) -> tuple[list[dict[str, Any]], list[tuple[BongsuError, NodeId]]]:
    """Every object with its tracks, ours first, as plain values; and what could not be read."""
    objects, refused = _picture(known)
    return [_object(one, now=now, me=me) for one in objects], refused


def _picture(
    known: Sequence[tuple[NodeId, KnownTrack]],
) -> tuple[tuple[SharedObject, ...], list[tuple[BongsuError, NodeId]]]:
    """Everything that can be read as one picture, and what could not be."""
    tracks: list[SeenTrack] = []
    parts: dict[tuple[NodeId, TrackId], Parts] = {}
    refused: list[tuple[BongsuError, NodeId]] = []
    for node, one in known:
        try:
            track = one.newest.read()
            parts[node, track.track_id] = _parts(version.read() for version in one.earlier)
        except BongsuError as error:
            refused.append((error, node))
            continue
        tracks.append(track)
    return shared_picture(tracks, parts=parts), refused


def _parts(earlier: Iterable[SeenTrack]) -> Parts:
    parts: Parts = ()
    for track in earlier:
        estimate = estimate_of(track)
        if isinstance(estimate, Estimate):
            parts = followed(parts, estimate)
    return parts


def _object(shared: SharedObject, *, now: UtcNs, me: NodeId) -> dict[str, Any]:
    own_first = sorted(shared.tracks, key=lambda track: (track.node != me, track.node))
    return {
        "tracks": [_track(track, now) for track in own_first],
        "fused": None if shared.fused is None else _fused(shared.fused),
        "shared_sensors": _shared_sensors(shared.tracks),
        "notes": list(shared.notes),
    }


def _shared_sensors(tracks: Sequence[SeenTrack]) -> list[str]:
    """Sensors that stand behind more than one nation's track of the object."""
    behind: dict[str, set[str]] = {}
    for track in tracks:
        for sensor in track.sensors or ():
            behind.setdefault(sensor, set()).add(nation_of(track.node))
    return sorted(sensor for sensor, nations in behind.items() if len(nations) > 1)


def _track(track: SeenTrack, now: UtcNs) -> dict[str, Any]:
    observed = track.last_observed_at
    return {
        "node": track.node,
        "nation": track.nation,
        "track_id": track.track_id,
        "status": None if track.status is None else track.status.value,
        "phase": None if track.phase is None else track.phase.value,
        "data_age_s": None if observed is None else seconds_between(now, observed),
        "sensors": None if track.sensors is None else list(track.sensors),
        "withheld": list(track.withheld),
        "caveats": list(track.caveats or ()),
        **_place(track.position_ecef_m, track.velocity_ecef_mps, track.covariance),
    }


def _fused(fused: FusedEstimate) -> dict[str, Any]:
    impact = fused.impact
    return {
        "at": fused.at,
        "members": list(fused.members),
        "sensors": list(fused.sensors),
        "sensors_withheld": fused.unnamed,
        "impact": None
        if impact is None
        else {
            "latitude_rad": impact.point.latitude_rad,
            "longitude_rad": impact.point.longitude_rad,
            "semi_major_m": impact.ellipse.semi_major_m,
            "semi_minor_m": impact.ellipse.semi_minor_m,
            "probability": impact.ellipse.probability,
            "at": impact.at,
            "sigma_time_s": impact.sigma_time_s,
        },
        **_place(fused.position_ecef_m, fused.velocity_ecef_mps, fused.covariance),
    }


def _place(
    position: tuple[float, float, float] | None,
    velocity: tuple[float, float, float] | None,
    covariance: tuple[float, ...] | None,
) -> dict[str, float | None]:
    """Place, speed and the worst axis's standard deviation; None where withheld."""
    place: dict[str, float | None] = dict.fromkeys(
        ("latitude_rad", "longitude_rad", "height_m", "speed_mps", "sigma_position_m")
    )
    if position is not None:
        north, east, height = ecef_to_geodetic(np.array(position))
        place |= {
            "latitude_rad": float(north),
            "longitude_rad": float(east),
            "height_m": float(height),
        }
    if velocity is not None:
        place["speed_mps"] = float(np.linalg.norm(velocity))
    if covariance is not None:
        place["sigma_position_m"] = _worst_sigma_m(covariance)
    return place


def _worst_sigma_m(covariance: tuple[float, ...]) -> float | None:
    full = np.zeros((6, 6))
    full[UPPER] = covariance
    full.T[UPPER] = covariance
    largest = float(np.linalg.eigvalsh(full[:3, :3])[-1])
    return largest**0.5 if largest > 0.0 else None
