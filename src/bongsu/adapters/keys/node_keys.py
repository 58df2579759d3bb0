"""A running node's keys on its machine: the trust folder, and its private folder.

Implements `node.ports.KeyKeeper`. New private keys take the place of the old ones as a whole
folder; the old folder is set aside under a name of its own and never deleted. A crash between
the two renames leaves both folders whole, and the next start says which is missing.
"""

import shutil
from pathlib import Path

from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.adapters.keys.files import (
    ED25519_FILE,
    ML_DSA_65_FILE,
    read_certificates,
    read_revocations,
    read_signer,
    write_certificates,
    write_revocations,
)
from bongsu.adapters.keys.folders import revocations_file
from bongsu.adapters.keys.private_files import (
    make_private_folder,
    read_private_file,
    write_new_file,
)
from bongsu.adapters.keys.tls_certificates import NODE_CERTIFICATE_FILE, NODE_KEY_FILE
from bongsu.records.certificate import fingerprint
from bongsu.records.key_statements import KeyStatements, key_statements
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NationId

NODE_FILES = (ED25519_FILE, ML_DSA_65_FILE, NODE_KEY_FILE, NODE_CERTIFICATE_FILE)


class NodeKeyFolders:
    """Every method may be called on any thread, one at a time."""

    def __init__(self, *, private: Path, trust: Path) -> None:
        self._private = private
        self._trust = trust

    def keep_public(self, statements: KeyStatements) -> None:
        """Add verified statements to the files of nations that are trusted here already."""
        try:
            for path in sorted(self._trust.glob("*.certificates")):
                self._add(path, statements)
        except OSError as error:
            raise LocalMisuse(
                f"cannot write the trust folder {self._trust}: {error.strerror}",
                remedy="Let the node write there, or put the new public part there by hand",
            ) from error

    def read_private(self, folder: str | None) -> CryptographySigner:
        """The node's keys in `folder`, or where they always are; LocalMisuse for others."""
        return read_signer(self._private if folder is None else Path(folder))

    def install_private(self, folder: str) -> None:
        """Put the keys of `folder` where the node's keys are; LocalMisuse where that fails."""
        source = Path(folder)
        if source.resolve() == self._private.resolve():
            return
        old = read_signer(self._private)
        aside = self._beside(f"ended-{fingerprint(old.public)[:8]}")
        fresh = self._beside("new")
        if aside.exists():
            raise LocalMisuse(f"{aside} exists", remedy="Move it away: keys are never overwritten")
        shutil.rmtree(fresh, ignore_errors=True)  # of an attempt that failed
        make_private_folder(fresh)
        for name in NODE_FILES:
            write_new_file(fresh / name, read_private_file(source / name))
        try:
            self._private.rename(aside)
            fresh.rename(self._private)
        except OSError as error:
            raise LocalMisuse(
                f"cannot put {fresh} in the place of {self._private}: {error.strerror}",
                remedy=f"Let the node write in {self._private.parent}",
            ) from error

    def _beside(self, ending: str) -> Path:
        return self._private.with_name(f"{self._private.name}.{ending}")

    def _add(self, path: Path, statements: KeyStatements) -> None:
        """Revocations first: a certificate without the end of the one before it is refused."""
        nation = NationId(path.name.removesuffix(".certificates"))
        root, *certificates = read_certificates(path)
        ended = self._trust / revocations_file(nation)
        known = key_statements(certificates, read_revocations(ended))
        both = known.with_all(statements.of_nation(nation))
        if not both.without(known):
            return
        if both.revocations:
            write_revocations(ended, both.revocations.values())
        write_certificates(path, [root, *both.certificates.values()])
