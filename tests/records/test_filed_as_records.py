"""What a person files, as a record: a projection below the tear line, an area as one cell."""

import math
from dataclasses import replace

import pytest
from tests.records.made_up_nations import KR_1, NOW, counted_salts

from bongsu.records.cells import cell_100km
from bongsu.records.filed_as_records import middle_of, notice_to_fields, report_to_fields
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.projection import project
from bongsu.records.record import Record, make_record
from bongsu.records.version_role import VersionRole, role_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.filing import (
    Area,
    Confidence,
    FilingAction,
    IntelligenceReport,
    LaunchNotice,
    SourceKind,
    VehicleKind,
)
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId


def area(*corners_deg: tuple[float, float]) -> Area:
    points = tuple(
        GeoPoint(latitude_rad=math.radians(north), longitude_rad=math.radians(east))
        for north, east in corners_deg
    )
    return Area(name="an area", points=points)


SQUARE = area((40.0, 126.0), (40.0, 127.0), (41.0, 127.0), (41.0, 126.0))
NOTICE = LaunchNotice(
    notice_id="KR-1/N1",
    version=1,
    action=FilingAction.FILED,
    stated_at=NOW,
    filed_by="Aland",
    filed_at=NOW,
    vehicle=VehicleKind.SATELLITE_LAUNCH_VEHICLE,
    window_from=NOW,
    window_to=NOW,
    launch_area=SQUARE,
    impact_areas=(SQUARE,),
    remark="",
)
REPORT = IntelligenceReport(
    report_id="KR-1/R1",
    version=1,
    action=FilingAction.FILED,
    stated_at=NOW,
    observed_from=NOW,
    observed_to=NOW,
    source_kind=SourceKind.IMAGERY,
    confidence=Confidence.MODERATE,
    above_line="Seen by sensor X: fuelling since noon.",
    below_line="A launch within two days is likely.",
    area=None,
    derived_from=(RecordId(b"a" * 32),),
)


def made(kind: RecordKind, fields: dict[str, object]) -> Record:
    return make_record(
        kind,
        realm=Realm.EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=fields,
        salts=counted_salts(),
    )


def opened(record: Record) -> OpenedRecord:
    return open_unverified_record(record, realm=Realm.EXERCISE)


def test_a_reader_below_the_line_sees_the_substance_and_not_where_it_comes_from() -> None:
    whole = made(RecordKind.INTELLIGENCE_REPORT, report_to_fields(REPORT))
    torn = opened(project(whole, {"report_id", "below_line", "confidence"}, visible=lambda _: True))
    assert torn.fields["below_line"] == REPORT.below_line
    assert {"above_line", "source_kind", "derived_from"} <= set(torn.withheld)
    assert torn.record_id == whole.record_id


def test_a_notice_has_its_launch_area_as_one_cell_too() -> None:
    fields = notice_to_fields(NOTICE)
    middle = middle_of(SQUARE)
    assert math.degrees(middle.latitude_rad) == pytest.approx(40.5, abs=0.01)
    assert math.degrees(middle.longitude_rad) == pytest.approx(126.5, abs=0.01)
    assert fields["launch_area_cell_100km"] == cell_100km(middle)
    assert opened(made(RecordKind.LAUNCH_NOTICE, fields)).withheld == ()


def test_the_middle_of_an_area_across_the_date_line_lies_in_it() -> None:
    across = area((10.0, 179.0), (10.0, -179.0), (12.0, -179.0), (12.0, 179.0))
    assert abs(math.degrees(middle_of(across).longitude_rad)) == pytest.approx(180.0)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (RecordKind.LAUNCH_NOTICE, notice_to_fields(replace(NOTICE, notice_id="n 1"))),
        (RecordKind.LAUNCH_NOTICE, notice_to_fields(replace(NOTICE, launch_area=area((1, 1))))),
        (RecordKind.LAUNCH_NOTICE, notice_to_fields(replace(NOTICE, filed_by=""))),
        (
            RecordKind.LAUNCH_NOTICE,
            notice_to_fields(replace(NOTICE, launch_area=area((91, 0)))),
        ),
        (RecordKind.INTELLIGENCE_REPORT, report_to_fields(replace(REPORT, below_line="x" * 8193))),
        (RecordKind.INTELLIGENCE_REPORT, report_to_fields(replace(REPORT, version=0))),
    ],
)
def test_what_the_form_cannot_hold_is_refused(kind: RecordKind, fields: dict[str, object]) -> None:
    with pytest.raises(LocalMisuse, match="cannot be recorded"):
        made(kind, fields)


def test_a_withdrawal_takes_the_thing_back_and_everything_else_is_news() -> None:
    for kind, fields in (
        (RecordKind.LAUNCH_NOTICE, notice_to_fields(NOTICE)),
        (RecordKind.INTELLIGENCE_REPORT, report_to_fields(REPORT)),
    ):
        assert role_of(kind, fields) is VersionRole.FIRST
        amended = {**fields, "action": FilingAction.AMENDED}
        assert role_of(kind, amended) is VersionRole.NEWS
        withdrawn = {**fields, "action": FilingAction.WITHDRAWN}
        assert role_of(kind, withdrawn) is VersionRole.VOID
