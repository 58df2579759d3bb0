"""One moment out as CZML for globes (czml3, bongsu[czml]): warned areas, and where tracks stand.

The document's name and every label say realm, replay and time. Nothing moves: it is one instant.
"""

from typing import Any

import numpy as np

from bongsu.adapters.tracks.czml import AREA_RGBA, PATH_RGBA, czml_library
from bongsu.adapters.tracks.utc_text import utc_text_ms
from bongsu.adapters.tracks.warned_areas import WarnedArea, warned_areas
from bongsu.vocabulary.exported_moment import ExportedMoment, ExportedTrack


def moment_czml(moment: ExportedMoment) -> bytes:
    """One document; raises LocalMisuse where czml3 is not installed."""
    czml3 = czml_library()
    name = f"{moment.mark}: {moment.node} at {utc_text_ms(moment.at)}"
    packets = [czml3.Packet(id="document", name=name, version=czml3.CZML_VERSION)]
    packets += [
        _area(czml3, moment, number, area) for number, area in enumerate(warned_areas(moment))
    ]
    packets += [_track(czml3, moment, one) for one in moment.tracks if one.latitude_rad is not None]
    text: str = czml3.Document(packets=packets).dumps()
    return text.encode()


def _area(czml3: Any, moment: ExportedMoment, number: int, area: WarnedArea) -> Any:
    degrees = np.column_stack([area.outline, np.zeros(len(area.outline))]).ravel().tolist()
    colour = czml3.Color(rgba=AREA_RGBA)
    said = f"{area.warning.warning_id or area.node} v{area.warning.version or '?'}: {area.kind}"
    return czml3.Packet(
        id=f"area/{number}",
        name=f"{moment.mark} {said} at {utc_text_ms(moment.at)}",
        polygon=czml3.Polygon(
            positions=czml3.PositionList(cartographicDegrees=degrees),
            material=czml3.Material(solidColor=czml3.SolidColorMaterial(color=colour)),
        ),
    )


def _track(czml3: Any, moment: ExportedMoment, track: ExportedTrack) -> Any:
    east, north = np.degrees([track.longitude_rad or 0.0, track.latitude_rad or 0.0]).tolist()
    return czml3.Packet(
        id=f"track/{track.node}/{track.track_id}",
        name=f"{moment.mark} {track.node} {track.track_id}, {track.status or 'status withheld'}"
        f" at {utc_text_ms(moment.at)}",
        position=czml3.Position(cartographicDegrees=[east, north, track.height_m or 0.0]),
        point=czml3.Point(pixelSize=8.0, color=czml3.Color(rgba=PATH_RGBA)),
    )
