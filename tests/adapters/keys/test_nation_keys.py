"""A nation's keys: made at home, certified, apart from each other, never overwritten."""

import stat
from pathlib import Path

import pytest

from bongsu.adapters.keys.cryptography_keys import CryptographySigner, CryptographyVerifier
from bongsu.adapters.keys.files import (
    read_certificates,
    read_certified_signer,
    read_signer,
    read_trust,
    write_signer,
)
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import LIFETIME_NS, ROOT_LIFETIME_NS, make_nation_keys
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.records.certificate import CERTIFICATE, Role
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

NOW = UtcNs(1_700_000_000_000_000_000)
KR = NationId("KR")


def plan(
    *,
    nation: str = "KR",
    realm: Realm = Realm.EXERCISE,
    site: int = 1,
    sensors: tuple[str, ...] = ("KR-RADAR-1",),
    officers: tuple[str, ...] = ("KR-OFFICER-1",),
) -> NationPlan:
    return NationPlan(
        nation=NationId(nation), realm=realm, site=site, sensors=sensors, officers=officers
    )


def us_plan(realm: Realm = Realm.EXERCISE) -> NationPlan:
    return plan(nation="US", realm=realm, sensors=(), officers=("US-OFFICER-1",))


def trusted(folder: Path, realm: Realm = Realm.EXERCISE) -> TrustStore:
    return read_trust(folder, realm=realm, verifier=CryptographyVerifier())


@pytest.fixture
def made(tmp_path: Path) -> KeyFolders:
    return make_nation_keys(plan(), tmp_path / "KR", now=NOW).folders


def test_everything_planned_is_made_and_certified(made: KeyFolders) -> None:
    trust = trusted(made.public)
    for role, subject in (*plan().subjects, (Role.ROOT, "KR")):
        signer = read_certified_signer(
            made.of(role, subject), role=role, subject=subject, trust=trust, now=NOW
        )
        expected = role in (Role.ROOT, Role.NODE, Role.OFFICER)
        assert signer.public.post_quantum is expected


def test_private_files_are_for_their_owner_alone(made: KeyFolders) -> None:
    private = [path for path in made.folder.rglob("*.pem") if path.parent != made.public]
    assert len(private) >= 10
    for path in private:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_public_folder_holds_nothing_private(made: KeyFolders) -> None:
    names = sorted(path.name for path in made.public.iterdir())
    assert names == ["KR.certificates", "KR.tls-authority.pem"]
    for path in made.public.iterdir():
        assert b"PRIVATE" not in path.read_bytes()


def test_an_officers_key_is_nowhere_in_a_nodes_folder(made: KeyFolders) -> None:
    officer = read_signer(made.of(Role.OFFICER, "KR-OFFICER-1"))
    for folder in (made.of(Role.NODE, "KR-1"), made.of(Role.TRACKER, "KR-TRACKER-1")):
        assert read_signer(folder).public != officer.public
        assert {path.name for path in folder.iterdir()} <= {
            "ed25519.pem",
            "ml-dsa-65.pem",
            "tls.key.pem",
            "tls.pem",
        }


def test_keys_are_never_overwritten(made: KeyFolders) -> None:
    before = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    with pytest.raises(LocalMisuse, match="never overwritten"):
        make_nation_keys(plan(), made.folder, now=NOW)
    assert before == {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}


def test_a_second_site_is_certified_by_the_same_root(made: KeyFolders) -> None:
    later = UtcNs(NOW + 1_000_000_000)
    make_nation_keys(plan(site=2, sensors=(), officers=()), made.folder, now=later)
    trust = trusted(made.public)
    assert trust.keys_of(Role.NODE, "KR-1", at=NOW) != trust.keys_of(Role.NODE, "KR-2", at=NOW)


def test_a_new_key_ends_with_its_root(made: KeyFolders) -> None:
    late = UtcNs(NOW + ROOT_LIFETIME_NS - LIFETIME_NS // 2)
    make_nation_keys(plan(site=2, sensors=(), officers=()), made.folder, now=late)
    trust = trusted(made.public)
    root = trust.certificate_of(Role.ROOT, "KR", at=NOW)
    assert trust.certificate_of(Role.NODE, "KR-2", at=late).not_after == root.not_after


def test_the_other_realm_has_a_root_and_a_folder_of_its_own(made: KeyFolders) -> None:
    live = plan(realm=Realm.LIVE, site=2, sensors=(), officers=())
    with pytest.raises(PeerViolation, match="marked EXERCISE, here is LIVE"):
        make_nation_keys(live, made.folder, now=NOW)
    with pytest.raises(PeerViolation):
        trusted(made.public, Realm.LIVE)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (plan(nation="kr"), "no nation's name"),
        (plan(nation="../KR"), "no nation's name"),
        (plan(sensors=("US-RADAR-1",)), "no name within KR"),
        (plan(sensors=("KR-../../x",)), "no name within KR"),
        (plan(sensors=("KR-1",)), "given twice"),
        (plan(officers=("KR",)), "no name within KR"),
    ],
)
def test_a_bad_name_is_refused_before_anything_is_written(
    tmp_path: Path, bad: NationPlan, why: str
) -> None:
    with pytest.raises(LocalMisuse, match=why):
        make_nation_keys(bad, tmp_path / "out", now=NOW)
    assert not (tmp_path / "out").exists()


def test_a_root_that_does_not_fit_its_certificates_is_refused(
    made: KeyFolders, tmp_path: Path
) -> None:
    other = make_nation_keys(plan(), tmp_path / "other", now=NOW).folders
    made.certificates.write_bytes(other.certificates.read_bytes())
    with pytest.raises(LocalMisuse, match="is not of the root"):
        make_nation_keys(plan(site=2, sensors=(), officers=()), made.folder, now=NOW)


