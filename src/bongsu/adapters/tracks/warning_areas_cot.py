"""Warning areas out as Cursor on Target (takproto, bongsu[cot]): areas, and nothing else.

What goes to field clients is where people may be in danger and until when: a closed shape with
a time at which it is stale. No track, no object and no launch is written. The point that every
event must have is the middle of the shape's corners, with an error that spans the shape.
Events are TAK protocol version 1, stream form, one after another.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree

import numpy as np

from bongsu.adapters.tracks.ground_outlines import Places, ellipse_outline, fan_outline
from bongsu.adapters.tracks.utc_text import utc_text_ms
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import UtcNs, after_seconds

SHAPE: Final = "u-d-f"  # a drawn, closed shape
MACHINE: Final = "m"  # how it was made
EXERCISE: Final = "e-bongsu"
UNKNOWN_M: Final = "9999999.0"  # CoT's own figure for a height that is not stated
SIGMAS: Final = 3.0
FAN_HOLDS_S: Final = 60.0  # a possible area is stale unless it is stated again
ORANGE: Final = "-32768"  # ARGB as a signed integer
TRANSLUCENT_ORANGE: Final = "1728020480"


def warning_areas_cot(pictures: Sequence[TrackPicture]) -> bytes:
    """The areas of the last picture; raises LocalMisuse where takproto is not installed."""
    try:
        import takproto
    except ImportError:
        raise LocalMisuse(
            "takproto is not installed", remedy="Install it: pip install 'bongsu[cot]'"
        ) from None
    version = takproto.TAKProtoVer.STREAM
    return b"".join(bytes(takproto.xml2proto(text, version)) for text in _events(pictures))


def _events(pictures: Sequence[TrackPicture]) -> Iterator[bytes]:
    for track in pictures[-1].tracks if pictures else ():
        area = _area(track)
        if area is not None and track.status is not TrackStatus.DROPPED:
            yield ElementTree.tostring(_event(track, *area))


def _area(track: Track) -> tuple[str, Places, UtcNs] | None:
    """What the area is, its outline, and when it is stale."""
    if track.impact is not None:
        stale = after_seconds(track.impact.at, SIGMAS * track.impact.sigma_time_s)
        outline = ellipse_outline(track.impact.point, track.impact.ellipse)
        return "predicted impact area", outline, max(stale, track.at)
    if track.fan is not None:
        stale = after_seconds(track.at, FAN_HOLDS_S)
        return "possible area, predicted", fan_outline(track.fan), stale
    return None


def _event(track: Track, what: str, outline: Places, stale: UtcNs) -> ElementTree.Element:
    event = ElementTree.Element(
        "event",
        version="2.0",
        uid=f"bongsu-area-{track.track_id}",
        type=SHAPE,
        how=MACHINE,
        opex=EXERCISE,
        time=utc_text_ms(track.at),
        start=utc_text_ms(track.at),
        stale=utc_text_ms(stale),
    )
    middle, reach_m = _middle(outline)
    ElementTree.SubElement(
        event,
        "point",
        lat=f"{middle[1]:.6f}",
        lon=f"{middle[0]:.6f}",
        hae=UNKNOWN_M,
        ce=f"{reach_m:.1f}",
        le=UNKNOWN_M,
    )
    detail = ElementTree.SubElement(event, "detail")
    ElementTree.SubElement(detail, "contact", callsign=f"EXERCISE {what}")
    for longitude, latitude in np.concatenate([outline, outline[:1]]).tolist():
        ElementTree.SubElement(detail, "link", point=f"{latitude:.6f},{longitude:.6f}")
    ElementTree.SubElement(detail, "strokeColor", value=ORANGE)
    ElementTree.SubElement(detail, "fillColor", value=TRANSLUCENT_ORANGE)
    remarks = ElementTree.SubElement(detail, "remarks")
    remarks.text = f"EXERCISE. {what.capitalize()}, not observed. Warning only."
    return event


def _middle(outline: Places) -> tuple[Places, float]:
    """The middle of a shape's corners, and how far the farthest of them is from it, m."""
    longitude = np.unwrap(outline[:, 0], period=360.0)
    west = (longitude.mean() + 180.0) % 360.0 - 180.0
    middle = np.array([west, outline[:, 1].mean()])
    corners = np.radians(outline)
    distance, _, _ = geodesic_inverse(
        np.radians(middle[1]), np.radians(middle[0]), corners[:, 1], corners[:, 0]
    )
    return middle, float(distance.max())
