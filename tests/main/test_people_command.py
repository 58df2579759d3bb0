"""bongsu people: an invitation is printed once, who is known is listed, the file stays private."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from bongsu.adapters.people_file import NAME, PeopleFile
from bongsu.main.commands import people
from bongsu.main.program import bongsu
from bongsu.node.people import tried
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(people, "read_settings", lambda *_: SimpleNamespace(realm=Realm.EXERCISE))
    path = tmp_path / "node.toml"
    path.touch()
    return path


def asked(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(bongsu, ["people", *arguments, "--config", str(config)])


def test_who_is_invited_gets_a_page_and_a_code_that_is_kept_nowhere(config: Path) -> None:
    said = asked(config, "add", "Kim", "--role", "watch_officer").output
    assert "EXERCISE: Kim (watch_officer) enrols at http://localhost:17480/enrol" in said
    code = said.partition("the code ")[2].split()[0]
    file = config.parent / NAME
    assert code not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert tried(PeopleFile(file).people(), "Kim", code, now=UtcNs(0))[1]


def test_who_is_known_is_listed_and_forgotten(config: Path) -> None:
    asked(config, "add", "Kim", "--role", "reader")
    [row] = json.loads(asked(config, "list", "--json").output)
    assert row == {"name": "Kim", "role": "reader", "state": "invited"}
    assert "Kim" in asked(config, "list").output
    assert asked(config, "remove", "Kim").exit_code == 0
    assert json.loads(asked(config, "list", "--json").output) == []
    refused = asked(config, "remove", "Kim")
    assert isinstance(refused.exception, LocalMisuse)
    assert "nobody is called" in str(refused.exception)


def test_a_file_that_is_damaged_or_not_private_is_refused_in_words(config: Path) -> None:
    file = config.parent / NAME
    file.write_text("{")
    file.chmod(0o600)
    with pytest.raises(LocalMisuse, match="is damaged"):
        PeopleFile(file).people()
    file.chmod(0o644)
    with pytest.raises(LocalMisuse, match="can be read by others"):
        PeopleFile(file).people()


def test_a_change_that_is_refused_changes_nothing(config: Path) -> None:
    asked(config, "add", "Kim", "--role", "reader")
    before = (config.parent / NAME).read_bytes()
    refused = asked(config, "add", "<b>", "--role", "reader")
    assert isinstance(refused.exception, LocalMisuse)
    assert (config.parent / NAME).read_bytes() == before
