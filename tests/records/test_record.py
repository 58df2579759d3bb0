"""Making records: whole, bounded, salted, padded, and the same for every reader."""

import dataclasses
import math
import os

import numpy as np
import pytest
from tests.records.made_up_nations import (
    KR_1,
    LAUNCH,
    NOW,
    TRACK,
    WARNING,
    counted_salts,
    track_record,
    warning_record,
)

from bongsu.records.disclosure import name_of
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.record import STATEMENT, Record, make_record
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.records.warning_kinds import StateForm
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId


def made(fields: dict[str, object], kind: RecordKind = RecordKind.LAUNCH_WARNING) -> Record:
    return make_record(
        kind,
        realm=Realm.EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=fields,
        salts=counted_salts(),
    )


def test_every_field_is_stated_and_absent_ones_too() -> None:
    record = warning_record()
    names = {name_of(disclosure).partition("/")[0] for disclosure in record.disclosures}
    assert names == form_of(RecordKind.LAUNCH_WARNING).fields.keys()


def test_the_id_is_that_of_the_signed_statement_and_does_not_depend_on_signatures() -> None:
    unsigned, signed = warning_record(signed=False), warning_record()
    assert unsigned.record_id == signed.record_id
    assert unsigned.signatures is None
    assert signed.signatures is not None


def test_the_same_salts_make_the_same_record_and_other_salts_another_one() -> None:
    fields = track_to_fields(TRACK)
    assert track_record().record_id == track_record().record_id
    other = make_record(
        RecordKind.TRACK_UPDATE,
        realm=Realm.EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=fields,
        salts=os.urandom,
    )
    assert other.record_id != track_record().record_id


def test_equal_values_have_different_digests() -> None:
    digests = STATEMENT.decode(track_record().statement).digests
    assert len(set(digests)) == len(digests)
    assert list(digests) == sorted(digests)


@pytest.mark.parametrize("count", range(6))
def test_decoys_hide_how_many_records_one_was_derived_from(count: int) -> None:
    record = warning_record(derived_from=tuple(RecordId(bytes([n]) * 32) for n in range(count)))
    assert len(STATEMENT.decode(record.statement).digests) == 32


def test_a_missing_field_and_an_unknown_one_are_refused() -> None:
    fields = warning_to_fields(WARNING)
    without = {name: value for name, value in fields.items() if name != "impact"}
    with pytest.raises(LocalMisuse, match="impact"):
        made(without)
    with pytest.raises(LocalMisuse, match="aim_point"):
        made({**fields, "aim_point": None})


@pytest.mark.parametrize(
    "figure", [math.nan, math.inf, -math.inf, 1e300, np.float64(3.0), "3", None, -1.0]
)
def test_a_figure_that_is_no_finite_number_in_range_is_refused(figure: object) -> None:
    launch = dataclasses.replace(LAUNCH, sigma_time_s=figure)  # type: ignore[arg-type]
    with pytest.raises(LocalMisuse, match="sigma_time_s"):
        made(warning_to_fields(dataclasses.replace(WARNING, launch=launch)))


def test_a_covariance_of_the_wrong_length_is_refused() -> None:
    track = dataclasses.replace(TRACK, covariance=(1.0,) * 20)
    with pytest.raises(LocalMisuse, match="covariance"):
        made(track_to_fields(track), RecordKind.TRACK_UPDATE)


def test_a_ready_made_wire_form_is_refused_because_nothing_would_check_it() -> None:
    fields = track_to_fields(TRACK)
    form = StateForm(
        position_ecef_m=(math.nan, 0.0, 0.0),
        velocity_ecef_mps=TRACK.velocity_ecef_mps,
        covariance=TRACK.covariance,
    )
    for name, value in (("state", form), ("classification", (form,))):
        with pytest.raises(LocalMisuse, match="ready-made wire form"):
            made({**fields, name: value}, RecordKind.TRACK_UPDATE)


def test_too_many_items_are_refused() -> None:
    fields = warning_to_fields(WARNING, derived_from=(RecordId(bytes(32)),) * 65)
    with pytest.raises(LocalMisuse, match="derived_from"):
        made(fields)


def test_a_source_of_salts_that_runs_dry_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="salts"):
        make_record(
            RecordKind.TRACK_UPDATE,
            realm=Realm.EXERCISE,
            originator=KR_1,
            created_at=NOW,
            signed_at=NOW,
            fields=track_to_fields(TRACK),
            salts=lambda size: bytes(size - 1),
        )
