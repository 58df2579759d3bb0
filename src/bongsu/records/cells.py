"""Coarser places: the ground cut into cells, and the centre of the one that holds a point."""

import math

from bongsu.vocabulary.estimates import GeoPoint

KM = 1_000.0
_METRES_PER_RADIAN = 6_371_008.8  # mean Earth radius: a cell is a coarse place, no survey


def cell_20km(point: GeoPoint) -> GeoPoint:
    """The centre of the 20 km cell that holds `point`."""
    return cell(point, size_m=20 * KM)


def cell_100km(point: GeoPoint) -> GeoPoint:
    """The centre of the 100 km cell that holds `point`."""
    return cell(point, size_m=100 * KM)


def cell(point: GeoPoint, *, size_m: float) -> GeoPoint:
    """The centre of the cell that holds `point`: rows of equal latitude, each cut evenly.

    No cell is wider than `size_m`, not even at its edge nearer to the equator: close to a pole
    that edge is much the longer one.
    """
    row_rad = size_m / _METRES_PER_RADIAN
    row = math.floor(point.latitude_rad / row_rad)
    latitude_rad = min(max((row + 0.5) * row_rad, -math.pi / 2), math.pi / 2)
    widest_rad = min(abs(row), abs(row + 1)) * row_rad
    cells = math.ceil(2 * math.pi * math.cos(widest_rad) / row_rad)
    column = math.floor((point.longitude_rad + math.pi) / (2 * math.pi) * cells)
    return GeoPoint(
        latitude_rad=latitude_rad,
        longitude_rad=(min(column, cells - 1) + 0.5) / cells * 2 * math.pi - math.pi,
    )
