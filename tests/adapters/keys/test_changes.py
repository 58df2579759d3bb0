"""Ending and renewing keys where the nation's root is."""

from pathlib import Path

import pytest

from bongsu.adapters.keys.changes import NationRoot
from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import read_certified_signer, read_signer, read_trust
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.keys.tls_certificates import NODE_CERTIFICATE_FILE, hosts_of
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.records.certificate import Role, fingerprint
from bongsu.records.revocation import Cause
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, UtcNs

EXERCISE = Realm.EXERCISE
NOW = UtcNs(1_700_000_000 * NS_PER_S)
LATER = UtcNs(NOW + 3600 * NS_PER_S)
EVERYTHING = [
    (Role.NODE, "KR-1"),
    (Role.TRACKER, "KR-TRACKER-1"),
    (Role.SENSOR, "KR-RADAR-1"),
    (Role.OFFICER, "KR-OFFICER-1"),
]


@pytest.fixture
def folders(tmp_path: Path) -> KeyFolders:
    plan = NationPlan(
        nation=NationId("KR"),
        realm=EXERCISE,
        site=1,
        sensors=("KR-RADAR-1",),
        officers=("KR-OFFICER-1",),
        hosts=("node1.example", "192.0.2.7"),
    )
    return make_nation_keys(plan, tmp_path / "KR", now=NOW).folders


def public(folders: KeyFolders) -> TrustStore:
    return read_trust(folders.public, realm=EXERCISE, verifier=CryptographyVerifier())


def renewed(folders: KeyFolders, subject: str = "KR-1", *, at: UtcNs = LATER) -> None:
    NationRoot(folders, EXERCISE).renew(subject, reason="renewed", hosts=(), now=at)


def revoked(folders: KeyFolders, subject: str = "KR-1", *, at: UtcNs = LATER) -> None:
    root = NationRoot(folders, EXERCISE)
    root.revoke(root.present_key(subject, now=at), reason="stolen", now=at)


@pytest.mark.parametrize(("role", "subject"), EVERYTHING)
def test_a_renewed_key_follows_the_old_one_without_a_gap(
    folders: KeyFolders, role: Role, subject: str
) -> None:
    old = public(folders).keys_of(role, subject, at=NOW)
    renewed(folders, subject)
    trust = public(folders)
    assert trust.keys_of(role, subject, at=UtcNs(LATER - 1)) == old
    new = trust.keys_of(role, subject, at=LATER)
    assert new != old
    assert new.post_quantum == old.post_quantum
    signer = read_certified_signer(
        folders.of(role, subject), role=role, subject=subject, trust=trust, now=LATER
    )
    assert signer.public == new


def test_the_old_private_key_is_set_aside_and_not_deleted(folders: KeyFolders) -> None:
    old = read_signer(folders.of(Role.NODE, "KR-1"))
    change = NationRoot(folders, EXERCISE).renew("KR-1", reason="due", hosts=(), now=LATER)
    assert change.set_aside is not None
    assert read_signer(change.set_aside).public == old.public
    assert fingerprint(old.public)[:8] in change.set_aside.name


def test_a_renewed_node_gets_a_link_certificate_for_the_same_machine(folders: KeyFolders) -> None:
    renewed(folders)
    certificate = folders.of(Role.NODE, "KR-1") / NODE_CERTIFICATE_FILE
    assert set(hosts_of(certificate)) == {"node1.example", "192.0.2.7"}


def test_a_key_whose_private_part_was_carried_away_is_renewed_all_the_same(
    folders: KeyFolders, tmp_path: Path
) -> None:
    folders.of(Role.SENSOR, "KR-RADAR-1").rename(tmp_path / "carried")
    renewed(folders, "KR-RADAR-1")
    assert read_signer(folders.of(Role.SENSOR, "KR-RADAR-1")).public == public(folders).keys_of(
        Role.SENSOR, "KR-RADAR-1", at=LATER
    )


def test_a_revoked_key_has_no_successor_until_there_is_one(folders: KeyFolders) -> None:
    revoked(folders)
    for at in (NOW, LATER):
        with pytest.raises(PeerViolation, match="was revoked"):
            public(folders).keys_of(Role.NODE, "KR-1", at=at)
    renewed(folders, at=UtcNs(LATER + 1))
    assert (
        public(folders).keys_of(Role.NODE, "KR-1", at=LATER)
        == read_signer(folders.of(Role.NODE, "KR-1")).public
    )


