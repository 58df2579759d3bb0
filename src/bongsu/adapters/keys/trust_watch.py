"""A trust folder that changes while a process runs: read again when its files are others.

A node keeps what it learns in its trust folder, so that its tracker refuses a revoked sensor too.
"""

from pathlib import Path

from bongsu.adapters.keys.files import read_trust
from bongsu.records.keys import Verifier
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

_Files = tuple[tuple[str, int, int], ...]


class TrustWatch:
    """The newest whole content of a trust folder."""

    def __init__(self, folder: Path, *, realm: Realm, verifier: Verifier) -> None:
        """Read it; raises LocalMisuse or PeerViolation where it can't be used."""
        self._folder = folder
        self._realm = realm
        self._verifier = verifier
        self._seen = self._files()
        self.trust = self._read()

    def look(self) -> bool:
        """True when the content is another one than before, and now in `trust`.

        Raises LocalMisuse or PeerViolation where the new content can't be used: `trust` stays,
        and it is read again when its files change again.
        """
        files = self._files()
        if files == self._seen:
            return False
        self._seen = files
        self.trust = self._read()
        return True

    def _read(self) -> TrustStore:
        return read_trust(self._folder, realm=self._realm, verifier=self._verifier)

    def _files(self) -> _Files:
        try:
            paths = [*self._folder.glob("*.certificates"), *self._folder.glob("*.revocations")]
            found = [(path.name, path.stat()) for path in paths]
        except OSError as error:
            raise LocalMisuse(
                f"cannot look into {self._folder}: {error.strerror}",
                remedy="Let this process read its trust folder",
            ) from error
        return tuple(sorted((name, status.st_mtime_ns, status.st_size) for name, status in found))
