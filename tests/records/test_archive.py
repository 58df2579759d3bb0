"""What a log may let go: old bulk, and nothing that a correction or recall could need."""

import pytest
from tests.records.made_up_nations import NOW, track_record, warning_record

from bongsu.records.archive import ARCHIVED_ENTRY, content_hash_of, may_be_let_go
from bongsu.records.feed import Entry, content_hash
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import UtcNs

LATER = UtcNs(NOW + 1)


def test_bulk_that_is_old_enough_may_go() -> None:
    encoded = RECORD.encode(track_record())
    assert may_be_let_go(encoded, before=LATER)
    assert not may_be_let_go(encoded, before=NOW)


def test_what_bears_authority_stays_however_old() -> None:
    assert not may_be_let_go(RECORD.encode(warning_record()), before=UtcNs(2**62))


def test_what_went_already_cannot_go_again() -> None:
    assert not may_be_let_go(b"", before=LATER)


def test_damaged_content_is_no_content_to_let_go() -> None:
    with pytest.raises(PeerViolation):
        may_be_let_go(b"?", before=LATER)


def test_the_hash_that_stays_is_the_one_that_the_chain_covers() -> None:
    record = track_record()
    assert content_hash_of(RECORD.encode(record), 7) == content_hash(
        Entry(sequence=7, record=record)
    )


def test_an_archived_entry_has_content() -> None:
    with pytest.raises(PeerViolation):
        ARCHIVED_ENTRY.decode(b"\x93\xc0\x01\xc4\x00")
