"""The impact area at each moment, each frame at its own scale: how fast it shrinks."""

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np

from bongsu.console.comparison_tables import MOMENTS
from bongsu.console.demo_report import ComparisonRow, DemoReport, EllipseKm, Moment, Place, Quantity
from bongsu.console.html_text import Html, element, joined
from bongsu.console.map_projection import ellipse_deg, view_of
from bongsu.console.measures import length_km_text
from bongsu.console.report.convergence import true_place
from bongsu.console.report.impact_shapes import LARGEST_DRAWN_KM, Outline
from bongsu.console.report.map_ground import scale_bar
from bongsu.console.report.pictures import Looks, area, marker, nation_looks, picture, stroke
from bongsu.vocabulary.units import NationId

FRAME_PX = 200.0


def ellipse_frames(report: DemoReport, quantity: Quantity) -> Html:
    """One frame per moment with every nation's ellipse and the true place."""
    truth = true_place(report, quantity)
    row = next((row for row in report.comparison if row.quantity == quantity), None)
    if row is None or truth is None or not any(_stated(row, moment) for moment in MOMENTS):
        return joined(())
    looks = nation_looks(report)
    frames = [_frame(row, truth, moment, looks) for moment in MOMENTS]
    title = f"{quantity.capitalize()}: ellipses at five moments, each frame at its own scale"
    return joined((element("h3", title), element("div", *frames, class_="frames")))


class Stated(NamedTuple):
    """An estimate that can be drawn."""

    nation: NationId
    place: Place
    ellipse: EllipseKm
    error_km: float | None


def _stated(row: ComparisonRow, moment: Moment) -> list[Stated]:
    return [
        Stated(e.nation, e.place, e.ellipse, e.error)
        for e in row.estimates
        if e.at == moment and e.place is not None and e.ellipse is not None
        if isfinite(e.place.latitude_deg + e.place.longitude_deg)
        if 0.0 < e.ellipse.semi_major_km < LARGEST_DRAWN_KM
    ]


def _frame(row: ComparisonRow, truth: Place, moment: Moment, looks: Looks) -> Html:
    stated = _stated(row, moment)
    if not stated:
        text = element("p", "no ground yet for a point", class_="empty")
        return element("figure", element("h4", moment), text, class_="frame")
    name = f"{row.quantity}-{moment}".replace(" ", "-").replace("+", "plus")
    drawing = picture(
        f"frame-{name}",
        f"{row.quantity.capitalize()} at {moment}",
        "Ellipses (95 %) of each nation about its estimate, and the true place as a cross.",
        width=FRAME_PX,
        height=FRAME_PX,
        parts=_parts(stated, truth, looks),
    )
    words = element("ul", *(_figures(entry) for entry in stated), class_="plain")
    caption = element("figcaption", words)
    return element("figure", element("h4", moment), drawing, caption, class_="frame")


def _parts(stated: list[Stated], truth: Place, looks: Looks) -> Iterator[Html]:
    outlines = [_outline(entry) for entry in stated]
    latitudes = np.concatenate([[truth.latitude_deg], *[latitude for latitude, _ in outlines]])
    longitudes = np.concatenate([[truth.longitude_deg], *[longitude for _, longitude in outlines]])
    view = view_of(latitudes, longitudes, width_px=FRAME_PX, height_px=FRAME_PX, padding=0.09)
    yield element("rect", width=FRAME_PX, height=FRAME_PX, class_="frame-ground")
    for entry, (latitude, longitude) in zip(stated, outlines, strict=True):
        look = looks[entry.nation]
        line = view.place(latitude, longitude)
        yield area([line], f"tint {look.css_class}")
        closed = np.vstack([line, line[:1]])
        yield stroke([closed], f"outline {look.css_class}", stroke_dasharray=look.dash)
    for entry in stated:
        look = looks[entry.nation]
        x, y = view.place(entry.place.latitude_deg, entry.place.longitude_deg)[0].tolist()
        yield marker(look.shape, x, y, size=6, css_class=f"fill {look.css_class}")
    x, y = view.place(truth.latitude_deg, truth.longitude_deg)[0].tolist()
    yield element("path", d=f"M{x - 8:.1f} {y:.1f}h16M{x:.1f} {y - 8:.1f}v16", class_="cross")
    yield scale_bar(view, right_px=FRAME_PX - 10, bottom_px=FRAME_PX - 9, longest_px=70)


def _outline(entry: Stated) -> Outline:
    return ellipse_deg(
        entry.place.latitude_deg,
        entry.place.longitude_deg,
        semi_major_km=entry.ellipse.semi_major_km,
        semi_minor_km=entry.ellipse.semi_minor_km,
        azimuth_deg=entry.ellipse.azimuth_deg,
    )


def _figures(entry: Stated) -> Html:
    lengths = (entry.ellipse.semi_major_km, entry.ellipse.semi_minor_km)
    axes = " × ".join(length_km_text(1e3 * length) for length in lengths)
    off = "" if entry.error_km is None else f", off {length_km_text(1e3 * entry.error_km)}"
    return element("li", element("b", entry.nation), f" {axes}{off} km")
