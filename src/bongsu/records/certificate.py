"""Certificates: a nation's offline root says whose key is whose, in one realm.

Trust rules:

- A root is trusted because people compared its fingerprint, never because of its own
  signature; the self-signature only shows that the file is whole.
- A root certifies names of its own nation alone.
- Nodes, officers and roots have both kinds of key; sensors and trackers may have Ed25519
  alone, for they sign much, and only what stays inside a nation.
"""

import hashlib
from enum import Enum

from bongsu.records.encoding import Codec, Wire
from bongsu.records.keys import (
    PublicKeys,
    Purpose,
    SignaturePair,
    Signer,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.names import VERSION, Instant, Nation, Subject, Version, nation_of
from bongsu.records.realm_mark import require_realm
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs


class Role(Enum):
    """What a key may be used for."""

    ROOT = "root"
    NODE = "node"
    SENSOR = "sensor"
    TRACKER = "tracker"
    OFFICER = "officer"


_BULK_ROLES = frozenset({Role.SENSOR, Role.TRACKER})


class Certificate(Wire, frozen=True, kw_only=True):
    """One key of one subject, from `not_before` until just before `not_after`."""

    version: Version = VERSION
    realm: Realm
    nation: Nation
    role: Role
    subject: Subject
    keys: PublicKeys
    not_before: Instant
    not_after: Instant


class SignedCertificate(Wire, frozen=True, kw_only=True):
    """The exact bytes of a certificate and the signatures of its nation's root."""

    certificate: bytes
    signatures: SignaturePair


CERTIFICATE = Codec(Certificate, maximum_bytes=4096, what="certificate")
SIGNED_CERTIFICATE = Codec(SignedCertificate, maximum_bytes=8192, what="signed certificate")


def fingerprint(keys: PublicKeys) -> str:
    """SHA-256 over both public keys, in groups that people can read to each other."""
    digest = hashlib.sha256(keys.ed25519 + keys.ml_dsa_65).hexdigest()
    return " ".join(digest[at : at + 8] for at in range(0, 64, 8))


def issue_certificate(
    root: Signer,
    *,
    realm: Realm,
    role: Role,
    subject: str,
    keys: PublicKeys,
    not_before: UtcNs,
    not_after: UtcNs,
) -> SignedCertificate:
    """Sign `keys` as those of `subject`; a root signs its own with role ROOT."""
    certificate = Certificate(
        realm=realm,
        nation=nation_of(subject),
        role=role,
        subject=subject,
        keys=keys,
        not_before=not_before,
        not_after=not_after,
    )
    try:
        data = CERTIFICATE.encode(certificate)
        check_certificate(CERTIFICATE.decode(data), nation=nation_of(subject), realm=realm)
    except PeerViolation as error:
        raise LocalMisuse(error.what, remedy="Mend the name, the keys or the times") from error
    context = context_for(realm, Purpose.CERTIFICATE)
    return SignedCertificate(certificate=data, signatures=root.sign(data, context=context))


def open_certificate(
    signed: SignedCertificate,
    *,
    realm: Realm,
    nation: NationId,
    root: PublicKeys,
    verifier: Verifier,
) -> Certificate:
    """The certificate, if `root` of `nation` signed it in `realm`; else PeerViolation."""
    require_signature(
        verifier,
        root,
        signed.certificate,
        signed.signatures,
        context=context_for(realm, Purpose.CERTIFICATE),
        what=f"certificate under the root of {nation}",
    )
    certificate = CERTIFICATE.decode(signed.certificate)
    check_certificate(certificate, nation=nation, realm=realm)
    return certificate


def open_root(signed: SignedCertificate, *, realm: Realm, verifier: Verifier) -> Certificate:
    """A root's own certificate, whole and of `realm`; whether to trust it is for people."""
    root = CERTIFICATE.decode(signed.certificate)
    if root.role is not Role.ROOT or root.subject != root.nation:
        raise CERTIFICATE.refusal(f"{root.subject} is not a national root")
    require_realm(root.realm, realm, what=f"root of {root.nation}")
    return open_certificate(
        signed, realm=realm, nation=root.nation, root=root.keys, verifier=verifier
    )


def check_certificate(certificate: Certificate, *, nation: NationId, realm: Realm) -> None:
    """Raise PeerViolation where a certificate says what its signer may not say."""
    require_realm(certificate.realm, realm, what=f"certificate of {certificate.subject}")
    if certificate.nation != nation or nation_of(certificate.subject) != nation:
        raise CERTIFICATE.refusal(f"{nation} cannot certify {certificate.subject}")
    if not certificate.keys.post_quantum and (
        certificate.keys.ml_dsa_65 or certificate.role not in _BULK_ROLES
    ):
        raise CERTIFICATE.refusal(f"{certificate.subject} lacks a whole ML-DSA-65 key")
    if certificate.not_before >= certificate.not_after:
        raise CERTIFICATE.refusal(f"{certificate.subject} is valid at no time")
