"""Naming the bad byte where there is no other copy to hold against it.

Every part of a record has a hash: the statement's is the record's id, and the statement lists
that of each disclosure. If one byte was changed, another one in its place makes the hash right
again; for parts of this size every other byte in every place can be tried.
"""

import hashlib
from collections.abc import Callable

from bongsu.records.disclosure import digest_of
from bongsu.records.record import RECORD, STATEMENT
from bongsu.records.record_inspection import Damage
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import RecordId

MAXIMUM_SEARCHED_BYTES = 16_384  # four million tries: some seconds

IsRight = Callable[[bytes], bool]


def changed_byte(damage: Damage, encoded: bytes, record_id: RecordId) -> int | None:
    """Which byte of the damaged part was changed; None where it was more than one, or unknown."""
    piece = encoded[damage.start : damage.end]
    is_right = _test_of(damage, encoded, record_id)
    if is_right is None or len(piece) > MAXIMUM_SEARCHED_BYTES:
        return None
    tried = bytearray(piece)
    for at, found in enumerate(piece):
        for other in range(256):
            tried[at] = other
            if other != found and is_right(bytes(tried)):
                return at
        tried[at] = found
    return None


def _test_of(damage: Damage, encoded: bytes, record_id: RecordId) -> IsRight | None:
    if damage.part == "statement":
        return lambda piece: hashlib.sha256(piece).digest() == record_id
    if damage.part == "record":
        return lambda piece: _is_record(piece, record_id)
    if damage.part.startswith("disclosure"):
        record = RECORD.decode(encoded)
        shown = {digest_of(disclosure) for disclosure in record.disclosures}
        lacking = set(STATEMENT.decode(record.statement).digests) - shown
        return lambda piece: digest_of(piece) in lacking
    return None  # signatures: nothing but themselves says what they should be


def _is_record(piece: bytes, record_id: RecordId) -> bool:
    try:
        record = RECORD.decode(piece)
        if record.record_id != record_id:
            return False
        listed = set(STATEMENT.decode(record.statement).digests)
    except PeerViolation:
        return False
    return all(digest_of(disclosure) in listed for disclosure in record.disclosures)
