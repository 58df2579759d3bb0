"""Recalls: applied by their originator alone, whenever the record comes, and never undone."""

from dataclasses import replace

import pytest

from bongsu.protocols import recall as recalls
from bongsu.protocols.recall import (
    AnswerRecall,
    Effect,
    Held,
    RecallArrived,
    Recalls,
    RecordArrived,
    ShowRecalled,
    ShowWaiting,
    step,
)
from bongsu.vocabulary.recall import Recall, RecallOutcome, RecallScope
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

KR, US = NodeId("KR-1"), NodeId("US-1")
THING = "KR-1/W0001"
WHOLE = Recall(
    recall_id="KR-1/R0001",
    node=KR,
    stated_at=UtcNs(7),
    scope=RecallScope.ALL_VERSIONS,
    record_id=None,
    about=THING,
    reason="test data",
)


def rid(name: str) -> RecordId:
    return RecordId(name.encode().ljust(32))


def version(number: int, *, of: NodeId = KR, about: str | None = THING) -> Held:
    return Held(record_id=rid(f"v{number}"), originator=of, about=about)


def one_version(number: int, *, about: str | None = THING) -> Recall:
    return replace(WHOLE, scope=RecallScope.THIS_VERSION, record_id=rid(f"v{number}"), about=about)


def arrive(
    state: Recalls, recall: Recall, *held: Held, name: str = "r1"
) -> tuple[Recalls, tuple[Effect, ...]]:
    return step(state, RecallArrived(recall=recall, record_id=rid(name), held=held))


def outcomes(effects: tuple[Effect, ...]) -> list[RecallOutcome]:
    return [effect.outcome for effect in effects if isinstance(effect, AnswerRecall)]


def test_a_recall_of_all_versions_applies_to_those_here_and_to_every_later_one() -> None:
    state, effects = arrive(Recalls(), WHOLE, version(1), version(2))
    assert effects[0] == ShowRecalled(WHOLE, (version(1), version(2)))
    assert outcomes(effects) == [RecallOutcome.APPLIED]
    for number in (1, 2, 99):
        assert state.of(version(number)) == WHOLE
    assert state.of(version(1, about="KR-1/W0002")) is None


def test_a_recall_of_one_version_leaves_the_others_standing() -> None:
    state, effects = arrive(Recalls(), one_version(2), version(2))
    assert outcomes(effects) == [RecallOutcome.APPLIED]
    assert state.of(version(2)) is not None
    assert state.of(version(1)) is None
    assert state.of(version(3)) is None


@pytest.mark.parametrize("recall", [WHOLE, one_version(1), one_version(1, about=None)])
def test_a_recall_that_comes_before_its_record_applies_when_that_comes(recall: Recall) -> None:
    state, effects = arrive(Recalls(), recall)
    assert effects == (ShowWaiting(recall),)
    state, effects = step(state, RecordArrived(version(5, about="KR-1/W0009")))
    assert effects == ()
    state, effects = step(state, RecordArrived(version(1)))
    assert effects[0] == ShowRecalled(recall, (version(1),))
    assert outcomes(effects) == [RecallOutcome.APPLIED]
    assert state.waiting == {}
    assert state.of(version(1)) == recall


@pytest.mark.parametrize("recall", [one_version(1), one_version(1, about=None)])
def test_a_recall_of_somebody_elses_record_is_refused(recall: Recall) -> None:
    theirs = version(1, of=US, about="US-1/W0001")
    state, effects = arrive(Recalls(), recall, theirs)
    assert outcomes(effects) == [RecallOutcome.REFUSED]
    assert state.of(theirs) is None
    assert state == Recalls()


def test_a_recall_of_somebody_elses_thing_is_refused_before_it_is_there() -> None:
    state, effects = arrive(Recalls(), replace(WHOLE, about="US-1/W0001"))
    assert outcomes(effects) == [RecallOutcome.REFUSED]
    assert state.waiting == {}


def test_a_recall_that_waited_for_what_turns_out_to_be_anothers_is_refused_then() -> None:
    theirs = version(1, of=US, about="US-1/W0001")
    state, _ = arrive(Recalls(), one_version(1, about=None))
    state, effects = step(state, RecordArrived(theirs))
    assert outcomes(effects) == [RecallOutcome.REFUSED]
    assert "US-1's" in str(effects[0])
    assert state.waiting == {}
    assert state.of(theirs) is None


def test_a_name_that_only_begins_like_ours_is_not_ours() -> None:
    _, effects = arrive(Recalls(), replace(WHOLE, about="KR-11/W0001"))
    assert outcomes(effects) == [RecallOutcome.REFUSED]


def test_what_is_not_recalled_by_its_kind_is_refused() -> None:
    held = replace(version(1), recallable=False)
    _, effects = arrive(Recalls(), one_version(1), held)
    assert outcomes(effects) == [RecallOutcome.REFUSED]


def test_the_same_recall_again_changes_nothing() -> None:
    state, _ = arrive(Recalls(), WHOLE, version(1))
    assert arrive(state, WHOLE, version(1)) == (state, ())


def test_a_second_recall_of_the_same_applies_and_the_first_reason_stands() -> None:
    state, _ = arrive(Recalls(), WHOLE, version(1))
    again = replace(WHOLE, recall_id="KR-1/R0002", reason="another reason")
    state, effects = arrive(state, again, version(1), name="r2")
    assert outcomes(effects) == [RecallOutcome.APPLIED]
    found = state.of(version(1))
    assert found is not None
    assert found.reason == "test data"


def test_who_sends_too_many_that_wait_is_refused_and_no_one_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recalls, "MAXIMUM_WAITING_OF_ONE_NODE", 2)
    state = Recalls()
    for number in range(3):
        state, effects = arrive(state, one_version(number), name=f"r{number}")
    assert outcomes(effects) == [RecallOutcome.REFUSED]
    assert len(state.waiting) == 2
    state, effects = arrive(state, WHOLE, version(1), name="there")
    assert outcomes(effects) == [RecallOutcome.APPLIED]
    theirs = replace(WHOLE, node=US, about="US-1/W0001")
    _, effects = arrive(state, theirs, name="theirs")
    assert effects == (ShowWaiting(theirs),)


def test_recalls_of_one_node_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalls, "MAXIMUM_OF_ONE_NODE", 2)
    state = Recalls()
    for number in range(3):
        state, effects = arrive(state, one_version(number), version(number), name=f"r{number}")
    assert outcomes(effects) == [RecallOutcome.REFUSED]
    assert state.of(version(2)) is None
    assert state.of(version(1)) is not None
