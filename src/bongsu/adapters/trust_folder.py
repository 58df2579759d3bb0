"""A trust folder: the public parts of every nation that this one believes.

Trust rules: a public part is copied only once every certificate in it verifies under its own
root in this realm; whether that root is the right one, people find out by comparing
fingerprints; a root that is trusted is never exchanged for another one by a copy.
"""

from pathlib import Path

from bongsu.adapters.armored_text import MAXIMUM_TEXT_BYTES
from bongsu.adapters.cryptography_keys import CryptographyVerifier
from bongsu.adapters.key_files import read_certificates, read_trust
from bongsu.adapters.key_folders import KeyFolders, certificates_file
from bongsu.adapters.private_files import make_private_folder, read_file, replace_file
from bongsu.adapters.tls_certificates import AUTHORITIES_FILE, authority_file, require_authority
from bongsu.records.certificate import CERTIFICATE, Certificate, open_root
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm


def trust_nations(
    folders: KeyFolders, publics: tuple[Path, ...], *, realm: Realm
) -> tuple[Certificate, ...]:
    """Copy public parts of nations into the trust folder once all of them verify.

    Returns the roots, whose fingerprints people must compare. Raises LocalMisuse or
    PeerViolation for a bad public part, or a root other than the one trusted so far.
    """
    read = [_read_public(public, realm) for public in publics]
    make_private_folder(folders.trust)
    for root, certificates, authority in read:
        _refuse_another_root(folders.trust / certificates_file(root.nation), root)
        replace_file(folders.trust / certificates_file(root.nation), certificates)
        replace_file(folders.trust / authority_file(root.nation), authority)
    authorities = sorted(folders.trust.glob("*.tls-authority.pem"))
    replace_file(
        folders.trust / AUTHORITIES_FILE, b"".join(read_file(path) for path in authorities)
    )
    return tuple(root for root, _, _ in read)


def _read_public(public: Path, realm: Realm) -> tuple[Certificate, bytes, bytes]:
    """A nation's root, and its two public files once every certificate in them verified."""
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
    return root, read_file(files[0], MAXIMUM_TEXT_BYTES), pem


def _refuse_another_root(path: Path, root: Certificate) -> None:
    if not path.exists():
        return
    known = CERTIFICATE.decode(read_certificates(path)[0].certificate)
    if known.keys != root.keys:
        raise LocalMisuse(
            f"{path} trusts another root of {root.nation}",
            remedy="Compare fingerprints with that nation by voice; remove the file if it is old",
        )
