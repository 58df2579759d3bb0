"""Records that this node holds, found by their id or its beginning, as people type it."""

import re
from dataclasses import dataclass

from bongsu.node.ports import Store, StoredRecord
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD, Record
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId

ID_DIGITS = 64
FEWEST_DIGITS = 4
_HEX = re.compile(rf"[0-9a-f]{{{FEWEST_DIGITS},{ID_DIGITS}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRecord:
    """A record as it lies in the log."""

    row: StoredRecord
    record: Record
    opened: OpenedRecord


def is_record_id(typed: str) -> bool:
    """Whether it looks like a record's id or its beginning."""
    return _HEX.fullmatch(typed) is not None


def held_record(store: Store, typed: str, *, realm: Realm) -> HeldRecord:
    """The one record whose id begins so; reads the log, so run it beside the loop.

    Raises LocalMisuse where there is none, more than one, or nothing of it left.
    """
    row = _the_row(store, typed)
    if not row.encoded:
        raise LocalMisuse(
            f"the content of record {typed} was let go", remedy="Look in the archive of this log"
        )
    record = RECORD.decode(row.encoded)
    return HeldRecord(row=row, record=record, opened=open_unverified_record(record, realm=realm))


def _the_row(store: Store, typed: str) -> StoredRecord:
    if not is_record_id(typed):
        raise LocalMisuse(
            f"{typed[:80]!r} is no record's id",
            remedy=f"Give {FEWEST_DIGITS} to {ID_DIGITS} hexadecimal digits, from the beginning",
        )
    found = store.records_between(
        RecordId(bytes.fromhex(typed.ljust(ID_DIGITS, "0"))),
        RecordId(bytes.fromhex(typed.ljust(ID_DIGITS, "f"))),
        limit=1 if len(typed) == ID_DIGITS else 2,
    )
    if len(found) != 1:
        raise LocalMisuse(
            f"{'no record' if not found else 'more than one record'} begins with {typed}",
            remedy="Give more digits; a journal's record_id is the whole id",
        )
    return found[0]
