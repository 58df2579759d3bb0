"""File carry as message engine: one trip of messages from one node to another, in one folder.

    FOLDER/manifest.json   realm, from whom, to whom; each file's channel, size and SHA-256
    FOLDER/0001-urgent     one message a file, in the order in which they were sent
    FOLDER/0002-bulk

Like every engine it is trusted with nothing: what is in the files is sealed and signed, and the
manifest only tells damage in copying from everything else. A folder is written under another
name and renamed when it is whole; none is ever overwritten.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from bongsu.adapters.engines.carry_manifest import (
    CHANNEL_FORM,
    MANIFEST_FILE,
    MAXIMUM_FILES,
    Manifest,
    ManifestFile,
    damaged,
    read_manifest,
    read_regular,
    unwritable,
)
from bongsu.adapters.keys.private_files import sync_folder, write_new_file
from bongsu.node.carry.carry_ports import CarriedFile
from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

MAXIMUM_TRIP_BYTES = 128 * 1024 * 1024

Received = Callable[[NodeId, str, bytes], None]


class DepartingFolder:
    """Implements `node.ports.DepartingTrip`: an engine that sends, and hears nothing."""

    def __init__(self, folder: Path, *, realm: Realm, sender: NodeId, reader: NodeId) -> None:
        self._folder = folder
        self._partial = folder.with_name(f"{folder.name}.partial")
        self._realm = realm
        self._sender = sender
        self._reader = reader
        self._files: list[ManifestFile] = []
        self._bytes = 0
        self._opened = False
        self._closed = False
        self.dropped = 0

    def open(self, received: Received) -> None:
        """Begin the trip. Raises LocalMisuse where the folder is there already, or can't be."""
        if self._opened or self._closed:
            raise LocalMisuse("an engine was opened twice", remedy="Make a new one")
        for path in (self._folder, self._partial):
            if os.path.lexists(path):
                raise LocalMisuse(
                    f"{path} exists and is never overwritten",
                    remedy="Name a new folder; delete what ends in .partial, it was never finished",
                )
        try:
            self._partial.mkdir()
        except OSError as error:
            raise unwritable(self._partial, error) from error
        self._opened = True

    def send(self, to: NodeId, channel: str, payload: bytes) -> bool:
        """Write a message for the trip's reader; False for others, and when the trip is full.

        Raises LocalMisuse for a payload that no engine carries, and where the disk refuses.
        """
        if len(payload) > MAXIMUM_PAYLOAD_BYTES:
            raise LocalMisuse(
                f"a message of {len(payload)} bytes to {to}",
                remedy=f"Cut it into messages of at most {MAXIMUM_PAYLOAD_BYTES} bytes",
            )
        is_full = (
            len(self._files) >= MAXIMUM_FILES or self._bytes + len(payload) > MAXIMUM_TRIP_BYTES
        )
        if self._closed or not self._opened or to != self._reader or is_full:
            self.dropped += 1
            return False
        if CHANNEL_FORM.fullmatch(channel) is None:
            raise LocalMisuse(f"no channel {channel[:40]!r}", remedy="Use lower-case letters")
        file = ManifestFile(
            name=f"{len(self._files) + 1:04d}-{channel}",
            channel=channel,
            size_bytes=len(payload),
            sha256=hashlib.sha256(payload).hexdigest(),
        )
        self._write(file.name, payload)
        self._files.append(file)
        self._bytes += len(payload)
        return True

    def reopen(self, partner: NodeId | None = None) -> None:
        """There is no session that could stick."""

    def close(self) -> None:
        """The trip is whole: its folder appears. Raises LocalMisuse where the disk refuses."""
        was_open, self._closed = self._opened and not self._closed, True
        if not was_open:
            return
        manifest = Manifest(
            banner=self._realm.banner,
            realm=self._realm,
            sender=self._sender,
            reader=self._reader,
            files=tuple(self._files),
        )
        self._write(MANIFEST_FILE, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
        try:
            sync_folder(self._partial)
            self._partial.rename(self._folder)
            sync_folder(self._folder.parent)
        except OSError as error:
            raise unwritable(self._folder, error) from error

    def abandon(self) -> None:
        """The trip will not be: what was written goes. Nothing once it is closed."""
        if self._closed or not self._opened:
            return
        self._closed = True
        shutil.rmtree(self._partial, ignore_errors=True)  # the stick may be gone

    def _write(self, name: str, data: bytes) -> None:
        write_new_file(self._partial / name, data, mode=0o644)


class ArrivedFolder:
    """Implements `node.ports.ArrivedTrip`: an engine that hears, and sends nothing."""

    def __init__(self, folder: Path, *, realm: Realm, reader: NodeId) -> None:
        """Read the manifest. Raises LocalMisuse for what is no trip to this node in this realm."""
        self._folder = folder
        manifest = read_manifest(folder / MANIFEST_FILE)
        if manifest.realm is not realm or manifest.reader != reader:
            raise LocalMisuse(
                f"{folder} is a trip to {manifest.reader} in the {manifest.realm.value} realm,"
                f" here is {reader} in the {realm.value} realm",
                remedy="Give it to the node that it is for",
            )
        self._files = {file.name: file for file in manifest.files}
        self._opened = False
        self.is_closed = False
        self.sender = manifest.sender
        self.files = tuple(CarriedFile(file.name, file.channel) for file in manifest.files)
        self.dropped = 0
        self.refused = 0

    def read(self, name: str) -> bytes:
        """One message, whole; PeerViolation where copying has damaged it."""
        known = self._files[name]
        data = read_regular(self._folder / name, known.size_bytes)
        if len(data) != known.size_bytes or hashlib.sha256(data).hexdigest() != known.sha256:
            raise damaged(self._folder / name)
        return data

    def open(self, received: Received) -> None:
        """Hand over every message, in order; what is damaged is counted as refused."""
        if self._opened or self.is_closed:
            raise LocalMisuse("an engine was opened twice", remedy="Make a new one")
        self._opened = True
        for file in self.files:
            try:
                payload = self.read(file.name)
            except PeerViolation:
                self.refused += 1
            else:
                received(self.sender, file.channel, payload)

    def send(self, to: NodeId, channel: str, payload: bytes) -> bool:
        """Nothing goes back by the folder that came."""
        self.dropped += 1
        return False

    def reopen(self, partner: NodeId | None = None) -> None:
        """There is no session that could stick."""

    def close(self) -> None:
        """Nothing is handed over any more."""
        self.is_closed = True


class CarryFolders:
    """Implements `node.carry_ports.Trips`: folders on this machine, wherever they are mounted."""

    def __init__(self, *, realm: Realm, node: NodeId) -> None:
        self._realm = realm
        self._node = node

    def departing(self, folder: str, reader: NodeId) -> DepartingFolder:
        """A trip to `reader`, to be opened; the folder must not exist."""
        return DepartingFolder(Path(folder), realm=self._realm, sender=self._node, reader=reader)

    def arrived(self, folder: str) -> ArrivedFolder:
        """The trip in a folder; LocalMisuse where it is none to us."""
        return ArrivedFolder(Path(folder), realm=self._realm, reader=self._node)
