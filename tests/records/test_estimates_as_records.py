"""Estimates as records: the place, and its coarser variant as a field of its own."""

from dataclasses import replace

import pytest
from tests.records.made_up_nations import KR_1, NOW, TRACK, WARNING, counted_salts

from bongsu.records.cells import cell_20km, cell_100km
from bongsu.records.estimates_as_records import impact_to_fields, launch_to_fields
from bongsu.records.kinds import RecordKind, field_names
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.projection import project
from bongsu.records.record import make_record
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.track import Track

SEEN = replace(TRACK, impact=WARNING.impact, fan=WARNING.fan, flight=WARNING.flight)
FIELDS = {
    RecordKind.LAUNCH_ESTIMATE: launch_to_fields,
    RecordKind.IMPACT_ESTIMATE: impact_to_fields,
}


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("track", [SEEN, replace(SEEN, launch=None, impact=None, fan=None)])
def test_every_field_is_stated_with_and_without_an_estimate(kind: RecordKind, track: Track) -> None:
    stated = FIELDS[kind](track)
    assert stated.keys() == field_names(kind)
    record = make_record(
        kind,
        realm=Realm.EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=stated,
        salts=counted_salts(),
    )
    opened = open_unverified_record(record, realm=Realm.EXERCISE)
    assert opened.withheld == ()
    coarse = project(record, {"track_id", "impact_cell_100km"}, visible=lambda _: True)
    shown = open_unverified_record(coarse, realm=Realm.EXERCISE)
    assert "impact" not in shown.fields
    assert "launch" not in shown.fields


def test_the_coarser_places_are_the_cells_of_the_places() -> None:
    assert SEEN.launch is not None
    assert SEEN.impact is not None
    assert launch_to_fields(SEEN)["launch_cell_20km"] == cell_20km(SEEN.launch.point)
    impact = impact_to_fields(SEEN)
    assert impact["impact_cell_100km"] == cell_100km(SEEN.impact.point)
    assert impact["impact_at"] == SEEN.impact.at
    assert impact_to_fields(replace(SEEN, impact=None))["impact_cell_100km"] is None
