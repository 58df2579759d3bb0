"""What a folder of carried messages says about itself, and reading it with suspicion."""

import os
import re
import stat
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES
from bongsu.records.names import Node
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm

MAXIMUM_FILES = 1_024
MAXIMUM_MANIFEST_BYTES = 512 * 1024
MANIFEST_FILE = "manifest.json"
FORMAT = 1

_CHANNEL = r"[a-z][a-z-]{0,31}"
CHANNEL_FORM = re.compile(_CHANNEL)


class ManifestFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(pattern=rf"\A[0-9]{{4}}-{_CHANNEL}\Z")]
    channel: Annotated[str, Meta(pattern=rf"\A{_CHANNEL}\Z")]
    size_bytes: Annotated[int, Meta(ge=0, le=MAXIMUM_PAYLOAD_BYTES)]
    sha256: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT)] = FORMAT
    banner: Annotated[str, Meta(max_length=32)]  # for whoever looks into the folder
    realm: Realm
    sender: Node
    reader: Node
    files: Annotated[tuple[ManifestFile, ...], Meta(max_length=MAXIMUM_FILES)]


def read_manifest(path: Path) -> Manifest:
    try:
        data = read_regular(path, MAXIMUM_MANIFEST_BYTES)
        manifest = msgspec.json.decode(data, type=Manifest)
    except (PeerViolation, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise LocalMisuse(
            f"{path.parent} is no folder of carried messages: {error}",
            remedy="Name the folder as bongsu carry export wrote it, copied whole",
        ) from error
    if len({file.name for file in manifest.files}) < len(manifest.files):
        raise LocalMisuse(
            f"{path} names one file twice", remedy="Ask for the folder anew and copy it unchanged"
        )
    return manifest


def read_regular(path: Path, maximum_bytes: int) -> bytes:
    """The bytes of a file that is one: no link, pipe or device is followed or waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise damaged(path)
            data = file.read(maximum_bytes + 1)
    except OSError as error:
        raise damaged(path) from error
    if len(data) > maximum_bytes:
        raise damaged(path)
    return data


def damaged(path: Path) -> PeerViolation:
    return PeerViolation(
        f"{path.name} is missing or was damaged in copying",
        remedy="Copy the folder once more from where it was written, and import that",
    )


def unwritable(path: Path, error: OSError) -> LocalMisuse:
    return LocalMisuse(
        f"cannot write {path}: {error.strerror}",
        remedy="Check that the stick is there, has room and may be written by the node's user",
    )
