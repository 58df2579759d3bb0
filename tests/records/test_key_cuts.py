"""A whole log after a key ended: before the line it verifies, after the line it doesn't."""

import dataclasses
from collections.abc import Sequence
from typing import cast

import pytest
from tests.records.made_up_key_changes import ENDED_AT, next_node_key, trust_after
from tests.records.made_up_log import RECEIVED, SENT, HeadRow, MadeUpLog, RecordRow, made_up_log
from tests.records.made_up_nations import (
    KR,
    NOW,
    US,
    US_1,
    VERIFIER,
    counted_salts,
    nation,
    trust,
)

from bongsu.records.feed import SIGNED_HEAD, FeedId, Head, sign_head
from bongsu.records.key_cuts import cut_fields, held_place
from bongsu.records.kinds import RecordKind
from bongsu.records.record import RECORD, make_record, sign_statement, signed_record
from bongsu.records.revocation import Cause, key_hash
from bongsu.records.trust import TrustStore
from bongsu.records.verification import VerificationReport, verify_log
from bongsu.vocabulary.realm import Realm

EXERCISE = Realm.EXERCISE
OLD = nation(KR, EXERCISE).node


def cut(places: Sequence[tuple[FeedId, int]]) -> RecordRow:
    """US-1's own line under Korea's old key."""
    (fields,) = cut_fields(
        key_hash(OLD.public),
        learnt_at=NOW,
        places=[held_place(feed, at, bytes(32)) for feed, at in places],
    )
    made = make_record(
        RecordKind.KEY_CUT,
        realm=EXERCISE,
        originator=US_1,
        created_at=NOW,
        signed_at=NOW,
        fields=fields,
        salts=counted_salts(),
    )
    signer = nation(US, EXERCISE).node
    record = signed_record(made, sign_statement(made.statement, signer, realm=EXERCISE))
    return RecordRow(record_id=record.record_id, own=True, encoded=RECORD.encode(record))


def verified(log: MadeUpLog, store: TrustStore) -> VerificationReport:
    return verify_log(log, node=US_1, trust=store, verifier=VERIFIER)


def covered_by_the_next_key(log: MadeUpLog) -> None:
    """Korea's node goes on in the same feed: a head of its next key covers what is there."""
    last = log.entry_rows[RECEIVED][-1]
    head = Head(feed=RECEIVED, sequence=3, hash=last.entry_hash, beat=ENDED_AT, stated_at=ENDED_AT)
    signed = sign_head(head, next_node_key())
    log.head_rows[RECEIVED] = [HeadRow(sequence=3, encoded=SIGNED_HEAD.encode(signed))]


@pytest.mark.parametrize("cause", Cause)
def test_a_log_that_has_not_learnt_of_the_end_verifies(cause: Cause) -> None:
    assert verified(made_up_log(), trust_after(cause)).ok


@pytest.mark.parametrize("through", [3, 9])
def test_everything_before_the_line_verifies(through: int) -> None:
    log = made_up_log()
    log.record_rows.append(cut([(RECEIVED, through), (SENT, 3)]))
    report = verified(log, trust_after())
    assert report.ok, report.first_bad


@pytest.mark.parametrize("through", [0, 1, 2])
def test_what_lies_after_the_line_is_refused(through: int) -> None:
    log = made_up_log()
    log.record_rows.append(cut([(RECEIVED, through), (SENT, 3)]))
    report = verified(log, trust_after())
    assert not report.ok
    assert report.first_bad is not None
    assert report.first_bad.where == "heads"
    assert "revoked" in report.first_bad.damage.reason or "verify" in report.first_bad.damage.reason


def test_a_feed_that_the_line_does_not_name_held_nothing() -> None:
    log = made_up_log()
    log.record_rows.append(cut([(SENT, 3)]))
    assert not verified(log, trust_after()).ok


def test_what_lies_after_the_line_verifies_under_a_head_of_the_next_key() -> None:
    log = made_up_log()
    covered_by_the_next_key(log)
    log.record_rows.append(cut([(RECEIVED, 1), (SENT, 3)]))
    report = verified(log, trust_after())
    assert report.ok, report.first_bad


def test_lines_of_several_records_hold_together_and_the_lowest_counts() -> None:
    log = made_up_log()
    log.record_rows += [cut([(RECEIVED, 3)]), cut([(SENT, 3), (RECEIVED, 1)])]
    assert not verified(log, trust_after()).ok


def test_a_line_in_somebody_elses_record_moves_nothing() -> None:
    log = made_up_log()
    log.record_rows.append(dataclasses.replace(cut([(RECEIVED, 0)]), own=False))
    assert verified(log, trust_after()).ok


def test_without_any_ended_key_lines_are_not_read() -> None:
    log = made_up_log()
    log.record_rows.append(cut([(RECEIVED, 0)]))
    assert verified(log, trust(EXERCISE)).ok


@pytest.mark.parametrize(("feeds", "records"), [(0, 1), (1, 1), (128, 1), (129, 2)])
def test_a_line_takes_as_many_records_as_its_feeds_need(feeds: int, records: int) -> None:
    places = [held_place(RECEIVED, at, bytes(32)) for at in range(feeds)]
    parts = cut_fields(bytes(32), learnt_at=NOW, places=places)
    assert len(parts) == records
    assert [place for part in parts for place in cast(tuple[object, ...], part["places"])] == places
