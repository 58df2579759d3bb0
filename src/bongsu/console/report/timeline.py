"""Height, sight and warnings over one axis of time: what happened, who saw it, who said it."""

from collections.abc import Iterator

import numpy as np

from bongsu.console.clipping import thinned
from bongsu.console.demo_report import DemoReport, TruthSample
from bongsu.console.html_text import Html, element, joined
from bongsu.console.measures import elapsed_seconds_text
from bongsu.console.report.axes import (
    Scale,
    horizontal_axis,
    linear_ticks,
    minute_ticks,
    vertical_axis,
)
from bongsu.console.report.labels import LabelBoard
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
from bongsu.vocabulary.launch_warning import LaunchWarning, WarningAction
from bongsu.vocabulary.units import seconds_between

WIDTH_PX, LEFT_PX, RIGHT_PX = 1080.0, 132.0, 1060.0
TOP_PX, HEIGHT_BOTTOM_PX = 18.0, 280.0
ROW_PX, GROUP_GAP_PX = 24.0, 30.0
MAXIMUM_ROWS = 12
MAXIMUM_TICKS_DRAWN = 240


def timeline(report: DemoReport) -> Html:
    """The figure; empty where the report has no true track."""
    if len(report.truth_track) < 2:
        return joined(())
    looks = nation_looks(report)
    sensors, said = report.sensors[:MAXIMUM_ROWS], report.warnings[:MAXIMUM_ROWS]
    sensors_top = HEIGHT_BOTTOM_PX + GROUP_GAP_PX
    warnings_top = sensors_top + ROW_PX * len(sensors) + GROUP_GAP_PX
    bottom = warnings_top + ROW_PX * len(said) + 6
    seconds = Scale(low=0.0, high=_last_s(report), start_px=LEFT_PX, end_px=RIGHT_PX)
    ticks = minute_ticks(0.0, seconds.high, about=14)
    parts = (
        horizontal_axis(seconds, ticks, top_px=TOP_PX, bottom_px=bottom, text=elapsed_seconds_text),
        _heights(report, seconds, looks),
        joined(_sight(report, seconds, looks, top_px=sensors_top)),
        joined(_warnings(report, seconds, looks, top_px=warnings_top)),
    )
    description = (
        "Height of the true flight over time with each nation's estimate; under it when each "
        "made-up sensor had the object in sight, and when each nation issued, amended and ended "
        "its warning. The tables below say the same in figures."
    )
    drawing = picture(
        "timeline",
        "Height, sight and warnings over time",
        description,
        width=WIDTH_PX,
        height=bottom + 26,
        parts=parts,
    )
    return element("figure", drawing, _caption(looks), class_="wide")


def _last_s(report: DemoReport) -> float:
    said = [
        seconds_between(version.stated_at, report.scenario.launched_at_utc_ns)
        for nation in report.warnings
        for version in nation.versions
    ]
    return 1.01 * max([report.truth_track[-1].time_s, *said])


def _heights(report: DemoReport, seconds: Scale, looks: Looks) -> Html:
    highest = max(sample.altitude_km for sample in report.truth_track)
    highest = max(highest, report.flight.apogee_km or 0.0) * 1.12
    height = Scale(low=0.0, high=highest, start_px=HEIGHT_BOTTOM_PX, end_px=TOP_PX)
    axis = vertical_axis(
        height,
        linear_ticks(0.0, highest, about=5),
        left_px=LEFT_PX,
        right_px=RIGHT_PX,
        text=lambda value: f"{value:,.0f}",
    )
    unit = element("text", "height, km", x=LEFT_PX - 8, y=TOP_PX - 4, class_="tick end")
    curves = joined(_curves(report, seconds, height, looks))
    return joined((axis, unit, curves, joined(_moments(report, seconds, height))))


def _curves(report: DemoReport, seconds: Scale, height: Scale, looks: Looks) -> Iterator[Html]:
    line = np.array([(seconds.px(s.time_s), height.px(s.altitude_km)) for s in report.truth_track])
    ground = np.array([[line[-1, 0], height.px(0.0)], [line[0, 0], height.px(0.0)]])
    yield area([np.vstack([line, ground])], "under")
    burning = [number for number, sample in enumerate(report.truth_track) if sample.burning]
    yield stroke([line], "truth")
    if len(burning) >= 2:
        yield stroke([line[burning[0] : burning[-1] + 1]], "truth burning")
    tracks = report.estimated_tracks
    for number, track in enumerate(tracks):
        look = looks[track.nation]
        for observed, samples in track_pieces(track.samples):
            points = [(seconds.px(s.time_s), height.px(s.altitude_km)) for s in samples]
            dashes = coinciding(number, len(tracks)) if observed else {"stroke_dasharray": "1 5"}
            line = thinned(np.array(points).reshape(-1, 2), apart=1.0)
            yield stroke([line], f"estimate {look.css_class}", **dashes)


