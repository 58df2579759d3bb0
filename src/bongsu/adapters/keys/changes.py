"""Ending and renewing keys, at the machine that has the nation's root.

Both write the public part only, and new private keys where there are new ones; a running node
takes the public part in with `bongsu keys publish`. The private folder of a key that ended is
set aside under a name of its own, never deleted or written over.
"""

from dataclasses import dataclass
from pathlib import Path

from bongsu.adapters.keys.cryptography_keys import CryptographySigner, CryptographyVerifier
from bongsu.adapters.keys.files import (
    read_certificates,
    read_revocations,
    read_signer,
    write_certificates,
    write_revocations,
    write_signer,
)
from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.keys.nation_keys import BEFORE_NOW_NS, LIFETIME_NS
from bongsu.adapters.keys.tls_certificates import (
    NODE_CERTIFICATE_FILE,
    authority_file,
    hosts_of,
    make_tls_certificate,
)
from bongsu.records.certificate import (
    Certificate,
    Role,
    SignedCertificate,
    fingerprint,
    issue_certificate,
)
from bongsu.records.names import require_subject_of
from bongsu.records.revocation import Cause, Revocation, SignedRevocation, revoke
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, UtcNs

BULK_ROLES = (Role.SENSOR, Role.TRACKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """What changed: the key that ended, if one did, and the one that came."""

    ended: Revocation | None
    certificate: Certificate | None
    set_aside: Path | None  # where the folder of the ended key is now


class NationRoot:
    """A nation's root and public part, opened to change them."""

    def __init__(self, folders: KeyFolders, realm: Realm) -> None:
        """Raises LocalMisuse or PeerViolation where root and public part don't fit together."""
        self.folders = folders
        self.realm = realm
        self._root = read_signer(folders.root)
        self._certificates = list(read_certificates(folders.certificates))
        self._revocations = list(read_revocations(folders.revocations))
        self.trust = self._read_trust()
        if self.trust.root_of(folders.nation) != self._root.public:
            raise LocalMisuse(
                f"{folders.certificates} is not of the root in {folders.root}",
                remedy="Name the folder of this nation and realm",
            )

    def present_key(self, subject: str, *, now: UtcNs) -> Certificate:
        """The certificate of `subject` that counts now; LocalMisuse where it has none."""
        for certificate in self._of(subject):
            if certificate.not_before <= now < self.trust.end_of_time(certificate):
                return certificate
        raise LocalMisuse(
            f"{subject} has no key in force that could be revoked",
            remedy="Name its --fingerprint to revoke one that has ended already",
        )

    def key_with(self, subject: str, start_of_fingerprint: str) -> Certificate:
        """A certificate of `subject` by the first letters of its fingerprint."""
        wanted = start_of_fingerprint.replace(" ", "").lower()
        found = [
            one
            for one in self._of(subject)
            if fingerprint(one.keys).replace(" ", "").startswith(wanted)
        ]
        if len(found) != 1 or not wanted:
            raise LocalMisuse(
                f"{len(found)} keys of {subject} have a fingerprint that begins so",
                remedy="Give the first 16 letters of the one that is meant",
            )
        return found[0]

    def revoke(self, certificate: Certificate, *, reason: str, now: UtcNs) -> Revocation:
        """State that this key is in bad hands. Nothing takes it back."""
        ended = self._end(certificate, Cause.REVOKED, reason=reason, now=now)
        self._write()
        return ended

    def renew(self, subject: str, *, reason: str, hosts: tuple[str, ...], now: UtcNs) -> KeyChange:
        """A new key for a name: from now on where the old one was good, at once otherwise.

        `hosts` are the names of a node's machine; none given, those of its old certificate stay.
        """
        known = self._of(subject)
        role = known[-1].role
        present = [one for one in known if one.not_before <= now < self.trust.end_of_time(one)]
        ended = self._end(present[0], Cause.RENEWED, reason=reason, now=now) if present else None
        signer = CryptographySigner.generate(post_quantum=role not in BULK_ROLES)
        issued = self._issue(role, subject, signer, begins_now=bool(present), now=now)
        folder = self.folders.of(role, subject)
        hosts = hosts or hosts_of(folder / NODE_CERTIFICATE_FILE)
        set_aside = _set_aside(folder, known[-1])
        write_signer(folder, signer)
        if role is Role.NODE:
            make_tls_certificate(
                folder,
                node=NodeId(subject),
                hosts=hosts,
                root_folder=self.folders.root,
                authority=self.folders.public / authority_file(self.folders.nation),
                not_before=UtcNs(now - BEFORE_NOW_NS),
                not_after=issued.not_after,
            )
        self._write()
        return KeyChange(ended=ended, certificate=issued, set_aside=set_aside)

    def _of(self, subject: str) -> list[Certificate]:
        """Every certificate of a name, the one that began last comes last."""
        require_subject_of(self.folders.nation, subject)
        known = [one for one in self.trust.certificates if one.subject == subject]
        if not known:
            raise LocalMisuse(
                f"{subject} was never certified by this root",
                remedy="Name a node, sensor, tracker or officer: bongsu keys init makes new ones",
            )
        if len({one.role for one in known}) > 1:
            raise LocalMisuse(
                f"{subject} is the name of two things", remedy="Give one of them another name"
            )
        return sorted(known, key=lambda one: one.not_before)

    def _end(
        self, certificate: Certificate, cause: Cause, *, reason: str, now: UtcNs
    ) -> Revocation:
        signed = revoke(
            self._root,
            realm=self.realm,
            role=certificate.role,
            subject=certificate.subject,
            keys=certificate.keys,
            cause=cause,
            ends_at=now,
            reason=reason,
        )
        self._take(revocation=signed)
        ended = self.trust.end_of(certificate.keys)
        if ended is None or ended.cause is not cause or ended.ends_at != now:
            raise LocalMisuse(
                f"that key of {certificate.subject} is revoked already",
                remedy="Give out the public part as it is",
            )
        return ended

    def _issue(
        self,
        role: Role,
        subject: str,
        signer: CryptographySigner,
        *,
        begins_now: bool,
        now: UtcNs,
    ) -> Certificate:
        root = self.trust.certificate_of(Role.ROOT, self.folders.nation, at=now)
        signed = issue_certificate(
            self._root,
            realm=self.realm,
            role=role,
            subject=subject,
            keys=signer.public,
            # A good key ends just now: before that it counts. A bad one gives way to a machine
            # whose clock is behind, too.
            not_before=now if begins_now else UtcNs(now - BEFORE_NOW_NS),
            not_after=min(UtcNs(now + LIFETIME_NS), root.not_after),
        )
        self._take(certificate=signed)
        return self.trust.certificate_of(role, subject, at=now)

    def _take(
        self,
        *,
        certificate: SignedCertificate | None = None,
        revocation: SignedRevocation | None = None,
    ) -> None:
        if revocation is not None:
            self._revocations.append(revocation)
        if certificate is not None:
            self._certificates.append(certificate)
        self.trust = self._read_trust()

    def _read_trust(self) -> TrustStore:
        return TrustStore.build(
            self.realm,
            roots=self._certificates[:1],
            certificates=self._certificates[1:],
            revocations=self._revocations,
            verifier=CryptographyVerifier(),
        )

    def _write(self) -> None:
        """Revocations first: a certificate without the one before it ended would be refused."""
        write_revocations(self.folders.revocations, self._revocations)
        write_certificates(self.folders.certificates, self._certificates)


def _set_aside(folder: Path, certificate: Certificate) -> Path | None:
    if not folder.exists():
        return None  # it was carried to its machine
    short = fingerprint(certificate.keys)[:8]
    aside = folder.with_name(f"{folder.name}.ended-{short}")
    if aside.exists():
        raise LocalMisuse(f"{aside} exists", remedy="Move it away: keys are never written over")
    folder.rename(aside)
    return aside
