"""One moment out as GeoJSON (RFC 7946): areas that are warned of, and where tracks stand.

The file says its realm, whether it is a replay, and of when; and so does every feature, for
features are taken out of files. What is withheld has no place and is named.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from bongsu.adapters.tracks.geojson import DIGITS, Feature, area_geometry
from bongsu.adapters.tracks.utc_text import utc_text_ms
from bongsu.adapters.tracks.warned_areas import WarnedArea, warned_areas
from bongsu.vocabulary.exported_moment import ExportedMoment, ExportedTrack


def moment_geojson(moment: ExportedMoment) -> bytes:
    """One collection of features."""
    marks = _marks(moment)
    areas = [_area(one, marks) for one in warned_areas(moment)]
    tracks = [_track(one, marks) for one in moment.tracks]
    return msgspec.json.encode(
        {"type": "FeatureCollection", **marks, "features": [*areas, *tracks]}
    )


def _marks(moment: ExportedMoment) -> Mapping[str, Any]:
    return {
        "mark": moment.mark,
        "realm": moment.realm.value,
        "replay": moment.is_replay,
        "at_utc": utc_text_ms(moment.at),
        "at_utc_ns": moment.at,
        "seen_by": moment.node,
    }


def _area(area: WarnedArea, marks: Mapping[str, Any]) -> Feature:
    warning = area.warning
    properties = {
        **marks,
        "kind": area.kind,
        "node": area.node,
        "warning_id": warning.warning_id,
        "version": warning.version,
        "impact_at_utc_ns": None if warning.impact is None else warning.impact.at,
        "withheld": list(warning.withheld),
        "caveats": list(warning.caveats or ()),
    }
    return {"type": "Feature", "geometry": area_geometry(area.outline), "properties": properties}


def _track(track: ExportedTrack, marks: Mapping[str, Any]) -> Feature:
    properties = {
        **marks,
        "kind": "track",
        "node": track.node,
        "track_id": track.track_id,
        "status": track.status,
        "withheld": list(track.withheld),
    }
    return {"type": "Feature", "geometry": _point(track), "properties": properties}


def _point(track: ExportedTrack) -> Mapping[str, Any] | None:
    if track.latitude_rad is None or track.longitude_rad is None:
        return None
    east, north = np.degrees([track.longitude_rad, track.latitude_rad])
    place = [round(float(east), DIGITS), round(float(north), DIGITS)]
    if track.height_m is not None:
        place.append(round(track.height_m, 1))
    return {"type": "Point", "coordinates": place}
