"""`bongsu simulate` as people and scripts call it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bongsu.adapters.simulated.seed_results import Broken, Federation, SeedLine, SeedResults
from bongsu.main.commands.simulate import simulate
from bongsu.main.simulation import seeds
from bongsu.vocabulary.errors import LocalMisuse

SHORT = ("--hours", "0.01")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(simulate, [*SHORT, *arguments], env={"COLUMNS": "200"})


def test_one_seed_is_run_and_reported(tmp_path: Path) -> None:
    done = run("--seed", "5", "--json", str(tmp_path / "report.json"))
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("EXERCISE  1 seed, marked cryptography, 0.0")
    for words in ("messages delivered", "faults injected", "nothing is lost", "digest"):
        assert words in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Everything held.")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["seeds"] == 1
    assert report["events"] == report["messages"] + report["disk_groups"] + report["timers"]
    assert report["failed"] == []


def test_seeds_that_are_in_the_results_file_are_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = str(tmp_path / "results.jsonl")
    assert run("--seeds", "5-6", "--results", results).exit_code == 0
    ran: list[int] = []
    real = seeds.run_seed

    def counted(seed: int, asked: Federation) -> SeedLine:
        ran.append(seed)
        return real(seed, asked)

    monkeypatch.setattr(seeds, "run_seed", counted)
    done = run("--seeds", "5-7", "--results", results)
    assert done.exit_code == 0
    assert ran == [7]
    assert "3 seeds" in done.stdout
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 3


def test_a_line_cut_off_by_a_kill_is_dropped_and_its_seed_run_again(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    assert run("--seeds", "5-6", "--results", str(path)).exit_code == 0
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert run("--seeds", "5-6", "--results", str(path)).exit_code == 0
    digests = [json.loads(line)["digest"] for line in path.read_text().splitlines()]
    assert digests == [json.loads(line)["digest"] for line in whole.splitlines()]


def test_a_failed_seed_ends_with_1_and_the_command_that_shows_it_again(
    tmp_path: Path,
) -> None:
    results = tmp_path / "results.jsonl"
    asked = Federation(hours=0.01, nations=4, cryptography="real")
    line = seeds.run_seed(5, Federation(hours=0.01, nations=4, cryptography="marked"))
    broken = Broken(invariant="nothing is lost", what="KR-1 lacks it", at_s=12.5)
    known = {name: getattr(line, name) for name in SeedLine.__struct_fields__}
    SeedResults(results, asked).add(SeedLine(**{**known, "asked": asked, "broken": broken}))
    done = run("--seed", "5", "--nations", "4", "--cryptography", "real", "--results", str(results))
    assert done.exit_code == 1
    assert "FAILED: 1 seed" in done.stdout
    assert "seed 5 at 12.500 s: nothing is lost" in done.stdout
    assert "bongsu simulate --seed 5 --hours 0.01 --nations 4 --cryptography real" in done.stdout


def test_results_of_other_federations_are_not_mixed_in(tmp_path: Path) -> None:
    results = str(tmp_path / "results.jsonl")
    assert run("--seed", "5", "--results", results).exit_code == 0
    done = run("--seed", "5", "--nations", "3", "--results", results)
    assert isinstance(done.exception, LocalMisuse)
    assert "Name another file" in str(done.exception)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not ours\n")
    done = run("--seed", "5", "--results", str(tmp_path / "notes.txt"))
    assert isinstance(done.exception, LocalMisuse)
    assert "line 1" in str(done.exception)


@pytest.mark.parametrize("wrong", ["7", "9-3", "a-b", "1-999999999", "-1-2"])
def test_a_range_that_is_none_is_refused_in_words(wrong: str) -> None:
    done = run("--seeds", wrong)
    assert done.exit_code == 2
    assert "Error" in done.output


def test_a_seed_and_a_range_together_are_refused() -> None:
    assert run("--seed", "1", "--seeds", "1-2").exit_code == 2
