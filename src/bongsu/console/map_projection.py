"""From places to the page: azimuthal equidistant about the track's middle, then pixels.

The projection has no seam at 180 degrees and none at the poles: only the far side of the
world, which no view of a flight shows, is torn. For pictures a sphere is near enough; no
figure is computed here. Source: J. P. Snyder, "Map Projections: A Working Manual", USGS
Professional Paper 1395, section 25.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bongsu.console.clipping import Box, Line

MEAN_RADIUS_KM = 6371.0088
LOWEST_EXTENT_KM = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Kilometres east and north of a centre; distances from the centre are true."""

    centre_latitude_deg: float
    centre_longitude_deg: float

    def project(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> Line:
        """Places of shape (N,) each as (N, 2) km: x to the east, y to the north."""
        latitude = np.radians(np.asarray(latitude_deg, dtype=np.float64)).reshape(-1)
        longitude = np.radians(np.asarray(longitude_deg, dtype=np.float64)).reshape(-1)
        latitude_0 = np.radians(self.centre_latitude_deg)
        apart = longitude - np.radians(self.centre_longitude_deg)
        sine, cosine = np.sin(latitude_0), np.cos(latitude_0)
        x = np.cos(latitude) * np.sin(apart)
        y = cosine * np.sin(latitude) - sine * np.cos(latitude) * np.cos(apart)
        toward = sine * np.sin(latitude) + cosine * np.cos(latitude) * np.cos(apart)
        across = np.hypot(x, y)
        arc = np.arctan2(across, toward)
        stretch = MEAN_RADIUS_KM * np.where(across > 1e-12, arc / np.maximum(across, 1e-12), 1.0)
        return np.stack([stretch * x, stretch * y], axis=-1)


def centred_on(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> Projection:
    """A projection about the middle of the places, also across 180 degrees."""
    latitude = np.radians(np.asarray(latitude_deg, dtype=np.float64))
    longitude = np.radians(np.asarray(longitude_deg, dtype=np.float64))
    middle = np.array(
        [
            np.mean(np.cos(latitude) * np.cos(longitude)),
            np.mean(np.cos(latitude) * np.sin(longitude)),
            np.mean(np.sin(latitude)),
        ]
    )
    return Projection(
        centre_latitude_deg=float(np.degrees(np.arctan2(middle[2], np.hypot(*middle[:2])))),
        centre_longitude_deg=float(np.degrees(np.arctan2(middle[1], middle[0]))),
    )


def destination_deg(
    latitude_deg: float, longitude_deg: float, azimuth_deg: ArrayLike, distance_km: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes reached on a sphere; for drawing ellipses, fans and circles."""
    arc = np.asarray(distance_km, dtype=np.float64) / MEAN_RADIUS_KM
    azimuth = np.radians(np.asarray(azimuth_deg, dtype=np.float64))
    latitude_0 = np.radians(latitude_deg)
    sine = np.sin(latitude_0) * np.cos(arc) + np.cos(latitude_0) * np.sin(arc) * np.cos(azimuth)
    latitude = np.arcsin(np.clip(sine, -1.0, 1.0))
    turn = np.arctan2(
        np.sin(azimuth) * np.sin(arc) * np.cos(latitude_0),
        np.cos(arc) - np.sin(latitude_0) * np.sin(latitude),
    )
    longitude = (longitude_deg + np.degrees(turn) + 180.0) % 360.0 - 180.0
    return np.degrees(latitude), longitude


def ellipse_deg(
    latitude_deg: float,
    longitude_deg: float,
    *,
    semi_major_km: float,
    semi_minor_km: float,
    azimuth_deg: float,
    points: int = 72,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The outline of an ellipse on the ground, `points` places round it."""
    turn = np.linspace(0.0, 2.0 * np.pi, points, endpoint=False)
    along, across = semi_major_km * np.cos(turn), semi_minor_km * np.sin(turn)
    azimuths = azimuth_deg + np.degrees(np.arctan2(across, along))
    return destination_deg(latitude_deg, longitude_deg, azimuths, np.hypot(along, across))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A rectangle of the projected plane, and its size in pixels."""

    projection: Projection
    box_km: Box
    width_px: float
    height_px: float

    @property
    def px_per_km(self) -> float:
        return self.width_px / (self.box_km[1] - self.box_km[0])

    def place(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> Line:
        """Places as (N, 2) pixels: x to the right, y down."""
        return self.to_px(self.projection.project(latitude_deg, longitude_deg))

    def to_px(self, position_km: Line) -> Line:
        """Projected kilometres as pixels; shape (N, 2)."""
        west, _, _, north = self.box_km
        x = (position_km[:, 0] - west) * self.px_per_km
        y = (north - position_km[:, 1]) * self.px_per_km
        return np.stack([x, y], axis=-1)

    def holds(self, position_px: NDArray[np.float64], *, margin_px: float = 0.0) -> bool:
        """Whether the pixel lies in the picture, `margin_px` away from its edge."""
        x, y = float(position_px[0]), float(position_px[1])
        return (
            margin_px <= x <= self.width_px - margin_px
            and margin_px <= y <= self.height_px - margin_px
        )


def view_of(
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    *,
    width_px: float,
    height_px: float,
    padding: float,
    projection: Projection | None = None,
) -> View:
    """The view that holds all the places, with `padding` of its size free on each side.

    Without a projection it is centred on the places' middle.
    """
    projection = projection or centred_on(latitude_deg, longitude_deg)
    position_km = projection.project(latitude_deg, longitude_deg)
    low, high = position_km.min(axis=0), position_km.max(axis=0)
    middle = (low + high) / 2
    extent = np.maximum(high - low, LOWEST_EXTENT_KM) / (1.0 - 2.0 * padding)
    width_km = max(float(extent[0]), float(extent[1]) * width_px / height_px)
    height_km = width_km * height_px / width_px
    x, y = float(middle[0]), float(middle[1])
    return View(
        projection=projection,
        box_km=(x - width_km / 2, x + width_km / 2, y - height_km / 2, y + height_km / 2),
        width_px=width_px,
        height_px=height_px,
    )
