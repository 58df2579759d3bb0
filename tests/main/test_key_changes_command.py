"""`bongsu keys revoke` and `renew`: what they print and what they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bongsu.main.commands.keys import keys
from bongsu.vocabulary.errors import BongsuError, LocalMisuse


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(keys, arguments)
    if isinstance(result.exception, BongsuError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.fixture
def korea(tmp_path: Path) -> tuple[str, ...]:
    out = tmp_path / "KR"
    run("init", "--nation", "KR", "--sensor", "KR-RADAR-1", "--out", str(out))
    return ("--nation", "KR", "--keys", str(out))


def as_json(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*arguments, "--json").output)
    return answer


def test_revoke_says_whose_key_ended_and_what_to_do_next(korea: tuple[str, ...]) -> None:
    shown = run("revoke", *korea, "--subject", "KR-1", "--reason", "stolen from the rack")
    assert "EXERCISE: the key of node KR-1 is revoked at " in shown.output
    assert "stolen from the rack" in shown.output
    assert "bongsu keys publish" in shown.output


def test_renew_names_the_new_key_and_where_the_old_one_is(korea: tuple[str, ...]) -> None:
    answer = as_json("renew", *korea, "--subject", "KR-RADAR-1")
    assert answer["realm"] == "exercise"
    assert answer["ended"]["cause"] == "renewed"
    assert answer["new"]["role"] == "sensor"
    assert Path(answer["set_aside"]).is_dir()
    assert (Path(answer["new"]["folder"]) / "ed25519.pem").exists()
    shown = run("renew", *korea, "--subject", "KR-1", "--reason", "two years are over")
    assert "two years are over" in shown.output
    assert "new key of node KR-1" in shown.output


def test_a_revoked_key_is_followed_by_a_new_one(korea: tuple[str, ...]) -> None:
    as_json("revoke", *korea, "--subject", "KR-OFFICER-1", "--reason", "lost")
    answer = as_json("renew", *korea, "--subject", "KR-OFFICER-1")
    assert answer["ended"] is None
    assert answer["new"]["name"] == "KR-OFFICER-1"


def test_a_key_that_ended_already_is_revoked_by_its_fingerprint(korea: tuple[str, ...]) -> None:
    ended = as_json("renew", *korea, "--subject", "KR-1")["ended"]
    answer = as_json(
        "revoke", *korea, "--subject", "KR-1", "--reason", "old tape", "--fingerprint", ended["key"]
    )
    assert answer["ended"]["key"] == ended["key"]
    assert answer["ended"]["cause"] == "revoked"


@pytest.mark.parametrize("reason", ["", "  ", "a\nb", "x" * 401, "\x1b[31m"])
def test_a_reason_that_is_no_line_of_text_is_refused(korea: tuple[str, ...], reason: str) -> None:
    with pytest.raises(LocalMisuse, match="reason"):
        run("revoke", *korea, "--subject", "KR-1", "--reason", reason)


def test_revoking_twice_is_refused(korea: tuple[str, ...]) -> None:
    ended = as_json("revoke", *korea, "--subject", "KR-1", "--reason", "lost")["ended"]
    with pytest.raises(LocalMisuse, match="no key in force"):
        run("revoke", *korea, "--subject", "KR-1", "--reason", "lost")
    with pytest.raises(LocalMisuse, match="revoked already"):
        run("revoke", *korea, "--subject", "KR-1", "--reason", "x", "--fingerprint", ended["key"])
