"""Predicted impact areas as shapes on the ground, in the order in which they were stated."""

from dataclasses import dataclass
from math import degrees, isfinite

import numpy as np
from numpy.typing import NDArray

from bongsu.console.demo_report import DemoReport
from bongsu.console.map_projection import destination_deg, ellipse_deg
from bongsu.console.measures import elapsed_seconds_text
from bongsu.vocabulary.estimates import Ellipse, Fan, GeoPoint
from bongsu.vocabulary.launch_warning import LaunchWarning, WarningAction
from bongsu.vocabulary.units import NationId, seconds_between

TIME_BINS = 5
MAXIMUM_DRAWN = 90
LARGEST_DRAWN_KM = 9_000.0
Outline = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactShape:
    """One stated ellipse, seconds after the true launch."""

    nation: NationId
    time_s: float
    point: GeoPoint
    ellipse: Ellipse


def impact_shapes(report: DemoReport) -> list[ImpactShape]:
    """Every version's impact ellipse, oldest first; evenly fewer where there are very many."""
    found = [
        ImpactShape(
            nation=said.nation,
            time_s=seconds_between(warning.stated_at, report.scenario.launched_at_utc_ns),
            point=warning.impact.point,
            ellipse=warning.impact.ellipse,
        )
        for said in report.warnings
        for warning in said.versions
        if warning.impact is not None and warning.action is not WarningAction.ENDED
    ]
    drawable = [shape for shape in found if _can_be_drawn(shape)]
    drawable.sort(key=lambda shape: shape.time_s)
    every = -(-len(drawable) // MAXIMUM_DRAWN) or 1
    return drawable[::every]


def _can_be_drawn(shape: ImpactShape) -> bool:
    place = shape.point.latitude_rad + shape.point.longitude_rad
    return isfinite(place) and 0 < shape.ellipse.semi_major_m < 1e3 * LARGEST_DRAWN_KM


def outline(shape: ImpactShape) -> Outline:
    """Latitudes and longitudes in degrees round the ellipse."""
    return ellipse_deg(
        degrees(shape.point.latitude_rad),
        degrees(shape.point.longitude_rad),
        semi_major_km=shape.ellipse.semi_major_m / 1e3,
        semi_minor_km=shape.ellipse.semi_minor_m / 1e3,
        azimuth_deg=degrees(shape.ellipse.azimuth_rad),
    )


def bin_of(number: int, count: int) -> int:
    """Which fifth of the sequence the shape belongs to: 0 is the oldest."""
    return min(TIME_BINS - 1, number * TIME_BINS // max(1, count))


def bin_texts(shapes: list[ImpactShape]) -> list[str]:
    """The span of time of each fifth."""
    texts = []
    for wanted in range(TIME_BINS):
        times = [s.time_s for n, s in enumerate(shapes) if bin_of(n, len(shapes)) == wanted]
        if times:
            first, last = elapsed_seconds_text(times[0]), elapsed_seconds_text(times[-1])
            texts.append(first if first == last else f"{first} to {last}")
    return texts


def first_fan(report: DemoReport) -> LaunchWarning | None:
    """The earliest warning that shows a fan."""
    fans = [w for said in report.warnings for w in said.versions if w.fan is not None]
    return min(fans, key=lambda warning: warning.stated_at, default=None)


def fan_outline(fan: Fan, *, points: int = 40) -> Outline:
    """A ring section on the ground."""
    middle, half = degrees(fan.azimuth_rad), degrees(fan.half_width_rad)
    bearings = np.linspace(middle - half, middle + half, points)
    near, far = (min(LARGEST_DRAWN_KM, r / 1e3) for r in (fan.minimum_range_m, fan.maximum_range_m))
    if not isfinite(middle + half + near + far):
        return np.empty(0), np.empty(0)
    azimuths = np.concatenate([bearings, bearings[::-1]])
    distances = np.concatenate([np.full(points, far), np.full(points, near)])
    return destination_deg(
        degrees(fan.origin.latitude_rad), degrees(fan.origin.longitude_rad), azimuths, distances
    )
