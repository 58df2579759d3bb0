"""Projections show what is allowed, close more, and keep the record's id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records.made_up_nations import VERIFIER, track_record, trust, warning_record

from bongsu.records.disclosure import name_of
from bongsu.records.kinds import RecordKind, field_names
from bongsu.records.opened_record import OpenedRecord, open_record
from bongsu.records.projection import project, project_made
from bongsu.records.record import Record
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId

NAMES = sorted(field_names(RecordKind.LAUNCH_WARNING))
FIRST, SECOND = RecordId(b"a" * 32), RecordId(b"b" * 32)


def opened(record: Record) -> OpenedRecord:
    return open_record(record, trust=trust(Realm.EXERCISE), verifier=VERIFIER)


def everything_visible(_: RecordId) -> bool:
    return True


def test_two_partners_with_different_projections_get_the_same_record_id() -> None:
    record = warning_record()
    for_us = project(record, frozenset(NAMES), visible=everything_visible)
    for_jp = project(record, frozenset(NAMES) - {"sensors"}, visible=everything_visible)
    assert for_us != for_jp
    assert opened(for_us).record_id == opened(for_jp).record_id == record.record_id


def test_a_withheld_field_shows_as_withheld_and_an_absent_one_as_none() -> None:
    shown = project(warning_record(), {"launch", "end_reason"}, visible=everything_visible)
    view = opened(shown)
    assert view.fields["end_reason"] is None
    assert "end_reason" not in view.withheld
    assert "impact" in view.withheld
    assert "impact" not in view.fields


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_a_projection_of_a_projection_can_only_close_more(
    first: set[str], second: set[str]
) -> None:
    once = project(warning_record(), first, visible=everything_visible)
    twice = project(once, second, visible=everything_visible)
    assert set(twice.disclosures) <= set(once.disclosures)
    assert set(opened(twice).fields) == first & second
    assert set(opened(twice).withheld) == set(NAMES) - (first & second)


def test_nothing_allowed_shows_nothing() -> None:
    assert project(warning_record(), set(), visible=everything_visible).disclosures == ()


def test_a_projection_drops_an_id_that_its_reader_may_not_see() -> None:
    record = warning_record(derived_from=(FIRST, SECOND))
    view = opened(project(record, {"derived_from"}, visible=lambda one: one != FIRST))
    assert view.fields["derived_from"] == (SECOND,)
    assert "derived_from" in view.withheld


def test_the_number_of_dropped_ids_is_hidden_with_them() -> None:
    record = warning_record(derived_from=(FIRST, SECOND))
    shown = project(record, {"derived_from"}, visible=lambda one: one != FIRST)
    assert [name_of(disclosure) for disclosure in shown.disclosures] == ["derived_from/1"]


def test_ids_of_one_field_that_are_all_visible_show_as_complete() -> None:
    record = warning_record(derived_from=(FIRST,))
    view = opened(project(record, {"derived_from"}, visible=everything_visible))
    assert view.fields["derived_from"] == (FIRST,)
    assert "derived_from" not in view.withheld


def test_a_field_with_no_items_is_empty_and_not_withheld() -> None:
    view = opened(project(warning_record(), {"derived_from"}, visible=lambda _: False))
    assert view.fields["derived_from"] == ()
    assert "derived_from" not in view.withheld


def test_ids_of_a_field_that_is_closed_do_not_slip_through() -> None:
    record = warning_record(derived_from=(FIRST, SECOND))
    view = opened(project(record, set(NAMES) - {"derived_from"}, visible=everything_visible))
    assert "derived_from" not in view.fields


def test_a_disclosure_that_cannot_be_read_is_refused_and_not_passed_on() -> None:
    record = warning_record()
    broken = Record(statement=record.statement, disclosures=(b"\x93",))
    with pytest.raises(PeerViolation):
        project(broken, {"launch"}, visible=everything_visible)


@given(
    allowed=st.frozensets(st.sampled_from(sorted(field_names(RecordKind.TRACK_UPDATE)))),
    of_warning=st.frozensets(st.sampled_from(NAMES)),
)
def test_a_record_that_was_just_made_is_projected_the_same_by_place(
    allowed: frozenset[str], of_warning: frozenset[str]
) -> None:
    for kind, record, names in (
        (RecordKind.TRACK_UPDATE, track_record(), allowed),
        (RecordKind.LAUNCH_WARNING, warning_record(signed=False), of_warning),
    ):
        by_name = project(record, names, visible=everything_visible)
        assert project_made(record, kind, names) == by_name
