"""The ground of a map: sea, land, borders, the grid of degrees and a scale."""

from collections.abc import Iterator
from math import ceil, floor, log10

import numpy as np

from bongsu.console.clipping import Line, ring_in_box, runs_in_box, thinned
from bongsu.console.coastlines import Coastlines
from bongsu.console.html_text import Html, element, joined
from bongsu.console.map_projection import MEAN_RADIUS_KM, View
from bongsu.console.report.pictures import area, path_data, stroke

FARTHEST_KM = MEAN_RADIUS_KM * 2.6  # the far side is torn and never in view
MARGIN_PX = 6.0
THINNEST_PX = 0.7
GRID_STEPS_DEG = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
GRID_LINES = 7


def ground(view: View, coastlines: Coastlines) -> Html:
    """Everything that lies under the flight."""
    return joined(
        (
            element("rect", width=view.width_px, height=view.height_px, class_="sea"),
            joined(_land(view, coastlines)),
            _grid(view),
            stroke(_lines(view, coastlines.borders), "border"),
            stroke(_lines(view, coastlines.coasts), "coast"),
        )
    )


def _land(view: View, coastlines: Coastlines) -> Iterator[Html]:
    """A path per patch: patches overlap, and in one path an overlap would count as sea."""
    box = (-MARGIN_PX, view.width_px + MARGIN_PX, -MARGIN_PX, view.height_px + MARGIN_PX)
    for patch in coastlines.land:
        centre = view.projection.project(patch.centre_latitude_deg, patch.centre_longitude_deg)
        if float(np.hypot(*centre[0])) > FARTHEST_KM:
            continue
        clipped = [ring_in_box(view.place(r[:, 1], r[:, 0]), box) for r in patch.rings]
        rings = [thinned(ring, apart=THINNEST_PX) for ring in clipped if len(ring) >= 3]
        if rings:
            yield area(rings, "land")


def _lines(view: View, lines: tuple[Line, ...]) -> Iterator[Line]:
    box = (-MARGIN_PX, view.width_px + MARGIN_PX, -MARGIN_PX, view.height_px + MARGIN_PX)
    for line in lines:
        position_km = view.projection.project(line[:, 1], line[:, 0])
        if float(np.hypot(position_km[:, 0], position_km[:, 1]).max()) > FARTHEST_KM:
            continue
        for run in runs_in_box(view.to_px(position_km), box):
            yield thinned(run, apart=THINNEST_PX)


def _grid(view: View) -> Html:
    """Meridians and parallels, each named where it meets the left or lower edge."""
    extent_deg = (view.box_km[3] - view.box_km[2]) / 111.2
    step = next((s for s in GRID_STEPS_DEG if extent_deg / s <= GRID_LINES), GRID_STEPS_DEG[-1])
    centre = view.projection
    box = (0.0, view.width_px, 0.0, view.height_px)
    reach = min(180.0, 1.3 * (view.box_km[1] - view.box_km[0]) / 111.2 / _cosine(view))
    paths: list[Line] = []
    names: list[Html | None] = []
    for latitude in _multiples(centre.centre_latitude_deg, extent_deg, step, limit=85.0):
        longitudes = np.linspace(-reach, reach, 160) + centre.centre_longitude_deg
        line = view.place(np.full(160, latitude), longitudes)
        paths.extend(runs_in_box(line, box))
        names.append(_left_name(view, line, f"{abs(latitude):g}{'S' if latitude < 0 else 'N'}"))
    for longitude in _multiples(centre.centre_longitude_deg, reach, step, limit=720.0):
        latitudes = np.linspace(-85.0, 85.0, 340)
        line = view.place(latitudes, np.full(340, longitude))
        paths.extend(runs_in_box(line, box))
        turned = (longitude + 180.0) % 360.0 - 180.0
        side = "" if abs(turned) in (0.0, 180.0) else ("W" if turned < 0 else "E")
        names.append(_lower_name(view, line, f"{abs(turned):g}{side}"))
    return joined((element("path", d=path_data(paths), class_="stroke graticule"), *names))


def _cosine(view: View) -> float:
    return max(0.2, float(np.cos(np.radians(view.projection.centre_latitude_deg))))


def _multiples(middle: float, reach: float, step: float, *, limit: float) -> list[float]:
    first, last = ceil((middle - reach) / step), floor((middle + reach) / step)
    found = [round(n * step, 6) for n in range(first, min(last, first + 80) + 1)]
    return [value for value in found if abs(value) <= limit]


def _left_name(view: View, line: Line, name: str) -> Html | None:
    near = np.abs(line[:, 0] - 4.0)
    number = int(near.argmin())
    y = float(line[number, 1])
    if float(near[number]) > 40.0 or not 24.0 < y < view.height_px - 30.0:
        return None
    return element("text", name, x=5, y=y - 3, class_="degree")


def _lower_name(view: View, line: Line, name: str) -> Html | None:
    near = np.abs(line[:, 1] - (view.height_px - 4.0))
    number = int(near.argmin())
    x = float(line[number, 0])
    if float(near[number]) > 20.0 or not 40.0 < x < view.width_px - 40.0:
        return None
    return element("text", name, x=x + 3, y=view.height_px - 5, class_="degree")


def scale_bar(view: View, *, right_px: float, bottom_px: float, longest_px: float = 140.0) -> Html:
    """A bar of a round length that ends at `right_px`."""
    length_km = round_length_km(longest_px / view.px_per_km)
    width = length_km * view.px_per_km
    left = right_px - width
    bar = f"M{left:.1f} {bottom_px - 5:.1f}v5h{width:.1f}v-5"
    text = f"{length_km:,.0f} km" if length_km >= 1 else f"{1000 * length_km:.0f} m"
    middle = left + width / 2
    return joined(
        (
            element("path", d=bar, class_="stroke scale"),
            element(
                "text", text, x=middle, y=bottom_px - 8, class_="scale-text", text_anchor="middle"
            ),
        )
    )


def round_length_km(longest_km: float) -> float:
    """The greatest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** floor(log10(longest_km))
    return next(power * step for step in (5.0, 2.0, 1.0) if power * step <= longest_km * 1.0001)
