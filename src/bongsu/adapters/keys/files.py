"""Key files: private keys as PKCS8 PEM in folders of their own, certificates as text.

One folder holds the keys of one subject (a node, a sensor, an officer), so that it can be
carried to the one machine that needs it. Reading refuses what others could have read.
"""

from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from bongsu.adapters.keys.armored_text import MAXIMUM_TEXT_BYTES, armored, read_armored
from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.adapters.keys.private_files import (
    make_private_folder,
    read_file,
    read_private_file,
    replace_file,
    write_new_file,
)
from bongsu.records.certificate import (
    CERTIFICATE,
    SIGNED_CERTIFICATE,
    Role,
    SignedCertificate,
)
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.guideline_signing import (
    GUIDELINE_SIGNATURE,
    GuidelineSignature,
    open_agreed_guideline,
)
from bongsu.records.keys import Verifier
from bongsu.records.revocation import SIGNED_REVOCATION, SignedRevocation
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

ED25519_FILE = "ed25519.pem"
ML_DSA_65_FILE = "ml-dsa-65.pem"
GUIDELINE_FILE = "guideline.toml"
GUIDELINE_SIGNATURES_FILE = "guideline.signatures"
MAXIMUM_CERTIFICATE_FILES = 64

_CERTIFICATE = "CERTIFICATE"
_REVOCATION = "REVOCATION"
_SIGNATURE = "GUIDELINE SIGNATURE"


def write_signer(folder: Path, signer: CryptographySigner) -> None:
    """Write a subject's private keys into its folder; never over others."""
    make_private_folder(folder)
    ed25519, ml_dsa_65 = signer.private_keys
    write_new_file(folder / ED25519_FILE, _pem(ed25519))
    if ml_dsa_65 is not None:
        write_new_file(folder / ML_DSA_65_FILE, _pem(ml_dsa_65))


def read_signer(folder: Path) -> CryptographySigner:
    """The keys of the subject whose folder it is; LocalMisuse for any other content."""
    ed25519 = _load(folder / ED25519_FILE)
    if not isinstance(ed25519, Ed25519PrivateKey):
        raise _wrong_key(folder / ED25519_FILE, "Ed25519")
    if not (folder / ML_DSA_65_FILE).exists():
        return CryptographySigner(ed25519, None)
    ml_dsa_65 = _load(folder / ML_DSA_65_FILE)
    if not isinstance(ml_dsa_65, MLDSA65PrivateKey):
        raise _wrong_key(folder / ML_DSA_65_FILE, "ML-DSA-65")
    return CryptographySigner(ed25519, ml_dsa_65)


def read_certified_signer(
    folder: Path, *, role: Role, subject: str, trust: TrustStore, now: UtcNs
) -> CryptographySigner:
    """The keys in `folder`, if they are those that `subject` is certified for, now.

    Keys of the other realm, of another subject, with a missing part or out of date are
    LocalMisuse: a node finds out when it starts, and not through its partners' refusals.
    """
    signer = read_signer(folder)
    try:
        certified = trust.keys_of(role, subject, at=now)
    except PeerViolation as error:
        raise LocalMisuse(error.what, remedy=error.remedy) from error
    if certified != signer.public:
        raise LocalMisuse(
            f"the keys in {folder} are not the certified ones of {role.value} {subject} "
            f"in the {trust.realm.value} realm",
            remedy="Name the right keys folder, trust folder and realm",
        )
    return signer


def write_certificates(path: Path, certificates: Iterable[SignedCertificate]) -> None:
    """Write a nation's public certificates, root first, whole."""
    blocks = [armored(_CERTIFICATE, SIGNED_CERTIFICATE.encode(one)) for one in certificates]
    replace_file(path, "".join(blocks).encode())


def read_certificates(path: Path) -> tuple[SignedCertificate, ...]:
    """The certificates of one file, not verified; PeerViolation for any other content."""
    blocks = read_armored(_text(path), _CERTIFICATE, where=str(path))
    return tuple(SIGNED_CERTIFICATE.decode(block) for block in blocks)


