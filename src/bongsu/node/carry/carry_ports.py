"""What a node needs from the outside to carry feeds as files."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from bongsu.node.ports import MessageEngine
from bongsu.records.keys import Opener
from bongsu.vocabulary.units import NodeId, UtcNs


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """One message of a trip, before it is read."""

    name: str
    channel: str


class DepartingTrip(MessageEngine, Protocol):
    """An engine that writes what is sent; once it is closed, people can carry it."""

    def abandon(self) -> None:
        """Leave nothing behind, unless it is closed already."""
        ...


class ArrivedTrip(Protocol):
    """What somebody brought. `read` raises PeerViolation for a message that copying damaged."""

    @property
    def sender(self) -> NodeId: ...

    @property
    def files(self) -> Sequence[CarriedFile]: ...

    def read(self, name: str) -> bytes: ...


class Trips(Protocol):
    """Folders that people carry. Both raise LocalMisuse where the folder is not the right one."""

    def departing(self, folder: str, reader: NodeId) -> DepartingTrip: ...

    def arrived(self, folder: str) -> ArrivedTrip: ...


class SingleUseKeys(Protocol):
    """Private halves of keys that we gave out, and the stocks that partners gave us, on disk."""

    def stock_for(self, partner: NodeId, *, now: UtcNs) -> tuple[tuple[bytes, ...], UtcNs]:
        """Public halves that the partner may use, made where some are missing, and their end."""
        ...

    def opener(self, partner: NodeId, key_id: bytes) -> Opener | None: ...

    def erase(self, partner: NodeId, key_id: bytes, *, now: UtcNs) -> None: ...

    def was_used(self, partner: NodeId, key_id: bytes) -> bool: ...

    def given(self, partner: NodeId) -> int: ...

    def keep_stock(self, partner: NodeId, signed: bytes, *, now: UtcNs) -> None: ...

    def held_stock(self, partner: NodeId) -> bytes | None: ...

    def is_spent(self, partner: NodeId, key_id: bytes) -> bool: ...

    def spend(self, partner: NodeId, key_id: bytes, *, now: UtcNs) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryPost:
    """All of it. A stick may be slow, or hang: its files are touched on a thread of their own."""

    keys: SingleUseKeys
    trips: Trips
    files: Executor
