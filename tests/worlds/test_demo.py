"""`bongsu demo` as a newcomer runs it: real processes, a short published flight, a fast clock."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

SHORT_FLIGHT = "NK-2014-02-27-01"
SPEED = "40"
WITHIN_S = 120
SEES = "EXERCISE: what "


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


def test_with_a_console_each_nations_page_stays_when_the_flight_is_over(tmp_path: Path) -> None:
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "bongsu", "demo", "--console"),
            *("--flight", SHORT_FLIGHT, "--speed", "20", "--report", str(tmp_path)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        try:
            assert run.stdout is not None
            lines = iter(run.stdout.readline, "")
            pages = dict(next(lines).removeprefix(SEES).split(" sees: ") for _ in range(3))
            assert set(pages) == {"KR", "US", "JP"}
            assert any("the pages stay; Ctrl-C ends them" in line for line in lines)
            for nation, page in pages.items():
                assert f"{nation}-1" in _page_of(page.strip())
            run.send_signal(signal.SIGINT)
            assert run.wait(WITHIN_S) == 0
        finally:
            run.kill()


def _page_of(address: str) -> str:
    """The page once its console listens and its node answers again."""
    give_up_at = time.monotonic() + WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=WITHIN_S) as answer:
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < give_up_at
            time.sleep(0.1)
