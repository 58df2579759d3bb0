"""A file of simulated seeds: one line of JSON for each, appended when the seed is over.

A run that was broken off goes on where it stopped: what is in the file is not run again. A last
line that was cut off while it was written is dropped.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from bongsu.vocabulary.errors import LocalMisuse

MAXIMUM_FILE_BYTES = 256 * 1024 * 1024


class Broken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What did not hold, first."""

    invariant: str
    what: str
    at_s: float


class Federation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a seed was asked to be; runs of one file are alike in it."""

    hours: float
    nations: int | None
    cryptography: str


class SeedLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One seed, as it stands in the file and in the report."""

    seed: int
    asked: Federation
    shape: str
    nations: int
    simulated_s: float
    cpu_s: float
    records: int
    messages: int
    disk_groups: int
    timers: int
    faults: Mapping[str, int]
    mischief: Mapping[str, int]  # done to messages
    checked: Mapping[str, int]
    digest: str  # of everything that happened, in order
    broken: Broken | None

    @property
    def events(self) -> int:
        """Messages delivered, disk groups completed and timers fired."""
        return self.messages + self.disk_groups + self.timers


class SeedResults:
    """The file, opened for more."""

    def __init__(self, path: Path, asked: Federation) -> None:
        """Read what is there. Raises LocalMisuse for a file that is no such file, or of others."""
        self._path = path
        self.lines: dict[int, SeedLine] = {}
        data = _read(path)
        whole = data[: data.rfind(b"\n") + 1]
        for number, text in enumerate(whole.splitlines(), start=1):
            line = _line(path, number, text)
            if line.asked != asked:
                raise LocalMisuse(
                    f"{path} holds seeds that were asked to be {msgspec.to_builtins(line.asked)}",
                    remedy="Name another file, or ask for the same hours, nations, cryptography",
                )
            self.lines[line.seed] = line
        if len(whole) < len(data):
            _write(path, whole)

    def add(self, line: SeedLine) -> None:
        """Append one seed, on disk when this returns as far as the system says."""
        try:
            with self._path.open("ab") as file:
                file.write(msgspec.json.encode(line) + b"\n")
        except OSError as error:
            raise _unusable(self._path, error) from error
        self.lines[line.seed] = line


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            return b""
        if path.stat().st_size > MAXIMUM_FILE_BYTES:
            raise LocalMisuse(f"{path} is too large for results", remedy="Name another file")
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, error) from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise _unusable(path, error) from error


def _line(path: Path, number: int, text: bytes) -> SeedLine:
    try:
        return msgspec.json.decode(text, type=SeedLine)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise LocalMisuse(
            f"line {number} of {path} is no result of a seed: {error}",
            remedy="Name a file that bongsu simulate wrote, or a new one",
        ) from error


def _unusable(path: Path, error: OSError) -> LocalMisuse:
    return LocalMisuse(f"{path} can't be used: {error}", remedy="Name a file in a writable folder")
