"""Making a nation's keys, at that nation: an offline root, and what it certifies."""

from dataclasses import dataclass
from pathlib import Path

from bongsu.adapters.keys.cryptography_keys import CryptographySigner, CryptographyVerifier
from bongsu.adapters.keys.files import (
    read_certificates,
    read_signer,
    write_certificates,
    write_signer,
)
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.private_files import make_private_folder
from bongsu.adapters.keys.tls_certificates import (
    authority_file,
    make_tls_authority,
    make_tls_certificate,
)
from bongsu.records.certificate import (
    CERTIFICATE,
    Certificate,
    Role,
    SignedCertificate,
    issue_certificate,
    open_root,
)
from bongsu.records.names import require_nation, require_subject_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, UtcNs

DAY_NS = 86_400 * NS_PER_S
ROOT_LIFETIME_NS = 3650 * DAY_NS
LIFETIME_NS = 730 * DAY_NS
BEFORE_NOW_NS = 3600 * NS_PER_S  # a partner's clock may be behind ours


@dataclass(frozen=True, slots=True, kw_only=True)
class NationKeys:
    """What was made, without any private part."""

    folders: KeyFolders
    realm: Realm
    certificates: tuple[Certificate, ...]  # root first


def root_exists(folder: Path) -> bool:
    """Whether a root was made there before."""
    return (folder / "root" / "ed25519.pem").exists()


def make_nation_keys(plan: NationPlan, folder: Path, *, now: UtcNs) -> NationKeys:
    """Make and certify everything in `plan`; an existing root in `folder` is used again.

    Nothing is ever overwritten: an existing key of any subject is LocalMisuse, before a
    byte is written.
    """
    folders = KeyFolders(folder=folder, nation=plan.nation)
    _check_names(plan, folders)
    for private in (folder, folders.root):
        make_private_folder(private)
    folders.public.mkdir(mode=0o755, exist_ok=True)
    root, certificates = _root(plan, folders, now)
    signers = {
        (role, subject): CryptographySigner.generate(
            post_quantum=role not in (Role.SENSOR, Role.TRACKER)
        )
        for role, subject in plan.subjects
    }
    issued = [
        issue_certificate(
            root,
            realm=plan.realm,
            role=role,
            subject=subject,
            keys=signer.public,
            not_before=UtcNs(now - BEFORE_NOW_NS),
            not_after=_end(now, certificates),
        )
        for (role, subject), signer in signers.items()
    ]
    for (role, subject), signer in signers.items():
        write_signer(folders.of(role, subject), signer)
    _link_certificate(plan, folders, now, _end(now, certificates))
    write_certificates(folders.certificates, [*certificates, *issued])
    opened = [CERTIFICATE.decode(one.certificate) for one in (certificates[0], *issued)]
    return NationKeys(folders=folders, realm=plan.realm, certificates=tuple(opened))


def _check_names(plan: NationPlan, folders: KeyFolders) -> None:
    require_nation(plan.nation)
    names = [require_subject_of(plan.nation, subject) for _, subject in plan.subjects]
    if len(set(names)) != len(names):
        raise LocalMisuse("a name is given twice", remedy="Name each node, sensor, officer once")
    for role, subject in plan.subjects:
        if folders.of(role, subject).exists():
            raise LocalMisuse(
                f"{folders.of(role, subject)} exists, and keys are never overwritten",
                remedy="Name another --site, --sensor, --officer or --out",
            )


def _root(
    plan: NationPlan, folders: KeyFolders, now: UtcNs
) -> tuple[CryptographySigner, tuple[SignedCertificate, ...]]:
    """The root's keys and the public certificates so far, the root's own first."""
    if root_exists(folders.folder):
        signer = read_signer(folders.root)
        certificates = read_certificates(folders.certificates)
        found = open_root(certificates[0], realm=plan.realm, verifier=CryptographyVerifier())
        if found.keys != signer.public or found.nation != plan.nation:
            raise LocalMisuse(
                f"{folders.certificates} is not of the root in {folders.root}",
                remedy="Name the folder of this nation and realm",
            )
        return signer, certificates
    signer = CryptographySigner.generate()
    not_before, not_after = UtcNs(now - BEFORE_NOW_NS), UtcNs(now + ROOT_LIFETIME_NS)
    own = issue_certificate(
        signer,
        realm=plan.realm,
        role=Role.ROOT,
        subject=plan.nation,
        keys=signer.public,
        not_before=not_before,
        not_after=not_after,
    )
    write_signer(folders.root, signer)
    make_tls_authority(
        folders.root,
        folders.public,
        nation=plan.nation,
        realm=plan.realm,
        not_before=not_before,
        not_after=not_after,
    )
    return signer, (own,)


def _end(now: UtcNs, certificates: tuple[SignedCertificate, ...]) -> UtcNs:
    """Two years from now, or the root's own end."""
    root = CERTIFICATE.decode(certificates[0].certificate)
    return min(UtcNs(now + LIFETIME_NS), root.not_after)


def _link_certificate(plan: NationPlan, folders: KeyFolders, now: UtcNs, not_after: UtcNs) -> None:
    make_tls_certificate(
        folders.of(Role.NODE, plan.node),
        node=plan.node,
        hosts=plan.hosts,
        root_folder=folders.root,
        authority=folders.public / authority_file(plan.nation),
        not_before=UtcNs(now - BEFORE_NOW_NS),
        not_after=not_after,
    )
