"""How the stated uncertainty of a place, and its true error, fell over time."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import degrees

import numpy as np

from bongsu.console.demo_report import DemoReport, Place, Quantity
from bongsu.console.html_text import Html, element, joined
from bongsu.console.map_projection import Projection
from bongsu.console.measures import elapsed_seconds_text
from bongsu.console.report.axes import Scale, decade_ticks, horizontal_axis, vertical_axis
from bongsu.console.report.pictures import (
    Looks,
    legend_of_nations,
    marker,
    nation_looks,
    picture,
    stroke,
)
from bongsu.vocabulary.launch_warning import LaunchWarning, WarningAction
from bongsu.vocabulary.units import NationId, seconds_between

WIDTH_PX, HEIGHT_PX = 530.0, 330.0
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 58.0, 514.0, 26.0, 296.0
TIME_TICKS_S = (10.0, 20.0, 30.0, 60.0, 120.0, 240.0, 600.0, 1200.0, 2400.0, 4800.0)
SMALLEST_KM, LARGEST_KM = 0.01, 20_000.0
SMALLEST_SHARE = 0.05  # errors below this quantile stand on the chart's lower edge
MAXIMUM_MARKERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlace:
    """What one version said of the place, and how far it was from the truth."""

    warning_id: str
    time_s: float
    semi_major_km: float
    semi_minor_km: float
    error_km: float | None


def convergence(report: DemoReport, quantity: Quantity) -> Html:
    """A chart with logarithmic axes; empty where no version stated the place."""
    said = stated_places(report, quantity)
    if not any(said.values()):
        return joined(())
    looks = nation_looks(report)
    seconds = _time_scale(said)
    lengths = _length_scale(said)
    ticks = [t for t in TIME_TICKS_S if seconds.low <= t <= seconds.high]
    parts = (
        horizontal_axis(
            seconds, ticks, top_px=TOP_PX, bottom_px=BOTTOM_PX, text=elapsed_seconds_text
        ),
        vertical_axis(
            lengths,
            decade_ticks(lengths.low, lengths.high),
            left_px=LEFT_PX,
            right_px=RIGHT_PX,
            text=_km_text,
        ),
        element("text", "km", x=LEFT_PX - 8, y=TOP_PX - 10, class_="tick end"),
        joined(_burnout(report, seconds)),
        joined(_curves(said, seconds, lengths, looks)),
    )
    title = f"{quantity.capitalize()}: stated semi-axes and true error"
    drawing = picture(
        f"convergence-{quantity.split()[0]}",
        title,
        "Lines: semi-major and, thinner, semi-minor axis of the stated 95 % ellipse. Shapes: "
        "distance from the true place. Both axes are logarithmic.",
        width=WIDTH_PX,
        height=HEIGHT_PX,
        parts=parts,
    )
    words = (
        "Line: stated semi-major axis (95 %); thinner: semi-minor axis. Shapes: distance of the "
        "stated place from the true, made-up one."
    )
    caption = element(
        "figcaption",
        element("p", legend_of_nations((looks[nation] for nation in said), dashed=True)),
        element("p", words, class_="small"),
    )
    return element("figure", element("h4", title), drawing, caption)


def stated_places(report: DemoReport, quantity: Quantity) -> dict[NationId, list[StatedPlace]]:
    """Every version's place per nation, oldest first."""
    truth = true_place(report, quantity)
    return {
        said.nation: [
            place
            for version in said.versions
            if version.action is not WarningAction.ENDED
            if (place := _stated(version, quantity, truth, report)) is not None
        ]
        for said in report.warnings
    }


def true_place(report: DemoReport, quantity: Quantity) -> Place | None:
    """The made-up truth's place, from the comparison."""
    rows = (row for row in report.comparison if row.quantity == quantity)
    return next((row.truth_place for row in rows), None)


