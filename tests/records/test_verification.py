"""A whole log verifies; any damage to it is found and its place and byte are named."""

import dataclasses

import msgspec
import numpy as np
import pytest
from tests.records.disclosed import disclose
from tests.records.made_up_log import (
    RECEIVED,
    SENT,
    EntryRow,
    HeadRow,
    MadeUpLog,
    flipped,
    made_up_log,
    us_record,
    verified,
)
from tests.records.made_up_nations import KR, NOW, nation, track_record

from bongsu.records.archive import content_hash_of
from bongsu.records.disclosure import name_of
from bongsu.records.feed import SIGNED_HEAD, Entry, FeedId, Head, entry_hash, sign_head
from bongsu.records.keys import SignaturePair
from bongsu.records.record import RECORD, Record
from bongsu.records.verification import BadPart
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId

EXERCISE = Realm.EXERCISE


def first_bad(log: MadeUpLog) -> BadPart:
    report = verified(log)
    assert not report.ok
    assert report.first_bad is not None
    return report.first_bad


def rechained(log: MadeUpLog, place: int, record: Record) -> None:
    """Put another record into the received feed and make the chain fit, as a forger would."""
    rows = log.entry_rows[RECEIVED]
    previous = rows[place - 1].entry_hash
    for at in range(place, len(rows)):
        entry_record = record if at == place else RECORD.decode(rows[at].encoded)
        previous = entry_hash(previous, Entry(sequence=at + 1, record=entry_record))
        rows[at] = dataclasses.replace(
            rows[at],
            record_id=entry_record.record_id,
            encoded=RECORD.encode(entry_record),
            entry_hash=previous,
        )


def test_a_whole_log_verifies_and_says_what_was_checked() -> None:
    report = verified(made_up_log())
    assert report.first_bad is None
    assert report.ok
    assert report.counts == {
        "feeds": 2,
        "entries": 7,
        "heads": 1,
        "receipts": 1,
        "records": 7,
        "refused on arrival": 0,
        "let go": 0,
    }


def test_content_that_was_let_go_leaves_a_chain_that_verifies() -> None:
    log = made_up_log()
    let_go(log, RECEIVED, 1)
    report = verified(log)
    assert report.ok, report.first_bad
    assert report.counts["let go"] == 1


def test_a_kept_hash_that_was_changed_is_found() -> None:
    log = made_up_log()
    let_go(log, RECEIVED, 1)
    kept = log.entry_rows[RECEIVED][1].content_hash
    assert kept is not None
    changed = bytes([kept[0] ^ 1]) + kept[1:]
    log.entry_rows[RECEIVED][1] = dataclasses.replace(
        log.entry_rows[RECEIVED][1], content_hash=changed
    )
    report = verified(log)
    assert report.first_bad is not None
    assert report.first_bad.damage.part == "kept hash"


def test_an_empty_record_of_which_nothing_was_let_go_is_damage() -> None:
    log = made_up_log()
    log.record_rows[0] = dataclasses.replace(log.record_rows[0], encoded=b"")
    assert not verified(log).ok


def let_go(log: MadeUpLog, feed: FeedId, place: int) -> None:
    """The content of an entry goes, and of its record with it."""
    row = log.entry_rows[feed][place]
    kept = content_hash_of(row.encoded, row.sequence)
    log.entry_rows[feed][place] = dataclasses.replace(row, encoded=b"", content_hash=kept)
    log.record_rows = [
        dataclasses.replace(one, encoded=b"") if one.record_id == row.record_id else one
        for one in log.record_rows
    ]


def test_an_empty_log_verifies() -> None:
    assert verified(MadeUpLog()).ok


def test_any_byte_of_any_stored_record_changed_is_found() -> None:
    chance = np.random.default_rng(5)
    for place in range(7):
        size = len(made_up_log().record_rows[place].encoded)
        for at in chance.integers(0, size, 25):
            log = made_up_log()
            row = log.record_rows[place]
            log.change_record(place, encoded=flipped(row.encoded, int(at)))
            bad = first_bad(log)
            assert bad.damage.start <= at < bad.damage.end, f"byte {at} of record {place}: {bad}"


def test_any_byte_of_any_stored_entry_changed_is_found() -> None:
    chance = np.random.default_rng(6)
    for feed in (RECEIVED, SENT):
        for place in range(3):
            size = len(made_up_log().entry_rows[feed][place].encoded)
            for at in chance.integers(0, size, 25):
                log = made_up_log()
                row = log.entry_rows[feed][place]
                log.change_entry(feed, place, encoded=flipped(row.encoded, int(at)))
                bad = first_bad(log)
                assert (bad.where, bad.feed, bad.sequence) == ("entries", feed, place + 1)
                assert bad.damage.start <= at < bad.damage.end, f"byte {at}: {bad}"


