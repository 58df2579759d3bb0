"""Invitations that a nation made or answered, kept until they are confirmed: one file each.

The folder is private and stands beside the nation's keys. A confirmed invitation is renamed, so
that it is never confirmed twice.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bongsu.adapters.keys.armored_text import MAXIMUM_TEXT_BYTES, armored, read_armored
from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.keys.private_files import make_private_folder, read_file, write_new_file
from bongsu.adapters.keys.trust_folder import read_public_part, trust_nations
from bongsu.records.certificate import Certificate
from bongsu.records.invitation import MAXIMUM_FILE_BYTES, PublicFile
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId

_INVITATION, _ANSWER = "INVITATION", "ANSWER"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFolder:
    """What `folders.nation` and one other nation have exchanged so far."""

    folders: KeyFolders
    other: NationId

    @property
    def _folder(self) -> Path:
        return self.folders.folder / "invitations"

    def keep_invitation(self, data: bytes) -> None:
        """Remember it; a new one of the same nation needs the old one to be out of the way."""
        make_private_folder(self._folder)
        write_new_file(self._file(_INVITATION), armored(_INVITATION, data).encode())

    def keep_answer(self, data: bytes) -> None:
        """Remember it; LocalMisuse where there is an answer already."""
        write_new_file(self._file(_ANSWER), armored(_ANSWER, data).encode())

    def invitation(self) -> bytes:
        """The open invitation; LocalMisuse where there is none."""
        return self._read(_INVITATION)

    def answer(self) -> bytes:
        """The answer to it; LocalMisuse where there is none."""
        return self._read(_ANSWER)

    def close(self) -> None:
        """It was confirmed: from now on there is no open invitation of that nation."""
        for label in (_INVITATION, _ANSWER):
            file = self._file(label)
            number = sum(1 for _ in self._folder.glob(f"{file.name}.confirmed-*")) + 1
            file.rename(file.with_name(f"{file.name}.confirmed-{number}"))

    def _file(self, label: str) -> Path:
        return self._folder / f"{self.other}.{label.lower()}"

    def _read(self, label: str) -> bytes:
        file = self._file(label)
        if not file.exists():
            raise LocalMisuse(
                f"there is no open {label.lower()} between {self.folders.nation} and {self.other}",
                remedy="See: bongsu invite --help; what was confirmed is not open any more",
            )
        return read_one(file, label)


def write_invitation(path: Path, data: bytes) -> None:
    """An invitation as text, to be sent; never over another file."""
    write_new_file(path, armored(_INVITATION, data).encode(), mode=0o644)


def write_answer(path: Path, data: bytes) -> None:
    """An answer as text, to be sent back; never over another file."""
    write_new_file(path, armored(_ANSWER, data).encode(), mode=0o644)


def read_invitation(path: Path) -> bytes:
    """The invitation in a file; PeerViolation for anything else."""
    return read_one(path, _INVITATION)


def read_answer(path: Path) -> bytes:
    """The answer in a file; PeerViolation for anything else."""
    return read_one(path, _ANSWER)


def read_one(path: Path, label: str) -> bytes:
    """The one block in a file."""
    text = read_file(path, MAXIMUM_TEXT_BYTES).decode(errors="replace")
    blocks = read_armored(text, label, where=str(path))
    if len(blocks) != 1:
        raise LocalMisuse(
            f"{path} holds {len(blocks)} {label.lower()}s, expected one",
            remedy="Name the file as it was sent",
        )
    return blocks[0]


def public_files(folders: KeyFolders, *, realm: Realm) -> tuple[PublicFile, ...]:
    """A nation's own public part, once it verified."""
    read_public_part(folders.public, realm)
    return tuple(
        PublicFile(name=path.name, content=read_file(path, MAXIMUM_FILE_BYTES))
        for path in sorted(folders.public.iterdir())
        if path.is_file()
    )


def require_public_part(files: tuple[PublicFile, ...], *, of: NationId, realm: Realm) -> None:
    """Raise PeerViolation or LocalMisuse unless the files are that nation's public part."""
    with tempfile.TemporaryDirectory() as name:
        root = read_public_part(_unpacked(files, Path(name)), realm).root
    if root.nation != of:
        raise LocalMisuse(
            f"the public part is of {root.nation}, not of {of}", remedy="Ask for it anew"
        )


def trust_public_part(
    folders: KeyFolders, files: tuple[PublicFile, ...], *, realm: Realm
) -> tuple[Certificate, ...]:
    """Take the other nation's public part, and our own, into our trust folder."""
    with tempfile.TemporaryDirectory() as name:
        other = _unpacked(files, Path(name))
        return trust_nations(folders, (folders.public, other), realm=realm)


def _unpacked(files: tuple[PublicFile, ...], folder: Path) -> Path:
    for file in files:
        write_new_file(folder / file.name, file.content)
    return folder
