"""The page's first lines: which flight, what came of it in six figures, what is made up."""

from collections.abc import Iterator

from bongsu.console.demo_report import DemoReport, Estimate
from bongsu.console.html_text import Html, element, joined
from bongsu.console.measures import date_text, elapsed_seconds_text, length_km_text, place_deg_text
from bongsu.console.result_tables import milliseconds_text
from bongsu.vocabulary.units import seconds_between


def heading(report: DemoReport) -> Html:
    """Title, place and date, and the published figures."""
    flight = report.flight
    place = place_deg_text(flight.latitude_deg, flight.longitude_deg)
    return element(
        "header",
        element("p", "Bongsu · launch warning between allied nations", class_="kicker"),
        element("h1", f"Flight {flight.id}"),
        element(
            "p",
            f"{flight.site} ({place}), {date_text(report.scenario.launched_at_utc_ns)}. "
            f"Published: {_published(report)}.",
            class_="lead",
        ),
    )


def _published(report: DemoReport) -> str:
    flight = report.flight
    parts = [
        flight.object_class,
        None if flight.apogee_km is None else f"apogee {flight.apogee_km:,g} km",
        None if flight.range_km is None else f"range {flight.range_km:,g} km",
        None if flight.flight_time_min is None else f"flight time {flight.flight_time_min:g} min",
    ]
    return ", ".join(part for part in parts if part) or "no figures"


def made_up(report: DemoReport) -> Html:
    """What nobody may take for a fact."""
    scenario = report.scenario
    return element(
        "aside",
        element("h2", "What is made up here"),
        element(
            "p",
            "The true flight is a model's, not a recording. It was fitted to the published "
            "apogee and range, which are therefore inputs: that they agree proves nothing. The "
            "published flight time was not an input; it is compared. Sites and figures of all "
            "sensors are generic and made up. No tracker ever read the truth.",
        ),
        element(
            "p",
            f"Seed {scenario.seed}, {scenario.speed:.3g} scenario seconds per second. Delays are "
            "real, measured on the machine that ran the demo.",
            class_="small",
        ),
        class_="made-up",
    )


def cards(report: DemoReport) -> Html:
    """Six figures to read first."""
    cells = [
        element(
            "div", element("dt", name), element("dd", value, element("small", under)), class_="card"
        )
        for name, value, under in _figures(report)
    ]
    return element("dl", *cells, class_="cards")


def _figures(report: DemoReport) -> Iterator[tuple[str, str, str]]:
    yield _first_warning(report)
    yield _impact_area(report)
    own = report.latency_ms.plot_to_own_warning
    under = f"at the median; p99 {milliseconds_text(own.p99)} ms"
    yield "Plot to own warning", f"{milliseconds_text(own.p50)} ms", under
    yield _partner_delay(report)
    sent, lost = sum(f.sent for f in report.feeds), sum(f.lost for f in report.feeds)
    yield "Records lost", f"{lost:,}", f"of {sent:,} sent over {len(report.feeds)} feeds"
    holds = "all hold" if report.verified else "NOT ALL HOLD"
    checked = sum(result.signatures for result in report.verification)
    yield "Chains and signatures", holds, f"{checked:,} signatures checked"


def _first_warning(report: DemoReport) -> tuple[str, str, str]:
    firsts = [nation.versions[0] for nation in report.warnings if nation.versions]
    if not firsts:
        return "First warning", "none", "nobody stated one"
    first = min(firsts, key=lambda version: version.stated_at)
    elapsed_s = seconds_between(first.stated_at, report.scenario.launched_at_utc_ns)
    return "First warning", elapsed_seconds_text(elapsed_s), f"after launch, by {first.nation}"


def _impact_area(report: DemoReport) -> tuple[str, str, str]:
    name = "Impact, 60 s after burnout"
    stated = [
        estimate
        for row in report.comparison
        if row.quantity == "impact point"
        for estimate in row.estimates
        if estimate.at == "burnout + 60 s"
        if estimate.ellipse is not None
    ]
    if not stated:
        return name, "none", "nobody stated one"
    best = min(stated, key=_semi_major)
    error = "" if best.error is None else f"; off by {length_km_text(1e3 * best.error)}"
    return name, f"{_axes(best)} km", f"semi-axes at 95 %, {best.nation}{error} km"


def _semi_major(estimate: Estimate) -> float:
    return estimate.ellipse.semi_major_km if estimate.ellipse else float("inf")


def _axes(estimate: Estimate) -> str:
    ellipse = estimate.ellipse
    if ellipse is None:
        return "none"
    axes = (ellipse.semi_major_km, ellipse.semi_minor_km)
    return " × ".join(length_km_text(1e3 * axis) for axis in axes)


def _partner_delay(report: DemoReport) -> tuple[str, str, str]:
    links = [link for link in report.latency_ms.own_record_to_partner if link.p50 is not None]
    name = "Record to partner, verified"
    if not links:
        return name, "none", "nothing was counted"
    slowest = max(links, key=lambda link: link.p50 or 0.0)
    way = f"{slowest.sender} to {slowest.reader}, the slowest way"
    p99 = milliseconds_text(slowest.p99)
    return name, f"{milliseconds_text(slowest.p50)} ms", f"at the median; p99 {p99} ms ({way})"


def footer(report: DemoReport) -> Html:
    """Where the published figures come from."""
    source = report.flight.source
    return element(
        "footer",
        element("p", f"Published figures: {source}." if source else None),
        element("p", joined((report.banner, ". Map data: Natural Earth, public domain."))),
    )
