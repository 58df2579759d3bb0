"""Naming the first bad byte: what is damaged here is whole in another stored copy.

A record stands in a log several times: once with all fields that the node holds, and as a
projection in each feed. A hash or signature only says that a part is wrong; held against the
same part of a copy that is right, the damage narrows to a byte.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from bongsu.records.disclosure import digest_of
from bongsu.records.record import RECORD, STATEMENT, Record
from bongsu.records.record_inspection import Damage, OriginChecks
from bongsu.records.signatory import every_ended
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import RecordId

MAXIMUM_COPIES = 16


def narrowed(
    damage: Damage,
    encoded: bytes,
    record_id: RecordId,
    copies: Iterable[bytes],
    origins: OriginChecks,
) -> Damage:
    """`damage` from the first byte that differs from a right copy; as it was where none helps."""
    piece = encoded[damage.start : damage.end]
    elsewhere = _disclosures(encoded)  # whole disclosures of other fields are no candidates
    best: tuple[int, int] | None = None  # differing bytes, first of them
    for copy in _whole(copies, record_id):
        for right in _same_part(damage, copy, origins):
            if len(right) == len(piece) and right != piece and right not in elsewhere:
                found = _difference(piece, right)
                best = found if best is None else min(best, found)
    if best is None:
        return damage
    return replace(damage, start=damage.start + best[1], exact=True)


def _disclosures(encoded: bytes) -> frozenset[bytes]:
    try:
        return frozenset(RECORD.decode(encoded).disclosures)
    except PeerViolation:
        return frozenset()


def _whole(copies: Iterable[bytes], record_id: RecordId) -> list[Record]:
    """Copies of the record that can be read and have the right statement."""
    whole: list[Record] = []
    for copy in copies:
        if len(whole) >= MAXIMUM_COPIES:
            break
        try:
            record = RECORD.decode(copy)
        except PeerViolation:
            continue
        if hashlib.sha256(record.statement).digest() == record_id:
            whole.append(record)
    return whole


def _same_part(damage: Damage, copy: Record, origins: OriginChecks) -> list[bytes]:
    """What the damaged bytes may have been."""
    if damage.part == "statement":
        return [copy.statement]
    if damage.part.startswith("disclosure"):
        listed = set(STATEMENT.decode(copy.statement).digests)
        return [data for data in copy.disclosures if digest_of(data) in listed]
    if copy.signatures is not None and _is_signed(copy, origins):
        encoded = RECORD.encode(copy)
        if damage.part == "record":
            return [encoded]
        return [encoded[encoded.rfind(copy.signatures.ed25519) :]]
    return [RECORD.encode(copy)] if damage.part == "record" else []


def _is_signed(copy: Record, origins: OriginChecks) -> bool:
    try:
        origins.require(copy, vouched_by=None, ended_counts=every_ended)
    except PeerViolation:
        return False
    return True


def _difference(piece: bytes, right: bytes) -> tuple[int, int]:
    places = [at for at, (one, other) in enumerate(zip(piece, right, strict=True)) if one != other]
    return len(places), places[0]
