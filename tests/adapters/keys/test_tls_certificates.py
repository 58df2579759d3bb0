"""Link certificates name their node and chain to the authority of their nation and realm."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import ClientVerifier, PolicyBuilder, Store, VerificationError

from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.keys.tls_certificates import make_tls_certificate
from bongsu.adapters.system_clock import SystemClock
from bongsu.records.certificate import Role
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId, UtcNs


def made(folder: Path, realm: Realm = Realm.EXERCISE) -> KeyFolders:
    plan = NationPlan(
        nation=NationId("KR"),
        realm=realm,
        site=1,
        sensors=(),
        officers=(),
        hosts=("node.example", "192.0.2.7"),
    )
    return make_nation_keys(plan, folder, now=SystemClock().system_utc()).folders


def node_certificate(folders: KeyFolders) -> x509.Certificate:
    path = folders.of(Role.NODE, "KR-1") / "tls.pem"
    return x509.load_pem_x509_certificate(path.read_bytes())


def client_verifier(folders: KeyFolders) -> ClientVerifier:
    authority = x509.load_pem_x509_certificate(
        (folders.public / "KR.tls-authority.pem").read_bytes()
    )
    return PolicyBuilder().store(Store([authority])).build_client_verifier()


def test_the_certificate_names_its_node_and_its_machine(tmp_path: Path) -> None:
    certificate = node_certificate(made(tmp_path))
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "KR-1"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "node.example"]
    addresses = [str(one) for one in names.get_values_for_type(x509.IPAddress)]
    assert addresses == ["127.0.0.1", "192.0.2.7"]


def test_the_certificate_serves_both_ends_and_signs_no_others(tmp_path: Path) -> None:
    extensions = node_certificate(made(tmp_path)).extensions
    uses = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(uses) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_live_and_exercise_have_different_authorities(tmp_path: Path) -> None:
    exercise = made(tmp_path / "exercise")
    live = made(tmp_path / "live", Realm.LIVE)
    for folders, other in ((exercise, live), (live, exercise)):
        foreign = client_verifier(other)
        with pytest.raises(VerificationError):
            foreign.verify(node_certificate(folders), [])


def test_a_tls_library_takes_key_and_certificate(tmp_path: Path) -> None:
    folders = made(tmp_path)
    node = folders.of(Role.NODE, "KR-1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(node / "tls.pem", node / "tls.key.pem")
    context.load_verify_locations(folders.public / "KR.tls-authority.pem")
    assert context.cert_store_stats()["x509_ca"] == 1


def test_an_authority_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    folders = made(tmp_path)
    key = folders.root / "tls-authority.key.pem"
    key.write_bytes((folders.root / "ed25519.pem").read_bytes())
    with pytest.raises(LocalMisuse, match="holds no P-256 key"):
        make_tls_certificate(
            folders.of(Role.NODE, "KR-1"),
            node=NodeId("KR-2"),
            hosts=(),
            root_folder=folders.root,
            authority=folders.public / "KR.tls-authority.pem",
            not_before=UtcNs(0),
            not_after=UtcNs(10**18),
        )
