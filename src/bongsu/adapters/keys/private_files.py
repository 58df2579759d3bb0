"""Files and folders that only their owner can read, written once, read with suspicion."""

import os
import stat
from pathlib import Path

from bongsu.vocabulary.errors import LocalMisuse

MAXIMUM_BYTES = 65_536


def make_private_folder(folder: Path) -> Path:
    """Create the folder (0700) and its parents where missing; refuse one that others can enter."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LocalMisuse(
            f"cannot make the folder {folder}: {error.strerror}",
            remedy="Name a folder below one that is yours",
        ) from error
    require_private(folder)
    return folder


def write_new_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write and sync a file that must not exist yet; never overwrites, leaves no half of one."""
    try:
        _write_new(path, data, mode)
    except FileExistsError as error:
        raise LocalMisuse(
            f"{path} exists and is never overwritten",
            remedy="Keep it; name another --out folder, site or name for new keys",
        ) from error
    except OSError as error:
        raise LocalMisuse(
            f"cannot write {path}: {error.strerror}", remedy="Check folder and free space"
        ) from error


def _write_new(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file whole, over what was there; a crash leaves the old or the new."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    write_new_file(beside, data, mode=mode)
    beside.replace(path)


def sync_folder(folder: Path) -> None:
    """Make names that were just written, renamed or deleted in it survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_private_file(path: Path) -> bytes:
    """The bytes of a key file; LocalMisuse where it is missing, too large or not private."""
    require_private(path.parent)
    require_private(path)
    return read_file(path)


def read_file(path: Path, maximum_bytes: int = MAXIMUM_BYTES) -> bytes:
    """The bytes of a file of bounded size; LocalMisuse where it can't be read."""
    try:
        with path.open("rb") as file:
            data = file.read(maximum_bytes + 1)
    except OSError as error:
        raise LocalMisuse(
            f"cannot read {path}: {error.strerror}", remedy="Check the path, or make keys first"
        ) from error
    if len(data) > maximum_bytes:
        raise LocalMisuse(f"{path} exceeds {maximum_bytes} bytes", remedy="Name the right file")
    return data


def require_private(path: Path) -> None:
    """Raise LocalMisuse where group or others may read, or somebody else owns the path."""
    try:
        status = path.stat()
    except OSError as error:
        raise LocalMisuse(
            f"cannot read {path}: {error.strerror}", remedy="Check the path, or make keys first"
        ) from error
    if status.st_mode & 0o077:
        mode = "700" if stat.S_ISDIR(status.st_mode) else "600"
        raise LocalMisuse(
            f"{path} can be read by others (mode {stat.S_IMODE(status.st_mode):o})",
            remedy=f"chmod {mode} {path}, and make new keys if others may have read these",
        )
    if status.st_uid not in (os.geteuid(), 0):
        raise LocalMisuse(f"{path} belongs to somebody else", remedy="Run as the owner of the keys")
