import json
from pathlib import Path

import pytest
from click import unstyle
from click.testing import CliRunner

from bongsu.main.commands.flight import flight
from bongsu.main.program import bongsu
from bongsu.vocabulary.errors import LocalMisuse

HEADER = "id,date_utc,site,lat,lon,type,class,apogee_km,range_km,flight_time_min,outcome,source"
CLAIMS = f"""{HEADER}
KCNA,2022-03-24T05:34Z,Sunan,39.2,125.67,Hwasong-17,ICBM,6248.5,1090,67.5,success; bearing=65,KCNA
MoD,2022-03-24T05:34Z,Sunan,39.2,125.67,Hwasong-15,ICBM,6200,1080-1100,71,success; bearing=65,MoD
GLIDE,2022-01-10,Sunan,39.2,125.67,Unknown,HGV,60,1000,,success; bearing=80,JCS
[red]OPEN,2022-01-10,Sunan,39.2,125.67,Unknown,Unknown,,,30,success,JCS
"""


@pytest.fixture
def claims(tmp_path: Path) -> str:
    path = tmp_path / "claims.csv"
    path.write_text(CLAIMS, encoding="utf-8")
    return str(path)


NARROW = {"FORCE_COLOR": "1", "COLUMNS": "80"}


def run(*arguments: str, env: dict[str, str] | None = None) -> str:
    result = CliRunner().invoke(flight, arguments, env=env, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_claims_come_out_as_json_with_floor_verdict_and_reason(claims: str) -> None:
    answers = json.loads(run("check", claims, "--json"))
    assert [set(answer) for answer in answers] == [
        {"id", "flight_time_min", "ballistic_floor_min", "verdict", "reason"}
    ] * 4
    verdicts = {answer["id"]: answer["verdict"] for answer in answers}
    assert verdicts == {
        "KCNA": "impossible",
        "MoD": "consistent",
        "GLIDE": "not_ballistic",
        "[red]OPEN": "incomplete",
    }
    assert answers[0]["flight_time_min"] == 67.5
    assert answers[0]["ballistic_floor_min"] == pytest.approx(68.3, abs=0.1)
    assert answers[3]["ballistic_floor_min"] is None


def test_the_table_shows_the_words_of_the_file_and_counts_every_verdict(claims: str) -> None:
    output = run("check", claims)
    assert "[red]OPEN" in output
    assert "1 consistent, 0 doubtful, 1 impossible, 1 not_ballistic, 1 incomplete" in output
    assert "67.5" in output


def test_only_the_verdicts_that_were_asked_for_are_shown(claims: str) -> None:
    answers = json.loads(run("check", claims, "--json", "--only", "impossible"))
    assert [answer["id"] for answer in answers] == ["KCNA"]


def test_without_a_file_the_published_list_is_checked() -> None:
    answers = json.loads(run("check", "--json", "--only", "consistent", "--only", "doubtful"))
    assert "NK-2022-10-03-01" in {answer["id"] for answer in answers}


def test_the_published_list_is_listed() -> None:
    listed = json.loads(run("list", "--json"))
    over_japan = next(one for one in listed if one["id"] == "NK-2022-10-03-01")
    assert (over_japan["apogee_km"], over_japan["flight_time_min"]) == (970.0, 22.0)
    assert over_japan["source"]
    output = run("list")
    assert "NK-2022-10-03-01" in output
    assert "268 flights" in output


def test_a_narrow_terminal_still_shows_verdict_and_reason(claims: str) -> None:
    output = run("check", claims, env=NARROW)
    assert max(len(line) for line in unstyle(output).splitlines()) <= 80
    assert "floor min" not in output
    assert "below the" in output
    listed = unstyle(run("list", env=NARROW))
    assert "NK-2022-10-03-01" in listed
    assert max(len(line) for line in listed.splitlines()) <= 80


def test_a_missing_file_is_a_misuse_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match="Cannot read"):
        run("check", str(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize("command", ["list", "check"])
def test_help_has_examples(command: str) -> None:
    assert f"bongsu flight {command}" in run(command, "--help")


def test_the_program_knows_the_command() -> None:
    result = CliRunner().invoke(bongsu, ["flight", "--help"])
    assert result.exit_code == 0
    assert "check claims about them" in result.output
