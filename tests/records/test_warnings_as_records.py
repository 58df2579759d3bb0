"""A warning comes out of a record as it went in, or with its withheld fields named."""

import dataclasses

import msgspec
import pytest
from tests.records.made_up_nations import VERIFIER, WARNING, track_record, trust, warning_record

from bongsu.records.cells import cell_20km
from bongsu.records.kinds import RecordKind, field_names
from bongsu.records.opened_record import open_record, open_unverified_record
from bongsu.records.projection import project
from bongsu.records.warnings_as_records import seen_warning
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import whole
from bongsu.vocabulary.units import NodeId

BARE = dataclasses.replace(
    WARNING,
    corroborated_by=(),
    classification=(),
    launch=None,
    impact=None,
    fan=None,
    flight=None,
    caveats=(),
)
ENDED = dataclasses.replace(WARNING, action=WarningAction.ENDED, end_reason=EndReason.OBSERVED)


@pytest.mark.parametrize("warning", [WARNING, BARE, ENDED])
def test_its_own_nation_sees_the_warning_whole(warning: LaunchWarning) -> None:
    record = warning_record(warning=warning)
    seen = seen_warning(open_record(record, trust=trust(Realm.EXERCISE), verifier=VERIFIER))
    assert dataclasses.replace(seen, launch_cell_20km=None) == whole(warning)


def test_a_partner_sees_which_fields_are_withheld() -> None:
    names = field_names(RecordKind.LAUNCH_WARNING) - {"sensors", "launch"}
    shown = project(warning_record(), names, visible=lambda _: True)
    seen = seen_warning(open_unverified_record(shown, realm=Realm.EXERCISE))
    assert seen.withheld == ("launch", "sensors")
    assert seen.launch is None
    assert seen.is_withheld("launch")
    assert seen.impact == WARNING.impact
    assert seen.launch_cell_20km is not None


def test_a_partly_shown_list_of_ids_counts_as_withheld() -> None:
    names = field_names(RecordKind.LAUNCH_WARNING)
    shown = project(warning_record(), names, visible=lambda one: one != b"a" * 32)
    seen = seen_warning(open_unverified_record(shown, realm=Realm.EXERCISE))
    assert seen.withheld == ("corroborated_by",)


def test_a_record_of_another_kind_is_no_warning() -> None:
    opened = open_unverified_record(track_record(), realm=Realm.EXERCISE)
    with pytest.raises(PeerViolation, match="was taken for a launch warning"):
        seen_warning(opened)


def test_a_node_cannot_warn_in_anothers_name() -> None:
    warning = dataclasses.replace(WARNING, node=NodeId("US-1"))
    record = warning_record(warning=warning)
    opened = open_record(record, trust=trust(Realm.EXERCISE), verifier=VERIFIER)
    with pytest.raises(PeerViolation, match="in the name of US-1 was signed by KR-1"):
        seen_warning(opened)


def test_the_shown_cell_is_that_of_the_launch_point() -> None:
    opened = open_unverified_record(warning_record(), realm=Realm.EXERCISE)
    cell = opened.fields["launch_cell_20km"]
    assert WARNING.launch is not None
    assert msgspec.convert(cell, GeoPoint, from_attributes=True) == cell_20km(WARNING.launch.point)


@pytest.mark.parametrize("changed", [{"nation": "US"}, {"warning_id": "US-1/W0001"}])
def test_nation_and_id_of_a_warning_are_those_of_the_node_that_signed_it(
    changed: dict[str, str],
) -> None:
    record = warning_record(warning=dataclasses.replace(WARNING, **changed))  # type: ignore[arg-type]
    opened = open_record(record, trust=trust(Realm.EXERCISE), verifier=VERIFIER)
    with pytest.raises(PeerViolation, match="was signed by KR-1"):
        seen_warning(opened)
