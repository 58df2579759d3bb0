"""The final tables."""

import io

import msgspec
import pytest
from rich.console import Console
from tests.console.made_up_flight import JP, KR, US

from bongsu.console.comparison_tables import comparison_tables
from bongsu.console.demo_report import (
    ComparisonRow,
    DemoReport,
    Estimate,
    FeedCount,
    NodeVerification,
    PlaceOutcome,
)
from bongsu.console.result_tables import (
    delay_table,
    delay_text,
    feed_table,
    place_table,
    sensor_table,
    verification_table,
)
from bongsu.console.tables import print_tables
from bongsu.vocabulary.units import NodeId


def printed(report: DemoReport, *, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as capture:
        print_tables(report, console=console)
    return capture.get()


@pytest.mark.parametrize("width", [80, 120])
def test_the_tables_fit_and_carry_the_marking(report: DemoReport, width: int) -> None:
    text = printed(report, width=width)
    assert text.startswith(" EXERCISE   flight NK-2022-10-03-01")
    assert max(len(line) for line in text.split("\n")) <= width
    assert "40.61N 126.43E" in text


def test_inputs_are_called_inputs_and_the_flight_time_is_compared(report: DemoReport) -> None:
    titles = [table.title for table in comparison_tables(report)]
    assert titles[0] == "Apogee: truth 970.4 km; published 970 km (an input)"
    assert titles[2] == "Flight time: truth 21.88 min; published 22 min (compared, not an input)"
    assert "The truth and all sensors are made up." in " ".join(printed(report, width=200).split())


def test_a_nation_without_an_estimate_has_a_dash_there(report: DemoReport) -> None:
    apogee = comparison_tables(report)[0]
    assert apogee.rows[0][:3] == ("KR", "-", "-")
    assert "+-" in apogee.rows[0][3]
    assert "\noff " in apogee.rows[0][3]


def test_an_uncertainty_is_never_shown_as_zero(report: DemoReport) -> None:
    estimate = Estimate(nation=KR, at="end", value=21.884, stated_sigma=0.002, error=-0.0001)
    row = ComparisonRow(quantity="flight time", unit="min", estimates=(estimate,))
    (table,) = comparison_tables(msgspec.structs.replace(report, comparison=(row,)))
    assert table.title == "Flight time: truth not known"
    assert table.rows[0][-1] == "21.884 +-0.002\noff 0.000"


def test_places_show_where_the_ellipse_and_how_far_off(report: DemoReport) -> None:
    launch = comparison_tables(report)[3]
    place, axes, error = launch.rows[1][1].split("\n")
    assert place == "40.61N 126.43E"
    assert axes.endswith(" km")
    assert error.startswith("off ")


def test_a_lost_record_stands_out(report: DemoReport) -> None:
    lost = FeedCount(sender=KR, reader=US, sent=9, received=8, lost=1)
    table = feed_table(msgspec.structs.replace(report, feeds=(*report.feeds, lost)))
    assert table.alarm_rows == {len(report.feeds)}
    assert feed_table(report).alarm_rows == set()


def test_a_bad_byte_is_named(report: DemoReport) -> None:
    bad = NodeVerification(
        nation=JP,
        node=NodeId("JP-1"),
        verified=False,
        records=1,
        entries=1,
        heads=1,
        receipts=1,
        signatures=1,
        first_bad="feed KR to JP, entry 7, disclosure launch, bytes 120 to 152",
    )
    unnamed = msgspec.structs.replace(bad, first_bad=None)
    changed = msgspec.structs.replace(report, verified=False, verification=(bad, unnamed))
    table = verification_table(changed)
    assert "NOT ALL HOLD" in table.title
    assert table.rows[0][1].startswith("BAD: feed KR to JP, entry 7")
    assert table.rows[1][1] == "DOES NOT HOLD"
    assert "all hold" in verification_table(report).title


def test_q16_a_late_warning_is_flagged_with_its_cause(report: DemoReport) -> None:
    table = place_table(report)
    assert table.alarm_rows == {1}
    assert table.rows[0][4:] == ("4 min 50 s", "in time")
    assert table.rows[1][4] == "34 s TOO LATE"
    assert table.rows[1][5] == "late: the first fan did not reach it"


def test_q18_a_place_without_a_warning_is_flagged(report: DemoReport) -> None:
    place = PlaceOutcome(
        place="Sado",
        nation=JP,
        latitude_deg=38.0,
        longitude_deg=138.4,
        first_warning_s=None,
        passage_s=400.0,
        verdict="no warning",
    )
    table = place_table(msgspec.structs.replace(report, places=(place,)))
    assert table.alarm_rows == {0}
    assert table.rows[0][2:5] == ("-", "T+06:40", "-")


def test_what_was_not_counted_is_a_dash(report: DemoReport) -> None:
    none = msgspec.structs.replace(report.latency_ms.plot_to_own_warning, p50=None, p99=None)
    latency = msgspec.structs.replace(report.latency_ms, plot_to_own_warning=none)
    table = delay_table(msgspec.structs.replace(report, latency_ms=latency))
    assert table.rows[0][1:] == ("-", "-", "131")
    assert delay_text(report.latency_ms.plot_to_own_warning) == "p50 11.4 ms, p99 28.9 ms"


def test_sensors_are_called_made_up(report: DemoReport) -> None:
    table = sensor_table(report)
    assert table.title == "Sensors (made up)"
    assert table.rows[1][2] == "infrared"
    assert table.rows[1][5] == "T+00:43 to T+02:25"
