"""The demo's page."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import msgspec
import pytest
from tests.console.made_up_flight import JP, KR, made_up_versions

from bongsu.console.coastlines import Coastlines, parse_coastlines
from bongsu.console.demo_report import (
    Delay,
    DemoReport,
    LatencyMs,
    NationWarnings,
    PlaceOutcome,
    TruthSample,
)
from bongsu.console.report_html import report_html
from bongsu.vocabulary.realm import Realm

HOSTILE = "</title><script>alert('x')</script><img src=x onerror=y>\x1b[2J"


class Page(HTMLParser):
    """Tags, attributes and text as a browser sees them; refuses tags that do not match."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def coastlines() -> Coastlines:
    packed = files("bongsu.console").joinpath("data/coastlines.msgpack.gz").read_bytes()
    return parse_coastlines(packed)


@pytest.fixture(scope="module")
def markup(report: DemoReport, coastlines: Coastlines) -> str:
    return report_html(report, coastlines)


def bare(report: DemoReport) -> DemoReport:
    """Nothing was seen, said, shared or counted."""
    return DemoReport(
        realm=Realm.EXERCISE,
        flight=msgspec.structs.replace(
            report.flight, apogee_km=None, range_km=None, flight_time_min=None, object_class=None
        ),
        scenario=report.scenario,
        comparison=(),
        latency_ms=LatencyMs(
            plot_to_own_warning=Delay(p50=None, p99=None, count=0), own_record_to_partner=()
        ),
        feeds=(),
        verified=False,
        verification=(),
    )


def test_the_page_is_well_formed_small_and_alone(markup: str) -> None:
    page = Page(markup)
    assert len(markup.encode()) < 1_000_000
    assert not {"script", "link", "iframe", "object", "img", "base"} & set(page.tags)
    for name, value in page.attributes:
        assert name not in ("src", "href", "srcset", "action")
        assert not name.startswith("on")
        assert "//" not in (value or "")
    assert "url(" not in markup
    assert "@import" not in markup
    policies = [value for name, value in page.attributes if name == "content"]
    assert any((policy or "").startswith("default-src 'none'") for policy in policies)


def test_the_page_is_marked_at_the_top_behind_everything_and_on_paper(markup: str) -> None:
    body = markup.index("<body>")
    assert markup.index("EXERCISE", body) - body < 60
    assert markup.count("<span>EXERCISE</span>") == 12
    assert '@top-center { content: "EXERCISE"' in markup
    assert "<title>EXERCISE: flight NK-2022-10-03-01" in markup


def test_headings_stand_in_order_and_pictures_say_what_they_show(markup: str) -> None:
    page = Page(markup)
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 2 for before, after in zip(levels, levels[1:], strict=False))
    for drawing in re.findall(r"<svg[^>]*>", markup):
        assert "aria-labelledby=" in drawing or 'aria-hidden="true"' in drawing
    named = re.findall(r'aria-labelledby="([^"]+)"', markup)
    for name in " ".join(named).split():
        assert markup.count(f'id="{name}"') == 1


def test_every_table_has_headings_for_rows_and_columns(markup: str) -> None:
    for table in re.findall(r"<table.*?</table>", markup, flags=re.DOTALL):
        assert 'scope="col"' in table
        assert 'scope="row"' in table


def test_what_is_made_up_is_said_before_the_first_picture(markup: str) -> None:
    assert markup.index("What is made up here") < markup.index("<figure")
    assert "inputs: that they agree proves nothing" in markup


def test_the_words_are_those_of_the_terminal(markup: str) -> None:
    text = Page(markup).text
    assert "EXERCISE  US-1/W0001 issued v1: IRBM (52 %), launched" in text
    assert "expired: the predicted time passed, no sensor saw it come down" in text
    assert "predicted, not observed" in text


def test_figures_and_faults_stand_in_tables(markup: str) -> None:
    text = Page(markup).text
    assert "34 s TOO LATE" in text
    assert "launch, sensors" in text
    assert "± " in text
    assert "11.4 ms" in text


def test_hostile_names_stay_text(report: DemoReport, coastlines: Coastlines) -> None:
    warning = replace(made_up_versions(KR)[0], warning_id=HOSTILE, caveats=(HOSTILE,))
    place = PlaceOutcome(
        place=HOSTILE,
        nation=JP,
        latitude_deg=40.0,
        longitude_deg=140.0,
        first_warning_s=None,
        passage_s=None,
        verdict="not reached",
        cause=HOSTILE,
    )
    hostile = msgspec.structs.replace(
        report,
        flight=msgspec.structs.replace(report.flight, id=HOSTILE, site=HOSTILE, source=HOSTILE),
        places=(place,),
        warnings=(NationWarnings(nation=KR, versions=(warning,)),),
    )
    markup = report_html(hostile, coastlines)
    page = Page(markup)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert "\x1b" not in markup
    assert HOSTILE.replace("\x1b", "?") in page.text


def test_a_report_without_anything_is_still_a_page(
    report: DemoReport, coastlines: Coastlines
) -> None:
    text = Page(report_html(bare(report), coastlines)).text
    assert text.count("Nothing to show.") >= 5
    assert "NOT ALL HOLD" in text
    assert "no figures" in text
    assert "nobody stated one" in text


def test_a_track_over_the_date_line_and_the_pole_draws_no_line_across_the_map(
    report: DemoReport, coastlines: Coastlines
) -> None:
    """Steps of the true track stay short on the page wherever it flies."""
    latitudes = [60.0 + 3.0 * n for n in range(10)] + [87.0 - 3.0 * n for n in range(10)]
    longitudes = [175.0] * 10 + [-5.0] * 10
    track = tuple(
        TruthSample(
            time_s=60.0 * n,
            latitude_deg=latitude,
            longitude_deg=longitude,
            altitude_km=50.0 * min(n, 19 - n),
            burning=n < 3,
        )
        for n, (latitude, longitude) in enumerate(zip(latitudes, longitudes, strict=True))
    )
    flown = msgspec.structs.replace(
        bare(report), truth_track=track, sensors=report.sensors, places=report.places
    )
    markup = report_html(flown, coastlines)
    found = re.search(r'<path d="M([^"]*)" class="stroke truth">', markup)
    assert found is not None
    points = [float(value) for value in found.group(1).split()]
    steps = [abs(after - before) for before, after in zip(points, points[2:], strict=False)]
    assert max(steps) < 120.0
    Page(markup)


def test_a_flood_of_versions_is_thinned_and_says_so(
    report: DemoReport, coastlines: Coastlines
) -> None:
    many = tuple(
        replace(version, version=number)
        for number, version in enumerate(made_up_versions(KR) * 30, start=1)
    )
    flooded = msgspec.structs.replace(
        report, warnings=(NationWarnings(nation=KR, versions=many),) * 3
    )
    markup = report_html(flooded, coastlines)
    assert len(markup.encode()) < 1_000_000
    assert "versions between these are left out here" in markup
