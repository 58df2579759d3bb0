"""`bongsu demo` as a newcomer runs it: real processes, a short published flight, a fast clock."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

SHORT_FLIGHT = "NK-2014-02-27-01"
SPEED = "40"
WITHIN_S = 120


def test_the_demo_of_a_short_flight_ends_well_and_says_exercise_everywhere(tmp_path: Path) -> None:
    report, page = tmp_path / "report.json", tmp_path / "report" / "report.html"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "bongsu", "demo"),
            *("--flight", SHORT_FLIGHT, "--speed", SPEED),
            *("--report", str(page.parent), "--json", str(report)),
        ],
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    answer = json.loads(report.read_bytes())
    assert answer["flight"]["id"] == SHORT_FLIGHT
    assert answer["comparison"]
    assert answer["verified"] is True
    assert {(feed["from"], feed["to"]) for feed in answer["feeds"]} == {
        (one, other) for one in ("KR", "US", "JP") for other in ("KR", "US", "JP") if one != other
    }
    for feed in answer["feeds"]:
        assert feed["lost"] == 0
        assert feed["sent"] == feed["received"] > 0
    assert answer["latency_ms"]["plot_to_own_warning"]["count"] > 0
    assert "EXERCISE" in json.dumps(answer)
    assert "EXERCISE" in page.read_text(encoding="utf-8")
    lines = [line for line in run.stdout.splitlines() if "  own warning: " in line]
    assert lines
    assert all("EXERCISE" in line for line in lines)