def test_nations_trust_each_other_after_exchanging_public_folders(
    made: KeyFolders, tmp_path: Path
) -> None:
    us = make_nation_keys(us_plan(), tmp_path / "US", now=NOW).folders
    roots = trust_nations(made, (made.public, us.public), realm=Realm.EXERCISE)
    assert [root.nation for root in roots] == ["KR", "US"]
    assert trusted(made.trust).nations == {"KR", "US"}
    authorities = (made.trust / "tls-authorities.pem").read_bytes()
    assert authorities.count(b"BEGIN CERTIFICATE") == 2


def test_a_trusted_root_is_not_exchanged_by_a_copy(made: KeyFolders, tmp_path: Path) -> None:
    us = make_nation_keys(us_plan(), tmp_path / "US", now=NOW).folders
    usurper = make_nation_keys(us_plan(), tmp_path / "US2", now=NOW).folders
    trust_nations(made, (us.public,), realm=Realm.EXERCISE)
    trust_nations(made, (us.public,), realm=Realm.EXERCISE)  # the same one again does no harm
    with pytest.raises(LocalMisuse, match="trusts another root of US"):
        trust_nations(made, (usurper.public,), realm=Realm.EXERCISE)


def test_public_parts_of_the_other_realm_are_not_trusted(made: KeyFolders, tmp_path: Path) -> None:
    live = make_nation_keys(us_plan(Realm.LIVE), tmp_path / "US", now=NOW).folders
    with pytest.raises(PeerViolation, match="does not verify as bongsu/1/exercise|marked LIVE"):
        trust_nations(made, (live.public,), realm=Realm.EXERCISE)
    assert not made.trust.exists()


def test_a_public_folder_with_the_wrong_link_authority_is_refused(
    made: KeyFolders, tmp_path: Path
) -> None:
    us = make_nation_keys(us_plan(), tmp_path / "US", now=NOW).folders
    kr_authority = (made.public / "KR.tls-authority.pem").read_bytes()
    for pem in (kr_authority, b"no certificate", kr_authority * 2):
        (us.public / "US.tls-authority.pem").write_bytes(pem)
        with pytest.raises(LocalMisuse, match="no link authority of US"):
            trust_nations(made, (us.public,), realm=Realm.EXERCISE)


def test_a_public_folder_without_certificates_is_refused(made: KeyFolders, tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match="0 certificate files"):
        trust_nations(made, (tmp_path,), realm=Realm.EXERCISE)
    with pytest.raises(LocalMisuse, match="0 certificate files"):
        trusted(tmp_path)


def test_two_nations_in_one_public_file_are_refused(made: KeyFolders, tmp_path: Path) -> None:
    us = make_nation_keys(us_plan(), tmp_path / "US", now=NOW).folders
    both = us.certificates.read_bytes() + made.certificates.read_bytes()
    us.certificates.write_bytes(both)
    with pytest.raises(LocalMisuse, match="more than one root"):
        trust_nations(made, (us.public,), realm=Realm.EXERCISE)


def test_keys_of_another_subject_or_realm_are_found_out_at_start(
    made: KeyFolders, tmp_path: Path
) -> None:
    trust = trusted(made.public)
    with pytest.raises(LocalMisuse, match="not the certified ones of node KR-1"):
        read_certified_signer(
            made.of(Role.OFFICER, "KR-OFFICER-1"),
            role=Role.NODE,
            subject="KR-1",
            trust=trust,
            now=NOW,
        )
    live = make_nation_keys(plan(realm=Realm.LIVE), tmp_path / "live", now=NOW).folders
    with pytest.raises(LocalMisuse, match="in the exercise realm"):
        read_certified_signer(
            live.of(Role.NODE, "KR-1"), role=Role.NODE, subject="KR-1", trust=trust, now=NOW
        )
    with pytest.raises(LocalMisuse, match="unknown"):
        read_certified_signer(
            made.of(Role.NODE, "KR-1"), role=Role.NODE, subject="KR-9", trust=trust, now=NOW
        )


def test_a_node_whose_post_quantum_key_was_taken_away_does_not_start(made: KeyFolders) -> None:
    folder = made.of(Role.NODE, "KR-1")
    (folder / "ml-dsa-65.pem").unlink()
    with pytest.raises(LocalMisuse, match="not the certified ones"):
        read_certified_signer(
            folder, role=Role.NODE, subject="KR-1", trust=trusted(made.public), now=NOW
        )


def test_a_key_file_with_other_content_is_refused(made: KeyFolders) -> None:
    folder = made.of(Role.NODE, "KR-1")
    (folder / "ml-dsa-65.pem").write_bytes((folder / "ed25519.pem").read_bytes())
    with pytest.raises(LocalMisuse, match="holds no ML-DSA-65 key"):
        read_signer(folder)
    for content in (b"", b"-----BEGIN PRIVATE KEY-----", (folder / "tls.key.pem").read_bytes()):
        (folder / "ed25519.pem").write_bytes(content)
        with pytest.raises(LocalMisuse, match="holds no"):
            read_signer(folder)


def test_signing_keys_written_and_read_sign_alike(tmp_path: Path) -> None:
    signer = CryptographySigner.generate()
    write_signer(tmp_path / "keys", signer)
    pair = read_signer(tmp_path / "keys").sign(b"message", context=b"context")
    assert CryptographyVerifier().verify(signer.public, b"message", pair, context=b"context")


def test_certificate_files_are_text_in_the_one_form(made: KeyFolders) -> None:
    certificates = read_certificates(made.certificates)
    assert CERTIFICATE.decode(certificates[0].certificate).role is Role.ROOT
    made.certificates.write_bytes(b"\xff\xfe")
    with pytest.raises(PeerViolation, match="is no text"):
        read_certificates(made.certificates)
