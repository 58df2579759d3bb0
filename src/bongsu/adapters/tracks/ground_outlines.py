"""Outlines of areas on the ground, for formats that draw: degrees, along WGS 84's own lines."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.physics.geodesic_lines import geodesic_direct
from bongsu.vocabulary.estimates import Ellipse, Fan, GeoPoint

Numbers = NDArray[np.float64]
Places = NDArray[np.float64]  # (n, 2) longitude and latitude, deg; longitudes may pass 180

Cutter = Callable[[Places, float, float], Places]

ELLIPSE_PLACES: Final = 72
ARC_PLACES: Final = 48
POLE_DEG: Final = 90.0
HALF_TURN_DEG: Final = 180.0
FULL_TURN_DEG: Final = 360.0


def ellipse_outline(point: GeoPoint, ellipse: Ellipse) -> Places:
    """Places round an ellipse, counterclockwise, the first not repeated."""
    turn = -np.linspace(0.0, 2.0 * np.pi, ELLIPSE_PLACES, endpoint=False)
    along, across = ellipse.semi_major_m * np.cos(turn), ellipse.semi_minor_m * np.sin(turn)
    azimuth = ellipse.azimuth_rad + np.arctan2(across, along)
    return _places(point, azimuth, np.hypot(along, across))


def fan_outline(fan: Fan) -> Places:
    """Places round a fan, counterclockwise: the far arc, the near one; a ring where it is whole.

    A fan of a full turn is drawn as its outer circle: no outline has a hole here.
    """
    if fan.half_width_rad >= np.pi:
        circle = Ellipse(
            semi_major_m=fan.maximum_range_m, semi_minor_m=fan.maximum_range_m, azimuth_rad=0.0
        )
        return ellipse_outline(fan.origin, circle)
    bearings = fan.azimuth_rad + np.linspace(1.0, -1.0, ARC_PLACES) * fan.half_width_rad
    far = _places(fan.origin, bearings, np.full(ARC_PLACES, fan.maximum_range_m))
    if fan.minimum_range_m <= 0.0:
        near = np.degrees([[fan.origin.longitude_rad, fan.origin.latitude_rad]])
    else:
        near = _places(fan.origin, bearings[::-1], np.full(ARC_PLACES, fan.minimum_range_m))
    return np.concatenate([far, near])


def _places(
    origin: GeoPoint, azimuth_rad: NDArray[np.float64], distance_m: NDArray[np.float64]
) -> Places:
    latitude, longitude, _ = geodesic_direct(
        origin.latitude_rad, origin.longitude_rad, azimuth_rad, distance_m
    )
    return np.degrees(np.stack([longitude, latitude], axis=-1))


def pieces_of_area(outline: Places) -> list[Places]:
    """An outline (n, 2) cut at the antimeridian, each piece closed, as RFC 7946 asks.

    One that goes round a pole is led along the pole.
    """
    ring = _unwrapped(np.concatenate([outline, outline[:1]]))
    turned = ring[-1, 0] - ring[0, 0]
    if abs(turned) > HALF_TURN_DEG:
        pole = np.copysign(POLE_DEG, outline[:, 1].mean())
        ring = np.concatenate([ring, [[ring[-1, 0], pole], [ring[0, 0], pole]]])
    else:
        ring = ring[:-1]
    return [np.concatenate([piece, piece[:1]]) for piece in _cut(ring, _clipped)]


def pieces_of_line(line: Places) -> list[Places]:
    """A line (n, 2 or more: longitude, latitude, any others) cut at the antimeridian."""
    return _cut(_unwrapped(line), _stretch)


def _unwrapped(places: Places) -> Places:
    unwrapped = places.copy()
    unwrapped[:, 0] = np.unwrap(places[:, 0], period=FULL_TURN_DEG)
    return unwrapped


def _cut(places: Places, cut: Cutter) -> list[Places]:
    """Pieces within each span of 360 degrees that the places reach into, moved to -180 to 180."""
    west = np.floor((places[:, 0].min() + HALF_TURN_DEG) / FULL_TURN_DEG)
    east = np.floor((places[:, 0].max() + HALF_TURN_DEG) / FULL_TURN_DEG)
    pieces = []
    for turn in range(int(west), int(east) + 1):
        moved = places.copy()
        moved[:, 0] -= turn * FULL_TURN_DEG
        piece = cut(cut(moved, -HALF_TURN_DEG, 1.0), HALF_TURN_DEG, -1.0)
        if len(piece) > 1:
            pieces.append(piece)
    return pieces


def _clipped(ring: Places, edge_deg: float, side: float) -> Places:
    """The part of a closed ring on one side of a meridian (Sutherland and Hodgman, 1974)."""
    return _kept(ring, edge_deg, side, closed=True)


def _stretch(line: Places, edge_deg: float, side: float) -> Places:
    return _kept(line, edge_deg, side, closed=False)


def _kept(places: Places, edge_deg: float, side: float, *, closed: bool) -> Places:
    kept: list[Places] = []
    inside = side * (places[:, 0] - edge_deg) >= 0.0
    for at in range(len(places)):
        before = at - 1
        if inside[at] != inside[before] and (closed or at > 0):
            share = (edge_deg - places[before, 0]) / (places[at, 0] - places[before, 0])
            kept.append(places[before] + share * (places[at] - places[before]))
        if inside[at]:
            kept.append(places[at])
    return np.array(kept).reshape(-1, places.shape[1])