def _stated(
    version: LaunchWarning, quantity: Quantity, truth: Place | None, report: DemoReport
) -> StatedPlace | None:
    estimate = version.launch if quantity == "launch point" else version.impact
    if estimate is None or not estimate.ellipse.semi_major_m > 0:
        return None
    time_s = seconds_between(version.stated_at, report.scenario.launched_at_utc_ns)
    return StatedPlace(
        warning_id=version.warning_id,
        time_s=time_s,
        semi_major_km=estimate.ellipse.semi_major_m / 1e3,
        semi_minor_km=estimate.ellipse.semi_minor_m / 1e3,
        error_km=None
        if truth is None
        else distance_km(
            truth, degrees(estimate.point.latitude_rad), degrees(estimate.point.longitude_rad)
        ),
    )


def distance_km(place: Place, latitude_deg: float, longitude_deg: float) -> float:
    """Distance on a sphere, for a chart's logarithmic axis; the tables carry exact figures."""
    projection = Projection(
        centre_latitude_deg=place.latitude_deg, centre_longitude_deg=place.longitude_deg
    )
    return float(np.hypot(*projection.project(latitude_deg, longitude_deg)[0]))


def _time_scale(said: dict[NationId, list[StatedPlace]]) -> Scale:
    times = [place.time_s for places in said.values() for place in places if place.time_s > 0]
    low, high = (min(times), max(times)) if times else (1.0, 10.0)
    return Scale(
        low=0.92 * low, high=1.08 * high, start_px=LEFT_PX, end_px=RIGHT_PX, logarithmic=True
    )


def _length_scale(said: dict[NationId, list[StatedPlace]]) -> Scale:
    lengths = [p.semi_major_km for places in said.values() for p in places]
    lengths += [p.semi_minor_km for places in said.values() for p in places]
    errors = [p.error_km for places in said.values() for p in places if p.error_km is not None]
    smallest = min([*lengths, float(np.quantile(errors, SMALLEST_SHARE)) if errors else np.inf])
    low = max(SMALLEST_KM, smallest)
    high = min(LARGEST_KM, max(*lengths, *errors, 2 * low) * 1.5)
    low = 10.0 ** np.floor(np.log10(low))
    return Scale(low=low, high=high, start_px=BOTTOM_PX, end_px=TOP_PX, logarithmic=True)


def _burnout(report: DemoReport, seconds: Scale) -> Iterator[Html]:
    for end_s in report.scenario.ends_of_burning_s[-1:]:
        if seconds.low < end_s < seconds.high:
            x = seconds.px(end_s)
            yield element("line", x1=x, x2=x, y1=TOP_PX, y2=BOTTOM_PX, class_="burnout-line")
            yield element("text", "burnout", x=x + 5, y=TOP_PX + 12, class_="label")


def _curves(
    said: dict[NationId, list[StatedPlace]], seconds: Scale, lengths: Scale, looks: Looks
) -> Iterator[Html]:
    for nation, places in said.items():
        look = looks[nation]
        for axis in ("semi_major_km", "semi_minor_km"):
            drawn = [
                np.array([(seconds.px(p.time_s), lengths.px(getattr(p, axis))) for p in one])
                for one in _by_warning(places)
            ]
            css_class = f"{axis.removesuffix('_km').replace('_', '-')} {look.css_class}"
            yield stroke(drawn, css_class, stroke_dasharray=look.dash)
        every = -(-len(places) // MAXIMUM_MARKERS) or 1
        for place in places[::every]:
            if place.error_km is not None:
                x, y = seconds.px(place.time_s), lengths.px(place.error_km)
                yield marker(look.shape, x, y, size=6, css_class=f"error {look.css_class}")


def _by_warning(places: list[StatedPlace]) -> list[list[StatedPlace]]:
    """A nation may have warned of several objects; no line joins one to another."""
    found: dict[str, list[StatedPlace]] = {}
    for place in places:
        found.setdefault(place.warning_id, []).append(place)
    return list(found.values())


def _km_text(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
