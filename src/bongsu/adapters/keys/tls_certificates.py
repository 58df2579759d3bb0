"""Certificates of the links between nodes: one authority per nation and realm, mutual TLS.

TLS keeps strangers away from the message engine and names the node at the other end. It
isn't what origin, order or secrecy rest on: those come from signed heads and sealed frames.
ECDSA on P-256, because every TLS library takes it.
"""

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bongsu.adapters.keys.private_files import read_file, read_private_file, write_new_file
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, UtcNs

AUTHORITY_KEY_FILE = "tls-authority.key.pem"
NODE_KEY_FILE = "tls.key.pem"
NODE_CERTIFICATE_FILE = "tls.pem"
AUTHORITIES_FILE = "tls-authorities.pem"
OWN_MACHINE = ("localhost", "127.0.0.1")


def authority_file(nation: NationId) -> str:
    """The name of a nation's public authority file."""
    return f"{nation}.tls-authority.pem"


def make_tls_authority(
    root_folder: Path,
    public_folder: Path,
    *,
    nation: NationId,
    realm: Realm,
    not_before: UtcNs,
    not_after: UtcNs,
) -> None:
    """Make the authority that signs this nation's link certificates in one realm."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{nation} {realm.value} links")
    certificate = (
        _builder(name, name, key.public_key(), not_before, not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_new_file(root_folder / AUTHORITY_KEY_FILE, _pem(key))
    path = public_folder / authority_file(nation)
    write_new_file(path, certificate.public_bytes(Encoding.PEM), mode=0o644)


def make_tls_certificate(
    node_folder: Path,
    *,
    node: NodeId,
    hosts: tuple[str, ...],
    root_folder: Path,
    authority: Path,
    not_before: UtcNs,
    not_after: UtcNs,
) -> None:
    """Make a node's link key and certificate, with the node as its common name.

    `hosts` are the names and addresses that partners connect to, beside this machine's own.
    """
    signing_key = load_pem_private_key(read_private_file(root_folder / AUTHORITY_KEY_FILE), None)
    if not isinstance(signing_key, ec.EllipticCurvePrivateKey):
        raise LocalMisuse(
            f"{root_folder / AUTHORITY_KEY_FILE} holds no P-256 key",
            remedy="Restore the file from its backup",
        )
    issuer = x509.load_pem_x509_certificate(read_file(authority))
    key = ec.generate_private_key(ec.SECP256R1())
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    names = [_general_name(host) for host in (*OWN_MACHINE, *hosts)]
    certificate = (
        _builder(_name(node), issuer.subject, key.public_key(), not_before, not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signing_key, hashes.SHA256())
    )
    write_new_file(node_folder / NODE_KEY_FILE, _pem(key))
    write_new_file(node_folder / NODE_CERTIFICATE_FILE, certificate.public_bytes(Encoding.PEM))


def hosts_of(path: Path) -> tuple[str, ...]:
    """Names and addresses in a node's link certificate; none where there is no such file."""
    if not path.exists():
        return ()
    certificate = x509.load_pem_x509_certificate(read_file(path))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    found = [
        *names.get_values_for_type(x509.DNSName),
        *(str(address) for address in names.get_values_for_type(x509.IPAddress)),
    ]
    return tuple(name for name in found if name not in OWN_MACHINE)


def require_authority(pem: bytes, *, nation: NationId, realm: Realm, where: Path) -> None:
    """Raise LocalMisuse unless the file is one authority of this nation and realm."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise _no_authority(where, nation, realm) from error
    if len(found) != 1 or found[0].subject != _name(f"{nation} {realm.value} links"):
        raise _no_authority(where, nation, realm)


def _no_authority(where: Path, nation: NationId, realm: Realm) -> LocalMisuse:
    return LocalMisuse(
        f"{where} is no link authority of {nation} in the {realm.value} realm",
        remedy="Ask that nation for its public folder of this realm",
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    not_before: UtcNs,
    not_after: UtcNs,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_moment(not_before))
        .not_valid_after(_moment(not_after))
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _moment(at: UtcNs) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at // NS_PER_S, tz=datetime.UTC)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
