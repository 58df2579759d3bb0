"""Recalls and answers as records: whole, in one's own name, or refused."""

from dataclasses import replace
from typing import Any

import pytest
from tests.records.made_up_nations import (
    KR,
    KR_1,
    NOW,
    US_1,
    VERIFIER,
    counted_salts,
    nation,
    trust,
)

from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_record
from bongsu.records.projection import project
from bongsu.records.recalls_as_records import (
    answer_of,
    answer_to_fields,
    recall_of,
    recall_to_fields,
)
from bongsu.records.record import Record, make_record, sign_statement, signed_record
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.recall import Recall, RecallAnswer, RecallOutcome, RecallScope
from bongsu.vocabulary.units import NodeId, RecordId

RECALL = Recall(
    recall_id="KR-1/R0001",
    node=KR_1,
    stated_at=NOW,
    scope=RecallScope.ALL_VERSIONS,
    record_id=None,
    about="KR-1/W0001",
    reason="test data on a live input",
)
ANSWER = RecallAnswer(
    recall_id="US-1/R0001",
    recall=RecordId(b"r" * 32),
    node=KR_1,
    stated_at=NOW,
    outcome=RecallOutcome.REFUSED,
    reason="not yours",
    passed_on_to=(NodeId("JP-1"),),
)


def record(kind: RecordKind, fields: dict[str, Any]) -> Record:
    made = make_record(
        kind,
        realm=Realm.EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=fields,
        salts=counted_salts(),
    )
    signer = nation(KR, Realm.EXERCISE).node
    return signed_record(made, sign_statement(made.statement, signer, realm=Realm.EXERCISE))


def opened(kind: RecordKind, fields: dict[str, Any]) -> OpenedRecord:
    return open_record(record(kind, fields), trust=trust(Realm.EXERCISE), verifier=VERIFIER)


def test_a_recall_comes_back_as_it_was_stated() -> None:
    one = replace(RECALL, scope=RecallScope.THIS_VERSION, record_id=RecordId(b"x" * 32), about=None)
    for recall in (RECALL, one):
        assert recall_of(opened(RecordKind.RECALL, recall_to_fields(recall))) == recall


def test_an_answer_comes_back_as_it_was_stated() -> None:
    assert answer_of(opened(RecordKind.RECALL_ANSWER, answer_to_fields(ANSWER))) == ANSWER


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"node": US_1}, "in the name of US-1"),
        ({"nation": "US"}, "in the name of"),
        ({"about": None}, "does not say of what"),
        ({"scope": RecallScope.THIS_VERSION}, "does not say of what"),
        ({"recall_id": "US-1/R0001"}, "a name of another node"),
    ],
)
def test_a_recall_that_is_not_sound_is_refused(changes: dict[str, Any], why: str) -> None:
    fields = {**recall_to_fields(RECALL), **changes}
    with pytest.raises(PeerViolation, match=why):
        recall_of(opened(RecordKind.RECALL, fields))


def test_an_answer_in_the_name_of_another_is_refused() -> None:
    fields = {**answer_to_fields(ANSWER), "node": US_1}
    with pytest.raises(PeerViolation, match="in the name of US-1"):
        answer_of(opened(RecordKind.RECALL_ANSWER, fields))


def test_a_recall_that_withholds_something_is_refused() -> None:
    made = record(RecordKind.RECALL, recall_to_fields(RECALL))
    part = project(made, {"recall_id", "node", "nation"}, visible=lambda _: True)
    with pytest.raises(PeerViolation, match="withholds .*reason"):
        recall_of(open_record(part, trust=trust(Realm.EXERCISE), verifier=VERIFIER))


def test_one_is_not_taken_for_the_other() -> None:
    with pytest.raises(PeerViolation, match="taken for a recall_answer"):
        answer_of(opened(RecordKind.RECALL, recall_to_fields(RECALL)))
