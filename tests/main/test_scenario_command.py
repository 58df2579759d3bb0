import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bongsu.console.measures import utc_text
from bongsu.main import run
from bongsu.main.commands.scenario import scenario
from bongsu.vocabulary.units import UtcNs


def output(*arguments: str) -> str:
    result = CliRunner().invoke(scenario, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture(scope="module")
def example() -> str:
    return output("example")


def test_the_demo_scenario_is_checked_and_says_that_it_is_an_exercise() -> None:
    text = output("check")
    assert text.startswith("EXERCISE")
    assert "Links: KR - US, US - JP" in text
    for word in ("NK-2022-10-03-01", "KR-RADAR-1", "stage 1", "Hakodate", "overflight"):
        assert word in text


def test_the_example_is_a_scenario_that_passes_its_own_check(tmp_path: Path, example: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(example)
    summary = json.loads(output("check", str(file), "--json"))
    assert summary == json.loads(output("check", "--json"))
    assert summary["realm"] == "exercise"
    assert summary["start_utc"] == "2022-10-03T22:21:30Z"
    [flight] = summary["flights"]
    assert flight["apogee_km"] == pytest.approx(970.0, rel=5e-3)
    first = {one["id"]: one["in_sight"][0]["intervals_s"][0][0] for one in summary["sensors"]}
    assert min(first, key=lambda sensor: float(first[sensor])) == "US-IR-1"
    assert {one["outcome"] for one in summary["places"]} == {"overflight", "not reached"}


def test_another_published_flight_and_seed_may_be_put_into_it() -> None:
    text = output("check", "--flight", "NK-2014-02-27-01", "--seed", "3")
    assert "NK-2014-02-27-01" in text
    assert "(seed 3)" in text
    assert "nothing" in text  # that short flight stays below a horizon


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("sigma_range_m = 30.0", "sigma_range_m = nan"), "sensors[0].sigma_range_m"),
        (('realm = "exercise"', 'realm = "live"'), "realm is 'live'"),
        (("EXERCISE: a published", "A published"), "does not say EXERCISE"),
    ],
)
def test_a_bad_scenario_file_is_one_clear_line_and_exit_code_2(
    change: tuple[str, str],
    what: str,
    tmp_path: Path,
    example: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(example.replace(*change))
    monkeypatch.setattr(sys, "argv", ["bongsu", "scenario", "check", str(file)])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2
    message = capsys.readouterr().err
    assert what in message
    assert message.count("\n") == 1


def test_an_instant_is_written_in_utc_cut_to_the_second() -> None:
    assert utc_text(UtcNs(1_664_835_690_999_999_999)) == "2022-10-03T22:21:30Z"
