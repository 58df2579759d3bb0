"""The people of a node in a file beside it, for its owner alone; changed whole, one at a time."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from bongsu.adapters.keys.private_files import read_file, replace_file, require_private
from bongsu.node.people import People
from bongsu.vocabulary.errors import LocalMisuse

NAME: Final = "people.json"
MAXIMUM_BYTES: Final = 1024 * 1024


class PeopleFile:
    """Implements `console.web.passkeys.Registry`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[tuple[int, int], People] | None = None

    def people(self) -> People:
        """Who is known now; read again only where the file was changed."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return People()
        state = (status.st_mtime_ns, status.st_ino)
        if self._read is None or self._read[0] != state:
            require_private(self._path)
            self._read = (state, _decoded(self._path))
        return self._read[1]

    def change(self, change: Callable[[People], People]) -> People:
        """Apply one change; no other process changes it meanwhile. Keeps what `change` raises."""
        lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = self.people()
            after = change(before)
            if after != before:
                replace_file(self._path, msgspec.json.encode(after), mode=0o600)
            return after
        finally:
            os.close(lock)


def _decoded(path: Path) -> People:
    try:
        return msgspec.json.decode(read_file(path, MAXIMUM_BYTES), type=People)
    except msgspec.DecodeError as error:
        raise LocalMisuse(
            f"{path} is damaged: {error}", remedy="Bring it back from a copy, or delete it"
        ) from error