@pytest.mark.parametrize("part", ["statement", "disclosure", "signature"])
def test_the_first_bad_byte_is_named_where_a_whole_copy_exists(part: str) -> None:
    log = made_up_log()
    encoded = log.record_rows[3].encoded  # an own warning, released as a projection too
    record = RECORD.decode(encoded)
    launch = next(one for one in record.disclosures if name_of(one) == "launch")
    assert record.signatures is not None
    piece = {
        "statement": record.statement,
        "disclosure": launch,
        "signature": record.signatures.ed25519,
    }[part]
    at = encoded.index(piece) + 40
    log.change_record(3, encoded=flipped(encoded, at))
    bad = first_bad(log)
    assert (bad.damage.exact, bad.damage.start) == (True, at)
    assert part in bad.damage.part
    assert f"first bad byte {at}" in str(bad)


def _withheld_sensors(log: MadeUpLog) -> tuple[bytes, int, int]:
    """An own record, and where in it stands what is withheld from every partner: no copy."""
    encoded = log.record_rows[3].encoded
    sensors = next(one for one in RECORD.decode(encoded).disclosures if name_of(one) == "sensors")
    start = encoded.index(sensors)
    return encoded, start, start + len(sensors)


def test_without_a_copy_one_changed_byte_is_named_by_trying_every_other() -> None:
    log = made_up_log()
    encoded, start, _ = _withheld_sensors(log)
    log.change_record(3, encoded=flipped(encoded, start + 30))
    bad = first_bad(log)
    assert (bad.damage.exact, bad.damage.start) == (True, start + 30)
    assert "disclosure sensors" in str(bad)


@pytest.mark.parametrize("at", [0, 1, 70, 300])
def test_one_changed_byte_of_a_record_that_stands_nowhere_else_is_named(at: int) -> None:
    log = made_up_log()
    log.entry_rows[SENT].clear()
    log.receipt_rows[SENT].clear()
    encoded = log.record_rows[3].encoded
    log.change_record(3, encoded=flipped(encoded, at))
    bad = first_bad(log)
    assert (bad.where, bad.damage.exact, bad.damage.start) == ("records", True, at)


def test_without_a_copy_two_changed_bytes_are_named_by_their_part() -> None:
    log = made_up_log()
    encoded, start, end = _withheld_sensors(log)
    log.change_record(3, encoded=flipped(flipped(encoded, start + 30), start + 35))
    bad = first_bad(log)
    assert not bad.damage.exact
    assert (bad.damage.start, bad.damage.end) == (start, end)
    assert "disclosure sensors" in str(bad)
    assert f"in bytes {start}-{end - 1}" in str(bad)


def test_a_copy_that_is_damaged_too_misleads_nobody() -> None:
    log = made_up_log()
    for feed, place, at in ((SENT, 0, 60), (RECEIVED, 0, 60)):
        row = log.entry_rows[feed][place]
        log.change_entry(feed, place, encoded=flipped(row.encoded, at))
    row_damaged = log.record_rows[3].encoded
    log.change_record(3, encoded=flipped(row_damaged, 61))
    report = verified(log)
    assert report.bad == 3


def test_a_changed_chain_hash_is_found() -> None:
    log = made_up_log()
    row = log.entry_rows[RECEIVED][1]
    log.change_entry(RECEIVED, 1, entry_hash=flipped(row.entry_hash, 5))
    bad = first_bad(log)
    assert (bad.sequence, bad.damage.part) == (2, "entry hash")


def test_a_missing_entry_is_found() -> None:
    log = made_up_log()
    del log.entry_rows[RECEIVED][1]
    bad = first_bad(log)
    assert bad.damage.part == "sequence"
    assert "after 1 comes 3" in str(bad)


@pytest.mark.parametrize("feed", [RECEIVED, SENT])
def test_a_truncated_feed_is_found_by_the_head_or_receipt_beyond_its_end(feed: object) -> None:
    log = made_up_log()
    del log.entry_rows[RECEIVED if feed == RECEIVED else SENT][1:]
    bad = first_bad(log)
    assert bad.damage.part == "end of the feed"
    assert "3 entries were signed for, 1 are here" in str(bad)


def test_a_history_rewritten_with_a_fitting_chain_contradicts_the_signed_head() -> None:
    log = made_up_log()
    other = track_record()
    rechained(log, 2, other)
    bad = first_bad(log)
    assert bad.damage.reason == "a signed head or receipt states another"


