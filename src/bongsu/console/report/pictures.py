"""What the page's pictures share: frame, paths, and each nation's colour, dash and shape.

A nation is told apart three ways (colour, dash, marker) and named in words beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bongsu.console.clipping import Line
from bongsu.console.demo_report import DemoReport
from bongsu.console.html_text import Attribute, Child, Html, element, joined, number_text
from bongsu.vocabulary.units import NationId

DASHES = ("none", "7 3", "2 3", "9 3 2 3", "12 4", "1 4")
SHAPES = ("circle", "square", "triangle", "diamond", "circle", "square")
MAXIMUM_NATIONS = len(DASHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class NationLook:
    """How one nation is drawn; `css_class` carries the colour."""

    nation: NationId
    css_class: str
    dash: str
    shape: str


Looks = dict[NationId, NationLook]


def nation_looks(report: DemoReport) -> Looks:
    """A look for each nation in the report; beyond the sixth, looks repeat."""
    names = [said.nation for said in report.warnings]
    names += [track.nation for track in report.estimated_tracks]
    names += [result.nation for result in report.verification]
    names += [sensor.nation for sensor in report.sensors]
    names += [estimate.nation for row in report.comparison for estimate in row.estimates]
    return {
        nation: NationLook(
            nation=nation,
            css_class=f"n{number % MAXIMUM_NATIONS}",
            dash=DASHES[number % MAXIMUM_NATIONS],
            shape=SHAPES[number % MAXIMUM_NATIONS],
        )
        for number, nation in enumerate(dict.fromkeys(names))
    }


def path_data(lines: Iterable[Line], *, closed: bool = False) -> Html:
    """SVG path data of lines in pixels, one after the other."""
    end = "Z" if closed else ""
    parts = []
    for line in lines:
        if len(line) >= 2 and bool(np.isfinite(line).all()):
            parts.append(f"M{' '.join(f'{x:.1f} {y:.1f}' for x, y in line.tolist())}{end}")
    return Html("".join(parts))


def coinciding(number: int, count: int, *, length_px: float = 9.0) -> dict[str, str]:
    """Dashes that take turns, so that lines on top of one another all stay seen."""
    gap = length_px * max(0, count - 1)
    if not gap:
        return {}
    offset = number_text(-length_px * number)
    return {
        "stroke_dasharray": f"{number_text(length_px)} {number_text(gap)}",
        "stroke_dashoffset": offset,
    }


def stroke(lines: Iterable[Line], css_class: str, **attributes: Attribute) -> Html:
    """Lines as one path that is drawn and not filled."""
    return element("path", d=path_data(lines), class_=f"stroke {css_class}", **attributes)


def area(rings: Iterable[Line], css_class: str, **attributes: Attribute) -> Html:
    """Rings as one filled path, by the even-odd rule."""
    data = path_data(rings, closed=True)
    return element("path", d=data, class_=css_class, fill_rule="evenodd", **attributes)


def marker(shape: str, x: float, y: float, *, size: float, css_class: str) -> Html:
    """A shape about its middle."""
    half = size / 2
    corners: tuple[tuple[float, float], ...]
    match shape:
        case "square":
            return element(
                "rect", x=x - half, y=y - half, width=size, height=size, class_=css_class
            )
        case "triangle":
            corners = ((0, -half * 1.15), (half * 1.1, half * 0.85), (-half * 1.1, half * 0.85))
        case "diamond":
            corners = ((0, -half * 1.2), (half * 1.2, 0), (0, half * 1.2), (-half * 1.2, 0))
        case _:
            return element("circle", cx=x, cy=y, r=half, class_=css_class)
    points = " ".join(f"{number_text(x + a)},{number_text(y + b)}" for a, b in corners)
    return element("polygon", points=points, class_=css_class)


def picture(
    name: str, title: str, description: str, *, width: float, height: float, parts: Iterable[Child]
) -> Html:
    """An SVG that says in words what it shows; `name` is unique on the page."""
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        joined(parts),
        viewBox=f"0 0 {number_text(width)} {number_text(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        preserveAspectRatio="xMidYMid meet",
    )


def legend_of_nations(looks: Iterable[NationLook], *, dashed: bool = False) -> Html:
    """Line, marker and name of each nation, for the words under a picture."""
    return joined(
        element(
            "span",
            element(
                "svg",
                element(
                    "line",
                    x1=0,
                    x2=34,
                    y1=8,
                    y2=8,
                    class_=f"stroke sample {look.css_class}",
                    stroke_dasharray=look.dash if dashed else None,
                    stroke_width=2,
                ),
                marker(look.shape, 17, 8, size=9, css_class=f"fill {look.css_class}"),
                viewBox="0 0 34 16",
                width=34,
                height=16,
                aria_hidden="true",
            ),
            f" {look.nation}",
            class_="key",
        )
        for look in looks
    )
