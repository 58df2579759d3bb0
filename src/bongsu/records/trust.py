"""Whose keys a node believes, in one realm.

Built once from the roots that people compared and the certificates under them. A name has
at most one key at any instant: two certificates of one name whose times overlap are
refused, so that "who signed this" has one answer. Lookups take the instant that the signed
thing states, and a later renewal changes nothing about the past.
"""

from collections.abc import Iterable

from bongsu.records.certificate import (
    CERTIFICATE,
    Certificate,
    Role,
    SignedCertificate,
    open_certificate,
    open_root,
)
from bongsu.records.keys import PublicKeys, Verifier
from bongsu.records.realm_mark import require_realm
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

_Name = tuple[Role, str]


class TrustStore:
    """Public keys by role and name; immutable once built."""

    __slots__ = ("_certificates", "realm")

    def __init__(self, realm: Realm, certificates: Iterable[Certificate]) -> None:
        """Take certificates that were verified; `build` does that."""
        self.realm = realm
        self._certificates: dict[_Name, tuple[Certificate, ...]] = {}
        for certificate in certificates:
            self._add(certificate)

    @classmethod
    def build(
        cls,
        realm: Realm,
        *,
        roots: Iterable[SignedCertificate],
        certificates: Iterable[SignedCertificate],
        verifier: Verifier,
    ) -> "TrustStore":
        """Verify every certificate under its nation's root; PeerViolation at the first bad one."""
        opened = [open_root(root, realm=realm, verifier=verifier) for root in roots]
        by_nation = {root.nation: root for root in opened}
        if len(by_nation) != len(opened):
            raise PeerViolation(
                "two roots of one nation in one realm",
                remedy="Compare fingerprints by voice and keep the right one",
            )
        for signed in certificates:
            claimed = CERTIFICATE.decode(signed.certificate)
            nation = claimed.nation
            require_realm(claimed.realm, realm, what=f"certificate of {claimed.subject}")
            if nation not in by_nation:
                raise _unknown(f"the root of {nation}", realm)
            keys = by_nation[nation].keys
            certificate = open_certificate(
                signed, realm=realm, nation=nation, root=keys, verifier=verifier
            )
            _require_within(certificate, by_nation[nation])
            opened.append(certificate)
        return cls(realm, opened)

    @property
    def nations(self) -> frozenset[NationId]:
        """Nations whose root is trusted here."""
        return frozenset(NationId(name) for role, name in self._certificates if role is Role.ROOT)

    def certificate_of(self, role: Role, subject: str, *, at: UtcNs) -> Certificate:
        """The certificate of `subject` in `role` valid at the instant `at`.

        Raises PeerViolation for a name that is unknown or not valid then.
        """
        known = self._certificates.get((role, subject))
        if known is None:
            raise _unknown(f"{role.value} {subject}", self.realm)
        for certificate in known:
            if certificate.not_before <= at < certificate.not_after:
                return certificate
        raise PeerViolation(
            f"the key of {role.value} {subject} is not valid at {at} ns UTC",
            remedy="Check both clocks; if they agree, ask its nation for a new certificate",
        )

    def keys_of(self, role: Role, subject: str, *, at: UtcNs) -> PublicKeys:
        """The public keys of `subject` in `role` at the instant `at`; raises PeerViolation."""
        return self.certificate_of(role, subject, at=at).keys

    def _add(self, certificate: Certificate) -> None:
        name = (certificate.role, certificate.subject)
        known = self._certificates.get(name, ())
        if certificate in known:
            return
        for other in known:
            if (
                certificate.not_before < other.not_after
                and other.not_before < certificate.not_after
            ):
                raise PeerViolation(
                    f"two keys of {certificate.role.value} {certificate.subject} at one time",
                    remedy="Keep the certificate whose fingerprint its nation confirms",
                )
        self._certificates[name] = (*known, certificate)


def _require_within(certificate: Certificate, root: Certificate) -> None:
    if certificate.role is Role.ROOT or not (
        root.not_before <= certificate.not_before and certificate.not_after <= root.not_after
    ):
        raise CERTIFICATE.refusal(
            f"{certificate.subject} is certified beyond what its root is valid for"
        )


def _unknown(what: str, realm: Realm) -> PeerViolation:
    return PeerViolation(
        f"{what} is unknown in the {realm.value} realm",
        remedy="Put its nation's certificates of this realm into the trust folder",
    )
