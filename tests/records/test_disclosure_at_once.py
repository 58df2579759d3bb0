"""Reading all disclosures at once gives what reading each gives, or leaves it to that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records.disclosed import disclose
from tests.records.made_up_nations import track_record, warning_record

from bongsu.records import kind_forms
from bongsu.records.disclosure import read_at_once, read_disclosure
from bongsu.records.kind_forms import FieldForm, KindForm, one
from bongsu.records.kinds import RecordKind, form_of
from bongsu.vocabulary.errors import PeerViolation

RECORDS = {
    RecordKind.TRACK_UPDATE: track_record().disclosures,
    RecordKind.LAUNCH_WARNING: warning_record().disclosures,
}


def one_by_one(disclosures: tuple[bytes, ...], form: KindForm) -> dict[str, object] | None:
    """None where any is refused, unknown or twice."""
    values: dict[str, object] = {}
    for data in disclosures:
        try:
            name, value = read_disclosure(data, form)
        except PeerViolation:
            return None
        if name in values or form.field(name) is None:
            return None
        values[name] = value
    return values


@pytest.mark.parametrize("kind", RECORDS)
def test_the_whole_record_and_any_part_of_it_read_the_same(kind: RecordKind) -> None:
    form, disclosures = form_of(kind), RECORDS[kind]
    for shown in (disclosures, disclosures[1:], disclosures[::2], tuple(reversed(disclosures))):
        assert read_at_once(shown, form) == one_by_one(shown, form) is not None


@given(
    kind=st.sampled_from(list(RECORDS)),
    place=st.integers(0, 100),
    at=st.integers(0, 10_000),
    bit=st.integers(0, 7),
)
def test_a_changed_bit_is_never_read_at_once_otherwise_than_by_itself(
    kind: RecordKind, place: int, at: int, bit: int
) -> None:
    form, disclosures = form_of(kind), list(RECORDS[kind])
    changed = bytearray(disclosures[place % len(disclosures)])
    changed[at % len(changed)] ^= 1 << bit
    disclosures[place % len(disclosures)] = bytes(changed)
    read = read_at_once(tuple(disclosures), form)
    assert read is None or read == one_by_one(tuple(disclosures), form)


@given(kind=st.sampled_from(list(RECORDS)), place=st.integers(0, 100), moved=st.integers(-40, 40))
def test_the_same_bytes_cut_elsewhere_are_left_to_be_refused_one_by_one(
    kind: RecordKind, place: int, moved: int
) -> None:
    form, disclosures = form_of(kind), list(RECORDS[kind])
    first = place % (len(disclosures) - 1)
    joined = disclosures[first] + disclosures[first + 1]
    cut = min(max(len(disclosures[first]) + moved, 0), len(joined))
    disclosures[first : first + 2] = [joined[:cut], joined[cut:]]
    if cut != len(RECORDS[kind][first]):
        assert read_at_once(tuple(disclosures), form) is None


def test_a_name_twice_one_that_the_kind_lacks_and_nothing_are_left_to_each() -> None:
    form, disclosures = form_of(RecordKind.TRACK_UPDATE), RECORDS[RecordKind.TRACK_UPDATE]
    assert read_at_once((*disclosures, disclosures[0]), form) is None
    assert read_at_once((*disclosures, disclose(b"s" * 16, "debris", 1)), form) is None
    assert read_at_once((), form) is None


def test_the_number_of_patterns_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind_forms, "MAXIMUM_PATTERNS", 2)
    fields: dict[str, FieldForm] = {name: one(int) for name in ("a", "b", "c")}
    form = KindForm(RecordKind.TRACK_UPDATE, fields, authority=False)
    shown = {name: disclose(b"s" * 16, name, 1) for name in fields}
    for names in ("ab", "c", "ba", "abc", "c"):
        read = read_at_once(tuple(shown[name] for name in names), form)
        usual = names in ("ab", "c")
        assert read == (dict.fromkeys(names, 1) if usual else None)
