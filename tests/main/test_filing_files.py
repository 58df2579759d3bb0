"""Files in which people file: degrees and dates, every field stated, what is wrong is named."""

from math import radians
from pathlib import Path

import pytest

from bongsu.console.record_words import field_lines
from bongsu.main.filing_files import read_filing
from bongsu.vocabulary.errors import LocalMisuse

NOTICE = """
kind = "launch_notice"
notice_id = "N1"
action = "filed"
filed_by = "Aland"
filed_at = 2026-01-01T00:00:00Z
vehicle = "satellite launch vehicle"
window_from = 2026-01-02T00:00:00+09:00
window_to = 2026-01-03T00:00:00Z
remark = ""

[launch_area]
name = "the site"
corners_deg = [[40.0, 126.0], [40.0, 127.0], [41.0, 127.0]]

[[impact_areas]]
name = "first stage"
corners_deg = [[35.0, 125.0], [35.0, 126.0], [36.0, 126.0]]
"""
REPORT = """
kind = "intelligence_report"
report_id = "R1"
action = "filed"
observed_from = 2026-01-01T00:00:00Z
observed_to = 2026-01-01T01:00:00Z
source_kind = "open sources"
confidence = "low"
above_line = "whole"
below_line = "substance"
derived_from = []
"""


def filing(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "filing.toml"
    path.write_text(text)
    return path


def test_a_notice_is_read_into_the_vocabularys_units(tmp_path: Path) -> None:
    read = read_filing(filing(tmp_path, NOTICE))
    assert read["kind"] == "launch_notice"
    stated = read["stated"]
    assert isinstance(stated, dict)
    assert stated["window_from"] == 1_767_279_600 * 10**9  # 00:00 in Seoul is 15:00Z before
    assert stated["launch_area"]["points"][2] == {
        "latitude_rad": radians(41.0),
        "longitude_rad": radians(127.0),
    }
    assert len(stated["impact_areas"]) == 1
    assert "kind" not in stated


def test_a_report_may_have_an_area_or_none_and_names_records_by_their_ids(tmp_path: Path) -> None:
    read = read_filing(filing(tmp_path, REPORT.replace("[]", f'["{"ab" * 32}"]')))
    stated = read["stated"]
    assert isinstance(stated, dict)
    assert stated["area"] is None
    assert stated["derived_from"] == [bytes.fromhex("ab" * 32)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NOTICE.replace('filed_by = "Aland"\n', ""), "filed_by"),
        (NOTICE.replace('kind = "launch_notice"\n', ""), "kind"),
        (NOTICE.replace("launch_notice", "launch_warning"), "kind"),
        (NOTICE.replace("[40.0, 126.0]", "[140.0, 126.0]"), "90"),
        (NOTICE.replace("2026-01-01T00:00:00Z", "2026-01-01T00:00:00"), "timezone"),
        (NOTICE + "aim_point = 1\n", "aim_point"),
        (REPORT.replace('"low"', '"certain"'), "confidence"),
        (REPORT.replace("[]", '["ab"]'), "derived_from"),
        ("kind = ", "filing.toml"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(LocalMisuse, match=why):
        read_filing(filing(tmp_path, text))


def test_fields_are_shown_in_degrees_and_dates() -> None:
    lines = dict(
        field_lines(
            {
                "launch": {"point": {"latitude_rad": radians(40.5)}, "at": 1_767_279_600 * 10**9},
                "version": 2,
                "areas": [{"name": "a"}],
                "sensors": ["KR-RADAR-1", "KR-RADAR-2"],
                "impact": None,
                "derived_from": [],
                "sigma_time_s": 1234.5,
            }
        )
    )
    assert lines == {
        "launch.point.latitude_deg": "40.5000",
        "launch.at": "2026-01-01T15:00:00Z",
        "version": "2",
        "areas.0.name": "a",
        "sensors": "KR-RADAR-1, KR-RADAR-2",
        "impact": "none",
        "derived_from": "none",
        "sigma_time_s": "1,234.500",
    }