def _moments(report: DemoReport, seconds: Scale, height: Scale) -> Iterator[Html]:
    """Ends of burning, apogee, and the published apogee, which was an input."""
    board = LabelBoard(width_px=WIDTH_PX, height_px=HEIGHT_BOTTOM_PX)
    published = report.flight.apogee_km
    if published is not None:
        y = height.px(published)
        yield element("line", x1=LEFT_PX, x2=RIGHT_PX, y1=y, y2=y, class_="published")
        text = f"published apogee {published:,.0f} km (an input)"
        yield element("text", text, x=LEFT_PX + 8, y=y - 6, class_="label")
    track = report.truth_track
    times = list(report.scenario.ends_of_burning_s)
    for number, end_s in enumerate(times, start=1):
        sample = _sample_near(track, end_s)
        name = "burnout" if number == len(times) else f"stage {number} burnt out"
        x, y = seconds.px(end_s), height.px(sample.altitude_km)
        yield marker("diamond", x, y, size=9, css_class="moment burning")
        yield board.place(f"{name} {elapsed_seconds_text(end_s)}", x, y, "label strong")
    highest = max(track, key=lambda sample: sample.altitude_km)
    x, y = seconds.px(highest.time_s), height.px(highest.altitude_km)
    yield marker("diamond", x, y, size=9, css_class="moment")
    text = f"true apogee {highest.altitude_km:,.1f} km"
    yield element("text", text, x=x, y=y + 22, class_="label strong", text_anchor="middle")


def _sample_near(track: tuple[TruthSample, ...], time_s: float) -> TruthSample:
    return min(track, key=lambda sample: abs(sample.time_s - time_s))


def _sight(report: DemoReport, seconds: Scale, looks: Looks, *, top_px: float) -> Iterator[Html]:
    yield element("text", "in sight of", x=LEFT_PX - 12, y=top_px - 9, class_="group end")
    for number, sensor in enumerate(report.sensors[:MAXIMUM_ROWS]):
        y = top_px + ROW_PX * number
        css_class = looks[sensor.nation].css_class
        yield element("text", sensor.sensor_id, x=LEFT_PX - 12, y=y + 12, class_="row end")
        yield element("line", x1=LEFT_PX, x2=RIGHT_PX, y1=y + 8, y2=y + 8, class_="rail")
        for span in sensor.in_sight[:MAXIMUM_ROWS]:
            left, right = seconds.px(span.from_s), seconds.px(span.to_s)
            width = max(2.0, right - left)
            yield element(
                "rect", x=left, y=y + 2, width=width, height=12, rx=2, class_=f"fill {css_class}"
            )
        if sensor.first_plot_s is not None:
            x = seconds.px(sensor.first_plot_s)
            yield element("line", x1=x, x2=x, y1=y - 1, y2=y + 17, class_="first-plot")


def _warnings(report: DemoReport, seconds: Scale, looks: Looks, *, top_px: float) -> Iterator[Html]:
    yield element("text", "warnings of", x=LEFT_PX - 12, y=top_px - 9, class_="group end")
    for number, said in enumerate(report.warnings[:MAXIMUM_ROWS]):
        y = top_px + ROW_PX * number
        css_class = looks[said.nation].css_class
        yield element("text", said.nation, x=LEFT_PX - 12, y=y + 12, class_="row end")
        yield element("line", x1=LEFT_PX, x2=RIGHT_PX, y1=y + 8, y2=y + 8, class_="rail")
        every = -(-len(said.versions) // MAXIMUM_TICKS_DRAWN) or 1
        for version in said.versions[::every]:
            yield _said(version, seconds, report, y=y + 8, css_class=css_class)
        for version in said.versions:
            if version.action is not WarningAction.AMENDED:
                yield _said(version, seconds, report, y=y + 8, css_class=css_class)


def _said(
    version: LaunchWarning, seconds: Scale, report: DemoReport, *, y: float, css_class: str
) -> Html:
    x = seconds.px(seconds_between(version.stated_at, report.scenario.launched_at_utc_ns))
    if version.action is WarningAction.ISSUED:
        return marker("triangle", x, y, size=13, css_class=f"fill {css_class}")
    if version.action is WarningAction.ENDED:
        return marker("square", x, y, size=11, css_class=f"fill {css_class}")
    return element("line", x1=x, x2=x, y1=y - 6, y2=y + 6, class_=f"stroke thin {css_class}")


def _caption(looks: Looks) -> Html:
    return element(
        "figcaption",
        element("p", legend_of_nations(looks.values())),
        element(
            "p",
            "A triangle is a warning issued, a stroke an amendment, a square its end; the upright "
            "line on a sensor's bar is its first plot. Dotted estimates are predicted, not "
            "observed.",
            class_="small",
        ),
    )
