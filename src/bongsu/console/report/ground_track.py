"""The map: where it flew, where each nation said it was, and where each said it would fall."""

from collections.abc import Iterator

import numpy as np

from bongsu.console.clipping import runs_in_box, thinned
from bongsu.console.coastlines import Coastlines
from bongsu.console.demo_report import DemoReport, Place
from bongsu.console.html_text import Html, element, joined
from bongsu.console.map_projection import View, centred_on, destination_deg, view_of
from bongsu.console.measures import elapsed_seconds_text
from bongsu.console.report.convergence import distance_km
from bongsu.console.report.impact_shapes import (
    ImpactShape,
    bin_of,
    bin_texts,
    fan_outline,
    first_fan,
    impact_shapes,
    outline,
)
from bongsu.console.report.map_ground import ground, scale_bar
from bongsu.console.report.map_points import named_points
from bongsu.console.report.pictures import (
    Looks,
    area,
    coinciding,
    legend_of_nations,
    marker,
    nation_looks,
    picture,
    stroke,
)
from bongsu.console.report.track_pieces import track_pieces
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import seconds_between

WIDTH_PX, HEIGHT_PX = 1080.0, 560.0
SHARE_OF_TRACK = 0.12  # greater ellipses may run out of the picture
CIRCLE_DEG = np.linspace(0.0, 360.0, 121)


def ground_track(report: DemoReport, coastlines: Coastlines) -> Html:
    """The map's figure; empty where the report has no true track to draw."""
    if len(report.truth_track) < 2:
        return joined(())
    view = _view(report)
    looks = nation_looks(report)
    shapes = impact_shapes(report)
    parts = (
        ground(view, coastlines),
        joined(_radars(report, view, looks)),
        joined(_fan(report, view)),
        joined(_impacts(shapes, view)),
        joined(_truth(report, view)),
        joined(_estimates(report, view, looks)),
        joined(named_points(report, view, looks)),
        scale_bar(view, right_px=view.width_px - 18, bottom_px=view.height_px - 26),
    )
    description = (
        "Map of the true ground track, each nation's estimated track, the launch place, burnout, "
        "the true impact place, made-up radars and the ellipses in which nations predicted the "
        "impact. The tables below say the same in figures."
    )
    drawing = picture(
        "ground-track",
        "Ground track",
        description,
        width=view.width_px,
        height=view.height_px,
        parts=parts,
    )
    return element("figure", drawing, _caption(report, shapes, looks), class_="wide")


def _view(report: DemoReport) -> View:
    latitudes = [sample.latitude_deg for sample in report.truth_track]
    longitudes = [sample.longitude_deg for sample in report.truth_track]
    middle = centred_on(latitudes, longitudes)
    for place in report.places:
        if place.verdict == "not reached":
            continue  # shown where it happens to lie in view
        latitudes.append(place.latitude_deg)
        longitudes.append(place.longitude_deg)
    reach_m = 1e3 * SHARE_OF_TRACK * _length_km(report)
    for shape in impact_shapes(report):
        if shape.ellipse.semi_major_m < reach_m:
            latitude, longitude = outline(shape)
            latitudes.extend(latitude.tolist())
            longitudes.extend(longitude.tolist())
    return view_of(
        latitudes,
        longitudes,
        projection=middle,
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        padding=0.07,
    )


def _length_km(report: DemoReport) -> float:
    first, last = report.truth_track[0], report.truth_track[-1]
    start = Place(latitude_deg=first.latitude_deg, longitude_deg=first.longitude_deg)
    return distance_km(start, last.latitude_deg, last.longitude_deg)


def _radars(report: DemoReport, view: View, looks: Looks) -> Iterator[Html]:
    """How far each made-up radar reaches; overhead sensors have no place on the ground."""
    box = (0.0, view.width_px, 0.0, view.height_px)
    for sensor in report.sensors:
        if sensor.kind is not SensorKind.RADAR or sensor.maximum_range_km is None:
            continue
        latitude, longitude = destination_deg(
            sensor.latitude_deg, sensor.longitude_deg, CIRCLE_DEG, sensor.maximum_range_km
        )
        runs = runs_in_box(view.place(latitude, longitude), box)
        yield stroke(runs, f"reach {looks[sensor.nation].css_class}")


def _fan(report: DemoReport, view: View) -> Iterator[Html]:
    warning = first_fan(report)
    if warning is not None and warning.fan is not None:
        latitude, longitude = fan_outline(warning.fan)
        yield area([view.place(latitude, longitude)], "fan")


def _impacts(shapes: list[ImpactShape], view: View) -> Iterator[Html]:
    for number, shape in enumerate(shapes):
        latitude, longitude = outline(shape)
        lines = [view.place(latitude, longitude)]
        yield stroke([np.vstack([*lines, lines[0][:1]])], f"impact t{bin_of(number, len(shapes))}")


def _truth(report: DemoReport, view: View) -> Iterator[Html]:
    track = report.truth_track
    line = view.place([s.latitude_deg for s in track], [s.longitude_deg for s in track])
    burning = [number for number, sample in enumerate(track) if sample.burning]
    yield stroke([line], "truth")
    if len(burning) >= 2:
        yield stroke([line[burning[0] : burning[-1] + 1]], "truth burning")


def _estimates(report: DemoReport, view: View, looks: Looks) -> Iterator[Html]:
    tracks = report.estimated_tracks
    for number, track in enumerate(tracks):
        look = looks[track.nation]
        for observed, samples in track_pieces(track.samples):
            line = view.place([s.latitude_deg for s in samples], [s.longitude_deg for s in samples])
            dashes = coinciding(number, len(tracks)) if observed else {"stroke_dasharray": "1 5"}
            yield stroke([thinned(line, apart=1.0)], f"estimate {look.css_class}", **dashes)
        first = track.samples[:1]
        for x, y in view.place([s.latitude_deg for s in first], [s.longitude_deg for s in first]):
            yield marker(look.shape, x, y, size=8, css_class=f"fill {look.css_class}")


def _fan_words(report: DemoReport) -> str:
    warning = first_fan(report)
    if warning is None:
        return ""
    elapsed_s = seconds_between(warning.stated_at, report.scenario.launched_at_utc_ns)
    return (
        f"; the shaded wedge is the first fan ({warning.nation}, {elapsed_seconds_text(elapsed_s)})"
    )


def _caption(report: DemoReport, shapes: list[ImpactShape], looks: Looks) -> Html:
    truth = element("span", _swatch("truth"), " truth (made up)", class_="key")
    burning = element("span", _swatch("truth burning"), " truth, burning", class_="key")
    bins = [
        element("span", _swatch(f"impact t{number}"), f" {text}", class_="key")
        for number, text in enumerate(bin_texts(shapes))
    ]
    predicted = joined((element("span", "predicted impact, 95 %: ", class_="key"), *bins))
    return element(
        "figcaption",
        element("p", truth, burning, legend_of_nations(looks.values())),
        element("p", predicted if shapes else None),
        element(
            "p",
            "Dotted estimates are predicted, not observed. Thin rings are how far made-up radars "
            f"reach{_fan_words(report)}. Map: Natural Earth, public domain; it "
            "states no view on any border.",
            class_="small",
        ),
    )


def _swatch(css_class: str) -> Html:
    line = element("line", x1=0, x2=26, y1=8, y2=8, class_=f"stroke {css_class}")
    return element("svg", line, viewBox="0 0 26 16", width=26, height=16, aria_hidden="true")
