"""Tracks out as CZML for globes (czml3, bongsu[czml]): paths in time, areas that are predicted.

Positions are Earth-fixed, in metres. A label says what a track is and that an area is predicted;
an area is shown from when it was last stated until its impact, and no longer.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from bongsu.adapters.tracks.ground_outlines import Places, ellipse_outline, fan_outline
from bongsu.adapters.tracks.lines import by_track
from bongsu.adapters.tracks.utc_text import utc_text_ms
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.track import Track, TrackPicture
from bongsu.vocabulary.units import UtcNs, after_seconds, seconds_between

NAME: Final = "EXERCISE: tracks of a recording"
FAN_SHOWN_S: Final = 60.0  # after it was last stated
SIGMAS: Final = 3.0
PATH_RGBA: Final = [255, 200, 0, 255]
AREA_RGBA: Final = [255, 80, 0, 90]


def tracks_czml(pictures: Sequence[TrackPicture]) -> bytes:
    """One document; raises LocalMisuse where czml3 is not installed."""
    czml3 = czml_library()
    packets = [czml3.Packet(id="document", name=NAME, version=czml3.CZML_VERSION)]
    for states in by_track(pictures).values():
        packets.append(_path(czml3, states))
        packets += _areas(czml3, states)
    text: str = czml3.Document(packets=packets).dumps()
    return text.encode()


def czml_library() -> Any:
    """czml3; raises LocalMisuse where it is not installed."""
    try:
        import czml3
    except ImportError:
        raise LocalMisuse(
            "czml3 is not installed", remedy="Install it: pip install 'bongsu[czml]'"
        ) from None
    return czml3


def _path(czml3: Any, states: Sequence[Track]) -> Any:
    first, last = states[0], states[-1]
    samples: list[float] = []
    for track in states:
        samples += (seconds_between(track.at, first.at), *track.position_ecef_m)
    colour = czml3.Color(rgba=PATH_RGBA)
    return czml3.Packet(
        id=last.track_id,
        name=f"EXERCISE {last.track_id}, {last.status.value}",
        availability=_interval(czml3, first.at, last.at),
        position=czml3.Position(epoch=utc_text_ms(first.at), cartesian=samples),
        point=czml3.Point(pixelSize=8.0, color=colour),
        path=czml3.Path(
            material=czml3.PolylineMaterial(solidColor=czml3.SolidColorMaterial(color=colour)),
            width=2.0,
        ),
    )


def _areas(czml3: Any, states: Sequence[Track]) -> Iterator[Any]:
    told = next((one for one in reversed(states) if one.impact or one.fan), None)
    if told is None:
        return
    if told.impact is not None:
        until = after_seconds(told.impact.at, SIGMAS * told.impact.sigma_time_s)
        outline = ellipse_outline(told.impact.point, told.impact.ellipse)
        yield _area(czml3, told, "predicted impact area", outline, max(until, told.at))
    elif told.fan is not None:
        until = after_seconds(told.at, FAN_SHOWN_S)
        yield _area(czml3, told, "possible area, predicted", fan_outline(told.fan), until)


def _area(czml3: Any, told: Track, what: str, outline: Places, until: UtcNs) -> Any:
    degrees = np.column_stack([outline, np.zeros(len(outline))]).ravel().tolist()
    return czml3.Packet(
        id=f"{told.track_id}/area",
        name=f"EXERCISE {told.track_id}: {what}",
        parent=told.track_id,
        availability=_interval(czml3, told.at, until),
        polygon=czml3.Polygon(
            positions=czml3.PositionList(cartographicDegrees=degrees),
            material=czml3.Material(
                solidColor=czml3.SolidColorMaterial(color=czml3.Color(rgba=AREA_RGBA))
            ),
        ),
    )


def _interval(czml3: Any, start: UtcNs, end: UtcNs) -> Any:
    return czml3.TimeInterval(start=utc_text_ms(start), end=utc_text_ms(end))
