"""Tracks out as GeoJSON (RFC 7946): paths, launches, and areas that are predicted.

Every feature says its realm, its track, what it is and whether it was observed or predicted.
Longitude before latitude, degrees, heights in metres above the ellipsoid; lines and areas are
cut at the antimeridian; an impact has an area and no point: the area is what is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from bongsu.adapters.tracks.ground_outlines import (
    Places,
    ellipse_outline,
    fan_outline,
    pieces_of_area,
    pieces_of_line,
)
from bongsu.adapters.tracks.lines import by_track
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.vocabulary.track import Track, TrackPicture

Feature = Mapping[str, Any]
DIGITS: Final = 7  # of a degree: a centimetre


def tracks_geojson(pictures: Sequence[TrackPicture]) -> bytes:
    """One collection of features; of launch, impact and fan what was stated last."""
    features = [feature for states in by_track(pictures).values() for feature in _features(states)]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _features(states: Sequence[Track]) -> Iterator[Feature]:
    last = states[-1]
    yield _feature(
        last, "path", _path(states), first_at_utc_ns=states[0].at, phase=last.phase.value
    )
    told = next((track for track in reversed(states) if _tells(track)), None)
    if told is None:
        return
    if told.launch is not None:
        outline = ellipse_outline(told.launch.point, told.launch.ellipse)
        yield _feature(
            told,
            "launch area, estimated",
            area_geometry(outline),
            probability=told.launch.ellipse.probability,
            launched_at_utc_ns=told.launch.at,
            sigma_time_s=told.launch.sigma_time_s,
        )
    if told.impact is not None:
        yield _feature(
            told,
            "impact area, predicted",
            area_geometry(ellipse_outline(told.impact.point, told.impact.ellipse)),
            probability=told.impact.ellipse.probability,
            impact_at_utc_ns=told.impact.at,
            sigma_time_s=told.impact.sigma_time_s,
        )
    elif told.fan is not None:
        yield _feature(told, "possible area, predicted", area_geometry(fan_outline(told.fan)))


def _tells(track: Track) -> bool:
    return not (track.launch is None and track.impact is None and track.fan is None)


def _feature(track: Track, kind: str, geometry: Mapping[str, Any], **more: Any) -> Feature:
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "realm": "exercise",
            "track_id": track.track_id,
            "kind": kind,
            "at_utc_ns": track.at,
            "status": track.status.value,
            "caveats": list(track.caveats),
            **more,
        },
    }


def _path(states: Sequence[Track]) -> Mapping[str, Any]:
    positions = np.array([track.position_ecef_m for track in states])
    latitude, longitude, height = ecef_to_geodetic(positions)
    places = np.stack([np.degrees(longitude), np.degrees(latitude), height], axis=-1)
    if len(places) == 1:
        return {"type": "Point", "coordinates": _rounded(places)[0]}
    pieces = [_rounded(piece) for piece in pieces_of_line(places)]
    if len(pieces) == 1:
        return {"type": "LineString", "coordinates": pieces[0]}
    return {"type": "MultiLineString", "coordinates": pieces}


def area_geometry(outline: Places) -> Mapping[str, Any]:
    """A polygon, cut at the antimeridian where it reaches across it."""
    pieces = [[_rounded(piece)] for piece in pieces_of_area(outline)]
    if len(pieces) == 1:
        return {"type": "Polygon", "coordinates": pieces[0]}
    return {"type": "MultiPolygon", "coordinates": pieces}


def _rounded(places: Places) -> list[list[float]]:
    rounded: list[list[float]] = np.round(places, DIGITS).tolist()
    return rounded
