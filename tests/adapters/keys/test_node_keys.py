"""A node's keys on its machine: the trust folder grows, new private keys replace the old ones."""

from pathlib import Path

import pytest

from bongsu.adapters.keys.changes import NationRoot
from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import read_certificates, read_revocations, read_signer, read_trust
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.keys.node_keys import NODE_FILES, NodeKeyFolders
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.records.certificate import Role
from bongsu.records.key_statements import KeyStatements, key_statements
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, UtcNs

NOW = UtcNs(1_700_000_000 * NS_PER_S)
LATER = UtcNs(NOW + 3600 * NS_PER_S)


@pytest.fixture
def folders(tmp_path: Path) -> KeyFolders:
    plan = NationPlan(
        nation=NationId("KR"), realm=Realm.EXERCISE, site=1, sensors=(), officers=("KR-OFFICER-1",)
    )
    made = make_nation_keys(plan, tmp_path / "KR", now=NOW).folders
    trust_nations(made, (made.public,), realm=Realm.EXERCISE)
    return made


@pytest.fixture
def at_the_node(folders: KeyFolders, tmp_path: Path) -> NodeKeyFolders:
    """The node's machine got its own folder when it was set up."""
    private = tmp_path / "machine" / "keys"
    private.parent.mkdir(mode=0o700)
    folders.of(Role.NODE, "KR-1").rename(private)
    return NodeKeyFolders(private=private, trust=folders.trust)


def renewed(folders: KeyFolders) -> KeyStatements:
    NationRoot(folders, Realm.EXERCISE).renew("KR-1", reason="due", hosts=(), now=LATER)
    return key_statements(
        read_certificates(folders.certificates)[1:], read_revocations(folders.revocations)
    )


def test_what_was_learnt_stands_in_the_trust_folder(
    folders: KeyFolders, at_the_node: NodeKeyFolders
) -> None:
    at_the_node.keep_public(renewed(folders))
    trust = read_trust(folders.trust, realm=Realm.EXERCISE, verifier=CryptographyVerifier())
    new = read_signer(folders.of(Role.NODE, "KR-1")).public
    assert trust.keys_of(Role.NODE, "KR-1", at=LATER) == new
    before = (folders.trust / "KR.certificates").read_bytes()
    at_the_node.keep_public(renewed_again(folders))
    assert (folders.trust / "KR.certificates").read_bytes() == before


def renewed_again(folders: KeyFolders) -> KeyStatements:
    """The same statements once more."""
    return key_statements(
        read_certificates(folders.certificates)[1:], read_revocations(folders.revocations)
    )


def test_a_nation_that_is_not_trusted_gets_no_file(
    folders: KeyFolders, at_the_node: NodeKeyFolders, tmp_path: Path
) -> None:
    plan = NationPlan(
        nation=NationId("AU"), realm=Realm.EXERCISE, site=1, sensors=(), officers=("AU-OFFICER-1",)
    )
    other = make_nation_keys(plan, tmp_path / "AU", now=NOW).folders
    at_the_node.keep_public(key_statements(read_certificates(other.certificates)[1:]))
    assert sorted(path.name for path in folders.trust.glob("*.certificates")) == ["KR.certificates"]


def test_new_private_keys_take_the_place_of_the_old_ones_which_are_set_aside(
    folders: KeyFolders, at_the_node: NodeKeyFolders, tmp_path: Path
) -> None:
    old = at_the_node.read_private(None)
    renewed(folders)
    usb = str(folders.of(Role.NODE, "KR-1"))
    new = at_the_node.read_private(usb)
    at_the_node.install_private(usb)
    assert at_the_node.read_private(None).public == new.public != old.public
    machine = tmp_path / "machine"
    (aside,) = machine.glob("keys.ended-*")
    assert read_signer(aside).public == old.public
    assert {path.name for path in (machine / "keys").iterdir()} == set(NODE_FILES)


def test_the_folder_that_is_there_already_is_left_as_it_is(at_the_node: NodeKeyFolders) -> None:
    private = at_the_node._private
    at_the_node.install_private(str(private))
    assert {path.name for path in private.parent.iterdir()} == {private.name}


def test_a_folder_without_all_of_a_nodes_keys_changes_nothing(
    folders: KeyFolders, at_the_node: NodeKeyFolders
) -> None:
    old = at_the_node.read_private(None)
    renewed(folders)
    usb = folders.of(Role.NODE, "KR-1")
    (usb / "tls.pem").unlink()
    with pytest.raises(LocalMisuse, match="cannot read"):
        at_the_node.install_private(str(usb))
    assert at_the_node.read_private(None).public == old.public
    with pytest.raises(LocalMisuse):
        at_the_node.read_private(str(usb / "nowhere"))