def write_revocations(path: Path, revocations: Iterable[SignedRevocation]) -> None:
    """Write a nation's revocations, whole."""
    blocks = [armored(_REVOCATION, SIGNED_REVOCATION.encode(one)) for one in revocations]
    replace_file(path, "".join(blocks).encode())


def read_revocations(path: Path) -> tuple[SignedRevocation, ...]:
    """The revocations of one file, not verified; none where there is no such file."""
    if not path.exists():
        return ()
    blocks = read_armored(_text(path), _REVOCATION, where=str(path))
    return tuple(SIGNED_REVOCATION.decode(block) for block in blocks)


def read_trust(folder: Path, *, realm: Realm, verifier: Verifier) -> TrustStore:
    """Whom the folder's certificates let us believe in `realm`; PeerViolation for a bad one.

    A root is believed because its file is in the folder: people put it there after they
    compared fingerprints.
    """
    paths = sorted(folder.glob("*.certificates"))
    if not 0 < len(paths) <= MAXIMUM_CERTIFICATE_FILES:
        raise LocalMisuse(
            f"{folder} holds {len(paths)} certificate files",
            remedy="Put the public certificates of every nation there: bongsu keys trust --help",
        )
    roots: list[SignedCertificate] = []
    others: list[SignedCertificate] = []
    for path in paths:
        for signed in read_certificates(path):
            role = CERTIFICATE.decode(signed.certificate).role
            (roots if role is Role.ROOT else others).append(signed)
    ended = [
        signed
        for path in sorted(folder.glob("*.revocations"))[:MAXIMUM_CERTIFICATE_FILES]
        for signed in read_revocations(path)
    ]
    return TrustStore.build(
        realm, roots=roots, certificates=others, revocations=ended, verifier=verifier
    )


def write_guideline(folder: Path, text: bytes, signatures: Iterable[GuidelineSignature]) -> None:
    """Put a guideline and its signatures into a trust folder."""
    blocks = [armored(_SIGNATURE, GUIDELINE_SIGNATURE.encode(one)) for one in signatures]
    replace_file(folder / GUIDELINE_FILE, text)
    replace_file(folder / GUIDELINE_SIGNATURES_FILE, "".join(blocks).encode())


def read_agreed_guideline(
    folder: Path, *, trust: TrustStore, verifier: Verifier
) -> AgreedGuideline | None:
    """The folder's guideline, None where it has none; PeerViolation where not all signed it."""
    if not (folder / GUIDELINE_FILE).exists():
        return None
    text = read_file(folder / GUIDELINE_FILE, MAXIMUM_GUIDELINE_BYTES)
    signatures = read_guideline_signatures(folder)
    return open_agreed_guideline(text, signatures, trust=trust, verifier=verifier)


def read_guideline_signatures(folder: Path) -> tuple[GuidelineSignature, ...]:
    """Officers' signatures in a folder, not verified; PeerViolation for any other content."""
    path = folder / GUIDELINE_SIGNATURES_FILE
    blocks = read_armored(_text(path), _SIGNATURE, where=str(path))
    return tuple(GUIDELINE_SIGNATURE.decode(block) for block in blocks)


def _pem(key: Ed25519PrivateKey | MLDSA65PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load(path: Path) -> object:
    try:
        return load_pem_private_key(read_private_file(path), password=None)
    except (ValueError, TypeError) as error:
        raise _wrong_key(path, "PEM private") from error


def _wrong_key(path: Path, wanted: str) -> LocalMisuse:
    return LocalMisuse(
        f"{path} holds no {wanted} key",
        remedy="Restore the file from its backup, or make new keys with: bongsu keys init",
    )


def _text(path: Path) -> str:
    try:
        return read_file(path, MAXIMUM_TEXT_BYTES).decode("ascii")
    except UnicodeDecodeError as error:
        raise PeerViolation(
            f"{path} is no text", remedy="Ask for the file anew and copy it unchanged"
        ) from error
