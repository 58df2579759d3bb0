"""What displays show, as a record and back; what contradicts itself is refused."""

from dataclasses import replace
from typing import Any

import pytest
from tests.records.made_up_nations import KR_1, NOW, US_1, counted_salts

from bongsu.records.displays_as_records import picture_to_fields, shown_picture
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import make_record
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.shown_picture import Aspect, ShownPicture, ShownThreat
from bongsu.vocabulary.units import RecordId

FED = HeldWarning(warning_id="KR-1/W0001", version=3, record_id=RecordId(b"1" * 32))
OTHER = HeldWarning(warning_id="KR-1/W0002", version=1, record_id=RecordId(b"2" * 32))
THREAT = ShownThreat(
    warning_id="KR-1/W0001", version=3, object_class=ObjectClass.IRBM, launched_at=NOW
)
CLOSED = replace(
    THREAT,
    warning_id="KR-1/W0002",
    object_class=None,
    launched_at=None,
    unsaid=frozenset({Aspect.CLASS, Aspect.TIME}),
)
PICTURE = ShownPicture(
    originator=KR_1, fed=(FED, OTHER), fed_count=2, threats=(THREAT, CLOSED), shown_count=2
)


def opened(picture: ShownPicture, **changes: Any) -> OpenedRecord:
    record = make_record(
        RecordKind.SHOWN_PICTURE,
        realm=Realm.EXERCISE,
        originator=US_1,
        created_at=NOW,
        signed_at=NOW,
        fields={**picture_to_fields(picture), **changes},
        salts=counted_salts(),
    )
    return open_unverified_record(record, realm=Realm.EXERCISE)


@pytest.mark.parametrize(
    "picture",
    [
        PICTURE,
        ShownPicture(originator=KR_1),
        replace(PICTURE, shown_count=2_200),
        replace(PICTURE, threats=(replace(THREAT, object_class=None, launched_at=None),)),
    ],
    ids=["whole", "empty", "twos in the count", "nothing stated"],
)
def test_a_picture_comes_back_as_it_was_stated(picture: ShownPicture) -> None:
    assert shown_picture(opened(picture)) == picture


@pytest.mark.parametrize(
    "picture",
    [
        replace(PICTURE, fed_count=1),
        replace(PICTURE, shown_count=1),
        replace(PICTURE, fed=(OTHER, FED)),
        replace(PICTURE, threats=(THREAT, THREAT)),
        replace(PICTURE, originator=US_1),
        replace(PICTURE, threats=(replace(THREAT, unsaid=frozenset({Aspect.CLASS})),)),
        replace(PICTURE, threats=(replace(THREAT, unsaid=frozenset({Aspect.TIME})),)),
    ],
    ids=["fed", "shown", "order", "twice", "another's", "an unsaid class", "an unsaid time"],
)
def test_a_picture_that_contradicts_itself_is_refused(picture: ShownPicture) -> None:
    with pytest.raises(PeerViolation, match="shown_picture of US-1"):
        shown_picture(opened(picture))


def test_another_kind_or_a_part_of_it_is_no_picture() -> None:
    whole = opened(PICTURE)
    for other in (
        replace(whole, kind=RecordKind.HELD_WARNINGS),
        replace(whole, withheld=("threats",)),
    ):
        with pytest.raises(PeerViolation, match="does not say what is shown"):
            shown_picture(other)


def test_it_is_bulk_and_needs_no_guideline_of_its_own() -> None:
    form = form_of(RecordKind.SHOWN_PICTURE)
    assert form.lane is Lane.BULK
    assert form.starting
