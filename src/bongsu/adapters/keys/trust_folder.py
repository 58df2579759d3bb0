"""A trust folder: the public parts of every nation that this one believes.

Trust rules: a public part is copied only once every certificate in it verifies under its own
root in this realm; whether that root is the right one, people find out by comparing
fingerprints; a root that is trusted is never exchanged for another one by a copy, and no copy
takes a revocation away.
"""

from dataclasses import dataclass
from pathlib import Path

from bongsu.adapters.keys.armored_text import MAXIMUM_TEXT_BYTES
from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import (
    read_certificates,
    read_revocations,
    read_trust,
    write_revocations,
)
from bongsu.adapters.keys.folders import KeyFolders, certificates_file, revocations_file
from bongsu.adapters.keys.private_files import make_private_folder, read_file, replace_file
from bongsu.adapters.keys.tls_certificates import (
    AUTHORITIES_FILE,
    authority_file,
    require_authority,
)
from bongsu.records.certificate import CERTIFICATE, Certificate, open_root
from bongsu.records.revocation import SignedRevocation
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm


def trust_nations(
    folders: KeyFolders, publics: tuple[Path, ...], *, realm: Realm
) -> tuple[Certificate, ...]:
    """Copy public parts of nations into the trust folder once all of them verify.

    Returns the roots, whose fingerprints people must compare. Raises LocalMisuse or
    PeerViolation for a bad public part, or a root other than the one trusted so far.
    """
    read = [read_public_part(public, realm) for public in publics]
    make_private_folder(folders.trust)
    for part in read:
        nation = part.root.nation
        _refuse_another_root(folders.trust / certificates_file(nation), part.root)
        _refuse_what_forgets(folders.trust / revocations_file(nation), part)
        # Revocations first: a certificate without the end of the one before it is refused.
        if part.revocations:
            write_revocations(folders.trust / revocations_file(nation), part.revocations)
        replace_file(folders.trust / certificates_file(nation), part.certificates)
        replace_file(folders.trust / authority_file(nation), part.authority)
    authorities = sorted(folders.trust.glob("*.tls-authority.pem"))
    replace_file(
        folders.trust / AUTHORITIES_FILE, b"".join(read_file(path) for path in authorities)
    )
    return tuple(part.root for part in read)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPart:
    """What one nation gives out, verified under its own root."""

    root: Certificate
    certificates: bytes  # the file as it is
    revocations: tuple[SignedRevocation, ...]
    authority: bytes  # of its links, as PEM


def read_public_part(public: Path, realm: Realm) -> PublicPart:
    """A nation's public folder, once everything in it verified under its root.

    Raises LocalMisuse or PeerViolation for anything else.
    """
    files = sorted(public.glob("*.certificates"))
    if len(files) != 1:
        raise LocalMisuse(
            f"{public} holds {len(files)} certificate files, expected one",
            remedy="Name the public folder that one nation gave out",
        )
    verifier = CryptographyVerifier()
    trust = read_trust(public, realm=realm, verifier=verifier)
    root = open_root(read_certificates(files[0])[0], realm=realm, verifier=verifier)
    if trust.nations != {root.nation}:
        raise LocalMisuse(f"{files[0]} holds more than one root", remedy="Ask for it anew")
    authority = public / authority_file(root.nation)
    pem = read_file(authority)
    require_authority(pem, nation=root.nation, realm=realm, where=authority)
    return PublicPart(
        root=root,
        certificates=read_file(files[0], MAXIMUM_TEXT_BYTES),
        revocations=read_revocations(public / revocations_file(root.nation)),
        authority=pem,
    )


def _refuse_what_forgets(path: Path, part: PublicPart) -> None:
    """A public part that leaves out a revocation would bring a stolen key back to life."""
    known = {signed.revocation for signed in read_revocations(path)}
    if not known <= {signed.revocation for signed in part.revocations}:
        raise LocalMisuse(
            f"the public part of {part.root.nation} lacks a revocation that {path} has",
            remedy="It is an older one: ask that nation for its newest public folder",
        )


def _refuse_another_root(path: Path, root: Certificate) -> None:
    if not path.exists():
        return
    known = CERTIFICATE.decode(read_certificates(path)[0].certificate)
    if known.keys != root.keys:
        raise LocalMisuse(
            f"{path} trusts another root of {root.nation}",
            remedy="Compare fingerprints with that nation by voice; remove the file if it is old",
        )
