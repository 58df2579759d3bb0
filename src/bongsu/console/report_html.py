"""The demo's page: one file that needs no network, no script and no other file.

The page says everything in words and tables; pictures repeat it. Nothing in it may fetch
or run anything: its content security policy allows its own style alone.
"""

from bongsu.console.coastlines import Coastlines
from bongsu.console.demo_report import DemoReport
from bongsu.console.html_text import Html, element
from bongsu.console.report.convergence import convergence
from bongsu.console.report.ellipse_frames import ellipse_frames
from bongsu.console.report.ground_track import ground_track
from bongsu.console.report.html_tables import comparison_table, html_table
from bongsu.console.report.said import last_words, said
from bongsu.console.report.style import STYLE, page_marking
from bongsu.console.report.summary import cards, footer, heading, made_up
from bongsu.console.report.timeline import timeline
from bongsu.console.result_tables import (
    delay_table,
    feed_table,
    place_table,
    refused_table,
    sensor_table,
    verification_table,
    withheld_table,
)

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def report_html(report: DemoReport, coastlines: Coastlines) -> str:
    """The whole page as text (UTF-8 when written)."""
    page = element("html", _head(report), _body(report, coastlines), lang="en")
    return f"<!doctype html>\n{page.markup}\n"


def _head(report: DemoReport) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{report.banner}: flight {report.flight.id} · Bongsu"),
        element("style", Html(STYLE + page_marking(report.banner))),
    )


def _body(report: DemoReport, coastlines: Coastlines) -> Html:
    marked = element("b", report.banner)
    banner = element(
        "div", marked, element("span", " made-up sensors, made-up truth"), marked, class_="banner"
    )
    watermark = element("div", *[element("span", report.banner)] * 12, class_="watermark")
    hidden = element("div", watermark, aria_hidden="true")
    main = (heading(report), cards(report), made_up(report), *_parts(report, coastlines))
    return element(
        "body",
        banner,
        hidden,
        element("main", *main),
        footer(report),
    )


def _parts(report: DemoReport, coastlines: Coastlines) -> tuple[Html, ...]:
    return (
        _part("Where it flew", None, ground_track(report, coastlines)),
        _part("Height, sight and warnings", None, timeline(report)),
        _part(
            "The predicted impact closes in",
            "Each version states an ellipse that holds the impact with 95 % probability. "
            "An impact is predicted until a sensor sees it.",
            _pair(convergence(report, "launch point"), convergence(report, "impact point")),
            ellipse_frames(report, "impact point"),
        ),
        _part(
            "Truth, published, estimated",
            "Estimates with one standard deviation; for places the semi-axes of the 95 % "
            "ellipse. “off” is the difference from the made-up truth.",
            comparison_table(report),
        ),
        _part("Warned before it passed?", None, html_table(place_table(report), headed=False)),
        _part(
            "Shared and checked",
            None,
            _pair(html_table(delay_table(report)), html_table(feed_table(report))),
            html_table(verification_table(report)),
            _pair(html_table(withheld_table(report)), html_table(refused_table(report))),
        ),
        _part(
            "What each nation said",
            "First and last words, then every version.",
            *last_words(report),
            said(report),
        ),
        _part("Sensors, made up", None, html_table(sensor_table(report), headed=False)),
    )


def _part(title: str, words: str | None, *children: Html | None) -> Html:
    """A section; without anything to show it says so."""
    shown = [child for child in children if child is not None and child.markup]
    intro = element("p", words if shown else "Nothing to show.")
    return element("section", element("h2", title), intro if words or not shown else None, *shown)


def _pair(*children: Html | None) -> Html | None:
    """Side by side where there is room."""
    shown = [child for child in children if child is not None and child.markup]
    return element("div", *shown, class_="pair") if shown else None
