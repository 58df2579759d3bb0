"""An archive: entries with their content in one file, one after the other, written once.

Lengths stand before entries, so that a file cut short is noticed; what each entry is worth, the
log's kept hashes say. The file is synced before anything is let go.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from bongsu.adapters.keys.private_files import sync_folder
from bongsu.records.archive import ARCHIVED_ENTRY, ArchivedEntry
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

MAGIC = b"bongsu archive 1\n"
_LENGTH = struct.Struct(">I")


def write_archive(path: Path, entries: Iterable[ArchivedEntry]) -> int:
    """Write a new archive, whole or not at all; how many entries. Never over another file."""
    if path.exists():
        raise LocalMisuse(f"{path} exists", remedy="Name a new file: archives are not replaced")
    beside = path.with_name(path.name + ".new")
    number = 0
    try:
        with beside.open("wb") as file:
            beside.chmod(0o600)
            file.write(MAGIC)
            for entry in entries:
                data = ARCHIVED_ENTRY.encode(entry)
                file.write(_LENGTH.pack(len(data)) + data)
                number += 1
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise LocalMisuse(
            f"cannot write {path}: {error.strerror}", remedy="Check folder and free space"
        ) from error
    return number


def read_archive(path: Path) -> Iterator[ArchivedEntry]:
    """Every entry; PeerViolation where the file is damaged, LocalMisuse where it is no archive."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise LocalMisuse(f"{path} is no archive", remedy="Name a file of: bongsu archive")
            while head := file.read(_LENGTH.size):
                size = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
                data = file.read(min(size, ARCHIVED_ENTRY.maximum_bytes + 1))
                if not size or len(data) != size:
                    raise PeerViolation(
                        f"{path} is cut short or damaged at byte {file.tell()}",
                        remedy="Take another copy of the archive",
                    )
                yield ARCHIVED_ENTRY.decode(data)
    except OSError as error:
        raise LocalMisuse(f"cannot read {path}: {error.strerror}", remedy="Check it") from error
