"""Signing a guideline, and seeing what is in force."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bongsu.adapters.system_clock import SystemClock
from bongsu.main.demo.federation_keys import make_demo_federation
from bongsu.main.program import bongsu
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.units import NationId

OFFICER = "KR-OFFICER-1"


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("federation") / "keys"
    sensors = {NationId(nation): () for nation in ("KR", "US", "JP")}
    make_demo_federation(folder, now=SystemClock().system_utc(), sensors=sensors)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(bongsu, arguments)


def sign(federation: Path, text: Path, out: Path) -> Result:
    keys = federation / "KR" / "officers" / OFFICER
    return run(
        "guideline", "sign", str(text), "--officer", OFFICER, "--keys", str(keys), "--out", str(out)
    )


def test_an_officer_s_signature_takes_its_place_among_those_in_force(
    federation: Path, tmp_path: Path
) -> None:
    trust = federation / "KR" / "trust"
    out = tmp_path / "signed"
    assert sign(federation, trust / "guideline.toml", out).exit_code == 0
    signatures = trust / "guideline.signatures"
    own = (out / "guideline.signatures").read_text()
    others = signatures.read_text().split("-----BEGIN")[2:]
    signatures.write_text(own + "".join(f"-----BEGIN{block}" for block in others))
    shown = run("guideline", "show", str(trust), "--json")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["signed_by"][0] == OFFICER


def test_what_is_withheld_is_shown_with_its_rule(federation: Path) -> None:
    shown = json.loads(run("guideline", "show", str(federation / "JP" / "trust"), "--json").output)
    [rule] = [
        rule
        for rule in shown["rules"]
        if (rule["kind"], rule["of"], rule["to"]) == ("launch_warning", "KR", "JP")
    ]
    assert rule["withheld"] == ["sensors"]
    assert not rule["onward"]


def test_the_table_says_that_all_else_is_refused(federation: Path) -> None:
    shown = run("guideline", "show", str(federation / "KR" / "trust"))
    assert "EXERCISE" in shown.output
    assert "Everything that is not listed is refused." in shown.output
    assert "KR to US is to keep 1000 ms (99 of 100 entries) and 99.900% of what was" in shown.output
    said = json.loads(run("guideline", "show", str(federation / "KR" / "trust"), "--json").output)
    assert len(said["contracts"]) == 6
    assert {rule["delay_s"] for rule in said["rules"]} == {0}


def test_a_text_that_is_no_guideline_is_not_signed(federation: Path, tmp_path: Path) -> None:
    text = tmp_path / "letter.toml"
    text.write_text('id = "X"')
    result = sign(federation, text, tmp_path / "signed")
    assert isinstance(result.exception, BongsuError)
    assert not (tmp_path / "signed").exists()


def test_a_signature_is_never_replaced(federation: Path, tmp_path: Path) -> None:
    text = federation / "KR" / "trust" / "guideline.toml"
    assert sign(federation, text, tmp_path / "signed").exit_code == 0
    again = sign(federation, text, tmp_path / "signed")
    assert isinstance(again.exception, BongsuError)


def test_a_trust_folder_without_a_guideline_releases_nothing(
    federation: Path, tmp_path: Path
) -> None:
    trust = tmp_path / "trust"
    trust.mkdir()
    for path in (federation / "KR" / "trust").glob("*.certificates"):
        (trust / path.name).write_bytes(path.read_bytes())
    result = run("guideline", "show", str(trust))
    assert isinstance(result.exception, BongsuError)
    assert "nothing is released" in str(result.exception)


def test_what_a_new_version_changes_is_shown_in_a_table_in_words_and_as_json(
    federation: Path, tmp_path: Path
) -> None:
    old = federation / "KR" / "trust" / "guideline.toml"
    new = tmp_path / "new.toml"
    text = old.read_text().replace("version = 1", "version = 2", 1)
    new.write_text(text.replace('withhold = ["sensors"]', 'withhold = ["sensors", "launch"]', 1))
    shown = run("guideline", "diff", str(old), str(new))
    assert shown.exit_code == 1
    assert "EXERCISE: DEMO version 1 to DEMO version 2" in shown.output
    assert "JP sees no more launch of KR's launch warnings." in shown.output
    said = json.loads(run("guideline", "diff", str(old), str(new), "--json").output)
    assert (said["from"], said["to"]) == (
        {"id": "DEMO", "version": 1},
        {"id": "DEMO", "version": 2},
    )
    [change] = said["rules"]
    assert (change["of"], change["to"], change["closed"]) == ("KR", "JP", ["launch"])
    same = run("guideline", "diff", str(old), str(old))
    assert same.exit_code == 0
    assert "nobody sees more, less, sooner or later" in same.output


def test_what_a_guideline_withholds_in_vain_is_found_before_anybody_signs(
    federation: Path, tmp_path: Path
) -> None:
    shipped = federation / "KR" / "trust" / "guideline.toml"
    clean = run("guideline", "check", str(shipped))
    assert clean.exit_code == 0, clean.output
    assert "No withheld or delayed field can be told" in clean.output
    leaking = tmp_path / "leaking.toml"
    leaking.write_text(
        shipped.read_text().replace('withhold = ["sensors"]', 'withhold = ["launch"]', 1)
    )
    found = run("guideline", "check", str(leaking))
    assert found.exit_code == 1
    assert (
        "JP can tell launch of KR's launch warnings, which is withheld, from fan of launch warnings"
        in found.output
    )
    said = json.loads(run("guideline", "check", str(leaking), "--json").output)
    assert {(one["of"], one["to"], one["field"]) for one in said["given_away"]} >= {
        ("KR", "JP", "launch"),
        ("KR", "JP", "sensors"),
    }
