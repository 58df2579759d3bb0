"""The demo's results as rows of words, for the terminal and for the page alike."""

from dataclasses import dataclass

from bongsu.console.demo_report import (
    Delay,
    DemoReport,
    NodeVerification,
    PlaceOutcome,
)
from bongsu.console.measures import (
    duration_text,
    elapsed_seconds_text,
    place_deg_text,
)
from bongsu.console.safe_text import safe_text

NO_FIGURE = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTable:
    """`numeric` columns stand to the right; a cell may have several lines."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    alarm_rows: frozenset[int] = frozenset()
    note: str = ""


def delay_table(report: DemoReport) -> ResultTable:
    """Milliseconds at the median and at the 99th percentile."""
    own = report.latency_ms.plot_to_own_warning
    rows = [_delay_row("plot to own warning on disk", own.p50, own.p99, own.count)]
    for link in report.latency_ms.own_record_to_partner:
        way = f"record of {safe_text(link.sender)} to {safe_text(link.reader)}, verified"
        rows.append(_delay_row(way, link.p50, link.p99, link.count))
    return ResultTable(
        title="Delays in unscaled milliseconds",
        columns=("from, to", "p50", "p99", "count"),
        rows=tuple(rows),
        numeric=frozenset({1, 2, 3}),
    )


def _delay_row(way: str, p50: float | None, p99: float | None, count: int) -> tuple[str, ...]:
    return way, milliseconds_text(p50), milliseconds_text(p99), f"{count:,}"


def milliseconds_text(value: float | None) -> str:
    """One decimal; a dash where nothing was counted."""
    return NO_FIGURE if value is None else f"{value:,.1f}"


def delay_text(delay: Delay) -> str:
    """`p50 11.4 ms, p99 28.9 ms`."""
    return f"p50 {milliseconds_text(delay.p50)} ms, p99 {milliseconds_text(delay.p99)} ms"


def feed_table(report: DemoReport) -> ResultTable:
    """Records of each feed."""
    return ResultTable(
        title="Records of each feed",
        columns=("from", "to", "sent", "received", "lost"),
        rows=tuple(
            (
                safe_text(feed.sender),
                safe_text(feed.reader),
                f"{feed.sent:,}",
                f"{feed.received:,}",
                f"{feed.lost:,}",
            )
            for feed in report.feeds
        ),
        numeric=frozenset({2, 3, 4}),
        alarm_rows=frozenset(n for n, feed in enumerate(report.feeds) if feed.lost),
    )


def verification_table(report: DemoReport) -> ResultTable:
    """What checking each node's whole log gave."""
    return ResultTable(
        title="Every feed's chain and every signature, checked: "
        + ("all hold" if report.verified else "NOT ALL HOLD"),
        columns=("node", "result", "records", "entries", "heads", "receipts", "signatures"),
        rows=tuple(_verification_row(result) for result in report.verification),
        numeric=frozenset(range(2, 7)),
        alarm_rows=frozenset(n for n, r in enumerate(report.verification) if not r.verified),
    )


def _verification_row(result: NodeVerification) -> tuple[str, ...]:
    bad = f"BAD: {safe_text(result.first_bad)}" if result.first_bad else "DOES NOT HOLD"
    counts = (result.records, result.entries, result.heads, result.receipts, result.signatures)
    words = "holds" if result.verified else bad
    return (safe_text(result.node), words, *(f"{count:,}" for count in counts))


def place_table(report: DemoReport) -> ResultTable:
    """Whether a warning came before the passage or impact at each place."""
    return ResultTable(
        title="Warned before it passed?",
        columns=("place", "nation", "first warning", "passage", "time between", "verdict"),
        rows=tuple(_place_row(place) for place in report.places),
        numeric=frozenset({2, 3, 4}),
        alarm_rows=frozenset(
            n for n, place in enumerate(report.places) if place.verdict in ("late", "no warning")
        ),
        note="Passage is the true one; a late warning is shown with its cause.",
    )


def _place_row(place: PlaceOutcome) -> tuple[str, ...]:
    cause = f": {safe_text(place.cause)}" if place.cause else ""
    return (
        safe_text(place.place),
        safe_text(place.nation),
        _seconds_text(place.first_warning_s),
        _seconds_text(place.passage_s),
        _between_text(place),
        f"{place.verdict}{cause}",
    )


def _seconds_text(seconds: float | None) -> str:
    return NO_FIGURE if seconds is None else elapsed_seconds_text(seconds)


def _between_text(place: PlaceOutcome) -> str:
    if place.first_warning_s is None or place.passage_s is None:
        return NO_FIGURE
    ahead_s = place.passage_s - place.first_warning_s
    return duration_text(ahead_s) if ahead_s >= 0 else f"{duration_text(-ahead_s)} TOO LATE"


def withheld_table(report: DemoReport) -> ResultTable:
    """Fields that the agreed guideline closed."""
    return ResultTable(
        title="Fields withheld under the guideline",
        columns=("from", "to", "fields"),
        rows=tuple(
            (
                safe_text(entry.sender),
                safe_text(entry.reader),
                ", ".join(safe_text(name) for name in entry.fields) or NO_FIGURE,
            )
            for entry in report.withheld
        ),
    )


def refused_table(report: DemoReport) -> ResultTable:
    """Input that was refused, and why."""
    return ResultTable(
        title="Refused input",
        columns=("nation", "reason", "count"),
        rows=tuple(
            (safe_text(entry.nation), safe_text(entry.reason), f"{entry.count:,}")
            for entry in report.refused
        ),
        numeric=frozenset({2}),
    )


def sensor_table(report: DemoReport) -> ResultTable:
    """The made-up sensors."""
    return ResultTable(
        title="Sensors (made up)",
        columns=("sensor", "nation", "kind", "place", "first plot", "in sight"),
        rows=tuple(
            (
                safe_text(sensor.sensor_id),
                safe_text(sensor.nation),
                sensor.kind.value,
                place_deg_text(sensor.latitude_deg, sensor.longitude_deg, digits=1),
                _seconds_text(sensor.first_plot_s),
                ", ".join(
                    f"{elapsed_seconds_text(span.from_s)} to {elapsed_seconds_text(span.to_s)}"
                    for span in sensor.in_sight[:6]
                )
                or NO_FIGURE,
            )
            for sensor in report.sensors
        ),
        numeric=frozenset({4}),
    )