def test_our_own_rewritten_history_contradicts_the_partners_receipt() -> None:
    log = made_up_log()
    rows = log.entry_rows[SENT]
    record = us_record(8)
    log.record_rows.append(
        dataclasses.replace(
            log.record_rows[3], record_id=record.record_id, encoded=RECORD.encode(record)
        )
    )
    hash_ = entry_hash(rows[1].entry_hash, Entry(sequence=3, record=record))
    rows[2] = EntryRow(
        sequence=3,
        record_id=record.record_id,
        encoded=RECORD.encode(record),
        entry_hash=hash_,
    )
    bad = first_bad(log)
    assert (bad.feed, bad.sequence) == (SENT, 3)
    assert "signed head or receipt" in bad.damage.reason


def test_a_head_signed_by_nobody_we_know_is_found() -> None:
    log = made_up_log()
    head = Head(feed=RECEIVED, sequence=3, hash=b"x" * 32, beat=NOW, stated_at=NOW)
    forged = sign_head(head, nation(KR, EXERCISE).officer)
    log.head_rows[RECEIVED] = [HeadRow(sequence=3, encoded=SIGNED_HEAD.encode(forged))]
    bad = first_bad(log)
    assert (bad.where, bad.damage.part) == ("heads", "signed head")


def test_a_head_filed_under_another_place_is_found() -> None:
    log = made_up_log()
    row = log.head_rows[RECEIVED][0]
    log.head_rows[RECEIVED] = [HeadRow(sequence=2, encoded=row.encoded)]
    assert first_bad(log).damage.reason.startswith("it is of another place")


def test_two_signed_hashes_at_one_place_are_found() -> None:
    log = made_up_log()
    head = Head(feed=RECEIVED, sequence=3, hash=b"x" * 32, beat=NOW, stated_at=NOW)
    second = sign_head(head, nation(KR, EXERCISE).node)
    log.head_rows[RECEIVED].append(HeadRow(sequence=3, encoded=SIGNED_HEAD.encode(second)))
    assert "two hashes" in first_bad(log).damage.reason


def test_a_received_track_update_beyond_the_last_signed_head_has_nobody_to_vouch_for_it() -> None:
    log = made_up_log()
    log.head_rows = {}
    bad = first_bad(log)
    assert bad.sequence == 2
    assert "nobody vouches" in bad.damage.reason


def test_a_record_that_was_refused_on_arrival_stays_in_the_chain_and_is_counted() -> None:
    log = made_up_log()
    rows = log.entry_rows[RECEIVED]
    encoded = RECORD.decode(rows[2].encoded)
    assert encoded.signatures is not None
    hostile = msgspec.structs.replace(encoded, signatures=SignaturePair(ed25519=bytes(64)))
    log.change_entry(RECEIVED, 2, encoded=RECORD.encode(hostile))
    log.record_rows = [row for row in log.record_rows if row.record_id != rows[2].record_id]
    report = verified(log)
    assert report.ok
    assert report.counts["refused on arrival"] == 1


def test_a_released_record_that_is_in_no_list_of_records_is_found() -> None:
    log = made_up_log()
    gone = log.entry_rows[SENT][0].record_id
    log.record_rows = [row for row in log.record_rows if row.record_id != gone]
    assert "in no list of records" in first_bad(log).damage.reason


def test_a_partners_bulk_record_that_stands_in_no_feed_is_found() -> None:
    log = made_up_log()
    stray = us_record(1)
    place = next(at for at, row in enumerate(log.record_rows) if row.record_id == stray.record_id)
    log.change_record(place, own=False)
    bad = first_bad(log)
    assert bad.where == "records"
    assert "nobody vouches" in bad.damage.reason


@pytest.mark.parametrize("encoded", [b"", b"\xc1", b"\x93\xc4\x00\x90", b"\x91" * 3000])
def test_rows_of_garbage_are_reported_and_never_raise(encoded: bytes) -> None:
    log = made_up_log()
    log.change_record(0, encoded=encoded, record_id=RecordId(b"short"))
    log.change_entry(SENT, 0, encoded=encoded)
    log.head_rows[RECEIVED].append(HeadRow(sequence=-1, encoded=encoded))
    assert verified(log).bad >= 3


def test_a_field_stored_twice_is_found() -> None:
    log = made_up_log()
    record = RECORD.decode(log.record_rows[3].encoded)
    doubled = (*record.disclosures, record.disclosures[0])
    log.change_record(
        3, encoded=RECORD.encode(msgspec.structs.replace(record, disclosures=doubled))
    )
    assert "it is there twice" in str(first_bad(log))


def test_a_disclosure_that_was_never_stated_is_found() -> None:
    log = made_up_log()
    record = RECORD.decode(log.record_rows[3].encoded)
    added = (*record.disclosures, disclose(b"s" * 16, "debris", 1))
    log.change_record(3, encoded=RECORD.encode(msgspec.structs.replace(record, disclosures=added)))
    assert "the statement lists no such hash" in str(first_bad(log))
