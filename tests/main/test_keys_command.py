"""`bongsu keys`: what it makes, what it prints, what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import read_agreed_guideline, read_certified_signer, read_trust
from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.commands.keys import keys
from bongsu.main.demo.federation_keys import DEMO_SENSORS
from bongsu.records.certificate import Role
from bongsu.records.kinds import RecordKind, field_names, guided_kinds
from bongsu.records.releasability import decide
from bongsu.vocabulary.errors import BongsuError, LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId

KR, US, JP = (NationId(name) for name in ("KR", "US", "JP"))


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(keys, arguments)
    if isinstance(result.exception, BongsuError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def summary(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*arguments, "--json").output)
    return answer


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "keys"
    run("demo", "--out", str(out))
    return out


def test_init_makes_a_nations_keys_and_says_what_to_give_out(tmp_path: Path) -> None:
    out = tmp_path / "KR"
    result = run("init", "--nation", "KR", "--sensor", "KR-RADAR-1", "--out", str(out))
    assert "EXERCISE: keys of KR" in result.output
    assert f"Give out {out / 'public'} and nothing else" in result.output.replace("\n", " ")
    assert (out / "sensors" / "KR-RADAR-1" / "ed25519.pem").exists()
    assert (out / "officers" / "KR-OFFICER-1" / "ml-dsa-65.pem").exists()


def test_init_as_json_lists_roles_names_and_fingerprints(tmp_path: Path) -> None:
    answer = summary("init", "--nation", "KR", "--realm", "live", "--out", str(tmp_path / "KR"))
    assert answer["realm"] == "live"
    (nation,) = answer["nations"]
    assert [(key["role"], key["name"]) for key in nation["keys"]] == [
        ("root", "KR"),
        ("node", "KR-1"),
        ("tracker", "KR-TRACKER-1"),
        ("officer", "KR-OFFICER-1"),
    ]
    fingerprints = {key["fingerprint"] for key in nation["keys"]}
    assert len(fingerprints) == 4
    assert all(len(fingerprint) == 71 for fingerprint in fingerprints)


def test_init_adds_a_second_site_under_the_same_root(tmp_path: Path) -> None:
    out = str(tmp_path / "KR")
    first = summary("init", "--nation", "KR", "--out", out)
    second = summary("init", "--nation", "KR", "--site", "2", "--out", out)
    assert second["nations"][0]["keys"][0] == first["nations"][0]["keys"][0]
    assert second["nations"][0]["keys"][1]["name"] == "KR-2"


def test_init_twice_overwrites_nothing(tmp_path: Path) -> None:
    run("init", "--nation", "KR", "--out", str(tmp_path / "KR"))
    with pytest.raises(LocalMisuse, match="never overwritten"):
        run("init", "--nation", "KR", "--out", str(tmp_path / "KR"))


@pytest.mark.parametrize("nation", ["kr", "K", "KR/..", "", "KR-1"])
def test_a_bad_nation_is_refused(tmp_path: Path, nation: str) -> None:
    with pytest.raises(LocalMisuse, match="is no nation's name"):
        run("init", "--nation", nation, "--out", str(tmp_path / "KR"))
    assert not (tmp_path / "KR").exists()


def test_trust_copies_public_parts_and_asks_to_compare_fingerprints(tmp_path: Path) -> None:
    for nation in ("KR", "US"):
        run("init", "--nation", nation, "--out", str(tmp_path / nation))
    arguments = ["--nation", "KR", "--keys", str(tmp_path / "KR"), str(tmp_path / "US" / "public")]
    result = run("trust", *arguments)
    assert "by voice" in result.output
    answer = summary("trust", *arguments)
    assert [root["name"] for root in answer["trusted"]] == ["KR", "US"]
    trust = read_trust(
        tmp_path / "KR" / "trust", realm=Realm.EXERCISE, verifier=CryptographyVerifier()
    )
    assert trust.nations == {"KR", "US"}


def test_every_nation_of_the_demo_can_start_with_its_keys(federation: Path) -> None:
    now = SystemClock().system_utc()
    verifier = CryptographyVerifier()
    for nation, sensors in DEMO_SENSORS.items():
        folders = KeyFolders(folder=federation / nation, nation=nation)
        trust = read_trust(folders.trust, realm=Realm.EXERCISE, verifier=verifier)
        assert trust.nations == set(DEMO_SENSORS)
        for role, subject in (
            (Role.NODE, f"{nation}-1"),
            (Role.TRACKER, f"{nation}-TRACKER-1"),
            *((Role.SENSOR, sensor) for sensor in sensors),
        ):
            read_certified_signer(
                folders.of(role, subject), role=role, subject=subject, trust=trust, now=now
            )


def test_the_demos_guideline_is_in_force_and_withholds_sensors_from_one_partner(
    federation: Path,
) -> None:
    verifier = CryptographyVerifier()
    trust = read_trust(federation / "JP" / "trust", realm=Realm.EXERCISE, verifier=verifier)
    in_force = read_agreed_guideline(federation / "JP" / "trust", trust=trust, verifier=verifier)
    withheld = {
        (kind, originator, reader): field_names(kind)
        - decide(
            in_force, kind=kind, originator=originator, sender=originator, reader=reader
        ).fields
        for kind in guided_kinds()
        for originator in (KR, US, JP)
        for reader in (KR, US, JP)
        if originator != reader
    }
    assert len(withheld) == 6 * len(guided_kinds())
    for (kind, originator, reader), closed in withheld.items():
        if kind is RecordKind.INTELLIGENCE_REPORT:
            assert closed == {"source_kind", "above_line", "derived_from"}
        elif kind is RecordKind.LAUNCH_NOTICE:
            assert closed == set()
        elif kind is RecordKind.PLOTS:
            assert closed == field_names(kind)
        else:
            assert closed == ({"sensors"} if (originator, reader) == (KR, JP) else set())


def test_nobody_passes_on_anothers_records_in_the_demo(federation: Path) -> None:
    verifier = CryptographyVerifier()
    trust = read_trust(federation / "US" / "trust", realm=Realm.EXERCISE, verifier=verifier)
    in_force = read_agreed_guideline(federation / "US" / "trust", trust=trust, verifier=verifier)
    for kind in guided_kinds():
        assert not decide(in_force, kind=kind, originator=KR, sender=US, reader=JP).released


def test_the_demo_is_never_live(tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match="can't be live"):
        run("demo", "--realm", "live", "--out", str(tmp_path / "keys"))
    assert not (tmp_path / "keys").exists()


def test_a_live_node_believes_nothing_of_the_demo(federation: Path) -> None:
    with pytest.raises(BongsuError, match="marked EXERCISE, here is LIVE"):
        read_trust(federation / "KR" / "trust", realm=Realm.LIVE, verifier=CryptographyVerifier())


def test_the_demo_takes_other_sensors(tmp_path: Path) -> None:
    answer = summary(
        "demo", "--sensor", "KR-RADAR-7", "--sensor", "JP-SHIP-2", "--out", str(tmp_path / "keys")
    )
    names = {key["name"] for nation in answer["nations"] for key in nation["keys"]}
    assert {"KR-RADAR-7", "JP-SHIP-2"} <= names
    assert "KR-RADAR-1" not in names


def test_a_sensor_of_no_nation_of_the_demo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match="FR-RADAR-1"):
        run("demo", "--sensor", "FR-RADAR-1", "--out", str(tmp_path / "keys"))


def test_help_shows_examples() -> None:
    for command in ((), ("init",), ("trust",), ("demo",)):
        assert "bongsu keys" in run(*command, "--help").output
