"""The impact area at each moment, each frame at its own scale: how fast it shrinks."""

from collections.abc import Iterator

import numpy as np

from bongsu.console.demo_report import ComparisonRow, DemoReport, Estimate, Moment, Place, Quantity
from bongsu.console.html_text import Html, element, joined
from bongsu.console.map_projection import View, ellipse_deg, view_of
from bongsu.console.measures import length_km_text
from bongsu.console.report.impact_shapes import Outline
from bongsu.console.report.map_ground import scale_bar
from bongsu.console.report.pictures import Looks, area, marker, nation_looks, picture, stroke
from bongsu.console.result_tables import MOMENTS

FRAME_PX = 200.0


def ellipse_frames(report: DemoReport, quantity: Quantity) -> Html:
    """One frame per moment with every nation's ellipse and the true place."""
    rows = [row for row in report.comparison if row.quantity == quantity and row.truth_place]
    if not rows:
        return joined(())
    looks = nation_looks(report)
    frames = [_frame(rows[0], moment, looks) for moment in MOMENTS]
    return element("div", *frames, class_="frames")


def _frame(row: ComparisonRow, moment: Moment, looks: Looks) -> Html:
    stated = [e for e in row.estimates if e.at == moment and e.place and e.ellipse]
    truth = row.truth_place
    if truth is None or not stated:
        text = element("p", "no ground yet for a point", class_="empty")
        return element("figure", element("h4", moment), text, class_="frame")
    name = f"{row.quantity}-{moment}".replace(" ", "-").replace("+", "plus")
    words = joined(_figures(estimate) for estimate in stated)
    drawing = picture(
        f"frame-{name}",
        f"{row.quantity.capitalize()} at {moment}",
        "Ellipses (95 %) of each nation about its estimate, and the true place as a cross.",
        width=FRAME_PX,
        height=FRAME_PX,
        parts=_parts(stated, truth, looks),
    )
    caption = element("figcaption", element("ul", words, class_="plain"))
    return element("figure", element("h4", moment), drawing, caption, class_="frame")


def _parts(stated: list[Estimate], truth: Place, looks: Looks) -> Iterator[Html]:
    outlines = [(estimate, *_outline(estimate)) for estimate in stated]
    latitudes = np.concatenate([[truth.latitude_deg], *[o[1] for o in outlines]])
    longitudes = np.concatenate([[truth.longitude_deg], *[o[2] for o in outlines]])
    view = view_of(latitudes, longitudes, width_px=FRAME_PX, height_px=FRAME_PX, padding=0.09)
    yield element("rect", width=FRAME_PX, height=FRAME_PX, class_="frame-ground")
    for estimate, latitude, longitude in outlines:
        look = looks[estimate.nation]
        line = view.place(latitude, longitude)
        yield area([line], f"tint {look.css_class}")
        closed = np.vstack([line, line[:1]])
        yield stroke([closed], f"outline {look.css_class}", stroke_dasharray=look.dash)
    for estimate, _, _ in outlines:
        yield from _middle(estimate, view, looks)
    x, y = view.place(truth.latitude_deg, truth.longitude_deg)[0].tolist()
    yield element("path", d=f"M{x - 8:.1f} {y:.1f}h16M{x:.1f} {y - 8:.1f}v16", class_="cross")
    yield scale_bar(view, right_px=FRAME_PX - 10, bottom_px=FRAME_PX - 9, longest_px=70)


def _outline(estimate: Estimate) -> Outline:
    place, ellipse = estimate.place, estimate.ellipse
    if place is None or ellipse is None:
        return np.empty(0), np.empty(0)
    return ellipse_deg(
        place.latitude_deg,
        place.longitude_deg,
        semi_major_km=ellipse.semi_major_km,
        semi_minor_km=ellipse.semi_minor_km,
        azimuth_deg=ellipse.azimuth_deg,
    )


def _middle(estimate: Estimate, view: View, looks: Looks) -> Iterator[Html]:
    look = looks[estimate.nation]
    if estimate.place is not None:
        place = estimate.place
        x, y = view.place(place.latitude_deg, place.longitude_deg)[0].tolist()
        yield marker(look.shape, x, y, size=6, css_class=f"fill {look.css_class}")


def _figures(estimate: Estimate) -> Html:
    ellipse = estimate.ellipse
    if ellipse is None:
        return joined(())
    axes = " × ".join(
        length_km_text(1e3 * axis) for axis in (ellipse.semi_major_km, ellipse.semi_minor_km)
    )
    error = "" if estimate.error is None else f", off {length_km_text(1e3 * estimate.error)} km"
    return element("li", element("b", estimate.nation), f" {axes}{error or ' km'}")
