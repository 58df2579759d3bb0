"""A newcomer joins: files by any means, a code by voice, and trust only after both."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bongsu.adapters.keys.armored_text import armored, read_armored
from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import read_trust
from bongsu.adapters.keys.folders import NationPlan
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.commands import invite as command
from bongsu.main.commands.invite import invite
from bongsu.records.invitation import INVITATION, Invitation
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

EXERCISE = Realm.EXERCISE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("KR", "AU", "XX"):
        make_keys(tmp_path, name)
    return tmp_path


def make_keys(folder: Path, nation: str) -> None:
    plan = NationPlan(
        nation=NationId(nation),
        realm=EXERCISE,
        site=1,
        sensors=(),
        officers=(f"{nation}-OFFICER-1",),
    )
    make_nation_keys(plan, folder / nation, now=SystemClock().system_utc())


def run(folder: Path, nation: str, *arguments: str, typed: str | None = None) -> Result:
    whole = [*arguments, "--nation", nation, "--keys", str(folder / nation)]
    return CliRunner().invoke(invite, whole, input=typed)


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def refusal(result: Result) -> str:
    assert isinstance(result.exception, BongsuError), result.output
    assert result.exception.remedy
    return str(result.exception)


def code_in(output: str) -> str:
    [line] = [line.strip() for line in output.splitlines() if line.startswith("    ")]
    return line


def exchanged(folder: Path) -> tuple[str, str]:
    """Invitation and answer went over; the codes that KR and AU see."""
    node = "KR-1=tls/node.kr.example:17411"
    done(run(folder, "KR", "create", "--for", "AU", "--node", node, "--out", str(folder / "to-AU")))
    at_au = done(run(folder, "AU", "accept", str(folder / "to-AU"), "--out", str(folder / "to-KR")))
    at_kr = done(run(folder, "KR", "take", str(folder / "to-KR"), "--from", "AU"))
    return code_in(at_kr), code_in(at_au)


def trusted(folder: Path, nation: str) -> set[str]:
    trust = folder / nation / "trust"
    if not trust.exists():
        return set()
    return set(read_trust(trust, realm=EXERCISE, verifier=CryptographyVerifier()).nations)


def test_both_sides_see_one_code_and_trust_each_other_after_it_was_heard(folder: Path) -> None:
    at_kr, at_au = exchanged(folder)
    assert at_kr == at_au
    assert trusted(folder, "KR") == trusted(folder, "AU") == set()
    done(run(folder, "KR", "confirm", "--with", "AU", "--code", at_au))
    shown = done(run(folder, "AU", "confirm", "--with", "KR", typed=f"{at_kr}\n"))
    assert trusted(folder, "KR") == trusted(folder, "AU") == {"KR", "AU"}
    assert "tls/node.kr.example:17411" in shown
    assert 'id = "KR-1"' in shown


def test_an_answer_that_was_exchanged_on_the_way_shows_in_the_codes(folder: Path) -> None:
    done(run(folder, "KR", "create", "--for", "AU", "--out", str(folder / "to-AU")))
    at_au = done(run(folder, "AU", "accept", str(folder / "to-AU"), "--out", str(folder / "to-KR")))
    false = folder / "false"
    make_keys(false, "AU")
    done(run(false, "AU", "accept", str(folder / "to-AU"), "--out", str(folder / "false-to-KR")))
    at_kr = done(run(folder, "KR", "take", str(folder / "false-to-KR"), "--from", "AU"))
    assert code_in(at_kr) != code_in(at_au)
    said = refusal(run(folder, "KR", "confirm", "--with", "AU", "--code", code_in(at_au)))
    assert "codes differ" in said
    assert trusted(folder, "KR") == set()


def test_an_invitation_is_confirmed_once(folder: Path) -> None:
    at_kr, at_au = exchanged(folder)
    done(run(folder, "KR", "confirm", "--with", "AU", "--code", at_au))
    assert "no open" in refusal(run(folder, "KR", "confirm", "--with", "AU", "--code", at_kr))
    assert "no open" in refusal(run(folder, "KR", "take", str(folder / "to-KR"), "--from", "AU"))


def test_an_invitation_that_has_ended_is_not_confirmed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, at_au = exchanged(folder)
    later = UtcNs(SystemClock().system_utc() + 8 * command.DAY_NS)
    monkeypatch.setattr(command, "_now", lambda: later)
    assert "has ended" in refusal(run(folder, "KR", "confirm", "--with", "AU", "--code", at_au))
    assert trusted(folder, "KR") == set()


def test_an_invitation_for_another_nation_or_realm_is_refused(folder: Path) -> None:
    done(run(folder, "KR", "create", "--for", "AU", "--out", str(folder / "to-AU")))
    to_au, out = str(folder / "to-AU"), str(folder / "out")
    assert "for AU" in refusal(run(folder, "XX", "accept", to_au, "--out", out))
    said = refusal(run(folder, "AU", "accept", to_au, "--out", out, "--realm", "live"))
    assert "EXERCISE" in said
    assert not (folder / "out").exists()


def test_an_invitation_with_the_keys_of_another_nation_is_refused(folder: Path) -> None:
    done(run(folder, "XX", "create", "--for", "AU", "--out", str(folder / "to-AU")))
    text = (folder / "to-AU").read_text()
    [data] = read_armored(text, "INVITATION", where="to-AU")
    read = INVITATION.decode(data)
    forged = Invitation(
        realm=read.realm,
        inviter=NationId("KR"),
        invitee=read.invitee,
        nonce=read.nonce,
        expires_at=read.expires_at,
        public=read.public,
        nodes=read.nodes,
    )
    (folder / "forged").write_text(armored("INVITATION", INVITATION.encode(forged)))
    out = str(folder / "out")
    said = refusal(run(folder, "AU", "accept", str(folder / "forged"), "--out", out))
    assert "is of XX, not of KR" in said


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"-----BEGIN BONGSU"])
def test_what_is_no_invitation_is_refused(folder: Path, content: bytes) -> None:
    file = folder / "file"
    file.write_bytes(content)
    refusal(run(folder, "AU", "accept", str(file), "--out", str(folder / "out")))


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--for", "KR", "--out", "x"),
        ("create", "--for", "no nation", "--out", "x"),
        ("create", "--for", "AU", "--node", "JP-1=tls/a:1", "--out", "x"),
        ("create", "--for", "AU", "--node", "KR-1=http://a", "--out", "x"),
        ("confirm", "--with", "AU", "--code", "1"),
    ],
)
def test_bad_arguments_are_refused_with_a_remedy(folder: Path, arguments: tuple[str, ...]) -> None:
    refusal(run(folder, "KR", *arguments))
