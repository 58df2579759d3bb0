"""Single-use keys on disk: private halves that we gave out, and stocks that partners gave us.

    carry/given/US-1/KEY.key    the private half of one key that US-1 may use, 0600
    carry/given/US-1/KEY.used   it was used and erased
    carry/held/US-1/stock       the newest signed stock of US-1's
    carry/held/US-1/KEY.used    we sealed to it once already

Marks stay until no such key can be valid any more. Erasing overwrites and unlinks. Disks and file
systems that keep old blocks may keep them all the same: this folder belongs on a medium that is
encrypted, or destroyed when its time is over.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bongsu.adapters.keys.cryptography_keys import CryptographyOpener
from bongsu.adapters.keys.private_files import (
    make_private_folder,
    read_file,
    read_private_file,
    sync_folder,
    write_new_file,
)
from bongsu.records.carry_key import LIFETIME_NS, SIGNED_CARRY_STOCK, STOCK_KEYS
from bongsu.records.keys import Opener
from bongsu.records.reader_key import key_id_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId, UtcNs

LASTS_AT_LEAST_NS = 2 * LIFETIME_NS // 3  # what is given out
ML_KEM_768_SEED_BYTES = 64
INSTANT_BYTES = 8


@dataclass(frozen=True, slots=True)
class _PrivateHalf:
    ends_at: UtcNs
    opener: CryptographyOpener


class CarryKeyFolder:
    """Implements `node.ports.SingleUseKeys`. Callable on any thread, one call at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stock_for(self, partner: NodeId, *, now: UtcNs) -> tuple[tuple[bytes, ...], UtcNs]:
        """Public halves that the partner may use, made where some are missing, and their end."""
        folder = self._of("given", partner)
        _sweep(folder, now)
        halves = (_read_half(file) for file in folder.glob("*.key"))
        lasting = [half for half in halves if half.ends_at - now >= LASTS_AT_LEAST_NS]
        lasting = sorted(lasting, key=lambda half: half.ends_at)[:STOCK_KEYS]
        fresh = STOCK_KEYS - len(lasting)
        lasting += [_make_half(folder, UtcNs(now + LIFETIME_NS)) for _ in range(fresh)]
        sync_folder(folder)
        return tuple(half.opener.public_key for half in lasting), lasting[0].ends_at

    def opener(self, partner: NodeId, key_id: bytes) -> Opener | None:
        """The private half of one key that we gave to the partner; None where it is not there."""
        file = self._of("given", partner) / f"{key_id.hex()}.key"
        return _read_half(file).opener if file.exists() else None

    def erase(self, partner: NodeId, key_id: bytes, *, now: UtcNs) -> None:
        """It was used: mark that, then overwrite and unlink its private half."""
        folder = self._of("given", partner)
        _mark(folder, key_id, now)
        _erase(folder / f"{key_id.hex()}.key")
        sync_folder(folder)

    def was_used(self, partner: NodeId, key_id: bytes) -> bool:
        """Whether a key that we gave to the partner was used, and is erased."""
        return (self._of("given", partner) / f"{key_id.hex()}.used").exists()

    def given(self, partner: NodeId) -> int:
        """How many keys that we gave to the partner can still be used."""
        return sum(1 for _ in self._of("given", partner).glob("*.key"))

    def keep_stock(self, partner: NodeId, signed: bytes, *, now: UtcNs) -> None:
        """The partner's newest stock takes the place of the one before, whole."""
        folder = self._of("held", partner)
        _sweep(folder, now)
        beside = folder / "stock.new"
        beside.unlink(missing_ok=True)
        write_new_file(beside, signed)
        beside.replace(folder / "stock")
        sync_folder(folder)

    def held_stock(self, partner: NodeId) -> bytes | None:
        """The newest signed stock of the partner's, None where it gave none."""
        file = self._of("held", partner) / "stock"
        return read_file(file, SIGNED_CARRY_STOCK.maximum_bytes) if file.exists() else None

    def is_spent(self, partner: NodeId, key_id: bytes) -> bool:
        """Whether we have sealed to this key of the partner's."""
        return (self._of("held", partner) / f"{key_id.hex()}.used").exists()

    def spend(self, partner: NodeId, key_id: bytes, *, now: UtcNs) -> None:
        """Mark a key of the partner's as used, on disk, before anything is sealed to it.

        Raises LocalMisuse where it is marked already.
        """
        folder = self._of("held", partner)
        if not _mark(folder, key_id, now):
            raise LocalMisuse(
                f"a key of {partner} was to be used twice", remedy="Start one export at a time"
            )
        sync_folder(folder)

    def _of(self, part: str, partner: NodeId) -> Path:
        make_private_folder(self._folder)
        return make_private_folder(self._folder / part / partner)


def _make_half(folder: Path, ends_at: UtcNs) -> _PrivateHalf:
    ml_kem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    opener = CryptographyOpener(ml_kem, x25519)
    data = ends_at.to_bytes(INSTANT_BYTES) + ml_kem.private_bytes_raw() + x25519.private_bytes_raw()
    write_new_file(folder / f"{key_id_of(opener.public_key).hex()}.key", data)
    return _PrivateHalf(ends_at, opener)


def _read_half(file: Path) -> _PrivateHalf:
    data = read_private_file(file)
    seed_end = INSTANT_BYTES + ML_KEM_768_SEED_BYTES
    try:
        opener = CryptographyOpener(
            MLKEM768PrivateKey.from_seed_bytes(data[INSTANT_BYTES:seed_end]),
            X25519PrivateKey.from_private_bytes(data[seed_end:]),
        )
    except ValueError as error:
        raise LocalMisuse(
            f"{file} holds no single-use key", remedy="Delete it; the partner gets others"
        ) from error
    return _PrivateHalf(UtcNs(int.from_bytes(data[:INSTANT_BYTES])), opener)


def _mark(folder: Path, key_id: bytes, now: UtcNs) -> bool:
    """False where the mark is there already; it holds when no such key can be valid any more."""
    mark = folder / f"{key_id.hex()}.used"
    if mark.exists():
        return False
    write_new_file(mark, (now + LIFETIME_NS).to_bytes(INSTANT_BYTES))
    return True


def _sweep(folder: Path, now: UtcNs) -> None:
    """Erase keys that have ended, and forget marks of keys that must have."""
    for file in folder.glob("*.key"):
        if _read_half(file).ends_at <= now:
            _erase(file)
    for mark in folder.glob("*.used"):
        if int.from_bytes(read_file(mark)[:INSTANT_BYTES]) <= now:
            mark.unlink()


def _erase(file: Path) -> None:
    try:
        with file.open("r+b") as half:
            half.write(os.urandom(file.stat().st_size))
            half.flush()
            os.fsync(half.fileno())
    except FileNotFoundError:
        return
    file.unlink()
