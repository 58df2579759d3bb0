"""The report as JSON."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest

from bongsu.console.demo_report import Delay, DemoReport
from bongsu.console.report_json import report_json, utc_text
from bongsu.vocabulary.units import UtcNs


@pytest.fixture(scope="module")
def contents(report: DemoReport) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(report_json(report))
    return loaded


def test_the_marking_comes_first_and_the_agreed_names_are_there(contents: dict[str, Any]) -> None:
    assert next(iter(contents)) == "banner"
    assert contents["banner"] == "EXERCISE"
    assert contents["realm"] == "exercise"
    assert contents["flight"]["id"] == "NK-2022-10-03-01"
    assert contents["flight"]["class"] == "IRBM"
    assert contents["verified"] is True
    assert {"from", "to", "sent", "received", "lost"} == set(contents["feeds"][0])
    own = contents["latency_ms"]["plot_to_own_warning"]
    assert own == {"p50": 11.4, "p99": 28.9, "count": 131}
    assert {"from", "to", "p50", "p99", "count"} == set(
        contents["latency_ms"]["own_record_to_partner"][0]
    )


def test_published_figures_name_their_role(contents: dict[str, Any]) -> None:
    roles = {row["quantity"]: row["published_role"] for row in contents["comparison"]}
    assert roles == {
        "apogee": "input",
        "range": "input",
        "flight time": "compared",
        "launch point": None,
        "impact point": None,
    }


def test_warnings_are_in_degrees_and_km_with_their_words(contents: dict[str, Any]) -> None:
    version = contents["warnings"][0]["versions"][-1]
    assert version["action"] == "ended"
    assert version["end_reason"] == "expired"
    assert version["words"].startswith("EXERCISE  KR-1/W0001 ended")
    assert version["launch"]["latitude_deg"] == pytest.approx(40.61, abs=0.02)
    assert version["predicted_impact"]["ellipse"]["semi_major_km"] == pytest.approx(2.64, abs=0.01)
    early = contents["warnings"][0]["versions"][0]
    assert early["predicted_impact"] is None
    assert early["fan"]["half_width_deg"] == pytest.approx(9.0)
    assert contents["scenario"]["launched_at_utc"] == "2022-10-03T22:22:00.000Z"


def test_no_name_carries_radians_or_metres(contents: dict[str, Any]) -> None:
    text = json.dumps(contents)
    assert "_rad" not in text
    assert '_m"' not in text


def test_numpys_numbers_become_ordinary_ones(report: DemoReport) -> None:
    numbers: dict[str, Any] = {"p50": np.float64(1.5), "p99": np.float32(2.5), "count": np.int64(3)}
    own = Delay(**numbers)
    latency = msgspec.structs.replace(report.latency_ms, plot_to_own_warning=own)
    loaded = json.loads(report_json(msgspec.structs.replace(report, latency_ms=latency)))
    assert loaded["latency_ms"]["plot_to_own_warning"] == {"p50": 1.5, "p99": 2.5, "count": 3}


def test_a_value_of_another_kind_is_refused(report: DemoReport) -> None:
    feeds: Any = (object(),)
    with pytest.raises(NotImplementedError, match="object has no place in the report"):
        report_json(msgspec.structs.replace(report, feeds=feeds))


def test_utc_is_written_to_the_millisecond() -> None:
    assert utc_text(UtcNs(1_664_835_724_987_654_321)) == "2022-10-03T22:22:04.987Z"
