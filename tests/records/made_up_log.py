"""A small whole log of US-1 in memory, and ways to damage it."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.records.made_up_nations import (
    JP,
    JP_1,
    KR,
    KR_1,
    NOW,
    TRACK,
    US,
    US_1,
    VERIFIER,
    WARNING,
    chain,
    counted_salts,
    nation,
    track_record,
    trust,
    warning_record,
)

from bongsu.records.feed import (
    SIGNED_HEAD,
    SIGNED_RECEIPT,
    FeedId,
    Head,
    Receipt,
    sign_head,
    sign_receipt,
)
from bongsu.records.kinds import RecordKind, field_names
from bongsu.records.projection import project
from bongsu.records.record import RECORD, Record, make_record, sign_statement, signed_record
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.records.verification import VerificationReport, verify_log
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId

EXERCISE = Realm.EXERCISE
RECEIVED = FeedId(realm=EXERCISE, sender=KR_1, reader=US_1, epoch=1)
SENT = FeedId(realm=EXERCISE, sender=US_1, reader=JP_1, epoch=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    record_id: RecordId
    own: bool
    encoded: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    sequence: int
    record_id: RecordId
    encoded: bytes
    entry_hash: bytes
    content_hash: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRow:
    sequence: int
    encoded: bytes


@dataclass(slots=True)
class MadeUpLog:
    """Implements `records.log_rows.Log` over lists that tests damage."""

    record_rows: list[RecordRow] = field(default_factory=list)
    entry_rows: dict[FeedId, list[EntryRow]] = field(default_factory=dict)
    head_rows: dict[FeedId, list[HeadRow]] = field(default_factory=dict)
    receipt_rows: dict[FeedId, list[HeadRow]] = field(default_factory=dict)

    def records(self) -> Sequence[RecordRow]:
        return self.record_rows

    def feeds(self) -> Iterator[FeedId]:
        yield from self.entry_rows

    def entries(self, feed: FeedId) -> Sequence[EntryRow]:
        return self.entry_rows[feed]

    def heads(self, feed: FeedId) -> Sequence[HeadRow]:
        return self.head_rows.get(feed, [])

    def receipts(self, feed: FeedId) -> Sequence[HeadRow]:
        return self.receipt_rows.get(feed, [])

    def record(self, record_id: RecordId) -> bytes | None:
        for row in self.record_rows:
            if row.record_id == record_id:
                return row.encoded
        return None

    def copies(self, record_id: RecordId) -> Iterator[bytes]:
        for rows in self.entry_rows.values():
            yield from (row.encoded for row in rows if row.record_id == record_id)

    def change_entry(self, feed: FeedId, place: int, **changes: object) -> None:
        rows = self.entry_rows[feed]
        rows[place] = dataclasses.replace(rows[place], **changes)  # type: ignore[arg-type]

    def change_record(self, place: int, **changes: object) -> None:
        row = self.record_rows[place]
        self.record_rows[place] = dataclasses.replace(row, **changes)  # type: ignore[arg-type]


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 0x01
    return bytes(changed)


def us_record(number: int) -> Record:
    """A record of US-1: warnings at even numbers, track updates at odd ones."""
    salts = counted_salts()
    if number % 2:
        return make_record(
            RecordKind.TRACK_UPDATE,
            realm=EXERCISE,
            originator=US_1,
            created_at=NOW,
            signed_at=NOW,
            fields=track_to_fields(dataclasses.replace(TRACK, caveats=(str(number),))),
            salts=salts,
        )
    warning = dataclasses.replace(WARNING, node=US_1, nation=US, version=number + 1)
    record = make_record(
        RecordKind.LAUNCH_WARNING,
        realm=EXERCISE,
        originator=US_1,
        created_at=NOW,
        signed_at=NOW,
        fields=warning_to_fields(warning),
        salts=salts,
    )
    signer = nation(US, EXERCISE).node
    return signed_record(record, sign_statement(record.statement, signer, realm=EXERCISE))


def _rows(records: list[Record], feed: FeedId) -> list[EntryRow]:
    entries, hashes = chain(records, feed)
    return [
        EntryRow(
            sequence=entry.sequence,
            record_id=entry.record.record_id,
            encoded=RECORD.encode(entry.record),
            entry_hash=hash_,
        )
        for entry, hash_ in zip(entries, hashes, strict=True)
    ]


def made_up_log() -> MadeUpLog:
    """Three records received from KR-1 under a head, four own ones sent to JP-1, countersigned."""
    amended = dataclasses.replace(WARNING, version=3)
    received = [warning_record(), track_record(), warning_record(warning=amended)]
    own = [us_record(number) for number in range(4)]
    closed = {
        kind: field_names(kind) - {"sensors"}
        for kind in (RecordKind.LAUNCH_WARNING, RecordKind.TRACK_UPDATE)
    }
    sent = [
        project(record, closed[list(RecordKind)[number % 2]], visible=lambda _: True)
        for number, record in enumerate(own)
    ]
    log = MadeUpLog()
    log.entry_rows = {RECEIVED: _rows(received, RECEIVED), SENT: _rows(sent, SENT)}
    log.record_rows = [
        RecordRow(record_id=record.record_id, own=is_own, encoded=RECORD.encode(record))
        for is_own, records in ((False, received), (True, own))
        for record in records
    ]
    last = log.entry_rows[RECEIVED][-1]
    head = Head(feed=RECEIVED, sequence=3, hash=last.entry_hash, beat=NOW, stated_at=NOW)
    signed_head = sign_head(head, nation(KR, EXERCISE).node)
    log.head_rows = {RECEIVED: [HeadRow(sequence=3, encoded=SIGNED_HEAD.encode(signed_head))]}
    third = log.entry_rows[SENT][2]
    receipt = Receipt(feed=SENT, sequence=3, hash=third.entry_hash, stored_at=NOW)
    signed_receipt = sign_receipt(receipt, nation(JP, EXERCISE).node)
    log.receipt_rows = {SENT: [HeadRow(sequence=3, encoded=SIGNED_RECEIPT.encode(signed_receipt))]}
    return log


def verified(log: MadeUpLog) -> VerificationReport:
    return verify_log(log, node=US_1, trust=trust(EXERCISE), verifier=VERIFIER)
