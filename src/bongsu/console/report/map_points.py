"""The named points of the map: moments of the flight, places and radars, with their labels."""

from collections.abc import Iterator
from dataclasses import dataclass

from bongsu.console.demo_report import DemoReport
from bongsu.console.html_text import Html
from bongsu.console.map_projection import View
from bongsu.console.measures import elapsed_seconds_text
from bongsu.console.report.labels import LabelBoard
from bongsu.console.report.pictures import Looks, marker
from bongsu.vocabulary.sensor import SensorKind

TRACK_BLOCKS = 160
MAXIMUM_POINTS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPoint:
    """A point of the map with a name; the first ones choose their label's place first."""

    text: str
    latitude_deg: float
    longitude_deg: float
    shape: str
    size: float
    css_class: str
    label_class: str = "label"


def named_points(report: DemoReport, view: View, looks: Looks) -> Iterator[Html]:
    """Every named point in view; labels cover no point and keep off the track."""
    board = LabelBoard(width_px=view.width_px, height_px=view.height_px)
    track = report.truth_track[:: max(1, len(report.truth_track) // TRACK_BLOCKS)]
    for x, y in view.place([s.latitude_deg for s in track], [s.longitude_deg for s in track]):
        board.block(x, y, half_px=2.5)
    shown = []
    for point in _points(report, looks):
        position = view.place(point.latitude_deg, point.longitude_deg)[0]
        if view.holds(position, margin_px=6):
            x, y = position.tolist()
            board.block(x, y, half_px=0.6 * point.size)
            yield marker(point.shape, x, y, size=point.size, css_class=point.css_class)
            shown.append((point, x, y))
    for point, x, y in shown:
        yield board.place(point.text, x, y, point.label_class)


def _points(report: DemoReport, looks: Looks) -> Iterator[NamedPoint]:
    for text, number, css_class in _moments(report):
        sample = report.truth_track[number]
        yield NamedPoint(
            text=text,
            latitude_deg=sample.latitude_deg,
            longitude_deg=sample.longitude_deg,
            shape="diamond",
            size=9,
            css_class=f"moment {css_class}",
            label_class="label strong",
        )
    for place in report.places[:MAXIMUM_POINTS]:
        yield NamedPoint(
            text=place.place,
            latitude_deg=place.latitude_deg,
            longitude_deg=place.longitude_deg,
            shape="circle",
            size=7,
            css_class="place",
        )
    for sensor in report.sensors[:MAXIMUM_POINTS]:
        if sensor.kind is SensorKind.RADAR:
            yield NamedPoint(
                text=sensor.sensor_id,
                latitude_deg=sensor.latitude_deg,
                longitude_deg=sensor.longitude_deg,
                shape="triangle",
                size=10,
                css_class=f"fill {looks[sensor.nation].css_class}",
            )


def _moments(report: DemoReport) -> Iterator[tuple[str, int, str]]:
    """Launch, burnout, apogee and impact of the truth, as indices of its samples."""
    track = report.truth_track
    yield "launch", 0, "burning"
    last = len(track) - 1
    impact_s = elapsed_seconds_text(track[last].time_s)
    yield f"true impact {impact_s}", last, ""
    for end_s in report.scenario.ends_of_burning_s[-1:]:
        nearest = min(range(last + 1), key=lambda number: abs(track[number].time_s - end_s))
        yield f"burnout {elapsed_seconds_text(end_s)}", nearest, "burning"
    highest = max(range(last + 1), key=lambda number: track[number].altitude_km)
    if 0 < highest < last:
        yield f"apogee {track[highest].altitude_km:,.0f} km", highest, ""
