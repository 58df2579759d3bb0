"""What was read of records already: who plays the past asks for the same ones again and again.

Bounded: what was not asked for the longest goes. Nothing in it can be wrong, for a record never
changes.
"""

from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar

from bongsu.node.ports import StoredRecord
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId

MAXIMUM_KEPT: Final = 8_192

R = TypeVar("R")


class ReadOnce(Generic[R]):
    """Reads records of one kind, on any thread; None where a record can't be read."""

    def __init__(self, read: Callable[[OpenedRecord], R], realm: Realm) -> None:
        self._read = read
        self._realm = realm
        self._kept: dict[RecordId, R] = {}
        self._lock = Lock()

    def of(self, row: StoredRecord) -> R | None:
        """What the record says; None where its content was let go, or is damaged or refused."""
        with self._lock:
            known = self._kept.pop(row.record_id, None)
            if known is not None:
                self._kept[row.record_id] = known
                return known
        if not row.encoded:
            return None
        try:
            record = RECORD.decode(row.encoded)
            found = self._read(open_unverified_record(record, realm=self._realm))
        except BongsuError:
            return None  # refused, counted and kept as evidence when it came
        with self._lock:
            while len(self._kept) >= MAXIMUM_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[row.record_id] = found
        return found