def test_a_key_is_renewed_again_and_again(folders: KeyFolders) -> None:
    for hours in range(1, 4):
        renewed(folders, at=UtcNs(NOW + hours * 3600 * NS_PER_S))
    assert len(list(folders.folder.glob("nodes/KR-1.ended-*"))) == 3
    assert len([one for one in public(folders).certificates if one.subject == "KR-1"]) == 4


def test_a_key_that_was_renewed_is_revoked_by_its_fingerprint(folders: KeyFolders) -> None:
    old = public(folders).keys_of(Role.NODE, "KR-1", at=NOW)
    renewed(folders)
    root = NationRoot(folders, EXERCISE)
    found = root.key_with("KR-1", fingerprint(old)[:16])
    root.revoke(found, reason="an old backup was stolen", now=UtcNs(LATER + 1))
    end = public(folders).end_of(old)
    assert end is not None
    assert end.cause is Cause.REVOKED
    public(folders).keys_of(Role.NODE, "KR-1", at=LATER)


def test_what_cannot_be_revoked_says_why(folders: KeyFolders) -> None:
    root = NationRoot(folders, EXERCISE)
    with pytest.raises(LocalMisuse, match="never certified"):
        root.present_key("KR-9", now=NOW)
    with pytest.raises(LocalMisuse, match="no name within KR"):
        root.present_key("US-1", now=NOW)
    with pytest.raises(LocalMisuse, match="0 keys of KR-1"):
        root.key_with("KR-1", "feedfeed")
    with pytest.raises(LocalMisuse, match="0 keys of KR-1|4 keys|1 keys"):
        root.key_with("KR-1", " ")
    revoked(folders)
    with pytest.raises(LocalMisuse, match="no key in force"):
        NationRoot(folders, EXERCISE).present_key("KR-1", now=LATER)


def test_another_nations_root_changes_nothing_here(folders: KeyFolders, tmp_path: Path) -> None:
    plan = NationPlan(
        nation=NationId("KR"), realm=EXERCISE, site=1, sensors=(), officers=("KR-OFFICER-1",)
    )
    other = make_nation_keys(plan, tmp_path / "other", now=NOW).folders
    folders.root.rename(tmp_path / "away")
    other.root.rename(folders.root)
    with pytest.raises(LocalMisuse, match="not of the root in"):
        NationRoot(folders, EXERCISE)


def test_the_wrong_realm_is_refused(folders: KeyFolders) -> None:
    with pytest.raises(PeerViolation, match="marked EXERCISE, here is LIVE"):
        NationRoot(folders, Realm.LIVE)


def test_a_trust_folder_takes_revocations_over(folders: KeyFolders) -> None:
    trust_nations(folders, (folders.public,), realm=EXERCISE)
    revoked(folders)
    trust_nations(folders, (folders.public,), realm=EXERCISE)
    trust = read_trust(folders.trust, realm=EXERCISE, verifier=CryptographyVerifier())
    with pytest.raises(PeerViolation, match="was revoked"):
        trust.keys_of(Role.NODE, "KR-1", at=LATER)


def test_an_older_public_part_does_not_bring_a_revoked_key_back(
    folders: KeyFolders, tmp_path: Path
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for file in folders.public.iterdir():
        (older / file.name).write_bytes(file.read_bytes())
    revoked(folders)
    trust_nations(folders, (folders.public,), realm=EXERCISE)
    with pytest.raises(LocalMisuse, match="lacks a revocation"):
        trust_nations(folders, (older,), realm=EXERCISE)


def test_a_revocation_file_of_another_root_is_refused(folders: KeyFolders, tmp_path: Path) -> None:
    plan = NationPlan(
        nation=NationId("KR"), realm=EXERCISE, site=1, sensors=(), officers=("KR-OFFICER-1",)
    )
    other = make_nation_keys(plan, tmp_path / "other", now=NOW).folders
    revoked(other)
    folders.revocations.write_bytes(other.revocations.read_bytes())
    with pytest.raises(PeerViolation, match="does not verify"):
        public(folders)
