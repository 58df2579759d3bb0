"""Whose keys a node believes, in one realm, and which of them have ended.

Built from the roots that people compared, with the certificates and revocations under them.
Immutable: what comes later makes another store. A name has at most one key at any instant:
two certificates of one name whose times overlap are refused, so that "who signed this" has
one answer; a renewed key's time ends where its revocation says, and a revoked one gives way
at once. Lookups take the instant that the signed thing states.

An *ended* key answers no lookup, but what it signed before can still be checked: see
`ended_keys_of`, whose caller must know why that may count.
"""

import hashlib
from collections.abc import Iterable, Iterator

from bongsu.records.certificate import (
    CERTIFICATE,
    Certificate,
    Role,
    SignedCertificate,
    open_certificate,
    open_root,
)
from bongsu.records.key_statements import NO_STATEMENTS, KeyStatements, key_statements
from bongsu.records.keys import PublicKeys, Verifier
from bongsu.records.realm_mark import require_realm
from bongsu.records.revocation import (
    REVOCATION,
    Cause,
    Revocation,
    SignedRevocation,
    key_hash,
    open_revocation,
)
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

MAXIMUM_KEYS_OF_ONE_NAME = 64  # a name's certificates; each renewal adds one

_Name = tuple[Role, str]


class TrustStore:
    """Public keys by role and name; immutable once built."""

    __slots__ = ("_certificates", "_revocations", "realm", "statements")

    def __init__(
        self,
        realm: Realm,
        certificates: Iterable[Certificate],
        revocations: Iterable[Revocation] = (),
        *,
        statements: KeyStatements = NO_STATEMENTS,
    ) -> None:
        """Take what was verified; `build` does that. PeerViolation for two keys at one time."""
        self.realm = realm
        self.statements = statements  # of the roots: what else is known here, as it was signed
        self._revocations: dict[bytes, Revocation] = {}
        for revocation in revocations:
            self._add_revocation(revocation)
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
        revocations: Iterable[SignedRevocation] = (),
    ) -> "TrustStore":
        """Verify everything under its nation's root; PeerViolation at the first bad part."""
        opened = [open_root(root, realm=realm, verifier=verifier) for root in roots]
        if len({root.nation for root in opened}) != len(opened):
            raise PeerViolation(
                "two roots of one nation in one realm",
                remedy="Compare fingerprints by voice and keep the right one",
            )
        statements = key_statements(certificates, revocations)
        return cls(realm, opened).with_statements(statements, verifier=verifier)

    def with_statements(self, statements: KeyStatements, *, verifier: Verifier) -> "TrustStore":
        """A store that knows these too, all verified under roots trusted here already.

        Raises PeerViolation at the first bad part; this store stays as it is in any case.
        """
        news = statements.without(self.statements)
        ended = [self._opened_revocation(one, verifier) for one in news.revocations.values()]
        certified = [self._opened_certificate(one, verifier) for one in news.certificates.values()]
        return TrustStore(
            self.realm,
            (*self.certificates, *certified),
            (*self.revocations, *ended),
            statements=self.statements.with_all(news),
        )

    @property
    def nations(self) -> frozenset[NationId]:
        """Nations whose root is trusted here."""
        return frozenset(NationId(name) for role, name in self._certificates if role is Role.ROOT)

    @property
    def certificates(self) -> Iterator[Certificate]:
        """Every certificate, ended ones too."""
        return (one for known in self._certificates.values() for one in known)

    @property
    def revocations(self) -> Iterator[Revocation]:
        """Every key that has ended."""
        return iter(self._revocations.values())

    def certificate_of(self, role: Role, subject: str, *, at: UtcNs) -> Certificate:
        """The certificate of `subject` in `role` valid at the instant `at`.

        Raises PeerViolation for a name that is unknown, not valid then, or whose key was revoked.
        """
        known = self._certificates.get((role, subject))
        if known is None:
            raise _unknown(f"{role.value} {subject}", self.realm)
        for certificate in known:
            if certificate.not_before <= at < self.end_of_time(certificate):
                return certificate
        raise self._not_valid(role, subject, known, at)

    def keys_of(self, role: Role, subject: str, *, at: UtcNs) -> PublicKeys:
        """The public keys of `subject` in `role` at the instant `at`; raises PeerViolation."""
        return self.certificate_of(role, subject, at=at).keys

    def has_key(self, role: Role, subject: str, *, at: UtcNs) -> bool:
        """Whether `subject` has a key in `role` that counts at the instant `at`."""
        known = self._certificates.get((role, subject), ())
        return any(one.not_before <= at < self.end_of_time(one) for one in known)

    def ended_keys_of(self, role: Role, subject: str, *, at: UtcNs) -> tuple[PublicKeys, ...]:
        """Keys of `subject` that were certified for `at` and have ended by revocation."""
        known = self._certificates.get((role, subject), ())
        return tuple(
            certificate.keys
            for certificate in known
            if certificate.not_before <= at < certificate.not_after
            and key_hash(certificate.keys) in self._revocations
        )

    def end_of(self, keys: PublicKeys) -> Revocation | None:
        """How these keys ended, None while they have not."""
        return self._revocations.get(key_hash(keys)) if self._revocations else None

    def end_of_time(self, certificate: Certificate) -> int:
        """The instant before which it counts; its own first instant where it was revoked."""
        ended = self.end_of(certificate.keys)
        if ended is None:
            return certificate.not_after
        if ended.cause is Cause.REVOKED:
            return certificate.not_before
        return min(certificate.not_after, ended.ends_at)

    def digest_of(self, nation: NationId) -> bytes:
        """One hash over everything that is known here of a nation's keys.

        Two nodes that know the same have the same; signatures don't count.
        """
        known = sorted(
            [CERTIFICATE.encode(one) for one in self.certificates if one.nation == nation]
            + [REVOCATION.encode(one) for one in self.revocations if one.nation == nation]
        )
        digest = hashlib.sha256()
        for statement in known:
            digest.update(hashlib.sha256(statement).digest())
        return digest.digest()

    def root_of(self, nation: NationId) -> PublicKeys:
        """The root of `nation`; raises PeerViolation where none is trusted here."""
        known = self._certificates.get((Role.ROOT, nation))
        if known is None:
            raise _unknown(f"the root of {nation}", self.realm)
        return known[0].keys

    def _opened_certificate(self, signed: SignedCertificate, verifier: Verifier) -> Certificate:
        claimed = CERTIFICATE.decode(signed.certificate)
        require_realm(claimed.realm, self.realm, what=f"certificate of {claimed.subject}")
        certificate = open_certificate(
            signed,
            realm=self.realm,
            nation=claimed.nation,
            root=self.root_of(claimed.nation),
            verifier=verifier,
        )
        _require_within(certificate, self._certificates[(Role.ROOT, claimed.nation)][0])
        return certificate

    def _opened_revocation(self, signed: SignedRevocation, verifier: Verifier) -> Revocation:
        claimed = REVOCATION.decode(signed.revocation)
        require_realm(claimed.realm, self.realm, what=f"revocation of {claimed.subject}")
        return open_revocation(
            signed,
            realm=self.realm,
            nation=claimed.nation,
            root=self.root_of(claimed.nation),
            verifier=verifier,
        )

    def _overlap(self, one: Certificate, other: Certificate) -> bool:
        begin = max(one.not_before, other.not_before)
        return begin < min(self.end_of_time(one), self.end_of_time(other))

    def _not_valid(
        self, role: Role, subject: str, known: tuple[Certificate, ...], at: UtcNs
    ) -> PeerViolation:
        for certificate in known:
            ended = self.end_of(certificate.keys)
            if (
                ended is not None
                and ended.cause is Cause.REVOKED
                and certificate.not_before <= at < certificate.not_after
            ):
                return PeerViolation(
                    f"the key of {role.value} {subject} was revoked by its nation",
                    remedy="Refuse what it signs until the new key is here: bongsu keys status",
                )
        return PeerViolation(
            f"the key of {role.value} {subject} is not valid at {at} ns UTC",
            remedy="Check both clocks; if they agree, ask its nation for a new certificate",
        )

    def _add_revocation(self, revocation: Revocation) -> None:
        """A theft that is found later outweighs a renewal; nothing takes a revocation back."""
        known = self._revocations.get(revocation.key)
        if known is None or (known.cause, revocation.cause) == (Cause.RENEWED, Cause.REVOKED):
            self._revocations[revocation.key] = revocation

    def _add(self, certificate: Certificate) -> None:
        name = (certificate.role, certificate.subject)
        known = self._certificates.get(name, ())
        if certificate in known:
            return
        if len(known) >= MAXIMUM_KEYS_OF_ONE_NAME:
            raise PeerViolation(
                f"{certificate.subject} has more than {MAXIMUM_KEYS_OF_ONE_NAME} certificates",
                remedy="Ask its nation to give out a public part without those long past",
            )
        for other in known:
            if self._overlap(certificate, other):
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
